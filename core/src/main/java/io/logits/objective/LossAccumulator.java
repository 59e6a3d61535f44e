package io.logits.objective;

import java.util.Arrays;

/**
 * Sums of one block of rows: loss and gradient. Blocks are merged in the order of their rows, so that the sums do not
 * depend on which thread, or machine, did which block.
 */
final class LossAccumulator {
    /** The gradient; empty while its place is taken by the other. */
    double[] gradient = {};

    float[] floatGradient = {};
    /** Weighted sum of each logit's own second derivative. */
    final double[] curvature;

    private final int size;
    private double sum;
    /** What was lost of {@code sum} in rounding (Neumaier 1974). */
    private double lost;

    LossAccumulator(int size, int stride) {
        this.size = size;
        curvature = new double[stride];
    }

    /**
     * Begins anew.
     *
     * @param inFloat whether the gradient is summed in float32
     */
    void reset(boolean inFloat) {
        if (inFloat) {
            gradient = new double[0];
            floatGradient = floatGradient.length == size ? floatGradient : new float[size];
        } else {
            floatGradient = new float[0];
            gradient = gradient.length == size ? gradient : new double[size];
        }
        Arrays.fill(gradient, 0);
        Arrays.fill(floatGradient, 0);
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

    /** Adds to an entry of the gradient. */
    void addToGradient(int entry, double value) {
        if (floatGradient.length > 0) {
            floatGradient[entry] += (float) value;
        } else {
            gradient[entry] += value;
        }
    }

    /** Adds entries {@code from .. to-1} of the gradient. */
    void addGradient(int from, int to, double[] out) {
        if (floatGradient.length > 0) {
            for (int c = from; c < to; c++) {
                out[c] += floatGradient[c];
            }
        } else {
            for (int c = from; c < to; c++) {
                out[c] += gradient[c];
            }
        }
    }

    /** Adds loss and curvature, not the gradient, of the block that follows. */
    void mergeScalars(LossAccumulator following) {
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
