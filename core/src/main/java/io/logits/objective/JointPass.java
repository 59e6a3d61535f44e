package io.logits.objective;

import io.logits.data.Matrix;
import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;
import io.logits.kernels.Workers;
import io.logits.loss.Loss;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Evaluations of the mean loss of one logit at several points in one pass over the rows: products are those of as many
 * logits, so that a row that comes from memory serves all points.
 */
final class JointPass {
    /** Margins are made of copied columns where so many times as many have coefficients of 0. */
    private static final int NARROW = 4;

    private final MatrixKernels kernels = Kernels.best().matrices();
    private final Matrix x;
    private final Loss loss;
    private final double[] weights;
    private final double[] offset;
    private final double totalWeight;
    private final boolean intercept;
    private final Workers workers;

    /** A pass over the rows of {@code x}; weights and offset as {@link LinearObjective} has them. */
    JointPass(Matrix x, Loss loss, double[] weights, double[] offset, boolean intercept, Workers workers) {
        this.x = x;
        this.loss = loss;
        this.weights = weights;
        this.offset = offset;
        this.intercept = intercept;
        this.workers = workers;
        totalWeight = weights.length == 0 ? x.rows() : Arrays.stream(weights).sum();
    }

    /** What the rows say of a point: the mean loss, its derivatives, and the rows' moments. */
    record Evaluated(double loss, double[] gradient, RowMoments moments) {}

    /** What a block of rows adds to all points, the gradients laid out as those of as many logits. */
    private static final class Sums {
        final double[] gradient;
        final LossAccumulator[] loss;
        final RowMoments[] moments;

        Sums(int size, int points) {
            gradient = new double[size];
            loss = new LossAccumulator[points];
            moments = new RowMoments[points];
            for (int k = 0; k < points; k++) {
                loss[k] = new LossAccumulator(0, 0);
                moments[k] = new RowMoments();
            }
        }

        void merge(Sums following) {
            for (int c = 0; c < gradient.length; c++) {
                gradient[c] += following.gradient[c];
            }
            for (int k = 0; k < loss.length; k++) {
                loss[k].mergeScalars(following.loss[k]);
                moments[k].merge(following.moments[k]);
            }
        }
    }

    /** Evaluates points, which lie as those of one logit do. */
    Evaluated[] evaluate(double[][] points) {
        CoefLayout layout = CoefLayout.of(x, points.length, intercept, false);
        RowPasses passes = new RowPasses(x, weights, new double[0], layout, workers, false);
        double[] w = new double[layout.size()];
        for (int k = 0; k < points.length; k++) {
            for (int j = 0; j < layout.rows(); j++) {
                w[layout.index(j, k)] = points[k][j];
            }
        }
        int[] support = IntStream.range(0, layout.features())
                .filter(j -> Arrays.stream(points).anyMatch(point -> point[j] != 0))
                .toArray();
        Sums[] sums = new Sums[passes.blocks()];
        passes.pass(b -> {
            sums[b] = new Sums(layout.size(), points.length);
            passes.forEachTile(b, (from, to, z, losses) -> {
                if (NARROW * support.length < layout.features()) {
                    narrowMargins(points, support, from, to, z);
                } else {
                    passes.margins(w, from, to, z);
                }
                rows(from, to, z, losses, sums[b]);
                passes.addTransposed(from, to, z, sums[b].gradient);
            });
        });
        for (int b = 1; b < sums.length; b++) {
            sums[0].merge(sums[b]);
        }
        Evaluated[] evaluated = new Evaluated[points.length];
        for (int k = 0; k < points.length; k++) {
            double[] gradient = new double[points[k].length];
            for (int j = 0; j < gradient.length; j++) {
                gradient[j] = sums[0].gradient[layout.index(j, k)] / totalWeight;
            }
            evaluated[k] = new Evaluated(sums[0].loss[k].loss() / totalWeight, gradient, sums[0].moments[k]);
        }
        return evaluated;
    }

    /** The margins of a tile where the coefficients of most features are 0 in all points, from the columns of the others. */
    private void narrowMargins(double[][] points, int[] support, int from, int to, double[] z) {
        int width = support.length;
        double[] w = new double[points.length * width];
        for (int k = 0; k < points.length; k++) {
            for (int c = 0; c < width; c++) {
                w[k * width + c] = points[k][support[c]];
            }
            for (int i = 0; i < to - from; i++) {
                z[i * points.length + k] = intercept ? points[k][x.cols()] : 0;
            }
        }
        double[] columns = new double[(to - from) * width];
        x.gather(from, to, support, columns);
        kernels.multiplyAdd(columns, 0, to - from, width, w, points.length, z, 0);
    }

    /** Adds what a tile says but for the gradients; its margins, one of each point side by side, become residuals. */
    private void rows(int from, int to, double[] z, double[] losses, Sums sums) {
        int points = sums.loss.length;
        double[] own = new double[to - from];
        double[] shares = new double[to - from];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = (weights.length == 0 ? 1 : weights[from + i]) / totalWeight;
        }
        for (int k = 0; k < points; k++) {
            for (int i = 0; i < own.length; i++) {
                own[i] = z[i * points + k] + (offset.length == 0 ? 0 : offset[from + i]);
            }
            loss.evaluateInPlace(own, 1, from, own.length, losses);
            for (int i = 0; i < own.length; i++) {
                sums.loss[k].addLoss((weights.length == 0 ? 1 : weights[from + i]) * losses[i]);
                z[i * points + k] = own[i];
            }
            sums.moments[k].add(own.length, own, losses, shares);
        }
    }
}
