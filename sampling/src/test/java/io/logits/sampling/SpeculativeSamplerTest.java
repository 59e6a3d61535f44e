package io.logits.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class SpeculativeSamplerTest {
    private static final int VOCABULARY = 6;
    private static final int TIMES = 60_000;
    private static final double DEVIATIONS = 4;
    private static final float[] MODEL = {1, 0, 2, -1, .5f, Float.NEGATIVE_INFINITY};
    private static final float[] DRAFT = {0, 1, 1.5f, 2, Float.NEGATIVE_INFINITY, 0};

    private final Sampler drafter = new Sampler();
    private final SpeculativeSampler sampler = new SpeculativeSampler();

    /** The model's rows, one token later each; only the first is MODEL, the others are turned by one. */
    private static float[] rows() {
        float[] rows = new float[3 * VOCABULARY];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = MODEL[(i + i / VOCABULARY) % VOCABULARY];
        }
        return rows;
    }

    private static double[] expected(SamplingParameters parameters, int row) {
        Distribution p = new Sampler()
                .sample(
                        Logits.of(rows(), 0, VOCABULARY, VOCABULARY),
                        row,
                        new Sequence(parameters.withReportDistribution(true)))
                .distribution();
        double[] expected = new double[VOCABULARY];
        for (int id = 0; id < VOCABULARY; id++) {
            expected[id] = TIMES * p.probabilityOf(id);
        }
        return expected;
    }

    private void followsTheModel(SamplingParameters parameters, boolean greedyDraft) {
        int[] first = new int[VOCABULARY];
        int[] bonus = new int[VOCABULARY];
        int accepted = 0;
        int complete = 0;
        SamplingParameters drafting =
                parameters.withTemperature(greedyDraft ? 0 : 1).withReportDistribution(true);
        for (int time = 0; time < TIMES; time++) {
            Sequence draft = new Sequence(drafting.withSeed(time)).draft(true);
            int[] tokens = new int[2];
            Distribution[] proposals = new Distribution[2];
            for (int i = 0; i < 2; i++) {
                Sampled sampled = drafter.sample(Logits.of(DRAFT), 0, draft);
                tokens[i] = sampled.token();
                proposals[i] = greedyDraft ? null : sampled.distribution().copy();
                draft.accept(sampled);
            }
            Sequence text = new Sequence(parameters.withSeed(time));
            int count = sampler.accept(Logits.of(rows(), 0, VOCABULARY, VOCABULARY), 0, tokens, proposals, text);
            assertThat(text.length()).isEqualTo(count + 1);
            assertThat(text.position()).isEqualTo(count + 1);
            first[text.token(0)]++;
            accepted += count;
            if (count == 2) {
                complete++;
                bonus[text.token(2)]++;
            }
        }
        assertThat(accepted).isPositive();
        assertThat(ChiSquared.deviations(first, expected(parameters, 0))).isLessThan(DEVIATIONS);
        double[] last = expected(parameters, 2);
        for (int id = 0; id < VOCABULARY; id++) {
            last[id] *= (double) complete / TIMES;
        }
        assertThat(ChiSquared.deviations(bonus, last)).isLessThan(DEVIATIONS);
    }

    @Test
    void tokensAreDistributedAsIfTheModelHadDrawnThem() {
        followsTheModel(SamplingParameters.defaults(), false);
        followsTheModel(SamplingParameters.defaults().withTemperature(.7).withTopK(4), false);
    }

    @Test
    void aGreedyDraftChangesNothingInThat() {
        followsTheModel(SamplingParameters.defaults(), true);
    }

    @Test
    void theHistoryGrowsWithEachTokenAccepted() {
        // The penalty makes the model prefer 0, then 1, then 2.
        SamplingParameters parameters =
                SamplingParameters.defaults().withTemperature(0).withPresencePenalty(10);
        float[] rows = {3, 2, 1, 3, 2, 1, 3, 2, 1};
        Sequence text = new Sequence(parameters);
        int count = sampler.accept(Logits.of(rows, 0, 3, 3), 0, new int[] {0, 1}, new Distribution[2], text);
        assertThat(count).isEqualTo(2);
        assertThat(text.tokens()).containsExactly(0, 1, 2);
    }

    @Test
    void aRowWithoutATokenEndsIt() {
        float[] rows = {3, 2, 1, Float.NaN, 0, 0};
        Sequence text = new Sequence(SamplingParameters.defaults().withTemperature(0));
        int count = sampler.accept(Logits.of(rows, 0, 3, 3), 0, new int[] {0}, new Distribution[1], text);
        assertThat(count).isEqualTo(1);
        assertThat(sampler.status()).isEqualTo(Status.NAN);
        assertThat(text.tokens()).containsExactly(0);
    }

    @Test
    void everyDraftTokenNeedsItsProposal() {
        Sequence text = new Sequence(SamplingParameters.defaults());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sampler.accept(Logits.of(1, 2), 0, new int[] {0}, new Distribution[0], text))
                .withMessage("there are 1 draft tokens and 0 proposals");
    }
}
