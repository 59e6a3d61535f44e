package io.logits.model;

import io.logits.data.Matrix;
import io.logits.features.Encoding;
import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;
import java.util.List;

/** K classes, K at least 3: logits {@code z_k = b_k + w_k.x} with {@code P(class k) = exp(z_k) / sum_l exp(z_l)}. */
public final class SoftmaxModel extends Model {
    private final int k;
    /** Classes padded to fill vectors, as {@link MatrixKernels} asks. */
    private final int stride;
    /** Feature-major: the coefficient of feature j in logit k is at {@code j*stride + k}. */
    private final double[] coefficients;

    private final double[] intercepts;

    /**
     * A model of three classes or more.
     *
     * @param coefficients {@code coefficients[k*p + j]} of class k and feature j, copied
     * @param intercepts one per class, copied
     * @throws IllegalArgumentException if shapes do not fit
     */
    public SoftmaxModel(
            List<String> classes,
            Encoding encoding,
            double[] coefficients,
            double[] intercepts,
            Provenance provenance) {
        super(classes, encoding, provenance);
        k = classes.size();
        int p = encoding.size();
        if (k < 3) {
            throw new IllegalArgumentException("a softmax model has 3 classes or more, " + k + " were given");
        }
        if (coefficients.length != (long) k * p || intercepts.length != k) {
            throw new IllegalArgumentException(coefficients.length + " coefficients and " + intercepts.length
                    + " intercepts were given for " + k + " classes and " + p + " features");
        }
        stride = (k + 3) / 4 * 4;
        this.coefficients = new double[Math.multiplyExact(p, stride)];
        for (int c = 0; c < k; c++) {
            for (int j = 0; j < p; j++) {
                this.coefficients[j * stride + c] = coefficients[c * p + j];
            }
        }
        this.intercepts = intercepts.clone();
    }

    @Override
    public int logits() {
        return k;
    }

    @Override
    public double coefficient(int k, int j) {
        return coefficients[j * stride + k];
    }

    @Override
    public double intercept(int k) {
        return intercepts[k];
    }

    @Override
    public void logits(double[] x, double[] out) {
        checkRow(x);
        System.arraycopy(intercepts, 0, out, 0, k);
        for (int j = 0; j < x.length; j++) {
            int at = j * stride;
            for (int c = 0; c < k; c++) {
                out[c] = Math.fma(x[j], coefficients[at + c], out[c]);
            }
        }
    }

    @Override
    public void logits(Matrix x, int from, int to, double[] out) {
        checkColumns(x);
        double[] padded = new double[(to - from) * stride];
        for (int i = 0; i < to - from; i++) {
            System.arraycopy(intercepts, 0, padded, i * stride, k);
        }
        x.multiplyAdd(from, to, coefficients, stride, padded);
        for (int i = 0; i < to - from; i++) {
            System.arraycopy(padded, i * stride, out, i * k, k);
        }
    }

    @Override
    public void probabilitiesOfLogits(double[] z, int rows, double[] out) {
        Kernels.best().functions().softmax(z, 0, k, rows, k, out, 0, k);
    }

    @Override
    public void logProbabilitiesOfLogits(double[] z, int rows, double[] out) {
        Kernels.best().functions().logSoftmax(z, 0, k, rows, k, out, 0, k);
    }
}
