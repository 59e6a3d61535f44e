package io.logits.metrics;

import io.logits.data.Dataset;
import io.logits.model.Model;

/**
 * Log loss and accuracy of a model on labelled rows, in one pass: the same numbers as those of an {@link Evaluation}, which
 * sorts the rows and bins them too.
 *
 * @param logLoss the mean of {@code -log p(true class)} by the rows' weights
 * @param accuracy the share of rows, by weight, whose most probable class is the true one
 */
public record Score(double logLoss, double accuracy) {
    /**
     * Scores a model. Rows of weight 0 count for nothing; an offset is added to the logits.
     *
     * @param threads how many threads compute, at least 1; the result does not depend on it
     * @throws IllegalArgumentException if the data has other features than the model, or a class it does not know
     */
    public static Score of(Model model, Dataset data, int threads) {
        BlockPass pass = new BlockPass(model, data);
        Sums[] ofBlock = new Sums[pass.blocks()];
        pass.run(threads, block -> ofBlock[block.number()] = new Sums().add(pass, block));
        Sums all = new Sums();
        for (Sums sums : ofBlock) {
            all.merge(sums);
        }
        return all.score();
    }

    /** Sums over the rows of a block. */
    static final class Sums {
        private double weight;
        private double logLoss;
        private double right;

        Sums add(BlockPass pass, BlockPass.Block block) {
            int[] decided = block.decided();
            double[] losses = block.losses();
            int[] truth = pass.truth();
            int from = block.from();
            double all = 0;
            double lost = 0;
            double decidedRight = 0;
            for (int i = 0; i < decided.length; i++) {
                int label = truth[from + i];
                if (label >= 0) {
                    double own = pass.weight(from + i);
                    all += own;
                    lost += own * losses[i];
                    decidedRight += decided[i] == label ? own : 0;
                }
            }
            weight += all;
            logLoss += lost;
            right += decidedRight;
            return this;
        }

        void merge(Sums following) {
            weight += following.weight;
            logLoss += following.logLoss;
            right += following.right;
        }

        double weight() {
            return weight;
        }

        Score score() {
            return new Score(logLoss / weight, right / weight);
        }
    }
}
