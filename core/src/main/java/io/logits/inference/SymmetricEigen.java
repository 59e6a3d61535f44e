package io.logits.inference;

import java.util.Arrays;

/**
 * Eigenvalues and vectors of small symmetric matrices, by Jacobi's rotations (Golub and Van Loan 2013, 8.5): right to about
 * an ulp of the largest. Holds the last matrix's; for one thread.
 */
final class SymmetricEigen {
    /** Each sweep squares what is off the diagonal; some six are enough. */
    private static final int MOST_SWEEPS = 40;

    private static final double ROUNDING = 0x1p-53;

    private final int order;
    private final double[] a;
    private final double[] vectors;

    SymmetricEigen(int order) {
        this.order = order;
        a = new double[order * order];
        vectors = new double[order * order];
    }

    /** Goes to a matrix, of which both triangles are filled. */
    void of(double[] matrix) {
        System.arraycopy(matrix, 0, a, 0, a.length);
        Arrays.fill(vectors, 0);
        for (int i = 0; i < order; i++) {
            vectors[i * order + i] = 1;
        }
        for (int sweep = 0; sweep < MOST_SWEEPS && !diagonal(); sweep++) {
            for (int p = 0; p < order; p++) {
                for (int q = p + 1; q < order; q++) {
                    rotate(p, q);
                }
            }
        }
    }

    private boolean diagonal() {
        double off = 0;
        double on = 0;
        for (int i = 0; i < order; i++) {
            on = Math.max(on, Math.abs(a[i * order + i]));
            for (int j = 0; j < i; j++) {
                off = Math.max(off, Math.abs(a[i * order + j]));
            }
        }
        return !(off > ROUNDING * on);
    }

    /** Turns the plane of p and q until their entry is 0. */
    private void rotate(int p, int q) {
        double entry = a[p * order + q];
        if (entry == 0) {
            return;
        }
        double half = (a[q * order + q] - a[p * order + p]) / (2 * entry);
        double tangent = Math.copySign(1, half) / (Math.abs(half) + Math.sqrt(half * half + 1));
        double cosine = 1 / Math.sqrt(tangent * tangent + 1);
        double sine = tangent * cosine;
        turn(a, p * order, q * order, 1, cosine, sine);
        turn(a, p, q, order, cosine, sine);
        turn(vectors, p, q, order, cosine, sine);
        a[p * order + q] = 0;
        a[q * order + p] = 0;
    }

    private void turn(double[] m, int p, int q, int step, double cosine, double sine) {
        for (int i = 0; i < order; i++) {
            double first = m[p + i * step];
            double second = m[q + i * step];
            m[p + i * step] = cosine * first - sine * second;
            m[q + i * step] = sine * first + cosine * second;
        }
    }

    /** Eigenvalue e, in no order. */
    double value(int e) {
        return a[e * order + e];
    }

    /** Entry i of the vector of eigenvalue e, of length 1. */
    double vector(int e, int i) {
        return vectors[i * order + e];
    }
}
