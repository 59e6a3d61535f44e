package io.logits.model;

import io.logits.data.Matrix;
import io.logits.features.Encoding;
import io.logits.kernels.FunctionKernels;
import io.logits.kernels.Kernels;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two classes: one logit, that of the second class, {@code z = b + w.x} with
 * {@code P(second class) = sigmoid(z) = 1/(1 + exp(-z))}.
 */
public final class LogisticModel extends Model {
    private final double[] coefficients;
    private final double intercept;

    /**
     * A model of two classes.
     *
     * @param coefficients one per feature, copied
     * @throws IllegalArgumentException if there are not two classes, or not one coefficient per feature
     */
    public LogisticModel(
            List<String> classes, Encoding encoding, double[] coefficients, double intercept, Provenance provenance) {
        this(classes, encoding, coefficients.clone(), intercept, provenance, Learnt.NOTHING);
    }

    /** Shares the arrays, which nobody changes. */
    private LogisticModel(
            List<String> classes,
            Encoding encoding,
            double[] coefficients,
            double intercept,
            Provenance provenance,
            Learnt learnt) {
        super(classes, encoding, provenance, learnt);
        if (classes.size() != 2) {
            throw new IllegalArgumentException("a logistic model has 2 classes, " + classes.size() + " were given");
        }
        if (coefficients.length != encoding.size()) {
            throw new IllegalArgumentException(
                    coefficients.length + " coefficients were given for " + encoding.size() + " features");
        }
        this.coefficients = coefficients;
        this.intercept = intercept;
    }

    @Override
    public LogisticModel withProvenance(Provenance newProvenance) {
        return new LogisticModel(classes(), encoding(), coefficients, intercept, newProvenance, learnt());
    }

    @Override
    public LogisticModel withMeans(double[] newMeans) {
        return with(new Learnt(newMeans.clone(), learnt().calibrator()));
    }

    @Override
    public LogisticModel withCalibrator(@Nullable Calibrator newCalibrator) {
        return with(new Learnt(learnt().means(), newCalibrator));
    }

    private LogisticModel with(Learnt newLearnt) {
        return new LogisticModel(classes(), encoding(), coefficients, intercept, provenance(), newLearnt);
    }

    @Override
    public int logits() {
        return 1;
    }

    @Override
    public double coefficient(int k, int j) {
        return coefficients[j];
    }

    @Override
    public double[] coefficients(int k) {
        return coefficients.clone();
    }

    @Override
    public double intercept(int k) {
        return intercept;
    }

    /** The log-odds of the second class, not calibrated: {@code b + sum_j x_j w_j}. */
    public double logit(double[] x) {
        checkRow(x);
        return intercept + Kernels.best().matrices().dot(x, coefficients, x.length);
    }

    /** The probability of the second class for a row of {@code features()} entries. Allocates nothing. */
    public double probability(double[] x) {
        Calibrator calibrator = calibrator();
        double z = logit(x);
        return Kernels.best()
                .functions()
                .sigmoid(calibrator == null ? z : calibrator.curves().get(0).at(z));
    }

    @Override
    public void logits(double[] x, double[] out) {
        out[0] = logit(x);
    }

    @Override
    public void logits(Matrix x, int from, int to, double[] out) {
        checkColumns(x);
        Arrays.fill(out, 0, to - from, intercept);
        x.multiplyAdd(from, to, coefficients, 1, out);
    }

    @Override
    public void probabilitiesOfLogits(double[] z, int rows, double[] out) {
        placeBothSigns(z, rows, out);
        Kernels.best().functions().sigmoid(out, 0, 2 * rows, out, 0);
    }

    @Override
    public void logProbabilitiesOfLogits(FunctionKernels functions, double[] z, int rows, double[] out) {
        placeBothSigns(z, rows, out);
        functions.logSigmoid(out, 0, 2 * rows, out, 0);
    }

    /** The log-odds of each class: {@code -z, z} row by row. */
    private static void placeBothSigns(double[] z, int rows, double[] out) {
        for (int i = 0; i < rows; i++) {
            out[2 * i] = -z[i];
            out[2 * i + 1] = z[i];
        }
    }
}
