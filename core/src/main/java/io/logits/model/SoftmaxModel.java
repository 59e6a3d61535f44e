package io.logits.model;

import io.logits.data.Matrix;
import io.logits.features.Encoding;
import io.logits.kernels.FunctionKernels;
import io.logits.kernels.Kernels;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** K classes, K at least 3: logits {@code z_k = b_k + w_k.x} with {@code P(class k) = exp(z_k) / sum_l exp(z_l)}. */
public final class SoftmaxModel extends Model {
    private final int k;
    /** {@code coefficients[k*p + j]}. */
    private final double[] coefficients;

    /** The same feature by feature, as sparse rows want it; made when they are first seen. */
    private volatile double @Nullable [] byFeature;

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
        this(classes, encoding, coefficients.clone(), intercepts.clone(), provenance, Learnt.NOTHING);
    }

    /** Shares the arrays, which nobody changes. */
    private SoftmaxModel(
            List<String> classes,
            Encoding encoding,
            double[] coefficients,
            double[] intercepts,
            Provenance provenance,
            Learnt learnt) {
        super(classes, encoding, provenance, learnt);
        k = classes.size();
        int p = encoding.size();
        if (k < 3) {
            throw new IllegalArgumentException("a softmax model has 3 classes or more, " + k + " were given");
        }
        if (coefficients.length != (long) k * p || intercepts.length != k) {
            throw new IllegalArgumentException(coefficients.length + " coefficients and " + intercepts.length
                    + " intercepts were given for " + k + " classes and " + p + " features");
        }
        this.coefficients = coefficients;
        this.intercepts = intercepts;
    }

    @Override
    public SoftmaxModel withProvenance(Provenance newProvenance) {
        return new SoftmaxModel(classes(), encoding(), coefficients, intercepts, newProvenance, learnt());
    }

    @Override
    public SoftmaxModel withMeans(double[] newMeans) {
        return with(new Learnt(newMeans.clone(), learnt().calibrator()));
    }

    @Override
    public SoftmaxModel withCalibrator(@Nullable Calibrator newCalibrator) {
        return with(new Learnt(learnt().means(), newCalibrator));
    }

    private SoftmaxModel with(Learnt newLearnt) {
        return new SoftmaxModel(classes(), encoding(), coefficients, intercepts, provenance(), newLearnt);
    }

    @Override
    public int logits() {
        return k;
    }

    @Override
    public double coefficient(int k, int j) {
        return coefficients[k * features() + j];
    }

    @Override
    public double[] coefficients(int k) {
        return Arrays.copyOfRange(coefficients, k * features(), (k + 1) * features());
    }

    @Override
    public double intercept(int k) {
        return intercepts[k];
    }

    @Override
    public void logits(double[] x, double[] out) {
        checkRow(x);
        System.arraycopy(intercepts, 0, out, 0, k);
        Kernels.best().matrices().multiplyAdd(x, 0, 1, x.length, coefficients, k, out, 0);
    }

    @Override
    public void logits(Matrix x, int from, int to, double[] out) {
        checkColumns(x);
        int stride = x.stride(k);
        double[] z = stride == k ? out : new double[(to - from) * stride];
        for (int i = 0; i < to - from; i++) {
            System.arraycopy(intercepts, 0, z, i * stride, k);
        }
        x.multiplyAdd(from, to, x.byFeature() ? byFeature(stride) : coefficients, k, z);
        if (stride != k) {
            for (int i = 0; i < to - from; i++) {
                System.arraycopy(z, i * stride, out, i * k, k);
            }
        }
    }

    private double[] byFeature(int stride) {
        double[] known = byFeature;
        if (known == null) {
            int p = features();
            known = new double[Math.multiplyExact(p, stride)];
            for (int j = 0; j < p; j++) {
                for (int c = 0; c < k; c++) {
                    known[j * stride + c] = coefficients[c * p + j];
                }
            }
            byFeature = known;
        }
        return known;
    }

    @Override
    public void probabilitiesOfLogits(double[] z, int rows, double[] out) {
        Kernels.best().functions().softmax(z, 0, k, rows, k, out, 0, k);
    }

    @Override
    public void logProbabilitiesOfLogits(FunctionKernels functions, double[] z, int rows, double[] out) {
        functions.logSoftmax(z, 0, k, rows, k, out, 0, k);
    }
}
