package io.logits.kernels.spec;

/** Exponentials of the logits of a row in float32, with the row's shift as {@link RowShift} explains it. */
abstract class ShiftedFloats {
    /** The largest logit of the row at hand. */
    protected float max;

    /** {@code c}. */
    protected float subtrahend;

    /** {@code K}, the power of two that is taken out. */
    protected float taken;

    /** Shifted logits are raised to this, where their exponential is zero. */
    protected float floor;

    /** See {@link FloatExp#rounding}. */
    protected float round;

    /** The exponential last taken, {@code (1 + t) power}, in float32 and in float64. */
    protected float e;

    protected double wide;
    protected float t;
    protected float power;

    /** Only a package's own rows have a shift. */
    ShiftedFloats() {}

    /**
     * Shifts by the largest logit; false if that is not finite.
     *
     * @param unshifted up to this magnitude of the largest logit no power of two is taken out
     */
    protected final boolean shift(float largest, float unshifted) {
        max = largest;
        boolean near = Math.abs(max) < FloatExp.NEAR;
        subtrahend = near ? 0 : max;
        take(
                near && !(Math.abs(max) <= unshifted)
                        ? Math.fma(max, FloatExp.LOG2_E, FloatExp.ROUND) - FloatExp.ROUND
                        : 0);
        return Math.abs(max) <= Float.MAX_VALUE;
    }

    /** Subtracts nothing, and takes out a given power of two. */
    final void unshifted(float exponent) {
        subtrahend = 0;
        take(exponent);
    }

    private void take(float exponent) {
        taken = exponent;
        floor = (taken - FloatExp.REACH) * FloatExp.LN2_HIGH;
        round = FloatExp.rounding(taken);
    }

    /** A power of two above the exponential of a logit, by a factor of 4 at most; 0 above none. */
    final float above(float logit) {
        return 2 * FloatExp.power(Math.fma(raised(logit), FloatExp.LOG2_E, round));
    }

    /** Takes one exponential, to 0.63 2^-24 before it is rounded. */
    final void exp(float logit) {
        float x = raised(logit);
        float rounded = Math.fma(x, FloatExp.LOG2_E, round);
        float k = rounded - round;
        float r = Math.fma(k, -FloatExp.LN2_HIGH, x);
        scale(FloatExp.minusOne(r, k * -FloatExp.LN2_LOW), rounded);
    }

    /** Takes one to 0.73 2^-24, which is enough where its own rounding does not add to it: for the logarithm of a sum. */
    final void addend(float logit) {
        float x = raised(logit);
        float rounded = Math.fma(x, FloatExp.LOG2_E, round);
        float k = rounded - round;
        float r = Math.fma(k, -FloatExp.LN2_HIGH, x);
        scale(FloatExp.minusOne(Math.fma(k, -FloatExp.LN2_LOW, r)), rounded);
    }

    /** The exponential of the largest logit in float64. */
    final double largest() {
        double x = (double) max - subtrahend;
        double rounded = Math.fma(x, Exp.LOG2_E, Exp.ROUND);
        double k = rounded - Exp.ROUND;
        double r = Math.fma(-k, Exp.LN2_HIGH, x);
        return (1 + (r + Exp.rest(r, -k * Exp.LN2_LOW))) * Exp.power(rounded, Exp.BIAS + FloatExp.UP - (long) taken);
    }

    private float raised(float logit) {
        float x = logit - subtrahend;
        return x < floor ? floor : x;
    }

    private void scale(float minusOne, float rounded) {
        t = minusOne;
        power = FloatExp.power(rounded);
        e = Math.fma(t, power, power);
        wide = (1 + (double) t) * power;
    }
}
