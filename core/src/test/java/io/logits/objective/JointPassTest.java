package io.logits.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.logits.data.DenseMatrix;
import io.logits.data.Matrix;
import io.logits.data.ShiftedMatrix;
import io.logits.kernels.Workers;
import io.logits.loss.LogisticLoss;
import io.logits.penalty.None;
import io.logits.reference.Rows;
import io.logits.testkit.Tolerance;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JointPassTest {
    private static final Tolerance SUMS =
            Tolerance.absolute(1e-14, "sums of 700 rows in another order, each at most 1");

    private static Matrix matrix(String kind, double[][] rows, int p) {
        return switch (kind) {
            case "float" -> Rows.denseFloat(rows, p);
            case "sparse" -> Rows.sparse(rows, p);
            case "shifted" ->
                ShiftedMatrix.of(
                        (DenseMatrix) Rows.dense(rows, p),
                        IntStream.range(0, p).mapToDouble(j -> j % 3 - 1).toArray());
            default -> Rows.dense(rows, p);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "true, 9, 9, double",
        "false, 9, 9, double",
        "true, 9, 1, double",
        "false, 9, 2, double",
        "true, 9, 0, double",
        "true, 203, 40, double",
        "true, 203, 203, float",
        "false, 203, 40, float",
        "true, 203, 203, shifted",
        "true, 203, 40, shifted",
        "true, 30, 30, sparse",
        "false, 30, 5, sparse"
    })
    void eachPointIsWhatAnEvaluationOfItAloneGives(boolean intercept, int p, int nonzero, String kind) {
        SplittableRandom random = new SplittableRandom(21);
        int n = 700;
        double[][] rows = new double[n][p];
        int[] y = new int[n];
        double[] weights = new double[n];
        double[] offset = new double[n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < p; j++) {
                rows[i][j] = random.nextGaussian();
            }
            y[i] = random.nextInt(2);
            weights[i] = random.nextInt(3);
            offset[i] = random.nextGaussian();
        }
        Matrix x = matrix(kind, rows, p);
        CoefLayout layout = CoefLayout.of(x, 1, intercept, false);
        double[][] points = new double[3][layout.size()];
        for (double[] point : points) {
            for (int j = 0; j < point.length; j++) {
                point[j] = j < nonzero || j == p ? random.nextGaussian() : 0;
            }
        }
        try (Workers workers = Workers.of(2)) {
            LinearObjective alone =
                    new LinearObjective(x, new LogisticLoss(y), weights, offset, new None(), layout, workers, true);
            JointPass.Evaluated[] together = alone.jointPass().evaluate(points);
            for (int k = 0; k < points.length; k++) {
                double[] gradient = new double[layout.size()];
                double loss = alone.evaluate(points[k], gradient);
                SUMS.check(Math.abs(together[k].loss() - loss), "loss " + k);
                assertThat(together[k].gradient()).containsExactly(gradient, within(SUMS.bound()));
                SUMS.check(Math.abs(together[k].moments().curvature() - alone.meanCurvature(0)), "curvature " + k);
            }
        }
    }
}
