package io.logits.metrics;

import java.util.Arrays;

/**
 * How far a measure may be off because there are no more rows than there are.
 *
 * @param low below it lie 2.5 % of the resampled values
 * @param high above it lie 2.5 % of the resampled values
 * @param standardError the standard deviation of the resampled values
 */
public record Interval(double low, double high, double standardError) {
    private static final double TAIL = 0.025;

    /** Of resampled values; those that are NaN, because a class was not drawn, are left out. All NaN if none is left. */
    static Interval of(double[] values) {
        double[] sorted =
                Arrays.stream(values).filter(v -> !Double.isNaN(v)).sorted().toArray();
        double mean = Arrays.stream(sorted).average().orElse(Double.NaN);
        double squares = Arrays.stream(sorted).map(v -> (v - mean) * (v - mean)).sum();
        return new Interval(
                quantile(sorted, TAIL), quantile(sorted, 1 - TAIL), Math.sqrt(squares / (sorted.length - 1)));
    }

    /** With linear interpolation between values (Hyndman and Fan 1996, type 7). */
    private static double quantile(double[] sorted, double share) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        double at = share * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
