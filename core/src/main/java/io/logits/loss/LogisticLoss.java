package io.logits.loss;

import io.logits.kernels.FunctionKernels;
import io.logits.kernels.Kernels;

/**
 * Log loss of two classes: {@code log(1 + exp(z)) - y z}, with gradient {@code p - y} and curvature {@code p (1 - p)},
 * {@code p = sigmoid(z)}.
 */
public final class LogisticLoss implements Loss {
    private final int[] y;
    private final FunctionKernels kernels = Kernels.best().functions();

    /**
     * The loss of rows with these classes.
     *
     * @param y 0 or 1 for each row, not copied
     */
    public LogisticLoss(int[] y) {
        this.y = y;
    }

    @Override
    public int logits() {
        return 1;
    }

    @Override
    public int label(int row) {
        return y[row];
    }

    @Override
    public LogisticLoss select(int[] rows) {
        int[] some = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            some[i] = y[rows[i]];
        }
        return new LogisticLoss(some);
    }

    @Override
    public void evaluateInPlace(double[] z, int stride, int firstRow, int rows, double[] loss) {
        kernels.logLoss(z, 0, y, firstRow, rows, loss, z);
    }

    @Override
    public void curvatureState(double[] gradient, int stride, int firstRow, int rows, double[] state, int stateOffset) {
        for (int i = 0; i < rows; i++) {
            // |p - y| is the smaller side's distance for a fitted row: p (1 - p) = g (1 - g) with g = |p - y|.
            double g = Math.abs(gradient[i]);
            state[stateOffset + i] = g * (1 - g);
        }
    }

    @Override
    public void curvatureProductInPlace(double[] state, int stateOffset, int stride, int rows, double[] v) {
        for (int i = 0; i < rows; i++) {
            v[i] *= state[stateOffset + i];
        }
    }

    @Override
    public void curvature(double[] state, int stateOffset, int stride, int rows, int k, int l, double[] out) {
        System.arraycopy(state, stateOffset, out, 0, rows);
    }

    @Override
    public void curvatureSumAdd(double[] state, int stateOffset, int stride, int rows, double[] weights, double[] h) {
        for (int i = 0; i < rows; i++) {
            h[0] = Math.fma(weights[i], state[stateOffset + i], h[0]);
        }
    }

    @Override
    public double marginChange(double[] v, int vOffset, int row) {
        return y[row] == 1 ? v[vOffset] : -v[vOffset];
    }

    @Override
    public double largestMarginChange(double[] v, int vOffset, int row) {
        return marginChange(v, vOffset, row);
    }
}
