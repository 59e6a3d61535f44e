package io.logits.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.logits.data.Dataset;
import io.logits.data.DenseMatrix;
import io.logits.data.Labels;
import io.logits.estimator.LogisticRegression;
import io.logits.estimator.Options;
import io.logits.estimator.PenaltyKind;
import io.logits.features.PlainEncoding;
import io.logits.model.LogisticModel;
import io.logits.model.Model;
import io.logits.model.Provenance;
import io.logits.model.SoftmaxModel;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Intervals at given coefficients, in cases that have a closed form. */
class CurvatureIntervalsTest {
    /** Some sums and one inverse of order 2. */
    private static final Offset<Double> ROUNDING = within(1e-12);

    private static final double QUANTILE = 1.959963984540054;

    private static final List<String> TWO = List.of("no", "yes");
    private static final List<String> THREE = List.of("a", "b", "c");

    /** n rows of the one number 1. */
    private static Dataset ones(List<String> classes, int... labels) {
        double[][] rows = new double[labels.length][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new double[] {1};
        }
        return Dataset.of(DenseMatrix.ofRows(rows), Labels.of(classes, labels));
    }

    @Test
    void oneCoefficientUnderARidgeHasTheCurvatureOfBoth() {
        Dataset data = ones(TWO, 0, 1, 1, 1);
        double w = 0.4;
        Model model = new LogisticModel(TWO, data.encoding(), new double[] {w}, 0, Provenance.unknown());
        Coefficient line =
                new CurvatureIntervals(0.25, false, 4).of(model, data, 0.95, 1).get(0);
        double p = 1 / (1 + Math.exp(-w));
        double error = 1 / Math.sqrt(4 * p * (1 - p) + 0.25 * 4);
        assertThat(line.parameter().className()).isEqualTo("yes");
        assertThat(line.estimate()).isEqualTo(w);
        assertThat(line.z()).isNaN();
        assertThat(line.standardError()).isCloseTo(error, ROUNDING);
        assertThat(line.high()).isCloseTo(w + QUANTILE * error, ROUNDING);
        // The same rows stand for twice as many.
        Coefficient twice =
                new CurvatureIntervals(0.25, false, 8).of(model, data, 0.95, 1).get(0);
        assertThat(twice.standardError()).isCloseTo(error / Math.sqrt(2), ROUNDING);
    }

    @Test
    void classesUnderARidgeHaveTheCurvatureOfTheSumToZero() {
        Dataset data = ones(THREE, 0, 1, 2, 2, 1, 0);
        Model model = new SoftmaxModel(THREE, data.encoding(), new double[3], new double[3], Provenance.unknown());
        List<Coefficient> lines = new CurvatureIntervals(0.5, false, 6).of(model, data, 0.95, 1);
        assertThat(lines.stream().map(line -> line.parameter().className())).containsExactly("a", "b", "c");
        for (Coefficient line : lines) {
            assertThat(line.estimate()).isZero();
            // Where p is 1/3 each, the Hessian is n/3 + n lambda on vectors that sum to 0; e_k less its mean has 2/3.
            assertThat(line.standardError()).isCloseTo(Math.sqrt(2.0 / 3 / (2 + 3)), ROUNDING);
        }
    }

    @Test
    void withoutAPenaltyTheyAreWaldsAndClassesRelativeToTheFirst() {
        double[][] x = {{0}, {0}, {0}, {0}, {1}, {1}, {1}};
        Dataset data = Dataset.of(DenseMatrix.ofRows(x), Labels.of(TWO, new int[] {0, 0, 0, 1, 0, 1, 1}));
        Model model = LogisticRegression.withDefaults()
                .withOptions(Options.defaults()
                        .withPenalty(PenaltyKind.NONE)
                        .withTolerance(1e-14)
                        .withThreads(1))
                .fit(data)
                .model();
        List<Coefficient> lines = new CurvatureIntervals(0, true, 7).of(model, data, 0.95, 2);
        // A table of counts: 1 of 4, and 2 of 3 (Woolf 1955).
        assertThat(lines.get(0).standardError()).isCloseTo(Math.sqrt(1 / 3.0 + 1), within(1e-6));
        assertThat(lines.get(1).z())
                .isCloseTo(model.coefficient(0, 0) / lines.get(1).standardError(), within(1e-6));
        assertThat(lines.get(1).standardError()).isCloseTo(Math.sqrt(1 / 3.0 + 1 + 1 / 2.0 + 1), within(1e-6));
        Dataset three = ones(THREE, 0, 1, 2);
        Model many = new SoftmaxModel(THREE, three.encoding(), new double[3], new double[3], Provenance.unknown());
        assertThat(new CurvatureIntervals(0, false, 3)
                        .of(many, three, 0.95, 1).stream()
                                .map(line -> line.parameter().className()))
                .containsExactly("b", "c");
    }

    @Test
    void rowsOfOtherClassesOrFeaturesAreRefused() {
        CurvatureIntervals intervals = new CurvatureIntervals(0.5, false, 6);
        Dataset data = ones(THREE, 0, 1, 2);
        Model model = new SoftmaxModel(THREE, data.encoding(), new double[3], new double[3], Provenance.unknown());
        assertThatThrownBy(() -> intervals.of(model, ones(List.of("b", "a", "c"), 0, 1, 2), 0.95, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the model has classes [a, b, c], the rows have [b, a, c], the same are needed");
        assertThatThrownBy(() -> intervals.of(model, ones(TWO, 0, 1), 0.95, 1))
                .hasMessage("the model has classes [a, b, c], the rows have [no, yes], the same are needed");
        Dataset wide = Dataset.of(
                DenseMatrix.ofRows(new double[][] {{1, 2}, {2, 1}, {0, 1}}), Labels.of(THREE, new int[] {0, 1, 2}));
        assertThatThrownBy(() -> intervals.of(model, wide, 0.95, 1))
                .hasMessage("the number of features is 1 in the model and 2 in the rows, the same are needed");
        Model named = new SoftmaxModel(
                THREE, new PlainEncoding(List.of("age")), new double[3], new double[3], Provenance.unknown());
        assertThatThrownBy(() -> intervals.of(named, data, 0.95, 1))
                .hasMessage("feature 1 of the model is age, of the rows x1, the same are needed");
    }

    @Test
    void numbersAreChecked() {
        assertThatThrownBy(() -> new CurvatureIntervals(Double.NaN, true, 1))
                .hasMessage("lambda is NaN and the weight 1.0, finite numbers >= 0 and > 0 are needed");
        assertThatThrownBy(() -> new CurvatureIntervals(0, true, 0)).hasMessageContaining("the weight 0.0");
    }
}
