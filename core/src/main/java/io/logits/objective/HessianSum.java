package io.logits.objective;

import io.logits.data.Matrix;
import io.logits.kernels.Workers;
import java.util.Arrays;

/**
 * Sums over rows of products by all free coordinates, such as second derivatives of the summed loss. The block of logits k
 * and l is {@code sum_i c_i(k,l) (x_i,1)(x_i,1)'}, symmetric in itself, so that for each pair {@code l <= k} a lower
 * triangle is summed.
 */
public final class HessianSum {
    private final Matrix x;
    private final CoefLayout layout;
    private final Workers workers;
    private final int order;
    private final int pairs;

    /** Sums of the rows of {@code x}, a coordinate for each that is free in {@code layout}. */
    public HessianSum(Matrix x, CoefLayout layout, Workers workers) {
        this.x = x;
        this.layout = layout;
        this.workers = workers;
        order = layout.rows();
        pairs = layout.freeLogits() * (layout.freeLogits() + 1) / 2;
    }

    /** The factor of a row's products, for each pair of logits. */
    @FunctionalInterface
    public interface PairFactors {
        /**
         * {@code out[i-from] = c_i(k,l)} for rows {@code from <= i < to}; any thread may ask.
         *
         * @param k a logit, {@code firstFree() <= l <= k < logits()}
         */
        void fill(int from, int to, int k, int l, double[] out);
    }

    /** What one block of rows sums: for each pair a triangle of {@code order x order}, and the border of the intercept. */
    private record Sums(double[][] gram, double[][] border, double[] corner) {}

    /** Fills the lower triangle of the row-major {@code h}, logit by logit, each its features and then its intercept. */
    public void compute(PairFactors factors, double[] h) {
        compute(factors, 1, h);
    }

    /**
     * The same for a sample of the rows, spread over all of them.
     *
     * @param every of so many tiles of 64 rows one is taken
     * @return how many rows were summed
     */
    int compute(PairFactors factors, int every, double[] h) {
        RowBlocks blocks = RowBlocks.of(x, (long) pairs * (x.cols() / 2 + 1), (long) pairs * order * order);
        Sums[] sums = new Sums[blocks.count()];
        int[] rows = new int[blocks.count()];
        workers.run(blocks.count(), b -> {
            Sums own = new Sums(new double[pairs][order * order], new double[pairs][order], new double[pairs]);
            sums[b] = own;
            double[] d = new double[Matrix.TILE_ROWS];
            for (int from = blocks.start(b); from < blocks.end(b); from += Matrix.TILE_ROWS * every) {
                int to = Math.min(from + Matrix.TILE_ROWS, blocks.end(b));
                addTile(from, to, factors, d, own);
                rows[b] += to - from;
            }
        });
        int pair = 0;
        for (int k = 0; k < layout.freeLogits(); k++) {
            for (int l = 0; l <= k; l++) {
                place(sums, pair++, k, l, h);
            }
        }
        return Arrays.stream(rows).sum();
    }

    /** The rows of one in {@code every} tiles of 64. */
    static int[] sampleOf(int rows, int every) {
        int step = Matrix.TILE_ROWS * every;
        int[] sample = new int
                [Math.toIntExact(rows / step * (long) Matrix.TILE_ROWS + Math.min(Matrix.TILE_ROWS, rows % step))];
        for (int i = 0; i < sample.length; i++) {
            sample[i] = i / Matrix.TILE_ROWS * step + i % Matrix.TILE_ROWS;
        }
        return sample;
    }

    private void addTile(int from, int to, PairFactors factors, double[] d, Sums own) {
        int first = layout.firstFree();
        int pair = 0;
        for (int k = 0; k < layout.freeLogits(); k++) {
            for (int l = 0; l <= k; l++) {
                factors.fill(from, to, first + k, first + l, d);
                for (int i = 0; i < to - from; i++) {
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
        int size = order * layout.freeLogits();
        workers.run(order, a -> {
            double[] row = new double[a + 1];
            for (Sums part : sums) {
                addRow(part, pair, a, row);
            }
            System.arraycopy(row, 0, h, (k * order + a) * size + l * order, a + 1);
            for (int c = 0; c <= a && l < k; c++) {
                h[(k * order + c) * size + l * order + a] = row[c];
            }
        });
    }

    /** Adds row a of a block's lower triangle. */
    private void addRow(Sums part, int pair, int a, double[] row) {
        boolean border = a == layout.features();
        double[] from = border ? part.border[pair] : part.gram[pair];
        int at = border ? 0 : a * order;
        int end = border ? a : a + 1;
        for (int c = 0; c < end; c++) {
            row[c] += from[at + c];
        }
        if (border) {
            row[a] += part.corner[pair];
        }
    }
}
