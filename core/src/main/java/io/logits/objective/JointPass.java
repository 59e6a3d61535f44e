package io.logits.objective;

import io.logits.data.DenseRows;
import io.logits.data.Matrix;
import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;
import io.logits.kernels.Workers;
import io.logits.loss.Loss;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

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

    /** What a block of rows adds to all points, the gradients laid out as those of as many logits; and room for a tile. */
    private static final class Sums {
        final double[] gradient;
        final LossAccumulator[] loss;
        final RowMoments[] moments;
        final double[] own;
        final double[] shares;
        final double[] columns;
        final double[] margins;
        /** From one row's residuals to the next row's. */
        final int stride;
        /** Asked for by nobody: without it the compiler would drop what {@link DenseRows#readAhead} reads. */
        double read;

        Sums(int size, int points, int stride, int tileRows, int width) {
            this.stride = stride;
            gradient = new double[size];
            loss = new LossAccumulator[points];
            moments = new RowMoments[points];
            for (int k = 0; k < points; k++) {
                loss[k] = new LossAccumulator(0);
                moments[k] = new RowMoments();
            }
            own = new double[tileRows];
            shares = new double[tileRows];
            columns = new double[tileRows * width];
            margins = new double[tileRows * points];
        }

        void merge(Sums following) {
            for (int c = 0; c < gradient.length; c++) {
                gradient[c] += following.gradient[c];
            }
            for (int k = 0; k < loss.length; k++) {
                loss[k].merge(following.loss[k]);
                moments[k].merge(following.moments[k]);
            }
        }
    }

    /** Margins of a tile: that of row i and point k is {@code of[i*rowStep + k*pointStep]}. */
    private record Margins(double[] of, int rowStep, int pointStep) {}

    /** Evaluates points, which lie as those of one logit do. */
    Evaluated[] evaluate(double[][] points) {
        CoefLayout layout = CoefLayout.of(x, points.length, intercept, false);
        RowPasses passes = new RowPasses(x, weights, new double[0], layout, workers, false, layout.size());
        double[] w = new double[layout.size()];
        for (int k = 0; k < points.length; k++) {
            for (int j = 0; j < layout.rows(); j++) {
                w[layout.index(j, k)] = points[k][j];
            }
        }
        Narrow narrow = narrow(points);
        Sums[] sums = new Sums[passes.blocks()];
        passes.pass(b -> {
            int width = narrow == null ? 0 : narrow.width();
            Sums block = new Sums(layout.size(), points.length, layout.stride(), passes.tileRows(), width);
            passes.forEachTile(b, (from, to, z, losses) -> {
                if (x instanceof DenseRows dense) {
                    block.read += dense.readAhead(from, to);
                }
                if (narrow == null) {
                    passes.margins(w, from, to, z);
                    addRows(from, to, new Margins(z, layout.stride(), 1), z, losses, block);
                } else {
                    narrow.margins(from, to, passes.tileRows(), block);
                    addRows(from, to, new Margins(block.margins, 1, passes.tileRows()), z, losses, block);
                }
                passes.addTransposed(from, to, z, block.gradient);
            });
            sums[b] = block;
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

    /** Margins where the coefficients of most features are 0 in all points, from the columns of the others. */
    private final class Narrow {
        private final DenseRows rows;
        private final double[][] points;
        private final int[] support;
        /** The coefficients of the support, those of one feature side by side. */
        private final double[] w;

        Narrow(DenseRows rows, int[] support, double[][] points) {
            this.rows = rows;
            this.points = points;
            this.support = support;
            w = new double[points.length * support.length];
            for (int c = 0; c < support.length; c++) {
                for (int k = 0; k < points.length; k++) {
                    w[c * points.length + k] = points[k][support[c]];
                }
            }
        }

        int width() {
            return support.length;
        }

        /**
         * Writes the margins of a tile by sums of columns, those of a point one after the other, {@code stride} numbers, of which those
         * beyond {@code to - from} say nothing.
         */
        void margins(int from, int to, int stride, Sums room) {
            for (int k = 0; k < points.length; k++) {
                Arrays.fill(room.margins, k * stride, (k + 1) * stride, intercept ? points[k][x.cols()] : 0);
            }
            rows.gather(from, to, support, stride, room.columns);
            kernels.transposeMultiplyAdd(room.columns, 0, support.length, stride, w, 0, points.length, room.margins);
        }
    }

    private @Nullable Narrow narrow(double[][] points) {
        int[] support = IntStream.range(0, x.cols())
                .filter(j -> Arrays.stream(points).anyMatch(point -> point[j] != 0))
                .toArray();
        return x instanceof DenseRows rows && NARROW * support.length < x.cols()
                ? new Narrow(rows, support, points)
                : null;
    }

    /**
     * Adds what a tile says but for the gradients.
     *
     * @param residuals written, one of each point side by side; may be the margins
     */
    private void addRows(int from, int to, Margins margins, double[] residuals, double[] losses, Sums sums) {
        int points = sums.loss.length;
        double[] own = sums.own;
        for (int i = 0; i < to - from; i++) {
            sums.shares[i] = weight(from + i) / totalWeight;
        }
        for (int k = 0; k < points; k++) {
            for (int i = 0; i < to - from; i++) {
                own[i] = margins.of[i * margins.rowStep + k * margins.pointStep]
                        + (offset.length == 0 ? 0 : offset[from + i]);
            }
            loss.evaluateInPlace(own, 1, from, to - from, losses);
            for (int i = 0; i < to - from; i++) {
                sums.loss[k].addLoss(weight(from + i) * losses[i]);
                residuals[i * sums.stride + k] = own[i];
            }
            sums.moments[k].add(to - from, own, losses, sums.shares);
        }
    }

    private double weight(int row) {
        return weights.length == 0 ? 1 : weights[row];
    }
}
