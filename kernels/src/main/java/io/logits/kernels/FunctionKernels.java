package io.logits.kernels;

/**
 * Elementary functions, rows of logits and losses. NaN in gives NaN out, for a row function in the whole row. Arrays
 * are read and written only within the stated ranges, which are not checked here; {@code out} may be the input itself
 * (same array, same offset, same stride), and must not overlap it otherwise.
 *
 * <p>Float32 functions of one number, and log-sum-exp and cross-entropy of up to 128 float32 logits, are evaluated in
 * float64 and rounded once; the exponentials of such a row are summed in order. Softmax of up to 128 float32 logits, and
 * log-softmax of up to 16, have their exponentials in two float32 words, summed over 8 virtual lanes in float64 and in
 * float32. Longer float32 rows have their exponentials in one, summed over 16 virtual lanes in float32 with what rounding
 * left out, and the sums of blocks are added up in float64; a block has 2048 entries, the last one of a row up to 15 more.
 *
 * <p>Rows are {@code zStride} apart, of {@code cols >= 1} logits each. With {@code m} the largest logit of a row, a
 * shift {@code c + K ln 2} near {@code m} leaves {@code z - c} exact: {@code c = 0, K = round(m / ln 2)} for
 * {@code |m| < 1536} (exponentials in float32: 512; there {@code K = 0} up to 27 in rows of up to 128, and in longer ones and
 * log-softmax of more than 16, cross-entropy excepted, {@code K = 24} where no logit is above 31 and the largest of the first block not below -11), else
 * {@code c = m, K = 0} (where {@code z} and {@code m} are within a factor of two, or {@code exp(z - m)} is zero).
 * Float64 exponentials are summed in two words by TwoSum, in order for rows of up to
 * {@value #SHORT_ROW}, and over 8 virtual lanes for longer ones: entry {@code k} in lane {@code k mod 8}, the lanes
 * folded as {@code ((l0+l4)+(l2+l6)) + ((l1+l5)+(l3+l7))}. The reference for the algorithms is Blanchard, Higham and
 * Higham, Accurately computing the log-sum-exp and softmax functions, IMA J. Numer. Anal. 2021.
 */
public interface FunctionKernels {
    /** {@code 1 / (1 + exp(-z))}, the same bits as in an array. */
    double sigmoid(double z);

    /** {@code log(1 / (1 + exp(-z)))}, the same bits as in an array. */
    double logSigmoid(double z);

    /** The longest row whose exponentials are summed in order. */
    int SHORT_ROW = 32;

    /**
     * {@code out[outOffset+i] = 1 / (1 + exp(-z[zOffset+i]))} for {@code 0 <= i < n}: error at most 1 ulp, subnormal
     * results too.
     */
    void sigmoid(double[] z, int zOffset, int n, double[] out, int outOffset);

    /** {@code out[i] = log sigmoid(z[i]) = -log(1 + exp(-z[i]))}, error at most 1 ulp. */
    void logSigmoid(double[] z, int zOffset, int n, double[] out, int outOffset);

    /** {@code out[i] = log(1 + exp(z[i]))}, error at most 1 ulp. */
    void softplus(double[] z, int zOffset, int n, double[] out, int outOffset);

    /** {@code out[i] = log(p[i] / (1 - p[i]))}, error at most 1 ulp; NaN outside [0, 1]. */
    void logit(double[] p, int pOffset, int n, double[] out, int outOffset);

    /**
     * Softmax of each of {@code rows} rows of {@code cols} logits: {@code out[i,k] = exp(z[i,k]) / sum_l exp(z[i,l])},
     * error at most 2 ulp for any length and spread. Infinite logits share the row equally; a row of {@code -inf} gives
     * NaN.
     *
     * @param zStride distance between rows in {@code z}, {@code >= cols}
     */
    void softmax(double[] z, int zOffset, int zStride, int rows, int cols, double[] out, int outOffset, int outStride);

    /**
     * {@code out[i,k] = z[i,k] - logSumExp(z[i,:])}, error at most 2 ulp, of the largest entry too: that one is
     * {@code -log(1 + sum of the others)}. Infinite logits and rows of {@code -inf} as in {@link #softmax}.
     */
    void logSoftmax(
            double[] z, int zOffset, int zStride, int rows, int cols, double[] out, int outOffset, int outStride);

    /**
     * {@code out[outOffset+i] = log sum_k exp(z[i,k])}: error at most 2 ulp, or one ulp of {@code max(1, |m|)} where
     * {@code m} and the logarithm cancel. {@code +inf} in gives {@code +inf}, a row of {@code -inf} gives {@code -inf}.
     */
    void logSumExp(double[] z, int zOffset, int zStride, int rows, int cols, double[] out, int outOffset);

    /**
     * Log loss of two classes and its derivative by the logit: with {@code y} in {0, 1},
     * {@code loss[i] = log(1 + exp(z[i])) - y[i] z[i]} and {@code gradient[i] = sigmoid(z[i]) - y[i]}, finite for every
     * finite logit; errors at most 1 ulp. {@code y} is read from {@code yOffset} on, {@code z} from {@code zOffset},
     * {@code loss} and {@code gradient} are written from 0 on. {@code gradient} may be {@code z} if {@code zOffset} is 0.
     */
    default void logLoss(double[] z, int zOffset, int[] y, int yOffset, int n, double[] loss, double[] gradient) {
        logLoss(z, zOffset, y, yOffset, n, loss, gradient, 0);
    }

    /** The same with {@code loss} and {@code gradient} written from {@code outOffset} on. */
    void logLoss(double[] z, int zOffset, int[] y, int yOffset, int n, double[] loss, double[] gradient, int outOffset);

    /**
     * Cross-entropy of many classes and its derivative by the logits: {@code loss[i] = logSumExp(z[i,:]) - z[i,y[i]]},
     * {@code gradient[i,k] = softmax(z[i,:])[k] - (k == y[i])}, errors at most 2 ulp. {@code gradient} may be {@code z}.
     * Rows are {@code stride} apart in {@code z} and {@code gradient} and start at index 0. A row that holds
     * {@code +inf}, or {@code -inf} only, gives NaN.
     *
     * @param y class indices, {@code 0 <= y[yOffset+i] < cols}
     */
    default void crossEntropy(
            double[] z, int stride, int[] y, int yOffset, int rows, int cols, double[] loss, double[] gradient) {
        crossEntropy(z, 0, stride, y, yOffset, rows, cols, loss, 0, gradient);
    }

    /** The same for rows from {@code zOffset} on in {@code z} and {@code gradient}; losses from {@code lossOffset} on. */
    void crossEntropy(
            double[] z,
            int zOffset,
            int stride,
            int[] y,
            int yOffset,
            int rows,
            int cols,
            double[] loss,
            int lossOffset,
            double[] gradient);

    /** Float32 {@link #sigmoid(double[], int, int, double[], int)}: error at most 1 ulp. */
    void sigmoid(float[] z, int zOffset, int n, float[] out, int outOffset);

    /** Float32 {@link #logSigmoid(double[], int, int, double[], int)}: error at most 1 ulp. */
    void logSigmoid(float[] z, int zOffset, int n, float[] out, int outOffset);

    /** Float32 {@link #softplus(double[], int, int, double[], int)}: error at most 1 ulp. */
    void softplus(float[] z, int zOffset, int n, float[] out, int outOffset);

    /** Float32 {@link #logit(double[], int, int, double[], int)}: error at most 1 ulp. */
    void logit(float[] p, int pOffset, int n, float[] out, int outOffset);

    /** Float32 {@link #softmax(double[], int, int, int, int, double[], int, int)}: error at most 2 ulp. */
    void softmax(float[] z, int zOffset, int zStride, int rows, int cols, float[] out, int outOffset, int outStride);

    /** Float32 {@link #logSoftmax(double[], int, int, int, int, double[], int, int)}: error at most 2 ulp. */
    void logSoftmax(float[] z, int zOffset, int zStride, int rows, int cols, float[] out, int outOffset, int outStride);

    /** Float32 {@link #logSumExp(double[], int, int, int, int, double[], int)}, errors likewise. */
    void logSumExp(float[] z, int zOffset, int zStride, int rows, int cols, float[] out, int outOffset);

    /** Float32 {@link #logLoss(double[], int, int[], int, int, double[], double[])}: errors at most 1 ulp. */
    default void logLoss(float[] z, int zOffset, int[] y, int yOffset, int n, float[] loss, float[] gradient) {
        logLoss(z, zOffset, y, yOffset, n, loss, gradient, 0);
    }

    /** The same with {@code loss} and {@code gradient} written from {@code outOffset} on. */
    void logLoss(float[] z, int zOffset, int[] y, int yOffset, int n, float[] loss, float[] gradient, int outOffset);

    /** Float32 {@link #crossEntropy(double[], int, int[], int, int, int, double[], double[])}: errors at most 2 ulp. */
    default void crossEntropy(
            float[] z, int stride, int[] y, int yOffset, int rows, int cols, float[] loss, float[] gradient) {
        crossEntropy(z, 0, stride, y, yOffset, rows, cols, loss, 0, gradient);
    }

    /** The same for rows from {@code zOffset} on in {@code z} and {@code gradient}; losses from {@code lossOffset} on. */
    void crossEntropy(
            float[] z,
            int zOffset,
            int stride,
            int[] y,
            int yOffset,
            int rows,
            int cols,
            float[] loss,
            int lossOffset,
            float[] gradient);

    /** {@code out[outOffset+i]} is the float16 number (IEEE 754 binary16) with the bits {@code z[zOffset+i]}; exact. */
    void fromFloat16(short[] z, int zOffset, int n, float[] out, int outOffset);

    /** {@code out[outOffset+i]} is the bfloat16 number (the upper half of a float32) with the bits {@code z[zOffset+i]}. */
    void fromBfloat16(short[] z, int zOffset, int n, float[] out, int outOffset);
}
