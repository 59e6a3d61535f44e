package io.logits.objective;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.data.ColumnMatrix;
import io.logits.data.DenseMatrix;
import io.logits.kernels.Workers;
import io.logits.loss.SoftmaxLoss;
import io.logits.penalty.ElasticNet;
import io.logits.penalty.None;
import io.logits.testkit.Tolerance;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The model along all coefficients at once beside the model along one after the other. */
class ColumnQuadraticTest {
    private static final int ROWS = 41;
    private static final int FEATURES = 5;
    private static final int CLASSES = 4;
    private static final Tolerance ROUNDING =
            Tolerance.relative(1e-13, "sums of 41 terms that are at least 0, in another order");
    private static final Tolerance DIFFERENCES = Tolerance.absolute(1e-14, "differences of such sums, each at most 10");

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "0.3, 0", "0, 0.5", "1, 0.2", "1, 1"})
    void productsHaveTheSecondDerivativesOfSingleCoefficients(double caution, double floor) {
        try (Workers workers = Workers.of(1)) {
            ColumnQuadratic model = model(workers, caution, floor);
            double[] alone = new double[FEATURES * CLASSES];
            for (int e = 0; e < alone.length; e++) {
                alone[e] = product(model, e, e)[e];
                model.enter(e / FEATURES, 0);
                double single = model.curvature(e % FEATURES, 0);
                assertThat(single).isPositive();
                ROUNDING.check(Math.abs(alone[e] - single) / single, "coefficient " + e);
            }
            for (int a = 0; a < alone.length; a++) {
                for (int b = 0; b < a; b++) {
                    double[] both = product(model, a, b);
                    double difference = both[a] - alone[a] - (both[b] - alone[b]);
                    DIFFERENCES.check(Math.abs(difference), "coefficients " + a + " and " + b);
                }
            }
        }
    }

    /** At a point where some rows are far from their class, and some have a class with nearly all probability. */
    private static ColumnQuadratic model(Workers workers, double caution, double floor) {
        Random random = new Random(7);
        double[][] rows = new double[ROWS][FEATURES];
        int[] y = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            Arrays.setAll(rows[i], j -> random.nextGaussian());
            y[i] = random.nextInt(CLASSES);
        }
        DenseMatrix x = DenseMatrix.ofRows(rows);
        CoefLayout layout = CoefLayout.of(x, CLASSES, false, false);
        LinearObjective smooth = new LinearObjective(
                x, new SoftmaxLoss(y, CLASSES), new double[0], new double[0], new None(), layout, workers, true);
        CompositeObjective objective = new CompositeObjective(smooth, ElasticNet.of(1e-3, 1), ColumnMatrix.of(x));
        double[] w = new double[layout.size()];
        for (int j = 0; j < FEATURES; j++) {
            for (int k = 0; k < CLASSES; k++) {
                w[layout.index(j, k)] = 2 * random.nextGaussian();
            }
        }
        double[] gradient = new double[w.length];
        objective.evaluate(w, gradient);
        objective.workingSet(w, gradient);
        return objective.quadratic(caution, floor);
    }

    private static double[] product(ColumnQuadratic model, int a, int b) {
        int[] feature = new int[FEATURES * CLASSES];
        int[] start = new int[CLASSES + 1];
        Arrays.setAll(feature, e -> e % FEATURES);
        Arrays.setAll(start, k -> k * FEATURES);
        double[] v = new double[feature.length];
        v[a] = 1;
        v[b] = 1;
        double[] out = new double[v.length];
        WorkingSet set = new WorkingSet(feature, new int[feature.length], start, 0);
        model.product(set, v, new double[CLASSES], v, out, new double[CLASSES]);
        return out;
    }
}
