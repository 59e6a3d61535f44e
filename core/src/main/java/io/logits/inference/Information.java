package io.logits.inference;

import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;

/**
 * The inverse of an information matrix by the free coordinates. Where one depends linearly on those before it, row and
 * column are 0: it keeps its value.
 *
 * @param logDeterminant of the information by the coordinates that do not depend on others
 */
record Information(double[] inverse, boolean[] dependent, double logDeterminant) {
    /** Below this share of its own diagonal a pivot is rounding: the coordinate depends on those before it. */
    private static final double PIVOT_TOLERANCE = 1e-11;

    /** Inverts a matrix whose lower triangle is filled; it is overwritten. */
    static Information of(double[] h) {
        int n = (int) Math.sqrt(h.length);
        MatrixKernels kernels = Kernels.best().matrices();
        boolean[] dependent = new boolean[n];
        kernels.cholesky(h, n, PIVOT_TOLERANCE, dependent);
        double[] inverse = new double[n * n];
        double logDeterminant = 0;
        for (int a = 0; a < n; a++) {
            inverse[a * n + a] = 1;
            logDeterminant += dependent[a] ? 0 : 2 * StrictMath.log(h[a * n + a]);
        }
        kernels.choleskySolve(h, n, dependent, inverse, n, n);
        return new Information(inverse, dependent, logDeterminant);
    }

    /** How many coordinates do not depend on others. */
    int rank() {
        int rank = 0;
        for (boolean d : dependent) {
            rank += d ? 0 : 1;
        }
        return rank;
    }

    /** The inverse times a vector. */
    double[] times(double[] v) {
        double[] out = new double[v.length];
        Kernels.best().matrices().multiplyAdd(inverse, 0, v.length, v.length, v, 1, out, 0);
        return out;
    }

    /** {@code V M V}, V the inverse, of a symmetric M whose lower triangle is filled. */
    double[] sandwich(double[] lower) {
        int n = dependent.length;
        MatrixKernels kernels = Kernels.best().matrices();
        double[] full = lower.clone();
        for (int a = 0; a < n; a++) {
            for (int b = 0; b < a; b++) {
                full[b * n + a] = full[a * n + b];
            }
        }
        double[] half = new double[n * n];
        double[] whole = new double[n * n];
        // The product of rows with rows: both matrices are symmetric.
        kernels.multiplyAdd(inverse, 0, n, n, full, n, half, 0);
        kernels.multiplyAdd(half, 0, n, n, inverse, n, whole, 0);
        return whole;
    }
}
