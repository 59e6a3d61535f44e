package io.logits.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.logits.data.Matrix;
import io.logits.kernels.Workers;
import io.logits.loss.LogisticLoss;
import io.logits.penalty.None;
import io.logits.reference.Rows;
import io.logits.testkit.Tolerance;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JointPassTest {
    private static final Tolerance SUMS =
            Tolerance.absolute(1e-14, "sums of 700 rows in another order, each at most 1");

    @ParameterizedTest
    @CsvSource({"true, 9", "false, 9", "true, 1", "false, 2", "true, 0"})
    void eachPointIsWhatAnEvaluationOfItAloneGives(boolean intercept, int nonzero) {
        SplittableRandom random = new SplittableRandom(21);
        int n = 700;
        int p = 9;
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
        Matrix x = Rows.dense(rows, p);
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
