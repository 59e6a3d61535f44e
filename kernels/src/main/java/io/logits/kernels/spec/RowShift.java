package io.logits.kernels.spec;

/**
 * How a row of logits is shifted so that its exponentials neither overflow nor lose digits. With {@code m} the largest
 * logit, {@code exp(z)} is carried as {@code 2^(K - 512) e}, where {@code e = 2^512 exp(z - K ln 2)} lies within (0, 1.42 * 2^512]
 * if {@code |m| < 1536}; beyond, {@code z - m} is exact (Sterbenz) where its exponential is not zero, and {@code exp(z - m) = 2^-512 e}.
 * The factor 2^512 keeps every exponential that matters normal: only the final quotient is rounded to a subnormal.
 */
public final class RowShift {
    /** From this magnitude on the largest logit is subtracted itself. */
    public static final double NEAR = 1536;

    /** Exponentials are carried {@code 2^UP} too large. */
    public static final int UP = 512;

    /** At {@code K - REACH} the exponent field becomes zero, and with it the exponential. */
    public static final int REACH = Exp.BIAS + UP;

    private RowShift() {}

    /** {@code c}: what is subtracted from each logit. */
    public static double subtrahend(double max) {
        return Math.abs(max) < NEAR ? 0 : max;
    }

    /** {@code K}: the power of two that is taken out. */
    public static double exponent(double max) {
        return Math.abs(max) < NEAR ? Math.fma(max, Exp.LOG2_E, Exp.ROUND) - Exp.ROUND : 0;
    }

    /** Shifted logits are raised to this, where their exponential is zero. */
    public static double floor(double exponent) {
        return (exponent - REACH) * Exp.LN2_HIGH;
    }

    /** The bias by which {@link Exp#power} makes {@code 2^(k - K + 512)}. */
    public static long bias(double exponent) {
        return REACH - (long) exponent;
    }
}
