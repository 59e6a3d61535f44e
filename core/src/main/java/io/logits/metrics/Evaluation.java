package io.logits.metrics;

import io.logits.data.Dataset;
import io.logits.model.Model;
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
}
