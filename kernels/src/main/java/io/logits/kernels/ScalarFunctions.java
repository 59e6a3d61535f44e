package io.logits.kernels;

/** The plain loops that state what {@link FunctionKernels} computes. */
final class ScalarFunctions implements FunctionKernels {
    @Override
    public void sigmoid(double[] z, int zOffset, int n, double[] out, int outOffset) {
        for (int i = 0; i < n; i++) {
            out[outOffset + i] = sigmoid(z[zOffset + i]);
        }
    }

    @Override
    public double sigmoid(double z) {
        double e = StrictMath.exp(-Math.abs(z));
        return z >= 0 ? 1 / (1 + e) : e / (1 + e);
    }

    @Override
    public double logSigmoid(double z) {
        return Math.min(z, 0) - StrictMath.log1p(StrictMath.exp(-Math.abs(z)));
    }

    @Override
    public void logSoftmax(
            double[] z, int zOffset, int zStride, int rows, int cols, double[] out, int outOffset, int outStride) {
        for (int i = 0; i < rows; i++) {
            double max = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < cols; k++) {
                max = Math.max(max, z[zOffset + i * zStride + k]);
            }
            double sum = 0;
            for (int k = 0; k < cols; k++) {
                sum += StrictMath.exp(z[zOffset + i * zStride + k] - max);
            }
            for (int k = 0; k < cols; k++) {
                out[outOffset + i * outStride + k] = z[zOffset + i * zStride + k] - max - StrictMath.log(sum);
            }
        }
    }

    @Override
    public void softmax(
            double[] z, int zOffset, int zStride, int rows, int cols, double[] out, int outOffset, int outStride) {
        for (int i = 0; i < rows; i++) {
            double max = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < cols; k++) {
                max = Math.max(max, z[zOffset + i * zStride + k]);
            }
            double sum = 0;
            for (int k = 0; k < cols; k++) {
                double e = StrictMath.exp(z[zOffset + i * zStride + k] - max);
                out[outOffset + i * outStride + k] = e;
                sum += e;
            }
            for (int k = 0; k < cols; k++) {
                out[outOffset + i * outStride + k] /= sum;
            }
        }
    }

    @Override
    public void logLoss(double[] z, int zOffset, int[] y, int yOffset, int n, double[] loss, double[] gradient) {
        for (int i = 0; i < n; i++) {
            double logit = z[zOffset + i];
            int label = y[yOffset + i];
            double margin = label == 1 ? logit : -logit;
            loss[i] = Math.max(-margin, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(margin)));
            gradient[i] = label == 1 ? -sigmoid(-logit) : sigmoid(logit);
        }
    }

    @Override
    public void crossEntropy(
            double[] z, int stride, int[] y, int yOffset, int rows, int cols, double[] loss, double[] gradient) {
        for (int i = 0; i < rows; i++) {
            int at = i * stride;
            int label = at + y[yOffset + i];
            double chosen = z[label];
            double max = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < cols; k++) {
                max = Math.max(max, z[at + k]);
            }
            double sum = 0;
            for (int k = 0; k < cols; k++) {
                double e = StrictMath.exp(z[at + k] - max);
                gradient[at + k] = e;
                sum += e;
            }
            for (int k = 0; k < cols; k++) {
                gradient[at + k] /= sum;
            }
            gradient[label] -= 1;
            loss[i] = max - chosen + StrictMath.log(sum);
        }
    }
}
