package io.logits.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.data.Dataset;
import io.logits.data.DenseMatrix;
import io.logits.data.Labels;
import io.logits.estimator.LogisticRegression;
import io.logits.kernels.LogitFunctions;
import io.logits.model.Calibrator;
import io.logits.model.Calibrator.Line;
import io.logits.model.Model;
import io.logits.selection.Folds;
import io.logits.testkit.Tolerance;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Calibration is that of scikit-learn and SciPy; core/src/test/golden/calibration.py made the expected values. */
class CalibrationGoldenTest {
    private static final Tolerance ROUNDING = Tolerance.absolute(1e-12, "shares of 400 rows, once interpolated");
    private static final Tolerance SCIPY =
            Tolerance.absolute(1e-6, "where SciPy's minimisers stop: their objectives are flat to rounding there");
    private static final Tolerance PEER =
            Tolerance.absolute(3e-5, "scikit-learn's line of Platt stops at gradients of 1e-5");
    private static final Tolerance FITS = Tolerance.absolute(1e-7, "scikit-learn's fits stop before ours");

    private static final JsonNode GOLDEN = new ObjectMapper()
            .readTree(Objects.requireNonNull(CalibrationGoldenTest.class.getResourceAsStream("calibration.json")));

    private static double[] doubles(JsonNode array) {
        return array.valueStream().mapToDouble(JsonNode::asDouble).toArray();
    }

    private static int[] ints(JsonNode array) {
        return array.valueStream().mapToInt(JsonNode::asInt).toArray();
    }

    private static double[][] rows(JsonNode array) {
        return array.valueStream().map(CalibrationGoldenTest::doubles).toArray(double[][]::new);
    }

    private static double[] flat(JsonNode array) {
        return array.valueStream()
                .flatMapToDouble(row -> row.valueStream().mapToDouble(JsonNode::asDouble))
                .toArray();
    }

    @ParameterizedTest
    @EnumSource(names = {"PLATT", "ISOTONIC"})
    void heldOutFoldsCalibrateAsScikitLearnHasIt(CalibrationMethod method) {
        JsonNode golden = GOLDEN.get("classifier");
        double[] weights = doubles(golden.get("weights"));
        Dataset data = Dataset.of(
                        DenseMatrix.ofRows(rows(golden.get("x"))), Labels.of(List.of("0", "1"), ints(golden.get("y"))))
                .withWeights(weights);
        LogisticRegression estimator =
                LogisticRegression.withDefaults().withC(1).withTolerance(1e-13);
        Function<Dataset, Model> fitting = part -> estimator.fit(part).model();
        Model model = new HeldOutCalibration(method, Folds.of(ints(golden.get("fold"))))
                .calibrate(fitting.apply(data), data, fitting);
        double[] expected = doubles(golden.get("expected").get(method.label()));
        double[][] fresh = rows(golden.get("new"));
        // Ours keeps so far from 0 and 1, and is that far off near there.
        double margin = 1 / (Arrays.stream(weights).sum() + 2);
        int same = 0;
        for (int i = 0; i < fresh.length; i++) {
            double p = model.probabilities(fresh[i])[1];
            boolean isotonic = method == CalibrationMethod.ISOTONIC;
            double error = Math.abs(p - expected[i]);
            same += FITS.allows(error) ? 1 : 0;
            assertThat(error).as("row " + i).isLessThanOrEqualTo(isotonic ? margin + FITS.bound() : PEER.bound());
        }
        assertThat(same).isGreaterThanOrEqualTo(method == CalibrationMethod.ISOTONIC ? 20 : 0);
    }

    @Test
    void pooledCurvesAreThoseOfScikitLearnAlsoWhereScoresTie() {
        for (JsonNode golden : GOLDEN.get("curves")) {
            HeldOut rows =
                    new HeldOut(doubles(golden.get("scores")), ints(golden.get("y")), doubles(golden.get("weights")));
            Calibrator.Curve curve =
                    CalibrationMethod.ISOTONIC.of(rows).curves().get(0);
            double[] at = doubles(golden.get("at"));
            double[] expected = doubles(golden.get("isotonic"));
            for (int i = 0; i < at.length; i++) {
                double p = LogitFunctions.sigmoid(curve.at(at[i]));
                ROUNDING.check(Math.abs(p - expected[i]), golden.get("name") + " at " + at[i]);
            }
        }
    }

    @Test
    void linesOfPlattMinimiseHisObjective() {
        for (JsonNode golden : GOLDEN.get("curves")) {
            HeldOut rows =
                    new HeldOut(doubles(golden.get("scores")), ints(golden.get("y")), doubles(golden.get("weights")));
            Line line = (Line) CalibrationMethod.PLATT.of(rows).curves().get(0);
            double[] expected = doubles(golden.get("platt"));
            SCIPY.check(Math.abs(line.slope() - expected[0]), "slope");
            SCIPY.check(Math.abs(line.shift() - expected[1]), "shift");
        }
    }

    @Test
    void temperatureAndVectorScalingMinimiseTheirObjectives() {
        JsonNode golden = GOLDEN.get("scalings");
        double[] weights = doubles(golden.get("weights"));
        HeldOut rows = new HeldOut(flat(golden.get("z")), ints(golden.get("y")), weights);
        double expected = golden.get("inverse_temperature").asDouble();
        for (Calibrator.Curve curve : CalibrationMethod.TEMPERATURE.of(rows).curves()) {
            SCIPY.check(Math.abs(((Line) curve).slope() - expected), "inverse temperature");
        }
        double[] vector = doubles(golden.get("vector"));
        List<Calibrator.Curve> lines = CalibrationMethod.VECTOR.of(rows).curves();
        for (int k = 0; k < lines.size(); k++) {
            SCIPY.check(Math.abs(((Line) lines.get(k)).slope() - vector[k]), "slope " + k);
            SCIPY.check(Math.abs(((Line) lines.get(k)).shift() - vector[lines.size() + k]), "shift " + k);
        }
        JsonNode two = golden.get("two");
        HeldOut binary = new HeldOut(doubles(two.get("z")), ints(two.get("y")), weights);
        Line line = (Line) CalibrationMethod.TEMPERATURE.of(binary).curves().get(0);
        SCIPY.check(Math.abs(line.slope() - two.get("inverse_temperature").asDouble()), "of two classes");
    }

    /** Of many classes each against the rest is what a calibrator of two classes makes of its log-odds. */
    @ParameterizedTest
    @EnumSource(names = {"PLATT", "ISOTONIC"})
    void manyClassesAreCalibratedEachAgainstTheRest(CalibrationMethod method) {
        JsonNode golden = GOLDEN.get("scalings");
        double[][] z = rows(golden.get("z"));
        int[] y = ints(golden.get("y"));
        double[] weights = doubles(golden.get("weights"));
        Calibrator all = method.of(new HeldOut(flat(golden.get("z")), y, weights));
        for (int k = 0; k < 4; k++) {
            int of = k;
            double[] odds = IntStream.range(0, z.length)
                    .mapToDouble(i -> {
                        double rest = 0;
                        for (int c = 0; c < 4; c++) {
                            rest += c == of ? 0 : Math.exp(z[i][c] - z[i][of]);
                        }
                        return -Math.log(rest);
                    })
                    .toArray();
            int[] is = IntStream.of(y).map(c -> c == of ? 1 : 0).toArray();
            Calibrator one = method.of(new HeldOut(odds, is, weights));
            for (double at = -8; at <= 8; at += 0.37) {
                double expected = LogitFunctions.sigmoid(one.curves().get(0).at(at));
                double found = LogitFunctions.sigmoid(all.curves().get(k).at(at));
                Tolerance.absolute(1e-9, "log-odds a few ulps apart").check(Math.abs(found - expected), "class " + k);
            }
        }
    }
}
