package io.logits.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logits.data.Dataset;
import io.logits.data.Labels;
import io.logits.estimator.LogisticRegression;
import io.logits.estimator.Options;
import io.logits.estimator.SoftmaxRegression;
import io.logits.metrics.Evaluation;
import io.logits.model.Calibrator;
import io.logits.model.Model;
import io.logits.reference.Rows;
import io.logits.selection.Folds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HeldOutCalibrationTest {
    private static final int ROWS = 120;
    private static final int FRESH = 3000;

    /** Rows of so many classes; copies of noise make fits without much of a penalty too sure. */
    private static Dataset data(int classes) {
        SplittableRandom random = new SplittableRandom(classes);
        double[][] x = new double[ROWS][30];
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            int k = i % classes;
            for (int j = 0; j < 30; j++) {
                x[i][j] = random.nextDouble(-1, 1) + (j < 2 ? 0.3 * k * (j + 1) : 0);
            }
            labels.add("c" + k);
        }
        return Dataset.of(Rows.dense(x, 30), Labels.of(labels));
    }

    private static Function<Dataset, Model> fitting(int classes, int threads) {
        Options options = Options.defaults().withThreads(threads);
        return part -> classes == 2
                ? LogisticRegression.withDefaults()
                        .withOptions(options)
                        .withLambda(1e-4)
                        .fit(part)
                        .model()
                : SoftmaxRegression.withDefaults()
                        .withOptions(options)
                        .withLambda(1e-4)
                        .fit(part)
                        .model();
    }

    private static Model calibrated(CalibrationMethod method, Dataset data, int classes, int threads) {
        Function<Dataset, Model> fitting = fitting(classes, threads);
        return new HeldOutCalibration(method, Folds.stratified(data.labels(), 5, 7))
                .calibrate(fitting.apply(data), data, fitting);
    }

    @ParameterizedTest
    @EnumSource
    void fitsThatAreTooSureAreLessSoOnceCalibrated(CalibrationMethod method) {
        for (int classes : method == CalibrationMethod.VECTOR ? new int[] {3} : new int[] {2, 3}) {
            Dataset data = data(classes);
            Model raw = fitting(classes, 2).apply(data);
            Model model = calibrated(method, data, classes, 2);
            Dataset fresh = fresh(classes);
            Evaluation before = Evaluation.of(raw, fresh, 2);
            Evaluation after = Evaluation.of(model, fresh, 2);
            assertThat(after.logLoss()).isLessThan(before.logLoss());
            assertThat(after.calibration().expectedError())
                    .isLessThan(before.calibration().expectedError());
            assertThat(model.provenance().options())
                    .containsEntry("calibration", method.label())
                    .containsEntry("calibration_folds", "5 stratified folds, seed 7");
            assertThat(model.coefficient(0, 3)).isEqualTo(raw.coefficient(0, 3));
        }
    }

    private static Dataset fresh(int classes) {
        double[][] x = new double[FRESH][30];
        List<String> labels = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(99);
        for (int i = 0; i < FRESH; i++) {
            labels.add("c" + i % classes);
            for (int j = 0; j < 30; j++) {
                x[i][j] = random.nextDouble(-1, 1) + (j < 2 ? 0.3 * (i % classes) * (j + 1) : 0);
            }
        }
        return Dataset.of(Rows.dense(x, 30), Labels.of(labels));
    }

    @ParameterizedTest
    @EnumSource
    void theNumberOfThreadsChangesNoBit(CalibrationMethod method) {
        Dataset data = data(3);
        assertThat(calibrated(method, data, 3, 3).calibrator())
                .isEqualTo(calibrated(method, data, 3, 1).calibrator());
    }

    @ParameterizedTest
    @EnumSource
    void probabilitiesAddUpToOneAndStayWithinZeroAndOne(CalibrationMethod method) {
        Model model = calibrated(method, data(3), 3, 1);
        for (double size : new double[] {0, 1, 1e3, 1e8}) {
            double[] x = new double[30];
            Arrays.fill(x, size);
            double[] p = model.probabilities(x);
            assertThat(Arrays.stream(p).sum()).isCloseTo(1, org.assertj.core.data.Offset.offset(1e-12));
            assertThat(Arrays.stream(p).allMatch(value -> value >= 0 && value <= 1))
                    .isTrue();
        }
    }

    @Test
    void separableRowsGiveFiniteCurves() {
        double[] z = {-5, -4, -3, 3, 4, 5};
        HeldOut rows = new HeldOut(z, new int[] {0, 0, 0, 1, 1, 1}, new double[] {1, 1, 1, 1, 1, 1});
        Calibrator.Line platt =
                (Calibrator.Line) CalibrationMethod.PLATT.of(rows).curves().get(0);
        assertThat(platt.slope()).isPositive().isLessThan(1);
        Calibrator.Steps steps =
                (Calibrator.Steps) CalibrationMethod.ISOTONIC.of(rows).curves().get(0);
        assertThat(steps.probabilities()).containsExactly(0.125, 0.125, 0.875, 0.875);
        assertThat(steps.logits()).containsExactly(-5, -3, 3, 5);
        assertThat(CalibrationMethod.TEMPERATURE.of(rows).curves()).containsExactly(new Calibrator.Line(100, 0));
        double[] wrong = {5, 4, 3, -3, -4, -5};
        assertThat(CalibrationMethod.TEMPERATURE
                        .of(new HeldOut(wrong, rows.y(), rows.weights()))
                        .curves())
                .containsExactly(new Calibrator.Line(0.01, 0));
        double[] same = new double[6];
        Calibrator flat = CalibrationMethod.PLATT.of(new HeldOut(same, rows.y(), rows.weights()));
        assertThat(Math.abs(flat.curves().get(0).at(0))).isLessThan(1e-9);
    }

    @Test
    void rowsOfWeightTwoCountTwiceAndOfWeightZeroNotAtAll() {
        double[] z = {-2, -1, 0.5, 1, 3, 0.2};
        int[] y = {0, 1, 0, 1, 1, 0};
        HeldOut weighted = new HeldOut(z, y, new double[] {1, 2, 1, 1, 1, 0});
        HeldOut twice = new HeldOut(
                new double[] {-2, -1, -1, 0.5, 1, 3}, new int[] {0, 1, 1, 0, 1, 1}, new double[] {1, 1, 1, 1, 1, 1});
        for (CalibrationMethod method :
                List.of(CalibrationMethod.PLATT, CalibrationMethod.TEMPERATURE, CalibrationMethod.ISOTONIC)) {
            for (double at = -3; at < 4; at += 0.5) {
                assertThat(method.of(weighted).curves().get(0).at(at))
                        .isCloseTo(method.of(twice).curves().get(0).at(at), org.assertj.core.data.Offset.offset(1e-9));
            }
        }
    }

    @Test
    void rowsThatTellNothingAreRefused() {
        double[] ones = {1, 1};
        assertThatThrownBy(() -> new HeldOut(new double[] {1, 2, 3, 4, 5, Double.NaN}, new int[] {0, 2}, ones))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("logit 2 of row 1 is NaN, a finite number is needed");
        assertThatThrownBy(() -> new HeldOut(new double[] {Double.NEGATIVE_INFINITY, 2}, new int[] {0, 1}, ones))
                .hasMessage("logit 0 of row 0 is -Infinity, a finite number is needed");
        assertThatThrownBy(() -> new HeldOut(new double[] {1, 2}, new int[] {0, 2}, ones))
                .hasMessage("row 1 is of class 2, 0 to 1 are possible");
        assertThatThrownBy(() -> new HeldOut(new double[] {1, 2, 3, 4, 5, 6}, new int[] {-1, 2}, ones))
                .hasMessage("row 0 is of class -1, 0 to 2 are possible");
        assertThatThrownBy(() -> new HeldOut(new double[] {1, 2}, new int[] {0, 1}, new double[] {1, Double.NaN}))
                .hasMessage("weight of row 1 is NaN, a finite number >= 0 is needed");
        assertThatThrownBy(() -> new HeldOut(new double[0], new int[] {0, 1}, ones))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("0 logits a row were given, 1 for two classes or one for each of 3 or more is needed");
        assertThatThrownBy(() -> new HeldOut(new double[] {1, 2, 3, 4}, new int[] {0, 1}, ones))
                .hasMessage("2 logits a row were given, 1 for two classes or one for each of 3 or more is needed");
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Dataset data = data(2);
        assertThatThrownBy(() -> calibrated(CalibrationMethod.VECTOR, data, 2, 1))
                .hasMessage("vector scaling is for three classes or more; of two, platt has a line of the one logit");
        Function<Dataset, Model> fitting = fitting(2, 1);
        assertThatThrownBy(() -> new HeldOutCalibration(CalibrationMethod.PLATT, Folds.of(new int[] {0, 1}))
                        .calibrate(fitting.apply(data), data, fitting))
                .hasMessage("folds are of 2 rows, there are 120");
        assertThatThrownBy(() -> new Calibrator.Steps(new double[] {0, 0}, new double[] {0.1, 0.2}))
                .hasMessage("the points of a curve of probabilities must rise within 0 and 1");
        assertThatThrownBy(() -> fitting.apply(data)
                        .withCalibrator(
                                new Calibrator("x", true, java.util.Collections.nCopies(3, new Calibrator.Line(1, 0)))))
                .hasMessage("3 curves of calibration were given for 1 logit");
    }
}
