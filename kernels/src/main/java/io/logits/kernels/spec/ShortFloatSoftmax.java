package io.logits.kernels.spec;

import io.logits.kernels.FunctionKernels;
import java.util.Arrays;

/**
 * Softmax of rows of up to {@value ShortFloatRows#LONGEST} float32 logits and log-softmax of rows of up to {@value #FEW}, as
 * {@link FunctionKernels} specifies them: exponentials in two float32 words, of which the second is what rounding the first
 * left out, so that a result is within 2 ulp. An object holds the state of one row and serves one thread.
 */
public class ShortFloatSoftmax extends ShiftedFloats {
    /** The longest rows whose log-softmax this is. */
    public static final int FEW = 16;

    /** The number of lanes over which the first words are summed in float64, the second ones in float32. */
    protected static final int LANES = 8;

    /**
     * Up to this magnitude of the largest logit no power of two is taken out: of a logit that counts, down to
     * {@code exp(-27 - 104)}, the exponential is a normal number, and the sum of all is finite.
     */
    protected static final float UNSHIFTED = 27;

    /** Takes out of a sum what exponentials are carried too large. */
    protected static final double DOWN = 1 / Math.scalb(1.0, FloatExp.UP);

    /** Up to this share of the sum the others are a difference, to 128 2^-53 2^12 at worst. */
    private static final double MOST = 1 - 0x1p-12;

    /** The bits of an exponential in which its index within the row takes the place of the last digits. */
    protected static final int INDEX = ShortFloatRows.LONGEST - 1;

    /** The exponentials of the row at hand, in two words. */
    protected final float[] exps;

    protected final float[] rests;

    private final double[] lanes = new double[LANES];
    private final float[] restLanes = new float[LANES];

    /** The state of a row. */
    public ShortFloatSoftmax() {
        this(ShortFloatRows.LONGEST);
    }

    /** The state of as many rows as have {@code capacity} entries together. */
    protected ShortFloatSoftmax(int capacity) {
        exps = new float[capacity];
        rests = new float[capacity];
    }

    /** See {@link FunctionKernels#softmax(float[], int, int, int, int, float[], int, int)}. */
    public void softmax(
            float[] z, int zOffset, int zStride, int rows, int cols, float[] out, int outOffset, int outStride) {
        for (int i = 0; i < rows; i++) {
            int at = zOffset + i * zStride;
            int outAt = outOffset + i * outStride;
            if (exponentials(z, at, cols)) {
                double whole = LIFT / sum(cols);
                float inverse = (float) whole;
                float low = (float) (whole - inverse);
                for (int k = 0; k < cols; k++) {
                    out[outAt + k] = Math.fma(exps[k], inverse, Math.fma(exps[k], low, rests[k] * inverse)) * BACK;
                }
            } else {
                InfiniteRows.softmax(z, at, cols, out, outAt);
            }
        }
    }

    /** See {@link FunctionKernels#logSoftmax(float[], int, int, int, int, float[], int, int)}. */
    public void logSoftmax(
            float[] z, int zOffset, int zStride, int rows, int cols, float[] out, int outOffset, int outStride) {
        for (int i = 0; i < rows; i++) {
            int at = zOffset + i * zStride;
            int outAt = outOffset + i * outStride;
            if (exponentials(z, at, cols)) {
                double sum = sum(cols);
                int most = most(cols);
                double log = Math.fma(taken, Exp.LN2_HIGH, FloatPointwise.log(sum * DOWN));
                float high = (float) log;
                float low = (float) (log - high);
                for (int k = 0; k < cols; k++) {
                    out[outAt + k] = ((z[at + k] - subtrahend) - high) - low;
                }
                double own = (double) exps[most] + rests[most];
                out[outAt + most] = (float)
                        -(isNearlyAll(own, sum) ? surpriseOfNearlyAll(0, cols, most) : FloatPointwise.log(sum / own));
            } else {
                InfiniteRows.logSoftmax(z, at, cols, out, outAt);
            }
        }
    }

    /** Takes the exponentials of a row; false if its largest logit is not finite. */
    private boolean exponentials(float[] z, int at, int n) {
        float largest = Float.NEGATIVE_INFINITY;
        for (int k = 0; k < n; k++) {
            largest = z[at + k] > largest ? z[at + k] : largest;
        }
        boolean finite = shift(largest, UNSHIFTED);
        for (int k = 0; k < n; k++) {
            expInTwoWords(z[at + k]);
            exps[k] = e;
            rests[k] = Math.fma(t, power, power - e);
        }
        return finite;
    }

    private double sum(int n) {
        Arrays.fill(lanes, 0);
        Arrays.fill(restLanes, 0);
        for (int k = 0; k < n; k++) {
            lanes[k % LANES] += exps[k];
            restLanes[k % LANES] += rests[k];
        }
        return (fold(0) + fold(2)) + (fold(1) + fold(3));
    }

    /** A quarter of the sum: two lanes of each kind. */
    private double fold(int l) {
        return (lanes[l] + lanes[l + LANES / 2]) + ((double) restLanes[l] + restLanes[l + LANES / 2]);
    }

    /** The index of the largest exponential; of those alike in their first 16 bits, the last. */
    private int most(int n) {
        int key = Integer.MIN_VALUE;
        for (int k = 0; k < n; k++) {
            key = Math.max(key, (Float.floatToRawIntBits(exps[k]) & ~INDEX) | k);
        }
        return key & INDEX;
    }

    /** Whether the difference between the sum and an entry would lose too many digits. */
    protected static boolean isNearlyAll(double own, double sum) {
        return own > MOST * sum;
    }

    /** Minus the logarithm of the probability of entry {@code most} of the {@code n} from {@code row} on: the others are summed anew. */
    protected final double surpriseOfNearlyAll(int row, int n, int most) {
        double others = 0;
        for (int k = 0; k < n; k++) {
            others += k == most ? 0 : (double) exps[row + k] + rests[row + k];
        }
        return FloatPointwise.logOnePlusRatio(others, (double) exps[row + most] + rests[row + most]);
    }
}
