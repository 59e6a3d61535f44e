package io.logits.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logits.data.Matrix;
import io.logits.features.PlainEncoding;
import io.logits.model.Explainer.Contribution;
import io.logits.reference.Rows;
import io.logits.testkit.Tolerance;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExplainerTest {
    private static final Tolerance ROUNDING = Tolerance.relative(1e-14, "ulps of sums of five terms");
    private static final int P = 4;
    private static final PlainEncoding FOUR = PlainEncoding.numbered(P);
    private static final double[] MEANS = {2, -1, 0, 5};

    private final double[][] x = {{1, 0, 3, 0}, {0, 0, 0, 0}, {2, -1, 0, 5}, {-7, 2, 1, 5.5}};
    private final LogisticModel logistic = new LogisticModel(
                    List.of("a", "b"), FOUR, new double[] {1.5, -2, 0.5, 0.25}, 0.3, Provenance.unknown())
            .withMeans(MEANS);
    private final SoftmaxModel softmax = new SoftmaxModel(
                    List.of("a", "b", "c"),
                    FOUR,
                    new double[] {1, 2, -1, 0.5, 0, 1, -0.5, 0.25, 3, 0, 0, -1},
                    new double[] {0.1, 0.2, -0.3},
                    Provenance.unknown())
            .withMeans(MEANS);

    /** The logit of a class as the explainer has it: log-odds of two, less the mean of more. */
    private static double logit(Model model, double[] row, int k) {
        double[] z = new double[model.logits()];
        model.logits(row, z);
        if (z.length == 1) {
            return k == 1 ? z[0] : -z[0];
        }
        return z[k] - (z[0] + z[1] + z[2]) / 3;
    }

    @Test
    void contributionsAndTheBaselineAddUpToTheLogitOfEveryClassAndKindOfRow() {
        for (Model model : List.of(logistic, softmax)) {
            Explainer explainer = new Explainer(model);
            for (Matrix matrix : List.of(Rows.dense(x, P), Rows.sparse(x, P))) {
                for (int i = 0; i < x.length; i++) {
                    for (int k = 0; k < model.classes().size(); k++) {
                        double sum = explainer.baseline(k);
                        for (Contribution part : explainer.largest(matrix, i, k, P)) {
                            sum += part.value();
                        }
                        double expected = logit(model, x[i], k);
                        ROUNDING.check(Math.abs(sum - expected) / Math.max(1, Math.abs(expected)), "row " + i);
                    }
                }
            }
        }
    }

    @Test
    void theMeanRowIsExplainedByNothing() {
        Explainer explainer = new Explainer(softmax);
        assertThat(explainer.largest(Rows.dense(x, P), 2, 1, P)).isEmpty();
        ROUNDING.check(Math.abs(explainer.baseline(1) / logit(softmax, MEANS, 1) - 1), "baseline");
    }

    @Test
    void theLargestComeFirstAlsoWhereASparseRowHasNothing() {
        for (Matrix matrix : List.of(Rows.dense(x, P), Rows.sparse(x, P))) {
            // 1.5 (0 - 2), -2 (0 + 1), 0.5 (0 - 0) and 0.25 (0 - 5).
            assertThat(new Explainer(logistic).largest(matrix, 1, 1, P))
                    .containsExactly(new Contribution(0, -3), new Contribution(1, -2), new Contribution(3, -1.25));
            assertThat(new Explainer(logistic).largest(matrix, 1, 0, 2))
                    .containsExactly(new Contribution(0, 3), new Contribution(1, 2));
            assertThat(new Explainer(logistic).largest(matrix, 1, 0, 0)).isEmpty();
        }
    }

    @Test
    void ofEqualContributionsTheEarlierFeatureComesFirst() {
        LogisticModel even =
                new LogisticModel(List.of("a", "b"), FOUR, new double[] {1, -1, 1, 1}, 0, Provenance.unknown());
        double[][] ones = {{1, 1, 1, 1}, {0, 0, 0, 0}};
        for (Matrix matrix : List.of(Rows.dense(ones, P), Rows.sparse(ones, P))) {
            assertThat(features(new Explainer(even), matrix, 0, 3)).containsExactly(0, 1, 2);
            Explainer moved = new Explainer(even.withMeans(new double[] {3, 3, 3, 3}));
            assertThat(features(moved, matrix, 1, 3)).containsExactly(0, 1, 2);
        }
    }

    private static List<Integer> features(Explainer explainer, Matrix matrix, int row, int most) {
        return explainer.largest(matrix, row, 1, most).stream()
                .map(Contribution::feature)
                .toList();
    }

    @Test
    void aShiftOfAllLogitsByOneLinearFunctionContributesNothing() {
        double[] shift = {4, -3, 2, 1};
        double[] moved = IntStream.range(0, 3 * P)
                .mapToDouble(e -> softmax.coefficient(e / P, e % P) + shift[e % P])
                .toArray();
        SoftmaxModel same = new SoftmaxModel(
                        softmax.classes(), FOUR, moved, new double[] {8.1, 8.2, 7.7}, Provenance.unknown())
                .withMeans(MEANS);
        for (int k = 0; k < 3; k++) {
            for (int j = 0; j < P; j++) {
                double expected = new Explainer(softmax).contribution(k, j, 7);
                ROUNDING.check(Math.abs(new Explainer(same).contribution(k, j, 7) - expected) / 10, "feature " + j);
            }
            ROUNDING.check(Math.abs(new Explainer(same).baseline(k) - new Explainer(softmax).baseline(k)), "baseline");
        }
    }

    @Test
    void withoutMeansRowsAreComparedWithARowOfZeros() {
        Model old = logistic.withMeans(new double[0]);
        assertThat(old.hasMeans()).isFalse();
        assertThat(new Explainer(old).largest(Rows.dense(x, P), 0, 1, P))
                .containsExactly(new Contribution(0, 1.5), new Contribution(2, 1.5));
        assertThat(new Explainer(old).baseline(1)).isEqualTo(0.3);
    }

    @Test
    void meansComeAlongAndMustFit() {
        assertThat(logistic.withProvenance(Provenance.unknown()).mean(3)).isEqualTo(5);
        assertThat(softmax.withProvenance(Provenance.unknown()).mean(3)).isEqualTo(5);
        assertThatThrownBy(() -> softmax.withMeans(new double[3])).hasMessage("3 means were given for 4 features");
    }
}
