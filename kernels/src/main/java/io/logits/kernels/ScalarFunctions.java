package io.logits.kernels;

import io.logits.kernels.spec.DoubleRows;
import io.logits.kernels.spec.FloatPointwise;
import io.logits.kernels.spec.FloatRows;
import io.logits.kernels.spec.HalfFloats;
import io.logits.kernels.spec.Pointwise;
import io.logits.kernels.spec.ShortFloatRows;
import io.logits.kernels.spec.ShortFloatSoftmax;

/** The plain loops that state what {@link FunctionKernels} computes. */
final class ScalarFunctions implements FunctionKernels {
    /** Rows are scored one at a time too, and then nothing is to be allocated for each. */
    private final ThreadLocal<DoubleRows> doubleRows = ThreadLocal.withInitial(DoubleRows::new);

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
        doubleRows.get().softmax(z, zOffset, zStride, rows, cols, out, outOffset, outStride);
    }

    @Override
    public void logSoftmax(
            double[] z, int zOffset, int zStride, int rows, int cols, double[] out, int outOffset, int outStride) {
        doubleRows.get().logSoftmax(z, zOffset, zStride, rows, cols, out, outOffset, outStride);
    }

    @Override
    public void logSumExp(double[] z, int zOffset, int zStride, int rows, int cols, double[] out, int outOffset) {
        new DoubleRows().logSumExp(z, zOffset, zStride, rows, cols, out, outOffset);
    }

    @Override
    public void logLoss(
            double[] z, int zOffset, int[] y, int yOffset, int n, double[] loss, double[] gradient, int outOffset) {
        Pointwise.logLoss(z, zOffset, y, yOffset, 0, n, loss, gradient, outOffset);
    }

    @Override
    public void crossEntropy(
            double[] z,
            int zOffset,
            int stride,
            int[] y,
            int yOffset,
            int rows,
            int cols,
            double[] loss,
            int lossOffset,
            double[] gradient) {
        new DoubleRows().crossEntropy(z, zOffset, stride, y, yOffset, rows, cols, loss, lossOffset, gradient);
    }

    @Override
    public void sigmoid(float[] z, int zOffset, int n, float[] out, int outOffset) {
        for (int i = 0; i < n; i++) {
            out[outOffset + i] = FloatPointwise.sigmoid(z[zOffset + i]);
        }
    }

    @Override
    public void logSigmoid(float[] z, int zOffset, int n, float[] out, int outOffset) {
        for (int i = 0; i < n; i++) {
            out[outOffset + i] = -FloatPointwise.softplus(-z[zOffset + i]);
        }
    }

    @Override
    public void softplus(float[] z, int zOffset, int n, float[] out, int outOffset) {
        for (int i = 0; i < n; i++) {
            out[outOffset + i] = FloatPointwise.softplus(z[zOffset + i]);
        }
    }

    @Override
    public void logit(float[] p, int pOffset, int n, float[] out, int outOffset) {
        for (int i = 0; i < n; i++) {
            out[outOffset + i] = FloatPointwise.logit(p[pOffset + i]);
        }
    }

    @Override
    public void softmax(
            float[] z, int zOffset, int zStride, int rows, int cols, float[] out, int outOffset, int outStride) {
        if (cols <= ShortFloatRows.LONGEST) {
            new ShortFloatSoftmax().softmax(z, zOffset, zStride, rows, cols, out, outOffset, outStride);
        } else {
            new FloatRows().softmax(z, zOffset, zStride, rows, cols, out, outOffset, outStride);
        }
    }

    @Override
    public void logSoftmax(
            float[] z, int zOffset, int zStride, int rows, int cols, float[] out, int outOffset, int outStride) {
        if (cols <= ShortFloatSoftmax.FEW) {
            new ShortFloatSoftmax().logSoftmax(z, zOffset, zStride, rows, cols, out, outOffset, outStride);
        } else {
            new FloatRows().logSoftmax(z, zOffset, zStride, rows, cols, out, outOffset, outStride);
        }
    }

    @Override
    public void logSumExp(float[] z, int zOffset, int zStride, int rows, int cols, float[] out, int outOffset) {
        if (cols <= ShortFloatRows.LONGEST) {
            new ShortFloatRows().logSumExp(z, zOffset, zStride, rows, cols, out, outOffset);
        } else {
            new FloatRows().logSumExp(z, zOffset, zStride, rows, cols, out, outOffset);
        }
    }

    @Override
    public void logLoss(
            float[] z, int zOffset, int[] y, int yOffset, int n, float[] loss, float[] gradient, int outOffset) {
        FloatPointwise.logLoss(z, zOffset, y, yOffset, 0, n, loss, gradient, outOffset);
    }

    @Override
    public void crossEntropy(
            float[] z,
            int zOffset,
            int stride,
            int[] y,
            int yOffset,
            int rows,
            int cols,
            float[] loss,
            int lossOffset,
            float[] gradient) {
        if (cols <= ShortFloatRows.LONGEST) {
            new ShortFloatRows().crossEntropy(z, zOffset, stride, y, yOffset, rows, cols, loss, lossOffset, gradient);
        } else {
            new FloatRows().crossEntropy(z, zOffset, stride, y, yOffset, rows, cols, loss, lossOffset, gradient);
        }
    }

    @Override
    public void fromFloat16(short[] z, int zOffset, int n, float[] out, int outOffset) {
        for (int i = 0; i < n; i++) {
            out[outOffset + i] = HalfFloats.fromFloat16(z[zOffset + i]);
        }
    }

    @Override
    public void fromBfloat16(short[] z, int zOffset, int n, float[] out, int outOffset) {
        for (int i = 0; i < n; i++) {
            out[outOffset + i] = HalfFloats.fromBfloat16(z[zOffset + i]);
        }
    }
}
