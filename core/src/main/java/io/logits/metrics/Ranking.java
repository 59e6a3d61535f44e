package io.logits.metrics;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rows in the order of a score: sorted once, counted as often as labels or weights change, as a bootstrap does. Holds 12
 * bytes a row.
 */
public final class Ranking {
    /** The distinct scores in increasing order. */
    private final double[] distinct;
    /** Where a row's score is among them. */
    private final int[] place;

    private Ranking(double[] distinct, int[] place) {
        this.distinct = distinct;
        this.place = place;
    }

    /**
     * Sorts rows.
     *
     * @param scores one per row, not NaN; any increasing function of the probability of the class that is looked for
     */
    public static Ranking of(double[] scores) {
        double[] sorted = new double[scores.length];
        // -0.0 ties with 0.0.
        Arrays.setAll(sorted, i -> scores[i] + 0.0);
        Arrays.sort(sorted);
        int count = 0;
        for (int i = 0; i < sorted.length; i++) {
            if (i == 0 || sorted[i] != sorted[i - 1]) {
                sorted[count++] = sorted[i];
            }
        }
        double[] distinct = Arrays.copyOf(sorted, count);
        int[] place = new int[scores.length];
        for (int i = 0; i < place.length; i++) {
            place[i] = Arrays.binarySearch(distinct, scores[i] + 0.0);
        }
        return new Ranking(distinct, place);
    }

    /**
     * Counts the rows of one class, and those of all others, at each score.
     *
     * @param classes the class of each row; rows of a negative one are left out
     * @param positive the class that is looked for
     * @param weights a weight {@code >= 0} per row, or null for 1 each
     */
    public ThresholdCurve count(int[] classes, int positive, double @Nullable [] weights) {
        double[] positives = new double[distinct.length];
        double[] negatives = new double[distinct.length];
        for (int i = 0; i < place.length; i++) {
            if (classes[i] >= 0) {
                double[] counts = classes[i] == positive ? positives : negatives;
                counts[place[i]] += weights == null ? 1 : weights[i];
            }
        }
        return new ThresholdCurve(distinct, positives, negatives);
    }
}
