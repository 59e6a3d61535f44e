package io.logits.reference;

/** Positive semidefinite systems by elimination with diagonal pivots. */
public final class SymmetricSolve {
    /** A pivot below this share of its diagonal entry, both in units of the diagonal, is a direction without curvature. */
    private static final double NOTHING_LEFT = 1e-14;

    private SymmetricSolve() {}

    /**
     * A solution of {@code (h + damping diag(h)) x = g}; zero where {@code h} says nothing. Neither argument is changed.
     */
    public static double[] solve(double[][] h, double[] g, double damping) {
        int n = g.length;
        double[] unit = new double[n];
        double[][] a = new double[n][n];
        double[] b = new double[n];
        for (int i = 0; i < n; i++) {
            unit[i] = h[i][i] > 0 ? 1 / Math.sqrt(h[i][i]) : 0;
            b[i] = g[i] * unit[i];
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                a[i][j] = h[i][j] * unit[i] * unit[j] * (i == j ? 1 + damping : 1);
            }
        }
        boolean[] done = new boolean[n];
        int[] order = new int[n];
        int rank = 0;
        for (; rank < n; rank++) {
            int pivot = largest(a, done);
            if (pivot < 0) {
                break;
            }
            done[pivot] = true;
            order[rank] = pivot;
            for (int i = 0; i < n; i++) {
                if (!done[i]) {
                    double factor = a[i][pivot] / a[pivot][pivot];
                    for (int j = 0; j < n; j++) {
                        a[i][j] -= factor * a[pivot][j];
                    }
                    b[i] -= factor * b[pivot];
                }
            }
        }
        double[] x = new double[n];
        for (int r = rank - 1; r >= 0; r--) {
            int i = order[r];
            double sum = b[i];
            for (int q = r + 1; q < rank; q++) {
                sum -= a[i][order[q]] * x[order[q]];
            }
            x[i] = sum / a[i][i];
        }
        for (int i = 0; i < n; i++) {
            x[i] *= unit[i];
        }
        return x;
    }

    private static int largest(double[][] a, boolean[] done) {
        int pivot = -1;
        for (int i = 0; i < a.length; i++) {
            if (!done[i] && a[i][i] > NOTHING_LEFT && (pivot < 0 || a[i][i] > a[pivot][pivot])) {
                pivot = i;
            }
        }
        return pivot;
    }
}
