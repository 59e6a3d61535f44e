package io.logits.solver;

import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;
import io.logits.objective.TwiceSmoothObjective;

/** Second derivatives by the free coordinates, as a Cholesky factor. */
final class HessianFactor {
    /** Below this share of its own diagonal a pivot is rounding: the column depends on those before it. */
    private static final double PIVOT_TOLERANCE = 1e-11;

    private final MatrixKernels kernels = Kernels.best().matrices();
    private final TwiceSmoothObjective objective;
    private final double[] h;
    private final boolean[] dependent;
    private final double[] free;
    private int dropped;
    private boolean sampled;

    /** Room for {@code freeSize()^2} numbers; no factor yet. */
    HessianFactor(TwiceSmoothObjective objective) {
        this.objective = objective;
        int n = objective.freeSize();
        h = new double[Math.multiplyExact(n, n)];
        dependent = new boolean[n];
        free = new double[n];
    }

    /**
     * Factors the second derivatives at the point evaluated last.
     *
     * @param ofSample whether a sample of the rows may tell them. It does not if there are few rows, or if columns depend
     *     on each other in it
     */
    void take(boolean ofSample) {
        sampled = ofSample && objective.estimateHessian(h);
        if (!sampled) {
            objective.hessian(h);
        }
        dropped = kernels.cholesky(h, free.length, PIVOT_TOLERANCE, dependent);
        if (sampled && dropped > 0) {
            take(false);
        }
    }

    /** Whether a sample told the second derivatives. */
    boolean sampled() {
        return sampled;
    }

    /** How many columns depend on those before them. */
    int dropped() {
        return dropped;
    }

    /** {@code out = H^-1 r}, zero along dependent columns. */
    void solve(double[] r, double[] out) {
        objective.toFree(r, free);
        kernels.choleskySolve(h, free.length, dependent, free, 1, 1);
        objective.fromFree(free, out);
    }

    /**
     * {@code d = -H^-1 g}.
     *
     * @return half the squared Newton decrement
     */
    double direction(double[] g, double[] d) {
        solve(g, d);
        for (int c = 0; c < d.length; c++) {
            d[c] = -d[c];
        }
        return -kernels.dot(g, d, d.length) / 2;
    }
}
