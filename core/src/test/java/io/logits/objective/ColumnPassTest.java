package io.logits.objective;

import io.logits.data.ColumnMatrix;
import io.logits.data.Matrix;
import io.logits.kernels.Workers;
import io.logits.loss.LogisticLoss;
import io.logits.penalty.ElasticNet;
import io.logits.penalty.None;
import io.logits.reference.Rows;
import io.logits.testkit.Tolerance;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Passes by the columns of a working set, over rows of several chunks, against those over all data. */
class ColumnPassTest {
    private static final int N = 20_011;
    private static final int P = 6;
    private static final Tolerance ROUNDING = Tolerance.absolute(1e-14, "means of 20,000 rows in another order");

    @Test
    void valueAndDerivativesAreThoseOfAPassOverTheRows() {
        Random random = new Random(2);
        double[][] rows = new double[N][P];
        int[] y = new int[N];
        double[] weights = new double[N];
        for (int i = 0; i < N; i++) {
            Arrays.setAll(rows[i], j -> random.nextInt(3) > 0 ? 0 : random.nextGaussian());
            y[i] = random.nextInt(2);
            weights[i] = random.nextInt(3);
        }
        try (Workers workers = Workers.of(2)) {
            for (Matrix x : new Matrix[] {Rows.sparse(rows, P), Rows.dense(rows, P)}) {
                CoefLayout layout = CoefLayout.of(x, 1, true, false);
                LinearObjective smooth = new LinearObjective(
                        x, new LogisticLoss(y), weights, new double[0], new None(), layout, workers, true);
                CompositeObjective objective =
                        new CompositeObjective(smooth, ElasticNet.of(1e-3, 1), ColumnMatrix.of(x));
                double[] w = {0.5, 0, -1, 0, 0.25, 0, 0.3};
                double[] expected = new double[P + 1];
                double value = objective.evaluate(w, expected);
                int[] all = IntStream.range(0, P).toArray();
                WorkingSet set = new WorkingSet(all, all, new int[] {0, P}, 0);
                objective.columns().need(all);
                double[] gradient = new double[P + 1];
                ROUNDING.check(Math.abs(objective.evaluateOn(set, w, gradient) - value), "value");
                for (int c = 0; c <= P; c++) {
                    ROUNDING.check(Math.abs(gradient[c] - expected[c]), "derivative " + c);
                }
            }
        }
    }
}
