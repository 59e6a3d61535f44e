package io.logits.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logits.data.Matrix;
import io.logits.features.PlainEncoding;
import io.logits.reference.Rows;
import io.logits.testkit.Tolerance;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelTest {
    private static final Tolerance ROUNDING = Tolerance.relative(1e-15, "a few ulps of sums of three terms");
    private static final PlainEncoding TWO = PlainEncoding.numbered(2);

    private final double[][] x = {{1, 2}, {0, -3}, {400, 1}, {-400, 500}};
    private final LogisticModel logistic =
            new LogisticModel(List.of("a", "b"), TWO, new double[] {1.5, -2}, 0.25, Provenance.unknown());
    private final SoftmaxModel softmax = new SoftmaxModel(
            List.of("a", "b", "c"),
            TWO,
            new double[] {1, 2, -1, 0.5, 0, 1},
            new double[] {0.1, 0.2, -0.3},
            Provenance.unknown());

    @Test
    void logitsAreThoseOfPlainLoopsForEveryKindOfRow() {
        for (Model model : List.of(logistic, softmax)) {
            for (Matrix matrix : List.of(Rows.dense(x, 2), Rows.sparse(x, 2))) {
                double[] z = new double[2 * model.logits()];
                double[] one = new double[model.logits()];
                model.logits(matrix, 1, 3, z);
                for (int i = 1; i < 3; i++) {
                    model.logits(x[i], one);
                    for (int k = 0; k < model.logits(); k++) {
                        double expected = model.intercept(k)
                                + model.coefficient(k, 0) * x[i][0]
                                + model.coefficient(k, 1) * x[i][1];
                        double size = Math.max(1, Math.abs(expected));
                        ROUNDING.check(Math.abs(z[(i - 1) * model.logits() + k] - expected) / size, "matrix");
                        ROUNDING.check(Math.abs(one[k] - expected) / size, "row");
                    }
                }
            }
        }
    }

    @Test
    void coefficientsAndMeansAreCopies() {
        for (Model model : List.of(logistic, softmax)) {
            assertThat(model.means()).isEmpty();
            Model known = model.withMeans(new double[] {3, 4});
            for (int k = 0; k < model.logits(); k++) {
                double[] coefficients = known.coefficients(k);
                assertThat(coefficients).containsExactly(model.coefficient(k, 0), model.coefficient(k, 1));
                coefficients[0] = 100;
                assertThat(known.coefficient(k, 0)).isEqualTo(model.coefficient(k, 0));
            }
            double[] means = known.means();
            assertThat(means).containsExactly(3, 4);
            means[0] = 100;
            assertThat(known.mean(0)).isEqualTo(3);
        }
    }

    @Test
    void probabilitiesSumToOneAndAgreeWithTheirLogarithms() {
        for (Model model : List.of(logistic, softmax)) {
            int classes = model.classes().size();
            for (double[] row : x) {
                double[] z = new double[model.logits()];
                double[] p = new double[classes];
                double[] logs = new double[classes];
                model.logits(row, z);
                model.probabilitiesOfLogits(z, 1, p);
                model.logProbabilitiesOfLogits(z, 1, logs);
                assertThat(p).containsExactly(model.probabilities(row));
                ROUNDING.check(Math.abs(Arrays.stream(p).sum() - 1), "sum");
                for (int k = 0; k < classes; k++) {
                    assertThat(logs[k]).isFinite().isLessThanOrEqualTo(0);
                    // The logarithm's own rounding, times its size, is what exp makes of it.
                    ROUNDING.check(Math.abs(Math.exp(logs[k]) - p[k]) / Math.max(1, -logs[k]), "logarithm");
                }
            }
        }
    }

    private record Point(double x1, boolean x2) {}

    @Test
    void rawValuesAreFoundByName() {
        double[] expected = logistic.probabilities(new double[] {3, 1});
        assertThat(logistic.probabilities(Map.of("x2", true, "x1", 3, "other", "?")))
                .containsExactly(expected);
        assertThat(logistic.probabilities(new Point(3, true))).containsExactly(expected);
        assertThatThrownBy(() -> logistic.probabilities(Map.of("x2", 1))).hasMessage("the row has no column 'x1'");
    }

    @Test
    void aNaNFeatureGivesNaN() {
        assertThat(logistic.probability(new double[] {Double.NaN, 1})).isNaN();
        assertThat(softmax.probabilities(new double[] {1, Double.NaN})).containsOnly(Double.NaN);
    }

    @Test
    void shapesThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> logistic.probability(new double[3]))
                .hasMessage("the row has 3 entries, the model has 2 features");
        assertThatThrownBy(() -> softmax.logits(Rows.dense(new double[1][5], 5), 0, 1, new double[3]))
                .hasMessage("the data has 5 features, the model has 2");
        assertThatThrownBy(() -> new LogisticModel(List.of("a"), TWO, new double[2], 0, Provenance.unknown()))
                .hasMessage("a logistic model has 2 classes, 1 were given");
        assertThatThrownBy(() -> new LogisticModel(List.of("a", "b"), TWO, new double[3], 0, Provenance.unknown()))
                .hasMessage("3 coefficients were given for 2 features");
    }
}
