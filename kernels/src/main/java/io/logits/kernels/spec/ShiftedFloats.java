package io.logits.kernels.spec;

/** Exponentials of the logits of a row in float32, with the row's shift as {@link RowShift} explains it. */
abstract class ShiftedFloats {
    /** {@code ln 2} without its first word. */
    private static final double LEFT_OUT = Exp.LN2_HIGH - FloatExp.LN2_HIGH;

    /**
     * One over a sum is carried so many times too large, and products with it back at the end: what is added to a product
     * is {@code 2^-24} of it, and would lose digits below {@code 2^-149} where a result is next to subnormal.
     */
    protected static final float LIFT = 0x1p40f;

    protected static final float BACK = 0x1p-40f;

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
    protected final float above(float logit) {
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

    /** Takes one to 0.73 2^-24, which is enough where two words hold it. */
    final void expInTwoWords(float logit) {
        float x = raised(logit);
        float rounded = Math.fma(x, FloatExp.LOG2_E, round);
        float k = rounded - round;
        float r = Math.fma(k, -FloatExp.LN2_HIGH, x);
        scale(FloatExp.minusOne(Math.fma(k, -FloatExp.LN2_LOW, r)), rounded);
    }

    /**
     * Takes one for the logarithm of a sum, as if {@code ln 2} had the 21 bits of its first word: it is off by {@code LEFT_OUT}
     * for each power of two, which {@link #corrected} takes out of the sum, and else by 0.62 2^-24.
     */
    protected final void addend(float logit) {
        float x = raised(logit);
        float rounded = Math.fma(x, FloatExp.LOG2_E, round);
        scale(FloatExp.minusOne(Math.fma(rounded - round, -FloatExp.LN2_HIGH, x)), rounded);
    }

    /**
     * A sum of {@code n} exponentials of {@link #addend} without what they are off by. It is taken out exactly for the power of
     * two in the middle between the sum and its {@code n}-th part, where those are that count: of 128 within .15 2^-24,
     * of 2^17 within .3 2^-24.
     */
    protected final double corrected(double sum, int n) {
        int middle = (Integer.SIZE - Integer.numberOfLeadingZeros(n)) / 2;
        double power = Math.getExponent(sum) - middle - FloatExp.UP + taken;
        return sum * (1 - power * LEFT_OUT);
    }

    /** The exponential of the largest logit in float64, to 1e-10. */
    protected final double largest() {
        return FloatPointwise.exp((double) max - subtrahend) * Math.scalb(1.0, FloatExp.UP - (int) taken);
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
