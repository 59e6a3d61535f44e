package io.logits.kernels;

import io.logits.kernels.spec.DoubleRows;
import io.logits.kernels.spec.Pointwise;

/** The plain loops that state what {@link FunctionKernels} computes. */
final class ScalarFunctions implements FunctionKernels {
    @Override
    public double sigmoid(double z) {
        return Pointwise.sigmoid(z);
    }

    @Override
    public double logSigmoid(double z) {
        return -Pointwise.softplus(-z);
    }

    @Override
    public void sigmoid(double[] z, int zOffset, int n, double[] out, int outOffset) {
        for (int i = 0; i < n; i++) {
            out[outOffset + i] = Pointwise.sigmoid(z[zOffset + i]);
        }
    }

    @Override
    public void logSigmoid(double[] z, int zOffset, int n, double[] out, int outOffset) {
        for (int i = 0; i < n; i++) {
            out[outOffset + i] = -Pointwise.softplus(-z[zOffset + i]);
        }
    }

    @Override
    public void softplus(double[] z, int zOffset, int n, double[] out, int outOffset) {
        for (int i = 0; i < n; i++) {
            out[outOffset + i] = Pointwise.softplus(z[zOffset + i]);
        }
    }

    @Override
    public void logit(double[] p, int pOffset, int n, double[] out, int outOffset) {
        for (int i = 0; i < n; i++) {
            out[outOffset + i] = Pointwise.logit(p[pOffset + i]);
        }
    }

    @Override
    public void softmax(
            double[] z, int zOffset, int zStride, int rows, int cols, double[] out, int outOffset, int outStride) {
        new DoubleRows().softmax(z, zOffset, zStride, rows, cols, out, outOffset, outStride);
    }

    @Override
    public void logSoftmax(
            double[] z, int zOffset, int zStride, int rows, int cols, double[] out, int outOffset, int outStride) {
        new DoubleRows().logSoftmax(z, zOffset, zStride, rows, cols, out, outOffset, outStride);
    }

    @Override
    public void logSumExp(double[] z, int zOffset, int zStride, int rows, int cols, double[] out, int outOffset) {
        new DoubleRows().logSumExp(z, zOffset, zStride, rows, cols, out, outOffset);
    }

    @Override
    public void logLoss(double[] z, int zOffset, int[] y, int yOffset, int n, double[] loss, double[] gradient) {
        Pointwise.logLoss(z, zOffset, y, yOffset, 0, n, loss, gradient);
    }

    @Override
    public void crossEntropy(
            double[] z, int stride, int[] y, int yOffset, int rows, int cols, double[] loss, double[] gradient) {
        new DoubleRows().crossEntropy(z, stride, y, yOffset, rows, cols, loss, gradient);
    }
}
