package io.logits.objective;

import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;

/**
 * The second-order model of the mean loss of one logit at a point, as a matrix: the second derivatives by the coefficients
 * of a working set of m, the intercept always at its best. Holds m^2 numbers.
 */
public final class GramQuadratic {
    private final MatrixKernels kernels = Kernels.best().matrices();
    private final double[][] gram;
    /** {@code X'h}. */
    private final double[] cross;

    private final double hSum;
    /** Whether there is an intercept that can move. */
    private final boolean intercept;

    private final boolean exact;

    /**
     * A model.
     *
     * @param gram {@code sum_i h_i x_ia x_ib}, all of it; changed
     * @param cross {@code sum_i h_i x_ia}
     * @param hSum {@code sum_i h_i}
     * @param exact whether that is what the second derivatives are at the point
     */
    GramQuadratic(double[][] gram, double[] cross, double hSum, boolean intercept, boolean exact) {
        this.exact = exact;
        this.gram = gram;
        this.cross = cross;
        this.hSum = hSum;
        this.intercept = intercept && hSum > 0;
        for (int a = 0; a < gram.length; a++) {
            double square = gram[a][a];
            if (this.intercept) {
                kernels.axpy(-cross[a] / hSum, cross, gram[a], cross.length);
            }
            gram[a][a] = ColumnQuadratic.positive(gram[a][a], square);
        }
    }

    /** Whether the second derivatives are those at the point, and not those at another scaled. */
    public boolean isExact() {
        return exact;
    }

    /** The second derivative along a coefficient, the intercept following. */
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
     * Makes derivatives by the coefficients those with the intercept at its best.
     *
     * @param interceptSlope the derivative by the intercept
     */
    public void eliminate(double interceptSlope, double[] slope) {
        if (intercept) {
            kernels.axpy(-interceptSlope / hSum, cross, slope, cross.length);
        }
    }

    /** The step of the intercept to its best beside a step of the coefficients. */
    public double bestIntercept(double interceptSlope, double[] d) {
        return !intercept ? 0 : -(interceptSlope + kernels.dot(cross, d, d.length)) / hSum;
    }
}
