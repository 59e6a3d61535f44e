package io.logits.kernels.spec;

/**
 * Functions of one float32 number, evaluated in float64 to about 1e-10 and rounded once: at most 0.501 ulp, subnormal
 * results too.
 */
public final class FloatPointwise {
    /** {@code exp(-CUT)} is 0 in float32: half the least subnormal is {@code exp(-103.97)}. */
    public static final double CUT = 110;

    // (exp(r) - 1 - r) / r^2 for |r| <= ln(2)/2: relative error of 1 + r + r^2 q(r) 8.2e-11
    // (src/test/python/polynomials.py)
    public static final double Q0 = 0x1.0000003a23577p-1;
    public static final double Q1 = 0x1.55555185b45bap-3;
    public static final double Q2 = 0x1.5554894100173p-5;
    public static final double Q3 = 0x1.1116c0ffe01c8p-7;
    public static final double Q4 = 0x1.6d92bc3e3703dp-10;
    public static final double Q5 = 0x1.98c9400d6e413p-13;

    // (2 artanh(s) - 2s) / s^3 in powers of s^2: relative error of 2s + s^3 r(s^2) 4.8e-12
    public static final double R0 = 0x1.555554fd93834p-1;
    public static final double R1 = 0x1.999a7a9ca4ac6p-2;
    public static final double R2 = 0x1.2438d2dc1eefep-2;
    public static final double R3 = 0x1.e2f722498cb3fp-3;

    /** Brings the bits of a number in [sqrt(1/2), sqrt(2)) to exponent field 1023. */
    public static final long TO_NEAREST = 0x3ff0000000000000L - 0x3fe6a09e667f3bcdL;

    private FloatPointwise() {}

    /** {@code exp(x)} to 8.2e-11, for {@code |x| <= 700}. */
    static double exp(double x) {
        double rounded = Math.fma(x, Exp.LOG2_E, Exp.ROUND);
        double r = Math.fma(rounded - Exp.ROUND, -Exp.LN2_HIGH, x);
        double square = r * r;
        double even = Math.fma(Math.fma(Q4, square, Q2), square, Q0);
        double odd = Math.fma(Math.fma(Q5, square, Q3), square, Q1);
        return (1 + Math.fma(Math.fma(odd, r, even), square, r)) * Exp.power(rounded, Exp.BIAS);
    }

    /** {@code exp(-|z|)}. */
    private static double expOfMinus(float z) {
        double x = -Math.abs((double) z);
        return exp(x < -CUT ? -CUT : x);
    }

    /** {@code twos ln 2 + 2 artanh(s)}. */
    private static double log(double twos, double s) {
        double square = s * s;
        double rest = Math.fma(Math.fma(Math.fma(R3, square, R2), square, R1), square, R0);
        return Math.fma(twos, Exp.LN2_HIGH, Math.fma(s * square, rest, s + s));
    }

    /** The logarithm of a positive normal number, to 1e-11; NaN of NaN. */
    static double log(double x) {
        int field = (int) ((Double.doubleToRawLongBits(x) + TO_NEAREST) >>> 52);
        double near = Double.longBitsToDouble((long) (2 * Exp.BIAS - field) << 52) * x;
        return log(field - Exp.BIAS, (near - 1) / (near + 1));
    }

    /** {@code log(1 + n/d)} for {@code 0 <= n <= d}, to 1e-11. */
    static double logOnePlusRatio(double n, double d) {
        double halvings = n > (Log.SQRT2 - 1) * d ? 1 : 0;
        return log(halvings, (n - halvings * d) / (n + (2 + halvings) * d));
    }

    /** {@code log(a/b)} for positive normal numbers, to 1e-11 of it. */
    static double logOfRatio(double a, double b) {
        int field = (int) ((Double.doubleToRawLongBits(a / b) + TO_NEAREST) >>> 52);
        double near = a * Double.longBitsToDouble((long) (2 * Exp.BIAS - field) << 52);
        return log(field - Exp.BIAS, (near - b) / (near + b));
    }

    /** {@code 1 / (1 + exp(-z))}. */
    public static float sigmoid(float z) {
        double e = expOfMinus(z);
        return (float) ((z < 0 ? e : 1) / (1 + e));
    }

    /** {@code log(1 + exp(x))}. */
    public static float softplus(float x) {
        double e = expOfMinus(x);
        double halvings = e > Log.SQRT2 - 1 ? 1 : 0;
        return (float) ((x > 0 ? x : 0.0) + log(halvings, (e - halvings) / (e + (2 + halvings))));
    }

    /** {@code log(p / (1-p))}; NaN outside [0, 1], {@code -inf} at 0, {@code +inf} at 1. */
    public static float logit(float p) {
        if (!(p > 0 && p < 1)) {
            return p == 0 ? Float.NEGATIVE_INFINITY : p == 1 ? Float.POSITIVE_INFINITY : Float.NaN;
        }
        return (float) logOfRatio(p, 1 - (double) p);
    }

    /** See {@link io.logits.kernels.FunctionKernels#logLoss}; for {@code from <= i < to}. */
    public static void logLoss(
            float[] z,
            int zOffset,
            int[] y,
            int yOffset,
            int from,
            int to,
            float[] loss,
            float[] gradient,
            int outOffset) {
        for (int i = from; i < to; i++) {
            float sign = y[yOffset + i] == 1 ? -1 : 1;
            float against = sign * z[zOffset + i];
            loss[outOffset + i] = softplus(against);
            gradient[outOffset + i] = sign * sigmoid(against);
        }
    }
}
