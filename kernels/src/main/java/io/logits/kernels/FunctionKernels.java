package io.logits.kernels;

/**
 * Elementary functions, rows of logits and losses. NaN in gives NaN out, for a row function in the whole row. Arrays
 * are read and written only within the stated ranges; {@code out} may be the input itself.
 */
public interface FunctionKernels {
    /** {@code 1 / (1 + exp(-z))}. */
    double sigmoid(double z);

    /** {@code log(sigmoid(z)) = -log(1 + exp(-z))}. */
    double logSigmoid(double z);

    /** {@code out[outOffset+i] = 1 / (1 + exp(-z[zOffset+i]))} for {@code 0 <= i < n}. */
    void sigmoid(double[] z, int zOffset, int n, double[] out, int outOffset);

    /**
     * Softmax of each of {@code rows} rows of {@code cols} logits: {@code out[i,k] = exp(z[i,k]) / sum_l exp(z[i,l])}.
     *
     * @param zStride distance between rows in {@code z}, {@code >= cols}
     */
    void softmax(double[] z, int zOffset, int zStride, int rows, int cols, double[] out, int outOffset, int outStride);

    /** Logarithm of the softmax of each row, with the arguments of {@link #softmax}. */
    void logSoftmax(
            double[] z, int zOffset, int zStride, int rows, int cols, double[] out, int outOffset, int outStride);

    /**
     * Log loss of two classes and its derivative by the logit: with {@code y} in {0, 1},
     * {@code loss[i] = log(1 + exp(z[i])) - y[i] z[i]} and {@code gradient[i] = sigmoid(z[i]) - y[i]}, finite for every
     * finite logit. All arrays are read and written at indices {@code 0 <= i < n} beyond their offsets.
     */
    void logLoss(double[] z, int zOffset, int[] y, int yOffset, int n, double[] loss, double[] gradient);

    /**
     * Cross-entropy of many classes and its derivative by the logits: {@code loss[i] = logSumExp(z[i,:]) - z[i,y[i]]},
     * {@code gradient[i,k] = softmax(z[i,:])[k] - (k == y[i])}. {@code gradient} may be {@code z}. Rows are
     * {@code stride} apart in {@code z} and {@code gradient} and start at index 0.
     *
     * @param y class indices, {@code 0 <= y[yOffset+i] < cols}
     */
    void crossEntropy(
            double[] z, int stride, int[] y, int yOffset, int rows, int cols, double[] loss, double[] gradient);
}
