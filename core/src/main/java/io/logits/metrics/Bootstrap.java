package io.logits.metrics;

import io.logits.data.Dataset;
import io.logits.kernels.Workers;
import io.logits.model.Model;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * Intervals for the measures of a model by the percentile bootstrap (Efron 1979): as many rows as there are, drawn with
 * replacement, again and again. It says how much measures owe to the rows at hand, not what another fit would give. Draws
 * depend on the seed alone.
 *
 * @param samples how often rows are drawn anew, at least 20
 * @param seed of the draws
 */
public record Bootstrap(int samples, long seed) {
    private static final int LEAST = 20;

    /**
     * Checks the count.
     *
     * @throws IllegalArgumentException if there are fewer than 20 samples: no 2.5 % of them can be told
     */
    public Bootstrap {
        if (samples < LEAST) {
            throw new IllegalArgumentException("there are " + samples + " bootstrap samples, at least 20 are needed");
        }
    }

    /**
     * The intervals, by the names {@code log_loss}, {@code accuracy}, {@code balanced_accuracy}, {@code brier},
     * {@code expected_calibration_error}, {@code auc} and {@code average_precision}: these two of the second of two
     * classes, else the means over classes against the rest that have rows; {@code top_N_accuracy} for each N of
     * {@code tops}. Rows keep their weights.
     *
     * @param threads how many threads compute, at least 1; the result does not depend on it
     * @throws IllegalArgumentException if the data has other features than the model, or a class it does not know
     */
    public Map<String, Interval> of(Model model, Dataset data, int threads, int... tops) {
        RowMeasures rows = RowMeasures.of(model, data, threads);
        Map<String, Interval> intervals = new LinkedHashMap<>();
        try (Workers workers = Workers.of(threads)) {
            of(rows, measures(rows, model.classes().size(), tops), workers, intervals);
            ofRankings(rows, new ClassRankings(model, data), workers, intervals);
        }
        return intervals;
    }

    private void of(
            RowMeasures rows,
            Map<String, ToDoubleFunction<double[]>> measures,
            Workers workers,
            Map<String, Interval> intervals) {
        List<Map.Entry<String, ToDoubleFunction<double[]>>> named = List.copyOf(measures.entrySet());
        double[][] values = new double[named.size()][samples];
        workers.run(samples, b -> {
            double[] weights = drawn(rows, b);
            for (int m = 0; m < values.length; m++) {
                values[m][b] = named.get(m).getValue().applyAsDouble(weights);
            }
        });
        for (int m = 0; m < values.length; m++) {
            intervals.put(named.get(m).getKey(), Interval.of(values[m]));
        }
    }

    /** The weight of each row in a sample: its own, as often as it was drawn. */
    private double[] drawn(RowMeasures rows, int sample) {
        int n = rows.rows();
        // Streams whose seeds are neighbours would not differ much without a hash between.
        SplittableRandom random =
                new SplittableRandom(new SplittableRandom(seed ^ sample * 0x9E3779B97F4A7C15L).nextLong());
        double[] weights = new double[n];
        for (int i = 0; i < n; i++) {
            int row = random.nextInt(n);
            weights[row] += rows.weight(row);
        }
        return weights;
    }

    private static Map<String, ToDoubleFunction<double[]>> measures(RowMeasures rows, int classes, int... tops) {
        Map<String, ToDoubleFunction<double[]>> measures = new LinkedHashMap<>();
        measures.put("log_loss", weights -> mean(weights, rows::logLoss));
        measures.put("accuracy", weights -> mean(weights, i -> rows.decided(i) == rows.truth(i) ? 1 : 0));
        measures.put("balanced_accuracy", weights -> balancedAccuracy(rows, classes, weights));
        measures.put("brier", weights -> mean(weights, rows::brier));
        measures.put("expected_calibration_error", weights -> calibrationError(rows, weights));
        for (int top : tops) {
            measures.put("top_" + top + "_accuracy", weights -> mean(weights, i -> rows.rank(i) < top ? 1 : 0));
        }
        return measures;
    }

    /** A number of each row. */
    @FunctionalInterface
    private interface OfRow {
        double of(int row);
    }

    private static double mean(double[] weights, OfRow value) {
        double sum = 0;
        double all = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] > 0 ? weights[i] * value.of(i) : 0;
            all += weights[i];
        }
        return sum / all;
    }

    private static double balancedAccuracy(RowMeasures rows, int classes, double[] weights) {
        double[] right = new double[classes];
        double[] all = new double[classes];
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                all[rows.truth(i)] += weights[i];
                right[rows.truth(i)] += rows.decided(i) == rows.truth(i) ? weights[i] : 0;
            }
        }
        double sum = 0;
        int present = 0;
        for (int k = 0; k < classes; k++) {
            sum += all[k] > 0 ? right[k] / all[k] : 0;
            present += all[k] > 0 ? 1 : 0;
        }
        return sum / present;
    }

    private static double calibrationError(RowMeasures rows, double[] weights) {
        Calibration bins = new Calibration(Evaluation.BINS);
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                bins.add(weights[i], rows.confidence(i), rows.decided(i) == rows.truth(i));
            }
        }
        return bins.expectedError();
    }

    private void ofRankings(
            RowMeasures rows, ClassRankings rankings, Workers workers, Map<String, Interval> intervals) {
        double[] area = new double[samples];
        double[] precision = new double[samples];
        int[] areas = new int[samples];
        int[] precisions = new int[samples];
        rankings.forEachGroup(
                workers.threads(),
                (from, group) -> workers.run(samples, b -> {
                    double[] weights = drawn(rows, b);
                    for (int g = 0; g < group.length; g++) {
                        ThresholdCurve curve = group[g].count(rows.truths(), from + g, weights);
                        area[b] += curve.positives() > 0 && curve.negatives() > 0 ? curve.area() : 0;
                        areas[b] += curve.positives() > 0 && curve.negatives() > 0 ? 1 : 0;
                        precision[b] += curve.positives() > 0 ? curve.averagePrecision() : 0;
                        precisions[b] += curve.positives() > 0 ? 1 : 0;
                    }
                }));
        Arrays.setAll(area, b -> area[b] / areas[b]);
        Arrays.setAll(precision, b -> precision[b] / precisions[b]);
        intervals.put("auc", Interval.of(area));
        intervals.put("average_precision", Interval.of(precision));
    }
}
