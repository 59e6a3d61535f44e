package io.logits.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logits.data.CsrMatrix;
import io.logits.data.DenseMatrix;
import io.logits.data.Matrix;
import io.logits.kernels.Workers;
import io.logits.loss.SoftmaxLoss;
import io.logits.penalty.Ridge;
import io.logits.testkit.Tolerance;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What the coupled preconditioner makes of products with the second derivatives themselves. */
class CoupledCurvatureTest {
    private static final int ROWS = 600;
    private static final Tolerance EXACT =
            Tolerance.absolute(1e-8, "a system of condition below 1e5, solved by a factor of it, against a product");

    private final SplittableRandom random = new SplittableRandom(11);

    /** Columns that share one factor, so that most of what varies does along one direction. */
    private LinearObjective objective(int features, int classes, Workers workers) {
        double[][] x = new double[ROWS][features];
        int[] y = new int[ROWS];
        double[] weights = new double[ROWS];
        for (int i = 0; i < ROWS; i++) {
            double common = random.nextDouble(-2, 2);
            for (int j = 0; j < features; j++) {
                x[i][j] = common + random.nextDouble(-0.2, 0.2);
            }
            y[i] = random.nextInt(classes);
            weights[i] = 1 + i % 3;
        }
        DenseMatrix matrix = DenseMatrix.ofRows(x);
        CoefLayout layout = CoefLayout.of(matrix, classes, true, false);
        return new LinearObjective(
                matrix,
                new SoftmaxLoss(y, classes),
                weights,
                new double[0],
                Ridge.of(0.05, new double[0]),
                layout,
                workers,
                true);
    }

    private double[] vector(int size) {
        double[] v = new double[size];
        Arrays.setAll(v, c -> random.nextDouble(-1, 1));
        return v;
    }

    /** The error of the inverse times {@code H v}, over the largest entry of v. */
    private static double error(LinearObjective objective, Preconditioner inverse, double[] v) {
        double[] product = new double[v.length];
        objective.hessianProduct(v, product);
        inverse.apply(product, product);
        double error = 0;
        double largest = 0;
        for (int c = 0; c < v.length; c++) {
            error = Math.max(error, Math.abs(product[c] - v[c]));
            largest = Math.max(largest, Math.abs(v[c]));
        }
        return error / largest;
    }

    /** Coefficients alike in all features. */
    private double[] alongTheCommonFactor(LinearObjective objective) {
        CoefLayout layout = objective.layout();
        double[] v = new double[layout.size()];
        for (int k = 0; k < layout.logits(); k++) {
            double share = random.nextDouble(-1, 1);
            for (int j = 0; j < layout.features(); j++) {
                v[layout.index(j, k)] = share;
            }
        }
        return v;
    }

    @Test
    void withAllDirectionsItIsTheInverse() {
        try (Workers workers = Workers.of(1)) {
            LinearObjective objective = objective(12, 4, workers);
            double[] w = vector(objective.size());
            objective.evaluate(w, new double[w.length]);
            double[] v = vector(w.length);
            double[] product = new double[w.length];
            objective.hessianProduct(v, product);
            double[] found = new double[w.length];
            objective.coupledPreconditioner().apply(product, found);
            double[] again = new double[w.length];
            objective.hessianProduct(found, again);
            for (int c = 0; c < w.length; c++) {
                EXACT.check(again[c] - product[c], "H times the solution");
            }
        }
    }

    @Test
    void directionsThatMatterAreRightWhereNotAllAreTaken() {
        try (Workers workers = Workers.of(2)) {
            LinearObjective objective = objective(120, 10, workers);
            assertThat(CoupledCurvature.directionsOf(objective.layout())).isEqualTo(96);
            double[] w = vector(objective.size());
            Arrays.setAll(w, c -> w[c] / 50);
            objective.evaluate(w, new double[w.length]);
            double[] v = alongTheCommonFactor(objective);
            double coupled = error(objective, objective.coupledPreconditioner(), v);
            assertThat(coupled).isLessThan(error(objective, objective.preconditioner(), v) / 5);
        }
    }

    @Test
    void itIsSymmetricAndPositive() {
        try (Workers workers = Workers.of(1)) {
            LinearObjective objective = objective(120, 10, workers);
            double[] w = vector(objective.size());
            objective.evaluate(w, new double[w.length]);
            Preconditioner inverse = objective.coupledPreconditioner();
            double[] a = vector(w.length);
            double[] b = vector(w.length);
            double[] ofA = new double[w.length];
            double[] ofB = new double[w.length];
            inverse.apply(a, ofA);
            inverse.apply(b, ofB);
            EXACT.check((dot(a, ofB) - dot(b, ofA)) / dot(a, ofA), "symmetry");
            assertThat(dot(a, ofA)).isPositive();
            assertThat(dot(b, ofB)).isPositive();
        }
    }

    @Test
    void columnsOfZerosLeaveNoDirections() {
        try (Workers workers = Workers.of(1)) {
            double[] unit = new double[50];
            Arrays.fill(unit, 1);
            assertThat(new LeadingDirections(new double[2500], unit, workers).find(32))
                    .isEmpty();
        }
    }

    @Test
    void itTakesDenseRowsOfSeveralLogitsWithCurvatureKept() {
        try (Workers workers = Workers.of(1)) {
            LinearObjective kept = objective(12, 4, workers);
            CsrMatrix sparse =
                    CsrMatrix.of(1, CsrMatrix.Block.of(new int[] {0, 1, 2}, new int[] {0, 0}, new double[] {1, 2}));
            DenseMatrix dense = DenseMatrix.ofRows(new double[][] {{1}, {2}});
            for (LinearObjective none : List.of(small(sparse, true, workers), small(dense, false, workers))) {
                assertThatThrownBy(none::coupledPreconditioner)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("dense rows of several");
            }
            assertThat(kept.passes()).isZero();
            kept.evaluate(new double[kept.size()], new double[kept.size()]);
            kept.coupledPreconditioner();
            assertThat(kept.passes()).isGreaterThanOrEqualTo(2);
        }
    }

    private static LinearObjective small(Matrix x, boolean keepCurvature, Workers workers) {
        return new LinearObjective(
                x,
                new SoftmaxLoss(new int[] {0, 2}, 3),
                new double[0],
                new double[0],
                Ridge.of(0.05, new double[0]),
                CoefLayout.of(x, 3, true, false),
                workers,
                keepCurvature);
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int c = 0; c < a.length; c++) {
            sum += a[c] * b[c];
        }
        return sum;
    }
}
