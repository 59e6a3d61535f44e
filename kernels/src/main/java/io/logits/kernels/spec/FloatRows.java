package io.logits.kernels.spec;

import io.logits.kernels.FunctionKernels;
import java.util.Arrays;

/**
 * Rows of more than {@value ShortFloatRows#LONGEST} float32 logits, as {@link FunctionKernels} specifies them:
 * exponentials in float32, sums and what is done once a row in float64. The loops over a row are methods of their own,
 * which the SIMD twin replaces. An object holds the state of one row and serves one thread.
 */
public class FloatRows extends ShiftedFloats {
    /** The number of lanes over which rows are summed. */
    protected static final int LANES = 16;

    /** How many entries make a block of the sums. */
    protected static final int BLOCK = 2048;

    /** From this share of the sum on, the sum of the others is taken anew: a difference would lose too many digits. */
    private static final double MOST = 1 - 0x1p-8;

    /** The sums of the row at hand. */
    protected final FloatLanes lanes = new FloatLanes(LANES);

    /** A power of two above each exponential that is summed, where sums start. */
    protected float seed;

    /** The sum of the exponentials, and one over it in two words. */
    private double sum;

    protected float inverse;
    protected float inverseLow;

    /** See {@link FunctionKernels#softmax(float[], int, int, int, int, float[], int, int)}. */
    public final void softmax(
            float[] z, int zOffset, int zStride, int rows, int cols, float[] out, int outOffset, int outStride) {
        for (int i = 0; i < rows; i++) {
            int at = zOffset + i * zStride;
            int outAt = outOffset + i * outStride;
            if (shift(z, at, cols)) {
                sum = exponentials(z, at, cols, true, out, outAt, -1);
                exp(max);
                double top = wide;
                // In full, so that a lone entry gives 1 exactly.
                int most = top + top > sum ? indexOf(e, out, outAt, cols) : -1;
                invert();
                scale(out, outAt, cols);
                if (most >= 0) {
                    out[outAt + most] = (float) (top / sum);
                }
            } else {
                InfiniteRows.softmax(z, at, cols, out, outAt);
            }
        }
    }

    /** See {@link FunctionKernels#logSumExp(float[], int, int, int, int, float[], int)}. */
    public final void logSumExp(float[] z, int zOffset, int zStride, int rows, int cols, float[] out, int outOffset) {
        for (int i = 0; i < rows; i++) {
            int at = zOffset + i * zStride;
            if (shift(z, at, cols)) {
                sum = exponentials(z, at, cols, false, z, at, -1);
                out[outOffset + i] = (float) (subtrahend + logOf(sum));
            } else {
                out[outOffset + i] = InfiniteRows.logSumExp(z, at, cols);
            }
        }
    }

    /** See {@link FunctionKernels#logSoftmax(float[], int, int, int, int, float[], int, int)}. */
    public final void logSoftmax(
            float[] z, int zOffset, int zStride, int rows, int cols, float[] out, int outOffset, int outStride) {
        for (int i = 0; i < rows; i++) {
            int at = zOffset + i * zStride;
            int outAt = outOffset + i * outStride;
            if (shift(z, at, cols)) {
                sum = exponentials(z, at, cols, false, z, at, -1);
                exp(max);
                double top = wide;
                if (top + top > sum) {
                    // Such an entry keeps its digits only as log(1 + others/own).
                    int most = indexOf(max, z, at, cols);
                    double others = top <= MOST * sum ? sum - top : others(z, at, cols, false, z, most);
                    subtract(z, at, cols, out, outAt);
                    out[outAt + most] = (float) -Log.onePlusRatio(others, 0, top, 0);
                } else {
                    subtract(z, at, cols, out, outAt);
                }
            } else {
                InfiniteRows.logSoftmax(z, at, cols, out, outAt);
            }
        }
    }

    /** See {@link FunctionKernels#crossEntropy(float[], int, int[], int, int, int, float[], float[])}. */
    public final void crossEntropy(
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
            if (shift(z, at, cols)) {
                double others = others(z, at, cols, true, gradient, label);
                exp(chosen);
                double own = wide;
                sum = others + own;
                invert();
                scale(gradient, at, cols);
                gradient[at + label] = (float) -(others / sum);
                loss[lossOffset + i] = (float)
                        (others <= own
                                ? Log.onePlusRatio(others, 0, own, 0)
                                : ((double) subtrahend - chosen) + logOf(sum));
            } else {
                Arrays.fill(gradient, at, at + cols, Float.NaN);
                loss[lossOffset + i] = Float.NaN;
            }
        }
    }

    // Loops.

    /** The largest of {@code n} logits, all but the one at {@code leftOut}; NaN, or else passed over, where there is one. */
    protected float maximum(float[] z, int at, int n, int leftOut) {
        float m = Float.NEGATIVE_INFINITY;
        for (int k = 0; k < n; k++) {
            m = z[at + k] > m && k != leftOut ? z[at + k] : m;
        }
        return m;
    }

    /** The first place of a value in a row that holds it. */
    protected int indexOf(float value, float[] row, int at, int n) {
        int k = 0;
        while (row[at + k] != value) {
            k++;
        }
        return k;
    }

    /**
     * The sum of the exponentials of a row, all but the one at {@code leftOut}.
     *
     * @param store whether the exponentials, rounded, are written to {@code out} too; what is written at
     *     {@code leftOut} is left open
     * @param leftOut an index into the row, -1 for none
     */
    protected double exponentials(float[] z, int at, int n, boolean store, float[] out, int outAt, int leftOut) {
        for (int from = 0; from < n; from += BLOCK) {
            int end = Math.min(n, from + BLOCK);
            int full = end - end % LANES;
            lanes.start(seed);
            for (int k = from; k < end; k++) {
                exp(z[at + k]);
                if (store) {
                    out[outAt + k] = e;
                }
                if (k != leftOut) {
                    // The last, incomplete group stands right-aligned in the lanes.
                    lanes.add(k < full ? k % LANES : LANES - (n - k), e, t, power);
                }
            }
            lanes.end(seed);
        }
        return lanes.fold();
    }

    /** {@code e[k] (inverse + inverseLow)} in place. */
    protected void scale(float[] e, int at, int n) {
        for (int k = 0; k < n; k++) {
            float exp = e[at + k];
            e[at + k] = Math.fma(exp, inverse, exp * inverseLow);
        }
    }

    /** {@code out[k] = ((z[k] - subtrahend) - log) - logLow}. */
    protected void subtract(float[] z, int at, int n, float[] out, int outAt, float log, float logLow) {
        for (int k = 0; k < n; k++) {
            out[outAt + k] = ((z[at + k] - subtrahend) - log) - logLow;
        }
    }

    // What is done once a row.

    private boolean shift(float[] z, int at, int n) {
        boolean finite = shift(maximum(z, at, n, -1), -1);
        seedAbove(max);
        return finite;
    }

    /** Lets sums start above the exponential of {@code logit}, which is below twice its power of two. */
    private void seedAbove(float logit) {
        exp(logit);
        seed = power + power;
    }

    /** The sum of the exponentials without the one at {@code leftOut}, which may be much larger. */
    private double others(float[] z, int at, int n, boolean store, float[] out, int leftOut) {
        seedAbove(maximum(z, at, n, leftOut));
        return exponentials(z, at, n, store, out, at, leftOut);
    }

    /** Subtracts what {@link #logSumExp} adds, in two words. */
    private void subtract(float[] z, int at, int n, float[] out, int outAt) {
        double log = logOf(sum);
        float high = (float) log;
        subtract(z, at, n, out, outAt, high, (float) (log - high));
    }

    /** Takes one over the sum. */
    private void invert() {
        double whole = 1 / sum;
        inverse = (float) whole;
        inverseLow = (float) (whole - inverse);
    }

    /** The logarithm of the sum, without the subtrahend. */
    private double logOf(double sum) {
        return Double.isNaN(sum) ? Double.NaN : Log.ofWords(0, (double) taken - FloatExp.UP, sum, 0, 0);
    }
}
