package io.logits.objective;

import java.util.Arrays;

/**
 * Sums of one block of rows: loss and curvature. Blocks are merged in the order of their rows, so that the sums do not
 * depend on which thread, or machine, did which block.
 */
final class LossAccumulator {
    /** Weighted sum of each logit's own second derivative. */
    final double[] curvature;

    private double sum;
    /** What was lost of {@code sum} in rounding (Neumaier 1974). */
    private double lost;

    LossAccumulator(int stride) {
        curvature = new double[stride];
    }

    void reset() {
        Arrays.fill(curvature, 0);
        sum = 0;
        lost = 0;
    }

    /** Adds weighted losses of rows in order. */
    void addLoss(double value) {
        double next = sum + value;
        lost += Math.abs(sum) >= Math.abs(value) ? (sum - next) + value : (value - next) + sum;
        sum = next;
    }

    /** Adds those of the block that follows. */
    void merge(LossAccumulator following) {
        addLoss(following.sum);
        lost += following.lost;
        for (int k = 0; k < curvature.length; k++) {
            curvature[k] += following.curvature[k];
        }
    }

    double loss() {
        return sum + lost;
    }
}
