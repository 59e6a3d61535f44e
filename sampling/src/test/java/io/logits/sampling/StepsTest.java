package io.logits.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class StepsTest {
    /** Logits are float32: a few units in the last place of numbers around 1. */
    private static final Offset<Double> FLOAT = within(1e-6);

    private static final SamplingParameters NONE = SamplingParameters.defaults();
    private final Sampler sampler = new Sampler();

    private double[] logits(Sequence sequence, float... row) {
        Candidates candidates = sampler.process(Logits.of(row), 0, sequence);
        return IntStream.range(0, row.length).mapToDouble(candidates::logit).toArray();
    }

    private double[] logits(SamplingParameters parameters, int[] history, float... row) {
        return logits(new Sequence(parameters).append(history), row);
    }

    private int[] kept(SamplingParameters parameters, float... row) {
        return kept(new Sequence(parameters), row);
    }

    private int[] kept(Sequence sequence, float... row) {
        double[] logits = logits(sequence, row);
        return IntStream.range(0, row.length)
                .filter(id -> logits[id] > Double.NEGATIVE_INFINITY)
                .toArray();
    }

    @Test
    void theOrderMatters() {
        SamplingParameters parameters = NONE.withTopP(.8).withTemperature(.5);
        assertThat(kept(parameters.withOrder(Order.llamaCpp()), 3, 2, 1)).containsExactly(0, 1);
        assertThat(kept(parameters.withOrder(Order.hf()), 3, 2, 1)).containsExactly(0);
        assertThat(kept(parameters.withOrder(Order.vllm()), 3, 2, 1)).containsExactly(0);
    }

    @Test
    void aStepThatIsNotNamedDoesNotRun() {
        SamplingParameters parameters =
                NONE.withTopK(1).withTemperature(0).withBanned(0).withOrder(Order.parse(List.of("min_p")));
        assertThat(kept(parameters, 3, 2, 1)).containsExactly(0, 1, 2);
    }

    @Test
    void neutralParametersChangeNothing() {
        SamplingParameters all = NONE.withOrder(Order.of(Steps.values()));
        assertThat(logits(all, new int[] {0, 1, 0, 1}, 3, 2, 1)).containsExactly(3, 2, 1);
    }

    @Test
    void repetitionPenaltyCountsEachTokenOnceAndMindsTheSign() {
        int[] history = {0, 0, 1, 2};
        assertThat(logits(NONE.withRepetitionPenalty(2), history, 3, -1, 0, 5)).containsExactly(1.5, -2, 0, 5);
    }

    @Test
    void presenceCountsOnceFrequencyPerOccurrence() {
        SamplingParameters parameters = NONE.withPresencePenalty(.5).withFrequencyPenalty(.25);
        assertThat(logits(parameters, new int[] {0, 0, 0, 1}, 1, 1, 1)).containsExactly(-.25, .25, 1);
    }

    @Test
    void theWindowOfThePenaltiesEndsAtTheLastToken() {
        SamplingParameters parameters = NONE.withPresencePenalty(1);
        int[] history = {0, 1, 2};
        assertThat(logits(parameters.withPenaltyLastN(2), history, 0, 0, 0)).containsExactly(0, -1, -1);
        assertThat(logits(parameters.withPenaltyLastN(0), history, 0, 0, 0)).containsExactly(0, 0, 0);
        assertThat(logits(parameters.withPenaltyLastN(-1), history, 0, 0, 0)).containsExactly(-1, -1, -1);
    }

    @Test
    void penaltiesAfterTheTemperatureActOnTheTemperedLogits() {
        SamplingParameters parameters =
                NONE.withPresencePenalty(1).withTemperature(.5).withOrder(Order.of(Steps.TEMPERATURE, Steps.PENALTIES));
        assertThat(logits(parameters, new int[] {1}, 1, 2)).containsExactly(2, 3);
    }

    @Test
    void penaltiesAfterATruncationReviveNobody() {
        SamplingParameters parameters =
                NONE.withTopK(2).withPresencePenalty(10).withOrder(Order.of(Steps.TOP_K, Steps.PENALTIES));
        assertThat(logits(parameters, new int[] {0, 2}, 5, 4, 3)).containsExactly(-5, 4, Double.NEGATIVE_INFINITY);
    }

    @Test
    void dryGrowsWithTheLengthRepeated() {
        SamplingParameters parameters = NONE.withDryMultiplier(1).withDryBase(2);
        // 0 1 2 3 ... 0 1 2: 3 would be the fourth of a repetition, of length 3, one beyond the two allowed.
        double[] logits = logits(parameters, new int[] {0, 1, 2, 3, 4, 0, 1, 2}, 0, 0, 0, 0, 0);
        assertThat(logits).containsExactly(0, 0, 0, -2, 0);
    }

    @Test
    void dryTakesTheLongestOfSeveralRepetitions() {
        SamplingParameters parameters = NONE.withDryMultiplier(1).withDryBase(2);
        double[] logits = logits(parameters, new int[] {5, 1, 2, 3, 0, 1, 2, 3, 6, 0, 1, 2}, 0, 0, 0, 0);
        assertThat(logits).containsExactly(0, 0, 0, -2);
    }

    @Test
    void dryStopsAtABreakerAndNeverPenalisesIt() {
        SamplingParameters parameters = NONE.withDryMultiplier(1).withDryBase(2);
        int[] history = {0, 1, 2, 3, 0, 1, 2};
        assertThat(logits(parameters.withDrySequenceBreakers(List.of(new int[] {1})), history, 0, 0, 0, 0))
                .containsExactly(0, 0, 0, 0);
        assertThat(logits(parameters.withDrySequenceBreakers(List.of(new int[] {0})), history, 0, 0, 0, 0))
                .containsExactly(0, 0, 0, -1);
        assertThat(logits(parameters.withDrySequenceBreakers(List.of(new int[] {3})), history, 0, 0, 0, 0))
                .containsExactly(0, 0, 0, 0);
        assertThat(logits(parameters.withDrySequenceBreakers(List.of(new int[] {3, 0})), history, 0, 0, 0, 0))
                .containsExactly(0, 0, 0, -1);
    }

    @Test
    void anEndlessRepetitionStillHasALogit() {
        SamplingParameters parameters = NONE.withDryMultiplier(1).withDryBase(10);
        double[] logits = logits(parameters, new int[2000], 0, 0);
        assertThat(logits[0]).isEqualTo(-Float.MAX_VALUE);
    }

    @Test
    void noNgramAppearsTwice() {
        int[] history = {1, 2, 3, 1, 2};
        assertThat(kept(new Sequence(NONE.withNoRepeatNgramSize(3)).append(history), 0, 0, 0, 0))
                .containsExactly(0, 1, 2);
        assertThat(kept(new Sequence(NONE.withNoRepeatNgramSize(1)).append(history), 0, 0, 0, 0))
                .containsExactly(0);
        assertThat(kept(new Sequence(NONE.withNoRepeatNgramSize(6)).append(history), 0, 0, 0, 0))
                .containsExactly(0, 1, 2, 3);
    }

    @Test
    void biasIsAddedAllowedAndBannedRestrict() {
        assertThat(logits(NONE.withLogitBias(Map.of(1, 2.5, 0, Double.NEGATIVE_INFINITY)), new int[0], 0, 0, 0))
                .containsExactly(Double.NEGATIVE_INFINITY, 2.5, 0);
        assertThat(kept(NONE.withAllowed(3, 1, 1, 2).withBanned(2, 2), 0, 0, 0, 0))
                .containsExactly(1, 3);
    }

    @Test
    void aMaskSaysWhatMayCome() {
        float[] row = new float[200];
        TokenMask even = (text, allowed) -> {
            for (int id = text.length(); id < 200; id += 2) {
                allowed[id / 64] |= 1L << id;
            }
        };
        assertThat(kept(new Sequence(NONE).mask(even), row)).hasSize(100).startsWith(0, 2, 4);
        assertThat(kept(new Sequence(NONE).mask(even).append(7), row))
                .hasSize(100)
                .startsWith(1, 3, 5);
        TokenMask allBut70 = (text, allowed) -> {
            Arrays.fill(allowed, -1);
            allowed[1] &= ~(1L << 6);
        };
        assertThat(kept(new Sequence(NONE).mask(allBut70), row)).hasSize(199).doesNotContain(70);
    }

    @Test
    void endTokensAreBannedUntilTheMinimumLength() {
        SamplingParameters parameters = NONE.withMinLength(3).withEos(2, 0);
        assertThat(kept(new Sequence(parameters).append(1, 1), 0, 0, 0)).containsExactly(1);
        assertThat(kept(new Sequence(parameters).append(1, 1, 1), 0, 0, 0)).containsExactly(0, 1, 2);
    }

    @Test
    void temperatureZeroTakesTheFirstMaximum() {
        assertThat(kept(NONE.withTemperature(0), 1, 3, 3, 2)).containsExactly(1);
    }

    @Test
    void tinyTemperaturesWork() {
        Sampled sampled = sampler.sample(
                Logits.of(1, 3, 2), 0, new Sequence(NONE.withTemperature(1e-310).withReportDistribution(true)));
        assertThat(sampled.token()).isEqualTo(1);
        assertThat(sampled.distribution().p(0)).isEqualTo(1);
    }

    @Test
    void dynamicTemperatureFollowsTheEntropy() {
        SamplingParameters parameters = NONE.withTemperature(1).withDynatempRange(.5);
        // Flat: the entropy is at its largest, the temperature 1.5.
        assertThat(logits(parameters, new int[0], 3, 3, 3)[0]).isCloseTo(2, FLOAT);
        // Certain: next to no entropy, the temperature .5.
        assertThat(logits(parameters, new int[0], 60, 3)[0]).isCloseTo(120, FLOAT);
        assertThat(logits(parameters, new int[0], 60)[0]).isEqualTo(60);
    }

    @Test
    void minKeepHoldsForEveryTruncation() {
        SamplingParameters three = NONE.withMinKeep(3);
        float[] row = {9, 0, 1, 2, 3};
        int[] best = {0, 3, 4};
        assertThat(kept(three.withTopK(1), row)).containsExactly(best);
        assertThat(kept(three.withTopP(0), row)).containsExactly(best);
        assertThat(kept(three.withTopP(.1), row)).containsExactly(best);
        assertThat(kept(three.withMinP(1), row)).containsExactly(best);
        assertThat(kept(three.withEpsilonCutoff(.9), row)).containsExactly(best);
        assertThat(kept(three.withEtaCutoff(.9), row)).containsExactly(best);
        assertThat(kept(three.withTypicalP(0), row)).containsExactly(best);
        assertThat(kept(three.withTopNSigma(.01).withOrder(Order.llamaCpp()), row))
                .containsExactly(best);
        SamplingParameters xtc = NONE.withXtcProbability(1).withXtcThreshold(.1).withOrder(Order.of(Steps.XTC));
        assertThat(kept(xtc.withMinKeep(2), 1, 1, 1)).containsExactly(0, 1, 2);
        assertThat(kept(xtc.withMinKeep(1), 1, 1, 1)).containsExactly(2);
    }

    @Test
    void topKClampsAndKeepsTiesIfAsked() {
        assertThat(kept(NONE.withTopK(9), 1, 2)).containsExactly(0, 1);
        assertThat(kept(NONE.withTopK(2), 1, 2, 2, 2, 0)).containsExactly(1, 2);
        assertThat(kept(NONE.withTopK(2).withKeepTies(true), 1, 2, 2, 2, 0)).containsExactly(1, 2, 3);
    }

    @Test
    void xtcRunsAtItsProbability() {
        SamplingParameters parameters = NONE.withXtcProbability(.3)
                .withXtcThreshold(.1)
                .withTemperature(0)
                .withOrder(Order.of(Steps.XTC, Steps.TEMPERATURE));
        Sequence sequence = new Sequence(parameters);
        int excluded = 0;
        int times = 10_000;
        for (int i = 0; i < times; i++) {
            excluded += sampler.sample(Logits.of(2, 1), 0, sequence.position(i)).token();
        }
        // Four standard deviations of a binomial count are 183.
        assertThat(excluded).isBetween(2800, 3200);
    }

    @Test
    void mirostatSteersTheSurpriseToItsTarget() {
        float[] row = new float[1000];
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) (-1.1 * Math.log(i + 1));
        }
        for (int version = 1; version <= 2; version++) {
            SamplingParameters parameters = NONE.withMirostat(version)
                    .withMirostatTau(4)
                    .withLogprobs(0)
                    .withOrder(Order.of(Steps.MIROSTAT));
            Sequence sequence = new Sequence(parameters);
            assertThat(sequence.mirostatMu()).isEqualTo(8);
            double bits = 0;
            int times = 4000;
            for (int i = 0; i < times; i++) {
                Sampled sampled = sampler.sample(Logits.of(row), 0, sequence);
                bits -= sampled.rawLogProbability(0) / Math.log(2);
                sequence.accept(sampled);
            }
            assertThat(bits / times).isBetween(3.9, 4.1);
        }
    }

    /** The example of {@link Step}. */
    record Watermark(long secret, double strength) implements Step {
        @Override
        public String label() {
            return "watermark";
        }

        @Override
        public void apply(Candidates candidates, Sequence sequence) {
            int last = sequence.length() == 0 ? 0 : sequence.token(sequence.length() - 1);
            candidates.update((id, logit) -> isGreen(last, id) ? logit + strength : logit);
        }

        boolean isGreen(int last, int id) {
            return new SplittableRandom(secret ^ (long) last << 32 ^ id).nextBoolean();
        }
    }

    @Test
    void aStepOfOnesOwnIsAStepLikeAnyOther() {
        Watermark watermark = new Watermark(7, 4);
        Order order = Order.hf().before(Steps.TEMPERATURE, watermark);
        assertThat(order.names()).containsSubsequence("min_length", "watermark", "temperature");
        Sequence sequence = new Sequence(NONE.withTopP(.95).withOrder(order));
        float[] row = new float[3000];
        int green = 0;
        for (int i = 0; i < 300; i++) {
            int last = i == 0 ? 0 : sequence.token(i - 1);
            sequence.accept(sampler.sample(Logits.of(row), 0, sequence));
            green += watermark.isGreen(last, sequence.token(i)) ? 1 : 0;
        }
        assertThat(green).isGreaterThan(280);
        assertThat(row).containsOnly(0f);
    }

    @Test
    void unknownNamesAndDoublesInAnOrderAreErrors() {
        assertThat(Order.parse(List.of("typical_p", "epsilon_cutoff", "repetition_penalty"))
                        .names())
                .containsExactly("typical", "epsilon", "penalties");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Order.parse(List.of("topk")))
                .withMessage("order names the step 'topk', there are bias penalties dry no_repeat_ngram min_length"
                        + " top_n_sigma top_k typical top_p min_p xtc epsilon eta mirostat temperature");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Order.parse(List.of("top_k", "top_p", "top_k")))
                .withMessage("order names top_k twice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Order.preset("gpt"))
                .withMessage("preset is 'gpt', 'hf', 'llama.cpp' or 'vllm' is allowed");
    }

    @Test
    void parametersOutOfBoundsAreNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NONE.withTemperature(Double.NaN))
                .withMessage("temperature is NaN, 0 or more, finite, is allowed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NONE.withTopK(-1))
                .withMessage("top_k is -1, 0 or more is allowed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NONE.withTopP(Double.NaN))
                .withMessage("top_p is NaN, 0 or more is allowed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NONE.withRepetitionPenalty(0))
                .withMessage("repetition_penalty is 0.0, a finite number above 0 is allowed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NONE.withPenaltyLastN(-2))
                .withMessage("penalty_last_n is -2, -1 or more is allowed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NONE.withXtcProbability(1.5))
                .withMessage("xtc_probability is 1.5, 0 to 1 is allowed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NONE.withLogitBias(Map.of(3, Double.NaN)))
                .withMessage("logit_bias of token 3 is NaN, a finite number or -infinity is allowed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NONE.withBanned(4, -1))
                .withMessage("a token of banned is -1, 0 or more is allowed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NONE.withDraws(0))
                .withMessage("n is 0, 1 or more is allowed");
    }

    @Test
    void tokensTheRowDoesNotHaveAreNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> kept(NONE.withBanned(1, 3), 0, 0, 0))
                .withMessage("banned names token 3, the row has tokens 0 to 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> kept(NONE.withAllowed(5), 0, 0, 0))
                .withMessage("allowed names token 5, the row has tokens 0 to 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> kept(NONE.withLogitBias(Map.of(5, 1.0)), 0, 0, 0))
                .withMessage("logit_bias names token 5, the row has tokens 0 to 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> kept(new Sequence(NONE.withPresencePenalty(1)).append(7), 0, 0))
                .withMessage("history names token 7, the row has tokens 0 to 1");
    }
}
