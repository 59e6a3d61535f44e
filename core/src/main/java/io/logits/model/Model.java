package io.logits.model;

import io.logits.data.Matrix;
import io.logits.features.Encoding;
import io.logits.kernels.FunctionKernels;
import io.logits.kernels.Kernels;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A fitted linear classifier: a row of features {@code x} gives logits {@code z = W x + b}, which give probabilities.
 * Immutable: it may be shared by many threads. Logits and probabilities of a row in an array allocate nothing beyond what the
 * caller hands in; rows of a matrix, and the calibration of many classes against the rest, have a scratch array a call.
 */
public abstract sealed class Model permits LogisticModel, SoftmaxModel {
    private final List<String> classes;
    private final Encoding encoding;
    private final Provenance provenance;
    private final Learnt learnt;

    /**
     * What was learnt beside the coefficients.
     *
     * @param means one per feature; empty where they are not known; not to be changed
     * @param calibrator null where logits are as they are
     */
    record Learnt(double[] means, @Nullable Calibrator calibrator) {
        static final Learnt NOTHING = new Learnt(new double[0], null);
    }

    Model(List<String> classes, Encoding encoding, Provenance provenance, Learnt learnt) {
        this.classes = List.copyOf(classes);
        this.encoding = encoding;
        this.provenance = provenance;
        this.learnt = learnt;
        int means = learnt.means().length;
        if (means != 0 && means != encoding.size()) {
            throw new IllegalArgumentException(means + " means were given for " + encoding.size() + " features");
        }
        int logits = classes.size() == 2 ? 1 : classes.size();
        if (learnt.calibrator() != null && learnt.calibrator().curves().size() != logits) {
            throw new IllegalArgumentException(learnt.calibrator().curves().size()
                    + " curves of calibration were given for " + logits + (logits == 1 ? " logit" : " logits"));
        }
    }

    /** The names of the classes in order, K of them. */
    public final List<String> classes() {
        return classes;
    }

    /** What the features are and how raw values become them. */
    public final Encoding encoding() {
        return encoding;
    }

    /** Where the model came from. */
    public final Provenance provenance() {
        return provenance;
    }

    /** The same model with another origin. */
    public abstract Model withProvenance(Provenance newProvenance);

    /** Whether the mean row of the rows that the model learnt from is known: older model files do not have it. */
    public final boolean hasMeans() {
        return learnt.means().length == features();
    }

    /** The mean of feature {@code j} over the rows that the model learnt from, by their weights; 0 if it is not known. */
    public final double mean(int j) {
        return learnt.means().length == 0 ? 0 : learnt.means()[j];
    }

    /** All of {@link #mean}, a copy; empty if they are not known. */
    public final double[] means() {
        return learnt.means().clone();
    }

    final Learnt learnt() {
        return learnt;
    }

    /**
     * The same model with the mean row of the rows that it learnt from.
     *
     * @param newMeans one per feature, copied; empty if they are not known
     * @throws IllegalArgumentException if there are fewer or more
     */
    public abstract Model withMeans(double[] newMeans);

    /** What calibrates the logits, or null if they are taken as they are. */
    public final @Nullable Calibrator calibrator() {
        return learnt.calibrator();
    }

    /**
     * The same model with calibrated logits.
     *
     * @param newCalibrator null for none
     * @throws IllegalArgumentException if it has not one curve per logit
     */
    public abstract Model withCalibrator(@Nullable Calibrator newCalibrator);

    /**
     * Calibrates logits, once whatever offset there is has been added; leaves them alone if the model is not calibrated.
     *
     * @param z {@code rows*logits()} entries, from {@link #logits(Matrix, int, int, double[])}
     */
    public final void calibrateInPlace(double[] z, int rows) {
        if (learnt.calibrator() != null) {
            learnt.calibrator().applyInPlace(z, rows);
        }
    }

    /** The number of features, p. */
    public final int features() {
        return encoding.size();
    }

    /** The number of logits of a row: 1 for two classes, K for more. */
    public abstract int logits();

    /**
     * The coefficient of feature {@code j} in logit {@code k}.
     *
     * @param k {@code 0 <= k < logits()}
     * @param j {@code 0 <= j < features()}
     */
    public abstract double coefficient(int k, int j);

    /**
     * The coefficients of logit {@code k}, one per feature; a copy.
     *
     * @param k {@code 0 <= k < logits()}
     */
    public abstract double[] coefficients(int k);

    /** The intercept of logit {@code k}; 0 if the model was fitted without. */
    public abstract double intercept(int k);

    /**
     * Log-odds or logits of rows of a matrix: {@code out[(i-from)*logits() + k] = b_k + sum_j x_ij w_kj} for
     * {@code from <= i < to}, not calibrated yet. A NaN feature gives NaN.
     */
    public abstract void logits(Matrix x, int from, int to, double[] out);

    /**
     * Logits of one row, not calibrated yet.
     *
     * @param x {@code features()} entries
     * @param out {@code logits()} entries
     */
    public abstract void logits(double[] x, double[] out);

    /**
     * Turns logits into the probabilities of all K classes, for {@code rows} rows.
     *
     * @param z {@code rows*logits()} entries, calibrated ones of a model that has a {@link #calibrator}
     * @param out {@code rows*K} entries; must not be {@code z}
     */
    public abstract void probabilitiesOfLogits(double[] z, int rows, double[] out);

    /** Turns logits into the logarithms of the probabilities, accurate where these are near 0 and 1. */
    public final void logProbabilitiesOfLogits(double[] z, int rows, double[] out) {
        logProbabilitiesOfLogits(Kernels.best().functions(), z, rows, out);
    }

    /** The same by given kernels, as {@link Kernels#ofRows} chooses them by how much there is in all. */
    public abstract void logProbabilitiesOfLogits(FunctionKernels functions, double[] z, int rows, double[] out);

    /**
     * The class decided for each row: that of the largest logit, the first among equals.
     *
     * @param z {@code rows*logits()} entries, calibrated ones of a model that has a {@link #calibrator}
     * @param out {@code rows} class indices
     */
    public final void decide(double[] z, int rows, int[] out) {
        int k = logits();
        if (k == 1) {
            for (int i = 0; i < rows; i++) {
                out[i] = z[i] > 0 ? 1 : 0;
            }
            return;
        }
        for (int i = 0; i < rows; i++) {
            int best = 0;
            for (int c = 1; c < k; c++) {
                best = z[i * k + c] > z[i * k + best] ? c : best;
            }
            out[i] = best;
        }
    }

    /** The probabilities of the K classes for one row of {@code features()} entries, as a new array. */
    public final double[] probabilities(double[] x) {
        double[] z = new double[logits()];
        double[] out = new double[classes.size()];
        logits(x, z);
        calibrateInPlace(z, 1);
        probabilitiesOfLogits(z, 1, out);
        return out;
    }

    /**
     * The probabilities of the K classes for one row of raw values by name, prepared as the rows of the fit were.
     * {@link Encoding#encode(Map, double[])} does the preparing alone, and says which values were never seen.
     *
     * @throws IllegalArgumentException if a value is not there or cannot be used
     */
    public final double[] probabilities(Map<String, ?> row) {
        double[] x = new double[features()];
        encoding.encode(row, x);
        return probabilities(x);
    }

    /**
     * The probabilities of the K classes for one row of raw values, the components of a record by their names.
     *
     * @throws IllegalArgumentException if a value is not there or cannot be used, or the record cannot be read from here
     */
    public final double[] probabilities(Record row) {
        double[] x = new double[features()];
        encoding.encode(row, x);
        return probabilities(x);
    }

    final void checkRow(double[] x) {
        if (x.length != features()) {
            throw new IllegalArgumentException(
                    "the row has " + x.length + " entries, the model has " + features() + " features");
        }
    }

    final void checkColumns(Matrix x) {
        if (x.cols() != features()) {
            throw new IllegalArgumentException("the data has " + x.cols() + " features, the model has " + features());
        }
    }
}
