package io.logits.solver;

import io.logits.objective.Sample;

/**
 * Where a minimisation starts, and what it has cost to get there.
 *
 * @param point the start itself
 * @param passes over the data before
 * @param begun when the work for it began, by {@link System#nanoTime}
 */
record Start(double[] point, int passes, long begun) {
    /** A sample may take this share of the passes that are allowed. */
    private static final double SAMPLE_SHARE = 0.5;

    /** A start that has cost nothing. */
    static Start at(double[] point) {
        return new Start(point, 0, System.nanoTime());
    }

    /** When a solver is to stop that leads near the minimum of a sample; it may take no passes at all where few are allowed. */
    static StopRule near(Sample sample, double tolerance, int mostPasses, StopRule rule) {
        int allowed = sample.passesWithin(SAMPLE_SHARE * rule.maxPasses());
        return new StopRule(tolerance, Math.min(mostPasses, allowed), progress -> {});
    }
}
