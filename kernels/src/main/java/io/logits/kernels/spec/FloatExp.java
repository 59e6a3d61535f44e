package io.logits.kernels.spec;

/**
 * The exponential function for float32 rows, in float32: as {@link Exp}, with 24 bits. {@code exp(r + low) = 1 + t},
 * {@code t} being rounded once: error at most 0.3 ulp before the 1 is added.
 */
public final class FloatExp {
    public static final float LOG2_E = 0x1.715476p0f;
    public static final float LN2_HIGH = 0x1.62e430p-1f;
    public static final float LN2_LOW = -0x1.05c610p-29f;

    /** Added to a number below 2^22 in magnitude it rounds to an integer, which then stands in the lowest bits. */
    public static final float ROUND = 0x1.8p23f;

    /** The exponent bias of float32. */
    public static final int BIAS = 127;

    /** Exponentials of a row are carried {@code 2^UP} too large, which keeps every one that matters normal. */
    public static final int UP = 64;

    /** At {@code K - REACH} the exponent field becomes zero, and with it the exponential. */
    public static final int REACH = BIAS + UP;

    /** From this magnitude on the largest logit of a row is subtracted itself: {@link RowShift} explains. */
    public static final float NEAR = 512;

    // (exp(r) - 1 - r) / r^2 for |r| <= ln(2)/2: relative error of 1 + r + r^2 q(r) 3.2e-9
    // (src/test/python/polynomials.py)
    public static final float Q0 = 0x1.fffffcp-2f;
    public static final float Q1 = 0x1.55548cp-3f;
    public static final float Q2 = 0x1.555858p-5f;
    public static final float Q3 = 0x1.123de8p-7f;
    public static final float Q4 = 0x1.6ac83cp-10f;

    private FloatExp() {}

    /** {@code t} with {@code exp(r + low) = 1 + t}. */
    public static float minusOne(float r, float low) {
        float x = r + low;
        float square = x * x;
        float first = Math.fma(x, Q1, Q0);
        float second = Math.fma(x, Q3, Q2);
        float q = Math.fma(Math.fma(square, Q4, second), square, first);
        return r + Math.fma(q, square, low);
    }

    /** The same for {@code exp(r) = 1 + t}. */
    public static float minusOne(float x) {
        float square = x * x;
        float first = Math.fma(x, Q1, Q0);
        float second = Math.fma(x, Q3, Q2);
        float q = Math.fma(Math.fma(square, Q4, second), square, first);
        return Math.fma(q, square, x);
    }

    /**
     * What is added to an exponent to round it: {@code rounded = k + rounding(taken)} holds {@code k - taken + REACH} in its
     * lowest bits, the exponent field of {@code 2^(k - taken + UP)}.
     */
    public static float rounding(float taken) {
        return ROUND + (REACH - taken);
    }

    /** {@code 2^(k - taken + UP)}, where {@code rounded = k + rounding(taken)}; 0 if the exponent field comes out as 0. */
    public static float power(float rounded) {
        return Float.intBitsToFloat(Float.floatToRawIntBits(rounded) << 23);
    }
}
