package io.logits.metrics;

import java.util.List;

/**
 * How probabilities are distributed over equal bins of [0, 1], in two groups of rows: of two classes the probability of the
 * second, for the rows of each class; of more the probability of the decided class, where it is wrong and where it is right.
 *
 * @param groups {@code groups[g][b]}: the share of the rows of group g in bin b, {@code [b/B, (b+1)/B)}, 1 in the last; NaN
 *     for a group without rows
 */
public record ScoreHistogram(List<double[]> groups) {
    private static final int BINS = 20;

    /** Of the rows of a model of so many classes. */
    public static ScoreHistogram of(RowMeasures rows, int classes) {
        double[][] counts = new double[2][BINS];
        double[] weight = new double[2];
        for (int i = 0; i < rows.rows(); i++) {
            if (rows.truth(i) >= 0) {
                boolean right = rows.decided(i) == rows.truth(i);
                int group = classes == 2 ? rows.truth(i) : right ? 1 : 0;
                double p = classes == 2 && rows.decided(i) == 0 ? 1 - rows.confidence(i) : rows.confidence(i);
                counts[group][(int) Math.min(BINS - 1, p * BINS)] += rows.weight(i);
                weight[group] += rows.weight(i);
            }
        }
        for (int g = 0; g < 2; g++) {
            for (int b = 0; b < BINS; b++) {
                counts[g][b] /= weight[g];
            }
        }
        return new ScoreHistogram(List.of(counts));
    }

    /** How many bins there are. */
    public int bins() {
        return BINS;
    }
}
