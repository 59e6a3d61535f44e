package io.logits.kernels.spec;

import io.logits.kernels.FunctionKernels;
import java.util.Arrays;

/**
 * Rows of more than {@value ShortFloatRows#LONGEST} float32 logits, as {@link FunctionKernels} specifies them:
 * exponentials in float32, sums and what is done once a row in float64. The loops over a row are methods of their own,
 * which the SIMD twin replaces. An object holds the state of one row and serves one thread.
 *
 * <p>Most rows need no shift by their largest logit. Such a row is gone through in blocks, each of which starts its sums above
 * its own largest exponential; a row whose logits turn out to be far away is begun anew with the shift.
 */
public class FloatRows extends ShiftedFloats {
    /** The number of lanes over which rows are summed. */
    protected static final int LANES = FloatLanes.LANES;

    /** How many entries make a block of the sums; the last one has as many as {@code LANES - 1} more, or less. */
    protected static final int BLOCK = 4096;

    /**
     * What is taken out of rows without a shift, {@code 2^24}: where the largest logit is above {@link #LEAST}, what counts
     * beside it has a normal exponential, 150 powers of two below; and one over the sum of {@code 2^31} up to {@link #MOST} still
     * has a second word.
     */
    private static final float EXPONENT = 24;

    private static final float LEAST = -11;
    private static final float MOST = 31;

    /** From this share of the sum on, the sum of the others is taken anew: a difference would lose too many digits. */
    private static final double NEARLY_ALL = 1 - 0x1p-8;

    /** The sums of the block at hand. */
    protected final FloatLanes lanes = new FloatLanes();

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
            if (exponentials(z, at, cols, true, out, outAt)) {
                double top = mostOfSum(true);
                // In full, so that a lone entry gives 1 exactly.
                int most = top > 0 ? indexOf(e, out, outAt, cols) : -1;
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
            out[outOffset + i] = exponentials(z, at, cols, false, z, at)
                    ? (float) (subtrahend + logOf(sum))
                    : InfiniteRows.logSumExp(z, at, cols);
        }
    }

    /** See {@link FunctionKernels#logSoftmax(float[], int, int, int, int, float[], int, int)}. */
    public final void logSoftmax(
            float[] z, int zOffset, int zStride, int rows, int cols, float[] out, int outOffset, int outStride) {
        for (int i = 0; i < rows; i++) {
            int at = zOffset + i * zStride;
            int outAt = outOffset + i * outStride;
            if (exponentials(z, at, cols, false, z, at)) {
                double top = mostOfSum(false);
                if (top > 0) {
                    // Such an entry keeps its digits only as log(1 + others/own).
                    int most = indexOf(max, z, at, cols);
                    double others = top <= NEARLY_ALL * sum ? sum - top : others(z, at, cols, false, z, most);
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
            if (shift(maximum(z, at, cols), -1)) {
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

    /** The largest of {@code n} logits; NaN, or else passed over, where there is one. */
    protected float maximum(float[] z, int at, int n) {
        float m = Float.NEGATIVE_INFINITY;
        for (int k = 0; k < n; k++) {
            m = z[at + k] > m ? z[at + k] : m;
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
     * The sum of the exponentials of a block, entries {@code from <= k < to} of a row, all but the one at {@code leftOut}.
     *
     * @param seed a power of two above each exponential that is summed, where sums start
     * @param store whether the exponentials, rounded, are written to {@code out} too, and are those of {@link #exp};
     *     what is written at {@code leftOut} is left open
     * @param leftOut an index into the row, -1 for none
     */
    protected double block(
            float[] z, int at, int from, int to, float seed, boolean store, float[] out, int outAt, int leftOut) {
        int full = to - (to - from) % LANES;
        lanes.start(seed);
        for (int k = from; k < to; k++) {
            // The last, incomplete group stands right-aligned in the lanes.
            int lane = k < full ? (k - from) % LANES : LANES - (to - k);
            if (store) {
                exp(z[at + k]);
                out[outAt + k] = e;
                lanes.add(lane, k == leftOut ? 0 : e, t, k == leftOut ? 0 : power);
            } else {
                addend(z[at + k]);
                lanes.add(lane, t, k == leftOut ? 0 : power);
            }
        }
        return lanes.end(seed);
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

    /** Sums the exponentials of a row, and writes them to {@code out} if asked to; false if the largest logit is not finite. */
    private boolean exponentials(float[] z, int at, int n, boolean store, float[] out, int outAt) {
        // Logits that are written over are needed if the row is begun anew: those are looked at first.
        if ((!store || out != z || isNear(maximum(z, at, n), true)) && near(z, at, n, store, out, outAt)) {
            return true;
        }
        if (!shift(maximum(z, at, n), -1)) {
            return false;
        }
        sum = exponentials(z, at, n, above(max), store, out, outAt, -1);
        return true;
    }

    /** Does so without a shift; false if the row needs one. */
    private boolean near(float[] z, int at, int n, boolean store, float[] out, int outAt) {
        unshifted(EXPONENT);
        max = Float.NEGATIVE_INFINITY;
        sum = 0;
        for (int from = 0; from < n; from = end(from, n)) {
            int to = end(from, n);
            float most = maximum(z, at + from, to - from);
            if (!isNear(most, from == 0)) {
                return false;
            }
            max = Math.max(max, most);
            sum += block(z, at, from, to, above(most), store, out, outAt, -1);
        }
        return true;
    }

    /** Whether the largest logit of a block, the first one of a row or another, lets the row go without a shift. */
    private static boolean isNear(float most, boolean first) {
        return most <= MOST && (!first || most >= LEAST);
    }

    private double exponentials(
            float[] z, int at, int n, float seed, boolean store, float[] out, int outAt, int leftOut) {
        double total = 0;
        for (int from = 0; from < n; from = end(from, n)) {
            total += block(z, at, from, end(from, n), seed, store, out, outAt, leftOut);
        }
        return total;
    }

    /** Where the block ends that begins at {@code from}; none has less than {@code LANES} entries. */
    private static int end(int from, int n) {
        return n - from < BLOCK + LANES ? n : from + BLOCK;
    }

    /** The sum of the exponentials without the one at {@code leftOut}, which may be much larger. */
    private double others(float[] z, int at, int n, boolean store, float[] out, int leftOut) {
        float most = Math.max(maximum(z, at, leftOut), maximum(z, at + leftOut + 1, n - leftOut - 1));
        return exponentials(z, at, n, above(most), store, out, at, leftOut);
    }

    /** The exponential of the largest logit as it is in the sum, if it is more than half of it, else 0. */
    private double mostOfSum(boolean stored) {
        if (2 * (double) above(max) <= sum) {
            return 0;
        }
        if (stored) {
            exp(max);
        } else {
            addend(max);
        }
        return wide + wide > sum ? wide : 0;
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
