package io.logits.solver;

import io.logits.objective.TwiceSmoothObjective;

/**
 * A start from a sample of the rows: a few of Newton's steps with these lead as near to the minimum of all as they can tell, for
 * a part of a pass each. Holds a copy of the sample, at most a quarter of the features.
 */
public final class SampledStart {
    private static final int MOST_PASSES = 30;
    /** A relative gap that is less than what the minimum of a sample is off by. */
    private static final double ENOUGH = 1e-4;

    private SampledStart() {}

    /** About the minimum of a sample of the rows, from {@code start}; that itself where there are too few rows to leave some out. */
    public static double[] of(TwiceSmoothObjective objective, double[] start) {
        return objective
                .ofSample()
                .map(sample -> new NewtonCholesky()
                        .minimize(sample, start, new StopRule(ENOUGH, MOST_PASSES, progress -> {}))
                        .point())
                .orElse(start);
    }
}
