package io.logits.kernels.spec;

import io.logits.kernels.FunctionKernels;
import java.util.Arrays;

/**
 * Log-sum-exp and cross-entropy of rows of few float32 logits, as {@link FunctionKernels} specifies them: evaluated in
 * float64, the exponentials to 1e-10, and rounded once. Exponentials are summed in order. An object holds the state of one
 * row and serves one thread.
 */
public class ShortFloatRows {
    /** The longest short row. */
    public static final int LONGEST = 128;

    /** Up to this magnitude of the largest logit nothing is subtracted: {@code exp(300) 128} is a float64 number. */
    public static final double NEAR = 300;

    /** Below this magnitude a logarithm of a sum has lost digits to the one in the sum. */
    protected static final double NEAR_ZERO = 0x1p-10;

    /** Lower exponents are raised to this: even beside {@code exp(-300)} it is 0 in float32 and below an ulp of the sum. */
    protected static final double LEAST = -700;

    /** The exponentials of the row at hand. */
    protected final double[] exps;

    private double subtrahend;

    /** The state of a row. */
    public ShortFloatRows() {
        this(LONGEST);
    }

    /** The state of as many rows as have {@code capacity} entries together. */
    protected ShortFloatRows(int capacity) {
        exps = new double[capacity];
    }

    /** See {@link FunctionKernels#logSumExp(float[], int, int, int, int, float[], int)}. */
    public void logSumExp(float[] z, int zOffset, int zStride, int rows, int cols, float[] out, int outOffset) {
        for (int i = 0; i < rows; i++) {
            int at = zOffset + i * zStride;
            out[outOffset + i] = exponentials(z, at, cols)
                    ? accurate(subtrahend + FloatPointwise.log(sum(cols)), z, at, cols)
                    : InfiniteRows.logSumExp(z, at, cols);
        }
    }

    /** The log-sum-exp {@code log} of a row; near zero taken from its largest logit and what the others add. */
    protected static float accurate(double log, float[] z, int at, int n) {
        if (!(Math.abs(log) < NEAR_ZERO)) {
            return (float) log;
        }
        int most = at;
        for (int k = at + 1; k < at + n; k++) {
            most = z[k] > z[most] ? k : most;
        }
        double others = 0;
        for (int k = at; k < at + n; k++) {
            others += k == most ? 0 : FloatPointwise.exp(Math.max(LEAST, (double) z[k] - z[most]));
        }
        // Where the others are more than the largest what cancels is as large as log 2: an ulp of one is allowed then.
        return (float) (others > 1 ? log : z[most] + FloatPointwise.logOnePlusRatio(others, 1));
    }

    /** See {@link FunctionKernels#crossEntropy(float[], int, int[], int, int, int, float[], float[])}. */
    public void crossEntropy(
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
            double chosen = z[at + label];
            if (exponentials(z, at, cols)) {
                double own = exps[label];
                exps[label] = 0;
                double others = sum(cols);
                double inverse = 1 / (others + own);
                for (int k = 0; k < cols; k++) {
                    gradient[at + k] = (float) (exps[k] * inverse);
                }
                gradient[at + label] = (float) -(others * inverse);
                loss[lossOffset + i] = surprise(chosen - subtrahend, own, others);
            } else {
                Arrays.fill(gradient, at, at + cols, Float.NaN);
                loss[lossOffset + i] = Float.NaN;
            }
        }
    }

    /** Takes the exponentials of a row; false if its largest logit is not finite. */
    private boolean exponentials(float[] z, int at, int n) {
        float max = Float.NEGATIVE_INFINITY;
        for (int k = 0; k < n; k++) {
            max = z[at + k] > max ? z[at + k] : max;
        }
        subtrahend = Math.abs(max) <= NEAR ? 0 : max;
        for (int k = 0; k < n; k++) {
            double x = z[at + k] - subtrahend;
            exps[k] = FloatPointwise.exp(x < LEAST ? LEAST : x);
        }
        return Math.abs(max) <= Float.MAX_VALUE;
    }

    private double sum(int n) {
        double sum = 0;
        for (int k = 0; k < n; k++) {
            sum += exps[k];
        }
        return sum;
    }

    /** Minus the logarithm of a label's probability: {@code chosen} is its shifted logit, {@code own} the exponential. */
    protected static float surprise(double chosen, double own, double others) {
        return (float)
                (others <= own
                        ? FloatPointwise.logOnePlusRatio(others, own)
                        : FloatPointwise.log(others + own) - chosen);
    }
}
