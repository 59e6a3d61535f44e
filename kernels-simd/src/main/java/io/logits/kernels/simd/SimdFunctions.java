package io.logits.kernels.simd;

import io.logits.kernels.FunctionKernels;
import io.logits.kernels.spec.FloatPointwise;
import io.logits.kernels.spec.Pointwise;
import io.logits.kernels.spec.ShortFloatRows;
import io.logits.kernels.spec.ShortFloatSoftmax;

/**
 * Functions, rows and losses several lanes at a time; what does not fill a vector is left to the scalar specification.
 *
 * <p>Vectors of 128 bits hold two doubles, whose masks HotSpot does not compile on x86 (they are boxed, a hundred times
 * slower): there the scalar loops serve for float64, and for float32 where it is evaluated in float64.
 */
final class SimdFunctions implements FunctionKernels {
    private static final boolean WIDE = DoubleConstants.LENGTH >= 4;

    private final FunctionKernels scalar;
    /** Losses of two classes and of many, and probabilities of two; see {@link PlainFirstMatrices}. */
    private final PlainFirst plainLosses;

    private final PlainFirst plainEntropies;

    private final PlainFirst plainSigmoids;

    /** Room for one row's state, kept so that a call allocates nothing. */
    private final ThreadLocal<ShortDoubleRows> doubleRows = ThreadLocal.withInitial(ShortDoubleRows::new);

    private final ThreadLocal<TiledFloatRows> shortFloatRows = ThreadLocal.withInitial(TiledFloatRows::new);
    private final ThreadLocal<TiledFloatSoftmax> shortFloatSoftmax = ThreadLocal.withInitial(TiledFloatSoftmax::new);
    private final ThreadLocal<FewFloatSoftmax> fewFloatSoftmax = ThreadLocal.withInitial(FewFloatSoftmax::new);
    private final ThreadLocal<BatchedFloatRows> batchedFloatRows = ThreadLocal.withInitial(BatchedFloatRows::new);
    private final ThreadLocal<SimdFloatRows> floatRows = ThreadLocal.withInitial(SimdFloatRows::new);

    SimdFunctions(FunctionKernels scalar, PlainFirst plainLosses, PlainFirst plainEntropies, PlainFirst plainSigmoids) {
        this.scalar = scalar;
        this.plainLosses = plainLosses;
        this.plainEntropies = plainEntropies;
        this.plainSigmoids = plainSigmoids;
    }

    @Override
    public double sigmoid(double z) {
        return scalar.sigmoid(z);
    }

    @Override
    public double logSigmoid(double z) {
        return scalar.logSigmoid(z);
    }

    @Override
    public void sigmoid(double[] z, int zOffset, int n, double[] out, int outOffset) {
        int done = WIDE && !plainSigmoids.takes(n) ? DoublePointwise.sigmoid(z, zOffset, n, out, outOffset) : 0;
        scalar.sigmoid(z, zOffset + done, n - done, out, outOffset + done);
    }

    @Override
    public void logSigmoid(double[] z, int zOffset, int n, double[] out, int outOffset) {
        int done = WIDE && !plainSigmoids.takes(n) ? DoublePointwise.softplus(-1, z, zOffset, n, out, outOffset) : 0;
        scalar.logSigmoid(z, zOffset + done, n - done, out, outOffset + done);
    }

    @Override
    public void softplus(double[] z, int zOffset, int n, double[] out, int outOffset) {
        int done = WIDE ? DoublePointwise.softplus(1, z, zOffset, n, out, outOffset) : 0;
        scalar.softplus(z, zOffset + done, n - done, out, outOffset + done);
    }

    @Override
    public void logit(double[] p, int pOffset, int n, double[] out, int outOffset) {
        int done = WIDE ? DoublePointwise.logit(p, pOffset, n, out, outOffset) : 0;
        scalar.logit(p, pOffset + done, n - done, out, outOffset + done);
    }

    @Override
    public void softmax(
            double[] z, int zOffset, int zStride, int rows, int cols, double[] out, int outOffset, int outStride) {
        if (WIDE) {
            doubleRows.get().softmax(z, zOffset, zStride, rows, cols, out, outOffset, outStride);
        } else {
            scalar.softmax(z, zOffset, zStride, rows, cols, out, outOffset, outStride);
        }
    }

    @Override
    public void logSoftmax(
            double[] z, int zOffset, int zStride, int rows, int cols, double[] out, int outOffset, int outStride) {
        if (WIDE) {
            doubleRows.get().logSoftmax(z, zOffset, zStride, rows, cols, out, outOffset, outStride);
        } else {
            scalar.logSoftmax(z, zOffset, zStride, rows, cols, out, outOffset, outStride);
        }
    }

    @Override
    public void logSumExp(double[] z, int zOffset, int zStride, int rows, int cols, double[] out, int outOffset) {
        if (WIDE) {
            doubleRows.get().logSumExp(z, zOffset, zStride, rows, cols, out, outOffset);
        } else {
            scalar.logSumExp(z, zOffset, zStride, rows, cols, out, outOffset);
        }
    }

    @Override
    public void logLoss(
            double[] z, int zOffset, int[] y, int yOffset, int n, double[] loss, double[] gradient, int outOffset) {
        if (!WIDE || plainLosses.takes(n)) {
            scalar.logLoss(z, zOffset, y, yOffset, n, loss, gradient, outOffset);
            return;
        }
        int done = DoublePointwise.logLoss(z, zOffset, y, yOffset, n, loss, outOffset);
        DoublePointwise.logLossGradient(z, zOffset, y, yOffset, n, gradient, outOffset);
        Pointwise.logLoss(z, zOffset, y, yOffset, done, n, loss, gradient, outOffset);
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
        if (WIDE && !plainEntropies.takes((long) rows * cols)) {
            doubleRows.get().crossEntropy(z, zOffset, stride, y, yOffset, rows, cols, loss, lossOffset, gradient);
        } else {
            scalar.crossEntropy(z, zOffset, stride, y, yOffset, rows, cols, loss, lossOffset, gradient);
        }
    }

    @Override
    public void sigmoid(float[] z, int zOffset, int n, float[] out, int outOffset) {
        int done = WIDE ? SimdFloatPointwise.sigmoid(z, zOffset, n, out, outOffset) : 0;
        scalar.sigmoid(z, zOffset + done, n - done, out, outOffset + done);
    }

    @Override
    public void logSigmoid(float[] z, int zOffset, int n, float[] out, int outOffset) {
        int done = WIDE ? SimdFloatPointwise.softplus(-1, z, zOffset, n, out, outOffset) : 0;
        scalar.logSigmoid(z, zOffset + done, n - done, out, outOffset + done);
    }

    @Override
    public void softplus(float[] z, int zOffset, int n, float[] out, int outOffset) {
        int done = WIDE ? SimdFloatPointwise.softplus(1, z, zOffset, n, out, outOffset) : 0;
        scalar.softplus(z, zOffset + done, n - done, out, outOffset + done);
    }

    @Override
    public void logit(float[] p, int pOffset, int n, float[] out, int outOffset) {
        int done = WIDE ? SimdFloatPointwise.logit(p, pOffset, n, out, outOffset) : 0;
        scalar.logit(p, pOffset + done, n - done, out, outOffset + done);
    }

    @Override
    public void softmax(
            float[] z, int zOffset, int zStride, int rows, int cols, float[] out, int outOffset, int outStride) {
        if (cols > ShortFloatRows.LONGEST) {
            floatRows.get().softmax(z, zOffset, zStride, rows, cols, out, outOffset, outStride);
        } else if (WIDE && cols > ShortFloatSoftmax.FEW) {
            shortFloatSoftmax.get().softmax(z, zOffset, zStride, rows, cols, out, outOffset, outStride);
        } else if (WIDE) {
            fewFloatSoftmax.get().softmax(z, zOffset, zStride, rows, cols, out, outOffset, outStride);
        } else {
            scalar.softmax(z, zOffset, zStride, rows, cols, out, outOffset, outStride);
        }
    }

    @Override
    public void logSoftmax(
            float[] z, int zOffset, int zStride, int rows, int cols, float[] out, int outOffset, int outStride) {
        if (WIDE && cols <= ShortFloatSoftmax.FEW) {
            fewFloatSoftmax.get().logSoftmax(z, zOffset, zStride, rows, cols, out, outOffset, outStride);
        } else if (WIDE && cols <= (rows == 1 ? ShortFloatRows.LONGEST : BatchedFloatRows.LONGEST)) {
            batchedFloatRows.get().logSoftmax(z, zOffset, zStride, rows, cols, out, outOffset, outStride);
        } else if (cols > ShortFloatRows.LONGEST) {
            floatRows.get().logSoftmax(z, zOffset, zStride, rows, cols, out, outOffset, outStride);
        } else {
            scalar.logSoftmax(z, zOffset, zStride, rows, cols, out, outOffset, outStride);
        }
    }

    @Override
    public void logSumExp(float[] z, int zOffset, int zStride, int rows, int cols, float[] out, int outOffset) {
        if (cols > ShortFloatRows.LONGEST) {
            floatRows.get().logSumExp(z, zOffset, zStride, rows, cols, out, outOffset);
        } else if (WIDE) {
            shortFloatRows.get().logSumExp(z, zOffset, zStride, rows, cols, out, outOffset);
        } else {
            scalar.logSumExp(z, zOffset, zStride, rows, cols, out, outOffset);
        }
    }

    @Override
    public void logLoss(
            float[] z, int zOffset, int[] y, int yOffset, int n, float[] loss, float[] gradient, int outOffset) {
        if (!WIDE) {
            scalar.logLoss(z, zOffset, y, yOffset, n, loss, gradient, outOffset);
            return;
        }
        int done = SimdFloatPointwise.logLoss(z, zOffset, y, yOffset, n, loss, gradient, outOffset);
        FloatPointwise.logLoss(z, zOffset, y, yOffset, done, n, loss, gradient, outOffset);
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
        if (cols > ShortFloatRows.LONGEST) {
            floatRows.get().crossEntropy(z, zOffset, stride, y, yOffset, rows, cols, loss, lossOffset, gradient);
        } else if (WIDE) {
            shortFloatRows.get().crossEntropy(z, zOffset, stride, y, yOffset, rows, cols, loss, lossOffset, gradient);
        } else {
            scalar.crossEntropy(z, zOffset, stride, y, yOffset, rows, cols, loss, lossOffset, gradient);
        }
    }

    @Override
    public void fromFloat16(short[] z, int zOffset, int n, float[] out, int outOffset) {
        int done = SimdHalfFloats.fromFloat16(z, zOffset, n, out, outOffset);
        scalar.fromFloat16(z, zOffset + done, n - done, out, outOffset + done);
    }

    @Override
    public void fromBfloat16(short[] z, int zOffset, int n, float[] out, int outOffset) {
        int done = SimdHalfFloats.fromBfloat16(z, zOffset, n, out, outOffset);
        scalar.fromBfloat16(z, zOffset + done, n - done, out, outOffset + done);
    }
}
