package io.logits.metrics;

import io.logits.data.Dataset;
import io.logits.model.Model;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** What each labelled row contributes to the measures of a model: some 40 bytes a row. */
public final class RowMeasures {
    private final int[] truth;
    private final int[] decided;
    private final int[] rank;
    private final double[] logLoss;
    private final double[] brier;
    private final double[] confidence;
    private final double @Nullable [] weights;

    private RowMeasures(BlockPass pass, double @Nullable [] weights) {
        int n = pass.rows();
        truth = pass.truth();
        decided = new int[n];
        rank = new int[n];
        logLoss = new double[n];
        brier = new double[n];
        confidence = new double[n];
        this.weights = weights;
    }

    /**
     * Scores the rows. An offset is added to the logits.
     *
     * @param threads how many threads compute, at least 1; the result does not depend on it
     * @throws IllegalArgumentException if the data has other features than the model, or a class it does not know
     */
    public static RowMeasures of(Model model, Dataset data, int threads) {
        BlockPass pass = new BlockPass(model, data);
        RowMeasures rows = new RowMeasures(pass, data.weights());
        pass.run(threads, block -> rows.take(pass, block));
        return rows;
    }

    private void take(BlockPass pass, BlockPass.Block block) {
        for (int i = 0; i < block.decided().length; i++) {
            int row = block.from() + i;
            int at = i * pass.classes();
            decided[row] = block.decided()[i];
            confidence[row] = block.p()[at + decided[row]];
            if (truth[row] >= 0) {
                logLoss[row] = block.losses()[i];
                brier[row] = pass.brier(block.p(), at, truth[row]);
                rank[row] = pass.rank(block.logP(), at, truth[row]);
            }
        }
    }

    /** The number of rows. */
    public int rows() {
        return truth.length;
    }

    /** The weight of a row. */
    public double weight(int row) {
        return weights == null ? 1 : weights[row];
    }

    /** The index of a row's class; -1 where its weight is 0. */
    public int truth(int row) {
        return truth[row];
    }

    /** The index of the class decided for a row. */
    public int decided(int row) {
        return decided[row];
    }

    /** How many classes come before the true one by their probability; 0 where the decision is right. */
    public int rank(int row) {
        return rank[row];
    }

    /** {@code -log p(true class)}; 0 where the weight is 0. */
    public double logLoss(int row) {
        return logLoss[row];
    }

    /** The row's part of the Brier score; 0 where the weight is 0. */
    public double brier(int row) {
        return brier[row];
    }

    /** The probability of the decided class. */
    public double confidence(int row) {
        return confidence[row];
    }

    /**
     * The rows on which the model was most wrong, by their log loss, the worst first; of equal ones the earlier.
     *
     * @param most how many at most
     */
    public int[] worst(int most) {
        Comparator<Integer> leastFirst =
                Comparator.<Integer>comparingDouble(row -> logLoss[row]).thenComparing(Comparator.reverseOrder());
        PriorityQueue<Integer> kept = new PriorityQueue<>(leastFirst);
        for (int row = 0; row < truth.length; row++) {
            if (truth[row] >= 0 && decided[row] != truth[row]) {
                kept.add(row);
                if (kept.size() > most) {
                    kept.remove();
                }
            }
        }
        return kept.stream()
                .sorted(leastFirst.reversed())
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** The classes of all rows; the array itself, not to be changed. */
    int[] truths() {
        return truth;
    }
}
