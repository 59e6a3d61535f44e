package io.logits.sampling;

import java.util.Arrays;

/** Pearson's test of counts against probabilities, cells of few expected counts merged. */
final class ChiSquared {
    /** Expected count from which on a cell stands alone. */
    private static final double ENOUGH = 20;

    private ChiSquared() {}

    /**
     * How many standard deviations the statistic lies above its mean, after Wilson and Hilferty (1931), who make it
     * normal.
     */
    static double deviations(int[] counts, double[] expectedCounts) {
        double statistic = 0;
        int cells = 0;
        double expected = 0;
        double observed = 0;
        double total = Arrays.stream(expectedCounts).sum();
        double seen = 0;
        for (int i = 0; i < counts.length; i++) {
            expected += expectedCounts[i];
            observed += counts[i];
            seen += expectedCounts[i];
            if (expected >= ENOUGH && (total - seen >= ENOUGH || i == counts.length - 1)) {
                statistic += (observed - expected) * (observed - expected) / expected;
                cells++;
                expected = 0;
                observed = 0;
            }
        }
        if (expected > 0) {
            statistic += (observed - expected) * (observed - expected) / expected;
            cells++;
        }
        double freedom = cells - 1;
        if (freedom == 0) {
            return 0;
        }
        double scaled = 2 / (9 * freedom);
        return (Math.cbrt(statistic / freedom) - (1 - scaled)) / Math.sqrt(scaled);
    }
}
