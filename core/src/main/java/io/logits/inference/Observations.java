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

    /** The sum of {@code w p (1-p)} over the rows of each observation of two classes, w its {@link #weight}. */
    double[] variance() {
        double[] variance = new double[count()];
        for (int i = 0; i < rows.count(); i++) {
            variance[of(i)] += weight(i) * rows.variance(i);
        }
        return variance;
    }

    /**
     * By how much each observation of two classes draws its own fitted logit: {@code w p (1-p) (x,1)'V(x,1)}.
     *
     * @param inverse V, by the free coordinates
     */
    double[] leverage(double[] inverse) {
        RowForms forms = new RowForms(rows.likelihood().x(), rows.likelihood().layout(), inverse);
        double[] leverage = new double[count()];
        for (int i = 0; i < rows.count(); i++) {
            forms.row(i);
            leverage[of(i)] += weight(i) * rows.variance(i) * forms.form(0, 0);
        }
        return leverage;
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
