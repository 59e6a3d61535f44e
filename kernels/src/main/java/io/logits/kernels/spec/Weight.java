package io.logits.kernels.spec;

/**
 * The weight {@code 2^(d scale)} of a logit that is {@code -d} below the largest one, in float64, and coarsely in float32:
 * {@link io.logits.kernels.SelectionKernels} says how exactly.
 *
 * <p>In float64, {@code d scale = k + f} with {@code |f| <= 1/2} and {@code 2^(f/2) = 1 + f q(f)}, squared, which costs one
 * multiplication less than a polynomial for {@code 2^f}; the exponent is added as an integer.
 *
 * <p>In float32, {@code z scale = k + f}, with {@code scale} in two words, and {@code 2^f = 1 + f p(f)}. As in
 * {@link RowShift}, the largest logit is not subtracted but where its exponent is far from 0: {@code K = round(max scale)} is
 * taken from {@code k}, and what is left, {@code 2^(K - max scale)}, multiplies the sums. Weights are
 * added in pairs. The sums start at a power of two above all pairs of a group, as those of {@link FloatLanes}: what an addition
 * to them leaves out is then exact, and summed beside.
 */
public final class Weight {
    /** Adding 1.5 * 2^52 rounds to an integer, which then stands in the low bits. */
    public static final double ROUND = 0x1.8p52;

    /** Below this exponent a weight is 0. */
    public static final double LEAST = -1022;

    // (2^(f/2) - 1) / f for |f| <= 1/2: relative error of 1 + f q(f) 1.8e-15, by Remez's algorithm.
    public static final double Q0 = 0x1.62e42fefa37b8p-2;
    public static final double Q1 = 0x1.ebfbdff82c008p-5;
    public static final double Q2 = 0x1.c6b08d7211e9ep-8;
    public static final double Q3 = 0x1.3b2ab6ff1a2adp-11;
    public static final double Q4 = 0x1.5d87f21a0b248p-15;
    public static final double Q5 = 0x1.4308f0a23b732p-19;
    public static final double Q6 = 0x1.0025a956780a6p-23;
    public static final double Q7 = 0x1.6394436806567p-28;

    // (2^f - 1) / f for |f| <= 1/2: relative error of 1 + f p(f) 1.02e-7. The minimax polynomial has 9.7e-8
    // (src/test/python/polynomials.py); of those beside it this one has the least error once coarse() rounds.
    public static final float P0 = 0x1.62e42ap-1f;
    public static final float P1 = 0x1.ebf9b0p-3f;
    public static final float P2 = 0x1.c6b736p-5f;
    public static final float P3 = 0x1.3cef4cp-7f;
    public static final float P4 = 0x1.5baee8p-10f;

    /** Scales beyond this, or below one over it, are not for float32. */
    private static final double FARTHEST_SCALE = 0x1p100;

    private static final double NEAR = 512;

    private Weight() {}

    /** {@code 2^(d scale)} for {@code d scale <= 0}, 0 below {@link #LEAST}. */
    public static double of(double d, double scale) {
        if (!(d * scale >= LEAST)) {
            return 0;
        }
        double rounded = Math.fma(d, scale, ROUND);
        double f = Math.fma(d, scale, ROUND - rounded);
        double q = Math.fma(Math.fma(Q7, f, Q6), f, Q5);
        q = Math.fma(Math.fma(q, f, Q4), f, Q3);
        q = Math.fma(Math.fma(q, f, Q2), f, Q1);
        double root = Math.fma(Math.fma(q, f, Q0), f, 1);
        double power = root * root;
        return Double.longBitsToDouble(Double.doubleToRawLongBits(power) + (Double.doubleToRawLongBits(rounded) << 52));
    }

    /** Whether weights of this scale can be evaluated in float32. */
    public static boolean isCoarse(double scale) {
        return scale <= FARTHEST_SCALE && scale >= 1 / FARTHEST_SCALE;
    }

    /** What is subtracted from logits: {@code max}, where {@link #exponent} is 0, or nothing. */
    public static float shift(double max, double scale) {
        return Math.abs(max * scale) < NEAR ? 0 : (float) max;
    }

    /** The power of two that is taken out. */
    public static float exponent(double max, double scale) {
        return Math.abs(max * scale) < NEAR ? (float) Math.rint(max * scale) : 0;
    }

    /** Shifted logits are raised to this, where their coarse weight is 0. */
    public static float floor(float exponent, double scale) {
        return (float) ((exponent - FloatExp.REACH) / scale);
    }

    /** Where coarse sums start: above two weights of logits up to {@code largest}, a shifted one raised to the floor. */
    public static float seed(float largest, float scale, float round) {
        return 4 * FloatExp.power(Math.fma(largest, scale, round));
    }

    /** What sums of coarse weights are multiplied by. */
    public static double unit(double max, double scale) {
        // The exponent lies between -1/2 and 1/2, or is 0: of() is exact there for positive ones too.
        double left = shift(max, scale) == 0 ? exponent(max, scale) - max * scale : 0;
        return of(left, 1) * 0x1p-64;
    }

    /** {@code 2^f power} for {@code |f| <= 1/2} and a power of two, or 0. */
    public static float coarse(float f, float power) {
        float p = Math.fma(Math.fma(Math.fma(Math.fma(P4, f, P3), f, P2), f, P1), f, P0);
        return Math.fma(p, power * f, power);
    }
}
