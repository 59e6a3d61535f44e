package io.logits.objective;

import io.logits.data.Matrix;
import io.logits.kernels.Workers;
import io.logits.loss.Loss;

/**
 * Second derivatives of the summed loss by all free coordinates. The block of logits k and l is
 * {@code sum_i s_i c_i(k,l) (x_i,1)(x_i,1)'}, symmetric in itself, so that for each pair {@code l <= k} a lower triangle is
 * summed.
 */
final class HessianSum {
    private static final int TILE_ROWS = 64;

    private final Matrix x;
    private final Loss loss;
    private final double[] weights;
    private final CoefLayout layout;
    private final Workers workers;
    private final int order;
    private final int pairs;

    HessianSum(Matrix x, Loss loss, double[] weights, CoefLayout layout, Workers workers) {
        this.x = x;
        this.loss = loss;
        this.weights = weights;
        this.layout = layout;
        this.workers = workers;
        order = layout.rows();
        pairs = layout.freeLogits() * (layout.freeLogits() + 1) / 2;
    }

    /** What one block of rows sums: for each pair a triangle of {@code order x order}, and the border of the intercept. */
    private record Sums(double[][] gram, double[][] border, double[] corner) {}

    /** Fills the lower triangle of {@code h}, logit by logit, from the rows' curvature {@code state}. */
    void compute(double[] state, double[] h) {
        RowBlocks blocks = RowBlocks.of(x, (long) pairs * (x.cols() / 2 + 1), (long) pairs * order * order);
        Sums[] sums = new Sums[blocks.count()];
        workers.run(blocks.count(), b -> {
            Sums own = new Sums(new double[pairs][order * order], new double[pairs][order], new double[pairs]);
            sums[b] = own;
            double[] d = new double[TILE_ROWS];
            for (int from = blocks.start(b); from < blocks.end(b); from += TILE_ROWS) {
                addTile(from, Math.min(from + TILE_ROWS, blocks.end(b)), state, d, own);
            }
        });
        int pair = 0;
        for (int k = 0; k < layout.freeLogits(); k++) {
            for (int l = 0; l <= k; l++) {
                place(sums, pair++, k, l, h);
            }
        }
    }

    private void addTile(int from, int to, double[] state, double[] d, Sums own) {
        int stride = layout.stride();
        int first = layout.firstFree();
        int pair = 0;
        for (int k = 0; k < layout.freeLogits(); k++) {
            for (int l = 0; l <= k; l++) {
                loss.curvature(state, from * stride, stride, to - from, first + k, first + l, d);
                for (int i = 0; i < to - from; i++) {
                    d[i] *= weights.length == 0 ? 1 : weights[from + i];
                    own.corner[pair] += d[i];
                }
                x.gramAdd(from, to, d, own.gram[pair], 0, order);
                if (layout.intercept()) {
                    x.transposeMultiplyAdd(from, to, d, 1, own.border[pair]);
                }
                pair++;
            }
        }
    }

    /** Adds up the blocks of rows in order, and writes both triangles of the pair's block, whose own rows are symmetric. */
    private void place(Sums[] sums, int pair, int k, int l, double[] h) {
        int p = layout.features();
        int size = order * layout.freeLogits();
        workers.run(order, a -> {
            for (int c = 0; c <= a; c++) {
                double sum = 0;
                for (Sums part : sums) {
                    sum += a < p ? part.gram[pair][a * order + c] : c < p ? part.border[pair][c] : part.corner[pair];
                }
                h[(k * order + a) * size + l * order + c] = sum;
                if (l < k) {
                    h[(k * order + c) * size + l * order + a] = sum;
                }
            }
        });
    }
}
