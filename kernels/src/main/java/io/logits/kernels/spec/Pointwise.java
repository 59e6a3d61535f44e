package io.logits.kernels.spec;

/** Functions of one logit or one probability, in float64. */
public final class Pointwise {
    /** {@code exp(-CUT) = 0} beyond this, with room to spare: half the least subnormal is {@code exp(-745.14)}. */
    public static final double CUT = 800;

    /** Powers of two are built 2^512 too large, which keeps them normal, and scaled back last: one rounding. */
    public static final int UP = 512;

    public static final double DOWN = 0x1p-512;

    /** Below {@code exp(k) = 2^-60}, {@code log(1 + exp(k)) = exp(k)} to 2^-61. */
    public static final double TINY_EXPONENT = -60;

    /** Above this {@code log(1 + exp(x)) = x}: {@code exp(-40)} is below 2^-11 ulp of 40. */
    public static final double LINEAR = 40;

    private Pointwise() {}

    /**
     * {@code 1 / (1 + exp(-z))}: error at most 0.8 ulp, subnormal results too; NaN for NaN. With {@code e = exp(-|z|)}
     * in two words it is {@code 1/(1+e)} or {@code e/(1+e)}, the quotient corrected by its exact remainder.
     */
    public static double sigmoid(double z) {
        double x = -Math.abs(z);
        x = x < -CUT ? -CUT : x;
        double rounded = Math.fma(x, Exp.LOG2_E, Exp.ROUND);
        double k = rounded - Exp.ROUND;
        double r = Math.fma(k, -Exp.LN2_HIGH, x);
        double c = Exp.rest(r, k * -Exp.LN2_LOW);
        double h = 1 + r;
        double l = (r - (h - 1)) + c;
        double p = h + l;
        double pLow = l - (p - h);
        double up = Exp.power(rounded, Exp.BIAS + UP);
        double e = p * up * DOWN;
        double eLow = pLow * up * DOWN;
        double d = 1 + e;
        double dLow = (e - (d - 1)) + eLow;
        // By the sign bit, which the zeros of a first evaluation have of both kinds: compilers learn of both cases.
        boolean negative = Double.doubleToRawLongBits(z) < 0;
        double n = negative ? p : 1;
        double nLow = negative ? pLow : 0;
        double scale = negative ? up : 1 / DOWN;
        double inverse = 1 / d;
        double y = n * inverse;
        double correction = Math.fma(-y, d, n) + Math.fma(-y, dLow, nLow);
        return Math.fma(correction, inverse, y) * scale * DOWN;
    }

    /**
     * {@code log(1 + exp(x)) = max(x, 0) + log(1 + exp(-|x|))}: error at most 0.8 ulp, subnormal results too; NaN for
     * NaN. See Maechler, Accurately Computing log(1 - exp(-|a|)), 2012; the cases below each have their bound.
     */
    public static double softplus(double x) {
        double z = -Math.abs(x);
        z = z < -CUT ? -CUT : z;
        double rounded = Math.fma(z, Exp.LOG2_E, Exp.ROUND);
        double k = rounded - Exp.ROUND;
        double r = Math.fma(k, -Exp.LN2_HIGH, z);
        double c = Exp.rest(r, k * -Exp.LN2_LOW);
        double h = 1 + r;
        double l = (r - (h - 1)) + c;
        double p = h + l;
        double pLow = l - (p - h);
        double up = Exp.power(rounded, Exp.BIAS + UP);
        double e = p * up * DOWN;
        if (x > LINEAR) {
            return x;
        }
        if (k < TINY_EXPONENT) {
            return e;
        }
        return Log.onePlusRatio(Math.max(x, 0), e, pLow * up * DOWN, 1, 0);
    }

    /**
     * {@code log(p / (1-p))}: error at most 0.8 ulp; NaN for NaN and outside [0, 1], {@code -inf} at 0, {@code +inf} at 1.
     * With {@code j} such that {@code p 2^-j} is near {@code q = 1-p}, it is {@code j ln 2 + log(p 2^-j / q)}.
     */
    public static double logit(double p) {
        if (!(p > 0 && p < 1)) {
            return p == 0 ? Double.NEGATIVE_INFINITY : p == 1 ? Double.POSITIVE_INFINITY : Double.NaN;
        }
        double lift = p < 0x1p-512 ? 0x1p512 : 1;
        double lifted = p * lift;
        double q = 1 - p;
        double qLow = (1 - q) - p;
        double ratio = lifted / q;
        long bits = Double.doubleToRawLongBits(ratio) + (0x3ff0000000000000L - 0x3fe6a09e667f3bcdL);
        int field = (int) (bits >>> 52);
        double near = lifted * Double.longBitsToDouble((long) (2 * Exp.BIAS - field) << 52);
        double n = near - q;
        double d = 2 * q + n;
        double count = field - Exp.BIAS - (lift == 1 ? 0 : UP);
        return Log.sum(0, count, n, -qLow, d, (n - (d - 2 * q)) + qLow, 0);
    }

    /** See {@link io.logits.kernels.FunctionKernels#logLoss}; for {@code from <= i < to}. */
    public static void logLoss(
            double[] z,
            int zOffset,
            int[] y,
            int yOffset,
            int from,
            int to,
            double[] loss,
            double[] gradient,
            int outOffset) {
        for (int i = from; i < to; i++) {
            // The logit against the label: its softplus is the loss, its sigmoid the probability of a mistake.
            double sign = y[yOffset + i] == 1 ? -1 : 1;
            double against = sign * z[zOffset + i];
            loss[outOffset + i] = softplus(against);
            gradient[outOffset + i] = sign * sigmoid(against);
        }
    }
}
