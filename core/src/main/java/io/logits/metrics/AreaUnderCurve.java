package io.logits.metrics;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The area under the ROC curve: the probability that a row of the second class scores higher than one of the first,
 * equal scores counting one half (Hanley and McNeil 1982).
 */
public final class AreaUnderCurve {
    private AreaUnderCurve() {}

    /**
     * The area, from all pairs of rows by their ranks.
     *
     * @param scores one per row, not NaN; any increasing function of the probability of the second class
     * @param second whether a row is of the second class, as 1, or of the first, as 0
     * @param weights a weight {@code >= 0} per row, or null for 1 each
     * @return between 0 and 1; NaN if one of the classes has no weight
     */
    public static double of(double[] scores, int[] second, double @Nullable [] weights) {
        int n = scores.length;
        double[] distinct = distinct(scores);
        double[] first = new double[distinct.length];
        double[] other = new double[distinct.length];
        for (int i = 0; i < n; i++) {
            double[] counts = second[i] == 1 ? other : first;
            counts[Arrays.binarySearch(distinct, scores[i] + 0.0)] += weights == null ? 1 : weights[i];
        }
        double below = 0;
        double total = 0;
        double pairs = 0;
        for (int r = 0; r < distinct.length; r++) {
            pairs += other[r] * (below + first[r] / 2);
            below += first[r];
            total += other[r];
        }
        return pairs / (below * total);
    }

    /** The distinct values in increasing order; -0.0 becomes 0.0. */
    private static double[] distinct(double[] values) {
        double[] sorted = new double[values.length];
        Arrays.setAll(sorted, i -> values[i] + 0.0);
        Arrays.sort(sorted);
        int count = 0;
        for (int i = 0; i < sorted.length; i++) {
            if (i == 0 || sorted[i] != sorted[i - 1]) {
                sorted[count++] = sorted[i];
            }
        }
        return Arrays.copyOf(sorted, count);
    }
}
