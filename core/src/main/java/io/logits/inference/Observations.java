package io.logits.inference;

import java.util.Arrays;

/**
 * Which rows are one observation: each its own, or all rows of one group of trials.
 *
 * @param group the observation of each row, or empty where each row is its own
 * @param kind what a weight is where each row is its own; a group's weights are counts
 */
record Observations(FittedRows rows, int[] group, WeightKind kind) {
    int count() {
        return group.length == 0 ? rows.count() : Arrays.stream(group).max().orElse(-1) + 1;
    }

    int of(int row) {
        return group.length == 0 ? row : group[row];
    }

    /** How much a row counts within its observation. */
    double weight(int row) {
        return group.length == 0 && kind == WeightKind.FREQUENCY ? 1 : rows.weight(row);
    }

    /** The log-likelihood of single trials of each observation, had it a probability of its own. */
    double[] perfect() {
        double[] perfect = new double[count()];
        if (group.length > 0) {
            GroupedTrials.Counts counts = GroupedTrials.Counts.of(rows, group);
            Arrays.setAll(perfect, counts::perfect);
        }
        return perfect;
    }
}
