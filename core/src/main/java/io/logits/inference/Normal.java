package io.logits.inference;

/**
 * Tails and quantiles of the standard normal distribution. {@code erfc} is by the rational approximations of Cody (1969,
 * Math. Comp. 23), with {@code exp(-z^2/2)} taken in two parts so that large arguments lose nothing. The relative error of a tail is at most {@code 2e-15} down to {@code 1e-300}, as the
 * tests see against 50 digits.
 */
final class Normal {
    private static final double SQRT_HALF = Math.sqrt(0.5);
    private static final double ONE_OVER_SQRT_PI = 0.5641895835477563;
    /** Where one approximation ends and the next begins. */
    private static final double SMALL = 0.46875;

    private static final double LARGE = 4;
    private static final double[] SMALL_A = {
        0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694
    };
    private static final double[] SMALL_B = {
        1, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171
    };
    private static final double[] MIDDLE_C = {
        2.1531153547440383e-08, 0.5641884969886701, 8.883149794388377, 66.11919063714163,
        298.6351381974001, 881.952221241769, 1712.0476126340707, 2051.0783778260716,
        1230.3393547979972
    };
    private static final double[] MIDDLE_D = {
        1,
        15.744926110709835,
        117.6939508913125,
        537.1811018620099,
        1621.3895745666903,
        3290.7992357334597,
        4362.619090143247,
        3439.3676741437216,
        1230.3393548037495
    };
    private static final double[] LARGE_P = {
        0.016315387137302097,
        0.30532663496123236,
        0.36034489994980445,
        0.12578172611122926,
        0.016083785148742275,
        0.0006587491615298378
    };
    private static final double[] LARGE_Q = {
        1, 2.568520192289822, 1.8729528499234673, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918
    };
    /** Newton's steps double the digits; from any start these are more than enough. */
    private static final int MOST_STEPS = 60;

    private Normal() {}

    /** {@code P(|Z| > |z|)}, which is {@code erfc(|z|/sqrt(2))}; NaN of NaN. */
    static double twoSidedTail(double z) {
        double x = Math.abs(z) * SQRT_HALF;
        if (x <= SMALL) {
            return 1 - x * ratio(SMALL_A, SMALL_B, x * x);
        }
        double scale = x < Double.POSITIVE_INFINITY ? density(Math.abs(z)) : 0;
        if (x <= LARGE) {
            return scale * ratio(MIDDLE_C, MIDDLE_D, x);
        }
        double inverse = 1 / (x * x);
        return scale * (ONE_OVER_SQRT_PI - inverse * ratio(LARGE_P, LARGE_Q, inverse)) / x;
    }

    /** {@code exp(-z^2/2)}: the square of z rounded to 1/16 is exact, what is left is small. */
    private static double density(double z) {
        double rounded = Math.rint(z * 16) / 16;
        return StrictMath.exp(-rounded * rounded / 2) * StrictMath.exp(-(z - rounded) * (z + rounded) / 2);
    }

    /**
     * The {@code z >= 0} with {@code P(|Z| > z) = tail}, by Newton's method on the logarithm of the tail, which is concave.
     *
     * @param tail {@code 0 < tail <= 1}
     */
    static double twoSidedQuantile(double tail) {
        double z = Math.sqrt(Math.max(0, -2 * StrictMath.log(tail)));
        for (int step = 0; step < MOST_STEPS; step++) {
            double at = twoSidedTail(z);
            double slope = 2 * density(z) * ONE_OVER_SQRT_PI * SQRT_HALF / at;
            double change = StrictMath.log(at / tail) / slope;
            z += change;
            if (Math.abs(change) <= Math.ulp(z)) {
                break;
            }
        }
        return Math.max(0, z);
    }

    /** The quotient of two polynomials, highest powers first. */
    private static double ratio(double[] above, double[] below, double x) {
        double numerator = 0;
        double denominator = 0;
        for (int c = 0; c < above.length; c++) {
            numerator = numerator * x + above[c];
            denominator = denominator * x + below[c];
        }
        return numerator / denominator;
    }
}
