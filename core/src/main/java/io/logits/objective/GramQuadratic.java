package io.logits.objective;

import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;

/**
 * The second-order model of the mean loss at a point, as a matrix: the second derivatives by the coefficients of a working
 * set of m, the intercepts always at their best. Holds m^2 numbers.
 */
public final class GramQuadratic {
    /** What is left of an intercept's second derivative beside those before it, below this share of the largest, is rounding. */
    private static final double PIVOT_TOLERANCE = 1e-12;

    private final MatrixKernels kernels = Kernels.best().matrices();
    private final double[][] gram;
    /** Second derivatives by an intercept and each coefficient, with the intercepts before it at their best. */
    private final double[][] cross;
    /** The same by an intercept and those that follow it; what is below the diagonal is of no use. */
    private final double[][] corner;
    /** Whether an intercept moves: the last of many need not, as a change of all alike does nothing. */
    private final boolean[] moves;

    private final boolean exact;

    /**
     * A model.
     *
     * @param gram by two coefficients, all of it; changed, as all that follows
     * @param cross by an intercept, then a coefficient; without intercepts empty
     * @param corner by two intercepts
     * @param exact whether that is what the second derivatives are at the point
     */
    GramQuadratic(double[][] gram, double[][] cross, double[][] corner, boolean exact) {
        this.exact = exact;
        this.gram = gram;
        this.cross = cross;
        this.corner = corner;
        moves = new boolean[cross.length];
        double[] square = new double[gram.length];
        for (int a = 0; a < square.length; a++) {
            square[a] = gram[a][a];
        }
        double largest = 0;
        for (int k = 0; k < moves.length; k++) {
            largest = Math.max(largest, corner[k][k]);
        }
        for (int k = 0; k < moves.length; k++) {
            moves[k] = corner[k][k] > PIVOT_TOLERANCE * largest;
            if (moves[k]) {
                eliminate(k);
            }
        }
        for (int a = 0; a < square.length; a++) {
            gram[a][a] = ColumnQuadratic.positive(gram[a][a], square[a]);
        }
    }

    /** Some rows and columns of a symmetric matrix, times {@code scale}. */
    static double[][] part(double[][] matrix, double scale, int[] rows, int[] columns) {
        double[][] out = new double[rows.length][columns.length];
        for (int a = 0; a < rows.length; a++) {
            double[] from = matrix[rows[a]];
            for (int b = 0; b < columns.length; b++) {
                out[a][b] = scale * from[columns[b]];
            }
        }
        return out;
    }

    /** Has intercept k at its best whatever the others and the coefficients are. */
    private void eliminate(int k) {
        for (int l = k + 1; l < moves.length; l++) {
            double share = -corner[l][k] / corner[k][k];
            kernels.axpy(share, corner[k], corner[l], moves.length);
            kernels.axpy(share, cross[k], cross[l], gram.length);
        }
        for (int a = 0; a < gram.length; a++) {
            kernels.axpy(-cross[k][a] / corner[k][k], cross[k], gram[a], gram.length);
        }
    }

    /** Whether the second derivatives are those at the point, and not those at another scaled. */
    public boolean isExact() {
        return exact;
    }

    /** The second derivative along a coefficient, the intercepts following. */
    public double curvature(int e) {
        return gram[e][e];
    }

    /** The second derivative by two coefficients. */
    public double curvature(int a, int b) {
        return gram[a][b];
    }

    /** {@code out += d} times the second derivatives by coefficient e and each other. */
    public void addColumn(int e, double d, double[] out) {
        kernels.axpy(d, gram[e], out, gram.length);
    }

    /**
     * Makes derivatives those with the intercepts at their best.
     *
     * @param intercepts the derivatives by them, if there are any; changed to those with the ones before at their best
     * @param slope the derivatives by the coefficients
     */
    public void eliminate(double[] intercepts, double[] slope) {
        for (int k = 0; k < moves.length; k++) {
            if (moves[k]) {
                double share = -intercepts[k] / corner[k][k];
                kernels.axpy(share, cross[k], slope, slope.length);
                for (int l = k + 1; l < moves.length; l++) {
                    intercepts[l] = Math.fma(share, corner[k][l], intercepts[l]);
                }
            }
        }
    }

    /**
     * The steps of the intercepts to their best beside a step of the coefficients.
     *
     * @param intercepts as {@link #eliminate} has left them
     */
    public double[] bestIntercepts(double[] intercepts, double[] d) {
        double[] steps = new double[moves.length];
        for (int k = steps.length - 1; k >= 0; k--) {
            if (moves[k]) {
                double slope = intercepts[k] + kernels.dot(cross[k], d, d.length);
                for (int l = k + 1; l < steps.length; l++) {
                    slope = Math.fma(corner[k][l], steps[l], slope);
                }
                steps[k] = -slope / corner[k][k];
            }
        }
        return steps;
    }
}
