package io.logits.metrics;

import io.logits.data.Dataset;
import io.logits.model.Model;
import java.util.Arrays;
import java.util.List;

/**
 * How good a model's probabilities are on labelled rows. Means are weighted by the rows' weights.
 *
 * @param rows the number of rows
 * @param classes the model's classes in order, K of them
 * @param logLoss the mean of {@code -log p(true class)}
 * @param accuracy the share of rows whose most probable class is the true one
 * @param brier for two classes the mean of {@code (p - y)^2} of the second class, for more the mean of the sum over
 *     classes
 * @param auc the area under the ROC curve of the second of two classes; NaN for more classes, or if one has no rows
 * @param calibration the confidence in the most probable class against how often it is right, in 15 equal bins
 * @param classCalibration the same for each class: its probability against how often a row is of it
 * @param rankWeights the weight of the rows whose true class has 0, 1, ..., K-1 classes before it, ordered by probability
 * @param confusion {@code confusion[t][k]} is the weight of the rows of class t for which class k was predicted; their
 *     number where rows have no weights
 */
public record Evaluation(
        int rows,
        List<String> classes,
        double logLoss,
        double accuracy,
        double brier,
        double auc,
        Calibration calibration,
        List<Calibration> classCalibration,
        double[] rankWeights,
        double[][] confusion) {
    /** Bins of the calibration error. */
    static final int BINS = 15;

    /**
     * Evaluates a model. Rows of weight 0 count for nothing; an offset is added to the logits.
     *
     * @param threads how many threads compute, at least 1; the result does not depend on it
     * @throws IllegalArgumentException if the data has other features than the model, or a class it does not know
     */
    public static Evaluation of(Model model, Dataset data, int threads) {
        return new Evaluator(model, data).evaluate(threads);
    }

    /** The weight of the rows of each class. */
    public double[] classWeights() {
        return Arrays.stream(confusion)
                .mapToDouble(row -> Arrays.stream(row).sum())
                .toArray();
    }

    /** The share of the rows of class k for which it was predicted; NaN if it has none. */
    public double recall(int k) {
        return confusion[k][k] / Arrays.stream(confusion[k]).sum();
    }

    /** The share of the rows for which class k was predicted that are of it; NaN if it never was. */
    public double precision(int k) {
        return confusion[k][k]
                / Arrays.stream(confusion).mapToDouble(row -> row[k]).sum();
    }

    /** The mean recall of the classes that have rows. */
    public double balancedAccuracy() {
        double sum = 0;
        int present = 0;
        for (int k = 0; k < confusion.length; k++) {
            double recall = recall(k);
            if (!Double.isNaN(recall)) {
                sum += recall;
                present++;
            }
        }
        return sum / present;
    }

    /**
     * The share of rows whose true class is among the {@code k} most probable ones.
     *
     * @param k at least 1
     */
    public double topAccuracy(int k) {
        double within = 0;
        double all = 0;
        for (int r = 0; r < rankWeights.length; r++) {
            within += r < k ? rankWeights[r] : 0;
            all += rankWeights[r];
        }
        return within / all;
    }

    /** The Brier score taken apart by the bins of {@link #classCalibration}. */
    public BrierParts brierParts() {
        double reliability = 0;
        double resolution = 0;
        double uncertainty = 0;
        for (int k = classes.size() == 2 ? 1 : 0; k < classes.size(); k++) {
            Calibration bins = classCalibration.get(k);
            reliability += bins.reliability();
            resolution += bins.resolution();
            uncertainty += bins.uncertainty();
        }
        return new BrierParts(reliability, resolution, uncertainty, brier - (reliability - resolution + uncertainty));
    }
}
