package io.logits.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BeamSearchTest {
    private static final int VOCABULARY = 5;
    private static final int LENGTH = 4;
    private static final double ROUNDING = 1e-12;

    /** A model in which the row depends on the last token alone. */
    private final float[] model = model();

    private static float[] model() {
        SplittableRandom random = new SplittableRandom(11);
        float[] model = new float[VOCABULARY * VOCABULARY];
        for (int i = 0; i < model.length; i++) {
            model[i] = (float) random.nextGaussian();
        }
        return model;
    }

    private double logProbability(int last, int token) {
        double sum = 0;
        for (int id = 0; id < VOCABULARY; id++) {
            sum += Math.exp(model[last * VOCABULARY + id]);
        }
        return model[last * VOCABULARY + token] - Math.log(sum);
    }

    private void advance(BeamSearch search) {
        float[] rows = new float[search.live() * VOCABULARY];
        for (int i = 0; i < search.live(); i++) {
            int last = Math.max(0, search.token(i));
            System.arraycopy(model, last * VOCABULARY, rows, i * VOCABULARY, VOCABULARY);
        }
        search.advance(Logits.of(rows, 0, VOCABULARY, VOCABULARY));
    }

    private void allTexts(List<Integer> text, double sum, List<BeamSearch.Hypothesis> out) {
        if (text.size() == LENGTH) {
            out.add(new BeamSearch.Hypothesis(
                    text.stream().mapToInt(Integer::intValue).toArray(), sum, sum));
            return;
        }
        int last = text.isEmpty() ? 0 : text.get(text.size() - 1);
        for (int token = 0; token < VOCABULARY; token++) {
            List<Integer> longer = new ArrayList<>(text);
            longer.add(token);
            allTexts(longer, sum + logProbability(last, token), out);
        }
    }

    @Test
    void aWideBeamFindsTheMostProbableTexts() {
        BeamSearch search = new BeamSearch(SamplingParameters.defaults(), 125, 0);
        for (int i = 0; i < LENGTH; i++) {
            advance(search);
        }
        List<BeamSearch.Hypothesis> all = new ArrayList<>();
        allTexts(List.of(), 0, all);
        all.sort(Comparator.comparingDouble(BeamSearch.Hypothesis::logProbability)
                .reversed());
        List<BeamSearch.Hypothesis> best = search.best();
        assertThat(best).hasSize(125);
        for (int i = 0; i < best.size(); i++) {
            // Texts of the same transitions in another order are as probable: their order is left to rounding.
            int[] tokens = best.get(i).tokens();
            assertThat(best.subList(0, i)).noneMatch(better -> Arrays.equals(better.tokens(), tokens));
            assertThat(Math.abs(best.get(i).logProbability() - all.get(i).logProbability()))
                    .isLessThan(ROUNDING);
        }
    }

    @Test
    void aBeamOfOneIsGreedy() {
        BeamSearch search = new BeamSearch(SamplingParameters.defaults(), 1, 0);
        int last = 0;
        for (int i = 0; i < LENGTH; i++) {
            advance(search);
            int best = 0;
            for (int id = 0; id < VOCABULARY; id++) {
                best = model[last * VOCABULARY + id] > model[last * VOCABULARY + best] ? id : best;
            }
            assertThat(search.token(0)).isEqualTo(best);
            assertThat(search.parent(0)).isZero();
            last = best;
        }
    }

    @Test
    void textsEndAtAnEndTokenAndTheSearchWhenNothingCanBeBetter() {
        // After anything, 1 follows nine times in ten; it ends the text.
        float[] row = {0, (float) Math.log(18), 0};
        BeamSearch search = new BeamSearch(SamplingParameters.defaults(), 2, 0, 1);
        int steps = 0;
        while (!search.isDone()) {
            float[] rows = new float[search.live() * 3];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = row[i % 3];
            }
            search.advance(Logits.of(rows, 0, 3, 3));
            steps++;
        }
        assertThat(steps).isEqualTo(2);
        assertThat(search.best().get(0).tokens()).containsExactly(1);
        assertThat(Math.abs(search.best().get(0).score() - Math.log(.9))).isLessThan(1e-7);
        assertThat(search.best().get(1).tokens()).containsExactly(0, 1);
        assertThatIllegalStateException()
                .isThrownBy(() -> search.advance(Logits.of(row)))
                .withMessage("the search is done");
    }

    @Test
    void theLengthPenaltyDividesByALengthToAPower() {
        BeamSearch search = new BeamSearch(SamplingParameters.defaults(), 3, 2);
        advance(search);
        advance(search);
        for (BeamSearch.Hypothesis text : search.best()) {
            assertThat(text.score()).isEqualTo(text.logProbability() / 4);
        }
    }

    @Test
    void logarithmsDoNotUnderflowWhereProbabilitiesWould() {
        BeamSearch search = new BeamSearch(SamplingParameters.defaults(), 2, 0);
        for (int i = 0; i < 2000; i++) {
            advance(search);
        }
        assertThat(search.logProbability(0)).isBetween(-3000.0, -746.0);
        assertThat(search.best().get(0).tokens()).hasSize(2000);
    }

    @Test
    void stepsOfTheParametersRunOnEachBeam() {
        SamplingParameters parameters = SamplingParameters.defaults().withNoRepeatNgramSize(1);
        BeamSearch search = new BeamSearch(parameters, 3, 0);
        for (int i = 0; i < LENGTH; i++) {
            advance(search);
        }
        for (BeamSearch.Hypothesis text : search.best()) {
            assertThat(text.tokens()).doesNotHaveDuplicates();
        }
    }

    @Test
    void rowsWithoutACandidateEndTheirBeam() {
        BeamSearch search = new BeamSearch(SamplingParameters.defaults(), 3, 0);
        search.advance(Logits.of(Float.NaN, 1, 2));
        assertThat(search.isDone()).isTrue();
        assertThat(search.best()).isEmpty();
    }

    @Test
    void optionsOutOfBoundsAreErrors() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BeamSearch(SamplingParameters.defaults(), 0, 1))
                .withMessage("the width of the beam is 0, 1 or more is allowed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BeamSearch(SamplingParameters.defaults(), 2, Double.NaN))
                .withMessage("length_penalty is NaN, a finite number is allowed");
    }
}
