package io.logits.loss;

import io.logits.kernels.FunctionKernels;
import io.logits.kernels.Kernels;

/**
 * Cross-entropy of K classes: {@code logSumExp(z) - z_y}, with gradient {@code p - e_y} and second derivatives
 * {@code diag(p) - p p'}, {@code p = softmax(z)}.
 */
public final class SoftmaxLoss implements Loss {
    private final int[] y;
    private final int k;
    private final FunctionKernels kernels;

    /**
     * The loss of rows with these classes.
     *
     * @param y the class index of each row, {@code 0 <= y[i] < k}, not copied
     * @param k the number of classes
     */
    public SoftmaxLoss(int[] y, int k) {
        this.y = y;
        this.k = k;
        kernels = Kernels.ofRows((long) y.length * k);
    }

    @Override
    public int logits() {
        return k;
    }

    @Override
    public int label(int row) {
        return y[row];
    }

    @Override
    public SoftmaxLoss select(int[] rows) {
        int[] some = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            some[i] = y[rows[i]];
        }
        return new SoftmaxLoss(some, k);
    }

    @Override
    public void evaluateInPlace(double[] z, int stride, int firstRow, int rows, double[] loss) {
        kernels.crossEntropy(z, stride, y, firstRow, rows, k, loss, z);
    }

    @Override
    public void curvatureState(double[] gradient, int stride, int firstRow, int rows, double[] state, int stateOffset) {
        System.arraycopy(gradient, 0, state, stateOffset, rows * stride);
        for (int i = 0; i < rows; i++) {
            // The own class's p = g + 1 loses digits only where p is near 0, and there its curvature is near 0 too.
            state[stateOffset + i * stride + y[firstRow + i]] += 1;
        }
    }

    @Override
    public void curvatureProductInPlace(double[] state, int stateOffset, int stride, int rows, double[] v) {
        for (int i = 0; i < rows; i++) {
            int p = stateOffset + i * stride;
            int at = i * stride;
            double mean = 0;
            for (int c = 0; c < k; c++) {
                mean = Math.fma(state[p + c], v[at + c], mean);
            }
            for (int c = 0; c < k; c++) {
                v[at + c] = state[p + c] * (v[at + c] - mean);
            }
        }
    }

    @Override
    public void curvature(double[] state, int stateOffset, int stride, int rows, int k, int l, double[] out) {
        for (int i = 0; i < rows; i++) {
            int p = stateOffset + i * stride;
            out[i] = state[p + k] * ((k == l ? 1 : 0) - state[p + l]);
        }
    }

    /** The sum of {@code diag(p) - pp'}. */
    @Override
    public void curvatureSumAdd(double[] state, int stateOffset, int stride, int rows, double[] weights, double[] h) {
        double[] negative = new double[rows];
        for (int i = 0; i < rows; i++) {
            negative[i] = -weights[i];
            int p = stateOffset + i * stride;
            for (int c = 0; c < k; c++) {
                h[c * stride + c] = Math.fma(weights[i], state[p + c], h[c * stride + c]);
            }
        }
        Kernels.best().matrices().gramAdd(state, stateOffset, rows, stride, negative, 0, h, 0, stride);
    }

    @Override
    public double marginChange(double[] v, int vOffset, int row) {
        double least = Double.POSITIVE_INFINITY;
        for (int c = 0; c < k; c++) {
            if (c != y[row]) {
                least = Math.min(least, v[vOffset + y[row]] - v[vOffset + c]);
            }
        }
        return least;
    }

    @Override
    public double largestMarginChange(double[] v, int vOffset, int row) {
        double most = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < k; c++) {
            if (c != y[row]) {
                most = Math.max(most, v[vOffset + y[row]] - v[vOffset + c]);
            }
        }
        return most;
    }
}
