package io.logits.kernels.spec;

import io.logits.kernels.FunctionKernels;
import java.util.Arrays;

/**
 * Rows of float32 logits, as {@link FunctionKernels} specifies them: exponentials in float32, sums and what is done once
 * a row in float64. The loops over a row are methods of their own, which the SIMD twin replaces. An object holds the
 * state of one row and serves one thread.
 */
public class FloatRows {
    /** The number of lanes over which long rows are summed. */
    protected static final int LANES = 16;

    /** The sums of the row at hand. */
    protected final FloatLanes lanes = new FloatLanes(LANES);

    /** The shift of the row at hand, as {@link RowShift} explains it. */
    protected float max;

    protected float subtrahend;
    protected float floor;
    protected int bias;
    /** The power of two that the exponentials lack: {@code K - UP}. */
    protected double exponent;

    /** The exponential last taken: {@code e + eLow}. */
    protected float e;

    protected double eLow;

    private float error;
    private float power;

    // A short row's exponentials, and what their rounding left out.
    private final float[] exps = new float[FunctionKernels.SHORT_ROW];
    private final float[] rests = new float[FunctionKernels.SHORT_ROW];

    /** The sum of the exponentials, and one over it in two words. */
    protected double sum;

    protected float inverse;
    protected float inverseLow;

    // A label's exponential, and the sum of the others.
    private double own;
    private double others;

    /** See {@link FunctionKernels#softmax(float[], int, int, int, int, float[], int, int)}. */
    public void softmax(
            float[] z, int zOffset, int zStride, int rows, int cols, float[] out, int outOffset, int outStride) {
        for (int i = 0; i < rows; i++) {
            int at = zOffset + i * zStride;
            int outAt = outOffset + i * outStride;
            if (!shift(z, at, cols)) {
                infiniteSoftmax(z, at, cols, out, outAt);
            } else if (cols <= FunctionKernels.SHORT_ROW) {
                sum = shortExponentials(z, at, cols, -1);
                invert();
                divideShort(exps, rests, 0, out, outAt, cols);
            } else {
                sum = exponentials(z, at, cols, true, out, outAt, -1);
                divide(out, outAt, cols);
            }
        }
    }

    /** See {@link FunctionKernels#logSumExp(float[], int, int, int, int, float[], int)}. */
    public void logSumExp(float[] z, int zOffset, int zStride, int rows, int cols, float[] out, int outOffset) {
        for (int i = 0; i < rows; i++) {
            int at = zOffset + i * zStride;
            if (shift(z, at, cols)) {
                sum = sum(z, at, cols, -1);
                out[outOffset + i] = (float) (subtrahend + logOf(sum));
            } else {
                out[outOffset + i] = max + nanIn(z, at, cols);
            }
        }
    }

    /** See {@link FunctionKernels#logSoftmax(float[], int, int, int, int, float[], int, int)}. */
    public void logSoftmax(
            float[] z, int zOffset, int zStride, int rows, int cols, float[] out, int outOffset, int outStride) {
        for (int i = 0; i < rows; i++) {
            int at = zOffset + i * zStride;
            int outAt = outOffset + i * outStride;
            if (shift(z, at, cols)) {
                sum = sum(z, at, cols, indexOfMax(z, at, cols));
                exp(max);
                finishLogSoftmax(z, at, cols, out, outAt, e + eLow);
            } else {
                infiniteLogSoftmax(z, at, cols, out, outAt);
            }
        }
    }

    /** See {@link FunctionKernels#crossEntropy(float[], int, int[], int, int, int, float[], float[])}. */
    public void crossEntropy(
            float[] z, int stride, int[] y, int yOffset, int rows, int cols, float[] loss, float[] gradient) {
        crossEntropy(z, 0, stride, y, yOffset, rows, cols, loss, 0, gradient);
    }

    /** The same for rows that start at {@code offset} in {@code z} and {@code gradient}. */
    protected void crossEntropy(
            float[] z,
            int offset,
            int stride,
            int[] y,
            int yOffset,
            int rows,
            int cols,
            float[] loss,
            int lossOffset,
            float[] gradient) {
        for (int i = 0; i < rows; i++) {
            int at = offset + i * stride;
            int label = y[yOffset + i];
            float chosen = z[at + label];
            if (!shift(z, at, cols)) {
                Arrays.fill(gradient, at, at + cols, Float.NaN);
                loss[lossOffset + i] = Float.NaN;
                continue;
            }
            boolean isShort = cols <= FunctionKernels.SHORT_ROW;
            if (isShort) {
                sum = shortExponentials(z, at, cols, label);
            } else {
                sum = exponentials(z, at, cols, true, gradient, at, label);
            }
            exp(chosen);
            addOwn(e + eLow);
            if (isShort) {
                divideShort(exps, rests, 0, gradient, at, cols);
            } else {
                divide(gradient, at, cols);
            }
            gradient[at + label] = (float) -shareOfOthers();
            loss[lossOffset + i] = (float) surprise(chosen);
        }
    }

    // Loops.

    /** The largest of {@code n} logits; NaN is passed over, and {@code -inf} the result if there is nothing else. */
    protected float maximum(float[] z, int at, int n) {
        float m = Float.NEGATIVE_INFINITY;
        for (int k = 0; k < n; k++) {
            m = z[at + k] > m ? z[at + k] : m;
        }
        return m;
    }

    /** The first place in the row of {@link #max}. */
    protected int indexOfMax(float[] z, int at, int n) {
        int k = 0;
        while (z[at + k] != max) {
            k++;
        }
        return k;
    }

    /**
     * The sum of the exponentials of a long row, all but the one at {@code leftOut}.
     *
     * @param store whether the exponentials, rounded, are written to {@code out} too; what is written at
     *     {@code leftOut} is left open
     * @param leftOut an index into the row, -1 for none
     */
    protected double exponentials(float[] z, int at, int n, boolean store, float[] out, int outAt, int leftOut) {
        lanes.clear(LANES);
        int full = n - n % LANES;
        for (int k = 0; k < n; k++) {
            exp(z[at + k]);
            if (store) {
                out[outAt + k] = e;
            }
            if (k != leftOut) {
                // The last, incomplete group stands right-aligned in the lanes.
                lanes.add(k < full ? k % LANES : LANES - (n - k), e, error, power);
            }
        }
        return lanes.fold(LANES);
    }

    /** The same for a short row, whose exponentials are kept in two words. */
    private double shortExponentials(float[] z, int at, int n, int leftOut) {
        lanes.clear(1);
        for (int k = 0; k < n; k++) {
            exp(z[at + k]);
            exps[k] = e;
            rests[k] = error * power;
            if (k != leftOut) {
                lanes.add(0, e, error, power);
            }
        }
        return lanes.fold(1);
    }

    /** {@code e[k] (inverse + inverseLow)} in place, but {@code top} where {@code e[k] == largest}. */
    protected void scale(float[] e, int at, int n, float largest, float top) {
        for (int k = 0; k < n; k++) {
            float exp = e[at + k];
            e[at + k] = exp == largest ? top : Math.fma(exp, inverse, exp * inverseLow);
        }
    }

    /** {@code out[k] = (exps[k] + rests[k]) (inverse + inverseLow)} for the entries of a short row. */
    protected void divideShort(float[] exps, float[] rests, int from, float[] out, int outAt, int n) {
        for (int k = 0; k < n; k++) {
            float exp = exps[from + k];
            out[outAt + k] = Math.fma(exp, inverse, Math.fma(exp, inverseLow, rests[from + k] * inverse));
        }
    }

    /** {@code out[k] = (z[k] - subtrahend) - log}, but {@code top} where {@code z[k] == largest}. */
    protected void subtract(float[] z, int at, int n, float[] out, int outAt, double log, float largest, float top) {
        for (int k = 0; k < n; k++) {
            float logit = z[at + k];
            out[outAt + k] = logit == largest ? top : (float) (((double) logit - subtrahend) - log);
        }
    }

    // What is done once a row.

    private boolean shift(float[] z, int at, int n) {
        max = maximum(z, at, n);
        boolean near = Math.abs(max) < FloatExp.NEAR;
        subtrahend = near ? 0 : max;
        float taken = near ? Math.fma(max, FloatExp.LOG2_E, FloatExp.ROUND) - FloatExp.ROUND : 0;
        floor = (taken - FloatExp.REACH) * FloatExp.LN2_HIGH;
        bias = FloatExp.REACH - (int) taken;
        exponent = taken - FloatExp.UP;
        return Math.abs(max) <= Float.MAX_VALUE;
    }

    /** No shift at all, for logits of at most 40 in magnitude. */
    protected final void noShift() {
        subtrahend = 0;
        floor = Float.NEGATIVE_INFINITY;
        bias = FloatExp.BIAS;
        exponent = 0;
    }

    /** Takes one exponential. */
    protected final void exp(float logit) {
        float x = logit - subtrahend;
        x = x < floor ? floor : x;
        float rounded = Math.fma(x, FloatExp.LOG2_E, FloatExp.ROUND);
        float k = rounded - FloatExp.ROUND;
        float r = Math.fma(k, -FloatExp.LN2_HIGH, x);
        float t = FloatExp.minusOne(r, k * -FloatExp.LN2_LOW);
        float p = 1 + t;
        power = FloatExp.power(rounded, bias);
        error = t - (p - 1);
        e = p * power;
        eLow = (double) error * power;
    }

    /** Sums a row of any length without keeping its exponentials. */
    private double sum(float[] z, int at, int n, int leftOut) {
        return n <= FunctionKernels.SHORT_ROW
                ? shortExponentials(z, at, n, leftOut)
                : exponentials(z, at, n, false, z, at, leftOut);
    }

    /** Takes one over the sum. */
    protected final void invert() {
        double whole = 1 / sum;
        inverse = (float) whole;
        inverseLow = (float) (whole - inverse);
    }

    /** Divides exponentials by their sum; the largest with its rounding error, so that a lone one gives 1 exactly. */
    private void divide(float[] exps, int at, int n) {
        invert();
        exp(max);
        scale(exps, at, n, e, (float) ((e + eLow) / sum));
    }

    /** The logarithm of the sum, without the subtrahend. */
    protected final double logOf(double sum) {
        return Double.isNaN(sum) ? Double.NaN : Log.ofWords(0, exponent, sum, 0, 0);
    }

    /** Log-softmax from the sum of all but one largest entry, whose exponential is {@code top}. */
    protected final void finishLogSoftmax(float[] z, int at, int n, float[] out, int outAt, double top) {
        // A largest entry with more than half of the probability keeps its digits only as log(1 + others/own).
        boolean alone = sum <= top;
        float log = alone ? (float) -Log.onePlusRatio(sum, 0, top, 0) : Float.NaN;
        subtract(z, at, n, out, outAt, logOf(sum + top), alone ? max : Float.NaN, log);
    }

    /** Adds the label's exponential to the sum of all others, and takes one over the total. */
    protected final void addOwn(double exp) {
        own = exp;
        others = sum;
        sum = others + own;
        invert();
    }

    /** One minus the label's probability, without cancellation. */
    protected final double shareOfOthers() {
        return others / sum;
    }

    /** Minus the logarithm of the label's probability, {@code chosen} being its logit. */
    protected final double surprise(float chosen) {
        return others <= own ? Log.onePlusRatio(others, 0, own, 0) : ((double) subtrahend - chosen) + logOf(sum);
    }

    // Rows whose largest logit is infinite.

    private static void infiniteSoftmax(float[] z, int at, int n, float[] out, int outAt) {
        float share = 1 / infiniteCount(z, at, n);
        for (int k = 0; k < n; k++) {
            out[outAt + k] = z[at + k] == Float.POSITIVE_INFINITY ? share : 0 * share;
        }
    }

    private static void infiniteLogSoftmax(float[] z, int at, int n, float[] out, int outAt) {
        float count = infiniteCount(z, at, n);
        float share = Float.isNaN(count) ? count : (float) -Log.ofWords(0, 0, count, 0, 0);
        for (int k = 0; k < n; k++) {
            out[outAt + k] = z[at + k] == Float.POSITIVE_INFINITY ? share : share + Float.NEGATIVE_INFINITY;
        }
    }

    /** How many logits are {@code +inf}; NaN if one is NaN or none is {@code +inf}. */
    private static float infiniteCount(float[] z, int at, int n) {
        int count = 0;
        for (int k = 0; k < n; k++) {
            count += z[at + k] == Float.POSITIVE_INFINITY ? 1 : 0;
        }
        return count == 0 ? Float.NaN : count + nanIn(z, at, n);
    }

    /** NaN if the row holds one, else 0. */
    private static float nanIn(float[] z, int at, int n) {
        for (int k = 0; k < n; k++) {
            if (Float.isNaN(z[at + k])) {
                return Float.NaN;
            }
        }
        return 0;
    }
}
