package io.logits.kernels.spec;

import io.logits.kernels.FunctionKernels;
import java.util.Arrays;

/**
 * Rows of more than {@value ShortFloatRows#LONGEST} float32 logits, as {@link FunctionKernels} specifies them, and log-softmax
 * of more than {@value ShortFloatSoftmax#FEW}: exponentials in float32, sums and what is done once a row in float64. The loops over
 * a row are methods of their own, which the SIMD twin replaces. An object holds the state of one row and serves one thread.
 *
 * <p>A row is gone through in blocks, each of which starts its sums above its own largest exponential, so that each sum of a
 * block has nearly all digits of its exponentials: what 129 additions a lane, rounded to float32, lose is 2^-29.4 of it.
 * Most rows need no shift by their largest logit; one whose logits turn out to be far away is begun anew with the shift.
 */
public class FloatRows extends ShiftedFloats {
    /** The number of lanes over which a block is summed, a power of two. */
    protected static final int LANES = 16;

    /** How many entries make a block of the sums; the last one has as many as {@code LANES - 1} more, or less. */
    protected static final int BLOCK = 2048;

    /**
     * What is taken out of rows without a shift, {@code 2^24}: where the largest logit is above {@link #LEAST}, what counts
     * beside it has a normal exponential, 150 powers of two below; and one over the sum of {@code 2^31} up to {@link #MOST}
     * still has a second word.
     */
    private static final float EXPONENT = 24;

    private static final float LEAST = -11;
    private static final float MOST = 31;

    /**
     * From this share of the sum on, the sum of the others is taken anew: a difference would lose too many digits. In the
     * block of the largest entry, {@code top}, sums start at {@code 2.83 top} at most and have ulps of {@code u = 2.83 2^-23
     * top}, in the lane of {@code top} perhaps twice that. The i-th of 129 additions a lane makes what is left out
     * {@code i u/2} at most, half an ulp of which is lost: {@code 5717 2^-24 u/2} a lane, for 17 lanes {@code 2^-29.9 top}.
     * That is .51 2^-24 of others that are {@code top/31}, and with .92 2^-24 of their exponentials and half an ulp of the
     * result 1.9 ulp. Of the 8 additions a lane of few entries {@code 2^-37.5 top} is lost: .09 2^-24 of {@code top/1023}.
     */
    private static final double NEARLY_ALL = 1 - 0x1p-5;

    private static final double NEARLY_ALL_OF_FEW = 1 - 0x1p-10;

    /** The sums of the block at hand. */
    protected final FloatLanes lanes = new FloatLanes();

    /** Where the block begins that has the first of the largest exponentials. */
    private int peak;

    /** The sum of the exponentials outside that block. */
    private double beside;

    /** The sum of the exponentials, and {@link #LIFT} over it in two words. */
    private double sum;

    protected float inverse;
    protected float inverseLow;

    /** The state of a row. */
    public FloatRows() {}

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
            if (exponentials(z, at, cols, false, z, at)) {
                double top = mostOfSum(false);
                out[outOffset + i] = (float)
                        (top > 0 ? max + logOfOthers(z, at, cols, top) : subtrahend + logOf(corrected(sum, cols)));
            } else {
                out[outOffset + i] = InfiniteRows.logSumExp(z, at, cols);
            }
        }
    }

    /** See {@link FunctionKernels#logSoftmax(float[], int, int, int, int, float[], int, int)}. */
    public void logSoftmax(
            float[] z, int zOffset, int zStride, int rows, int cols, float[] out, int outOffset, int outStride) {
        for (int i = 0; i < rows; i++) {
            int at = zOffset + i * zStride;
            int outAt = outOffset + i * outStride;
            if (exponentials(z, at, cols, false, z, at)) {
                double top = mostOfSum(false);
                int most = top > 0 ? most(z, at, cols) : -1;
                double log = top > 0 ? logOfOthers(z, at, cols, top) : 0;
                subtract(z, at, cols, out, outAt);
                if (most >= 0) {
                    out[outAt + most] = (float) -log;
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
                sum(z, at, cols, false, true, gradient, at, label);
                double others = sum;
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
     * Where none is left out, {@link #maximum} has last been called for this block.
     *
     * @param seed a power of two above each exponential that is summed, where sums start
     * @param store whether the exponentials, rounded, are written to {@code out} too, and are those of {@code exp};
     *     what is written at {@code leftOut} is left open
     * @param leftOut an index into the row, -1 for none
     */
    protected double block(
            float[] z, int at, int from, int to, float seed, boolean store, float[] out, int outAt, int leftOut) {
        int group = lanes.high.length;
        int full = to - (to - from) % group;
        lanes.start(seed);
        for (int k = from; k < to; k++) {
            // The last, incomplete group stands right-aligned in the lanes.
            int lane = k < full ? (k - from) % group : group - (to - k);
            if (store) {
                exp(z[at + k]);
                out[outAt + k] = e;
            } else {
                addend(z[at + k]);
            }
            lanes.add(lane, k == leftOut ? 0 : e, t, k == leftOut ? 0 : power);
        }
        return lanes.end(seed);
    }

    /** {@code e[k] (inverse + inverseLow)} in place. */
    protected void scale(float[] e, int at, int n) {
        for (int k = 0; k < n; k++) {
            float exp = e[at + k];
            e[at + k] = Math.fma(exp, inverse, exp * inverseLow) * BACK;
        }
    }

    /** {@code out[k] = ((z[k] - subtrahend) - log) - logLow}. */
    protected void subtract(float[] z, int at, int n, float[] out, int outAt, float log, float logLow) {
        for (int k = 0; k < n; k++) {
            out[outAt + k] = ((z[at + k] - subtrahend) - log) - logLow;
        }
    }

    // What is done once a row.

    /** Sums a row's exponentials, and writes them to {@code out} if asked to; false if the largest logit is not finite. */
    @SuppressWarnings("ReferenceEquality")
    private boolean exponentials(float[] z, int at, int n, boolean store, float[] out, int outAt) {
        // Logits that are written over are needed if the row is begun anew: those are looked at first.
        boolean writtenOver = store && out == z;
        if ((!writtenOver || isNear(maximum(z, at, n), true)) && near(z, at, n, store, out, outAt)) {
            return true;
        }
        return shift(maximum(z, at, n), -1) && sum(z, at, n, false, store, out, outAt, -1);
    }

    /** Does so without a shift; false if the row needs one. */
    private boolean near(float[] z, int at, int n, boolean store, float[] out, int outAt) {
        unshifted();
        return sum(z, at, n, true, store, out, outAt, -1);
    }

    /**
     * Sums the exponentials of a row block by block, without the one at {@code leftOut}, which may be much larger.
     *
     * @param near whether to stop, with false, at a block that needs a shift
     */
    private boolean sum(float[] z, int at, int n, boolean near, boolean store, float[] out, int outAt, int leftOut) {
        max = Float.NEGATIVE_INFINITY;
        peak = 0;
        beside = 0;
        double own = 0;
        for (int from = 0; from < n; from = end(from, n)) {
            int to = end(from, n);
            float most = maximum(z, at, from, to, leftOut);
            if (near && !isNear(most, from == 0)) {
                return false;
            }
            double block = block(z, at, from, to, above(most), store, out, outAt, leftOut);
            if (most > max) {
                max = most;
                peak = from;
                beside += own;
                own = block;
            } else {
                beside += block;
            }
        }
        sum = beside + own;
        return true;
    }

    /** The largest logit of a block, all but the one at {@code leftOut}. */
    private float maximum(float[] z, int at, int from, int to, int leftOut) {
        return leftOut < from || leftOut >= to
                ? maximum(z, at + from, to - from)
                : Math.max(maximum(z, at + from, leftOut - from), maximum(z, at + leftOut + 1, to - leftOut - 1));
    }

    /** Shifts nothing, and takes out what suits rows that need no shift. */
    protected final void unshifted() {
        unshifted(EXPONENT);
    }

    /** Whether the largest logit of a block, the first one of a row or another, lets the row go without a shift. */
    protected static boolean isNear(float most, boolean first) {
        return most <= MOST && (!first || most >= LEAST);
    }

    /** Where the block ends that begins at {@code from}; none has less than {@code LANES} entries. */
    private static int end(int from, int n) {
        return n - from < BLOCK + LANES ? n : from + BLOCK;
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

    /** The first place of the largest logit. */
    private int most(float[] z, int at, int n) {
        return peak + indexOf(max, z, at + peak, n - peak);
    }

    /**
     * {@code log(1 + others/top)}, of which a logarithm of the sum would keep few digits.
     *
     * @param top the largest exponential as it is in the sum, more than half of it
     */
    private double logOfOthers(float[] z, int at, int n, double top) {
        double others = sum - top;
        if (isNearlyAll(top, sum, n)) {
            int to = end(peak, n);
            int most = most(z, at, n);
            float seed = above(maximum(z, at, peak, to, most));
            others = beside + block(z, at, peak, to, seed, false, z, at, most);
        }
        return FloatPointwise.logOnePlusRatio(corrected(others, n), largest());
    }

    /** Whether the difference between a sum of {@code n} exponentials and the largest loses too many digits. */
    protected static boolean isNearlyAll(double top, double sum, int n) {
        return top > (n <= ShortFloatRows.LONGEST ? NEARLY_ALL_OF_FEW : NEARLY_ALL) * sum;
    }

    /** Subtracts what {@link #logSumExp} adds, in two words. */
    private void subtract(float[] z, int at, int n, float[] out, int outAt) {
        double log = logOf(corrected(sum, n));
        float high = (float) log;
        subtract(z, at, n, out, outAt, high, (float) (log - high));
    }

    /** Takes one over the sum. */
    private void invert() {
        double whole = LIFT / sum;
        inverse = (float) whole;
        inverseLow = (float) (whole - inverse);
    }

    /** The logarithm of the sum, without the subtrahend. */
    private double logOf(double sum) {
        return Math.fma((double) taken - FloatExp.UP, Exp.LN2_HIGH, FloatPointwise.log(sum));
    }
}
