package io.logits.objective;

import java.util.Arrays;

/**
 * How large the derivatives of the mean loss of one logit by coefficients can be, without reading the columns. Let r be the
 * rows' residuals where a derivative g was last known, and r' those at another point. For any c, by Cauchy's inequality in
 * the norm that the rows' shares of all weight give,
 *
 * <pre>|g'| &lt;= c |g| + |x_j| |r' - c r|,</pre>
 *
 * which is least, or nearly, where c r is next to r'. Along a path residuals shrink more than they turn, so that most columns
 * need not be read for many steps. Points follow each other, and so do the bounds: with {@code C} the product of all c, and
 * E the sum of all {@code |r' - c r| / C}, the bound is {@code C (base_j + |x_j| E)}. Holds 2 p + n numbers.
 */
final class GradientBounds {
    /** Below this product of all c the sums have lost too many digits. */
    private static final double LEAST_SCALE = 1e-6;
    /** The rounding of a derivative, over the norm of its column; residuals are at most 1. */
    private static final double ROUNDING = 1e-10;

    private final double[] shares;
    private final double[] norm;
    private final double[] base;
    /** The residuals at the point that was followed to last. */
    private final double[] reference;

    private double scale = 1;
    private double turned;

    /**
     * Nothing is known yet.
     *
     * @param shares the weight of each row over that of all
     * @param squareMeans the weighted mean square of each column
     */
    GradientBounds(double[] shares, double[] squareMeans) {
        this.shares = shares;
        norm = Arrays.stream(squareMeans).map(Math::sqrt).toArray();
        base = new double[norm.length];
        reference = new double[shares.length];
        forget();
    }

    private void forget() {
        scale = 1;
        turned = 0;
        Arrays.fill(base, Double.POSITIVE_INFINITY);
    }

    /**
     * Goes to another point.
     *
     * @param residuals of the rows there, without their weights
     */
    void follow(double[] residuals) {
        double along = 0;
        double square = 0;
        for (int i = 0; i < shares.length; i++) {
            along = Math.fma(shares[i] * reference[i], residuals[i], along);
            square = Math.fma(shares[i] * reference[i], reference[i], square);
        }
        double c = along / square;
        if (!(c * scale > LEAST_SCALE)) {
            forget();
            c = 1;
        }
        double distance = 0;
        for (int i = 0; i < shares.length; i++) {
            double d = residuals[i] - c * reference[i];
            distance = Math.fma(shares[i] * d, d, distance);
            reference[i] = residuals[i];
        }
        scale *= c;
        turned += Math.sqrt(distance) / scale;
    }

    /** Takes in the derivative g by the coefficient of feature j at the point that was followed to last. */
    void know(int j, double g) {
        base[j] = Math.abs(g) / scale - norm[j] * turned;
    }

    /** At least the absolute derivative by the coefficient of feature j there; infinite where nothing is known. */
    double bound(int j) {
        return Math.fma(scale, Math.fma(norm[j], turned, base[j]), ROUNDING * norm[j]);
    }

    /** The root of the weighted mean square of column j. */
    double norm(int j) {
        return norm[j];
    }
}
