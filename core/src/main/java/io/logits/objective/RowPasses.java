package io.logits.objective;

import io.logits.data.CsrMatrix;
import io.logits.data.Matrix;
import io.logits.kernels.Workers;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Passes over the rows of a matrix, tile by tile: margins of a tile, and what its residuals add to a gradient while it is in
 * the cache. Until {@link #setRough} products may be in float32 where the data is.
 */
final class RowPasses {
    /** The entries and logits of a tile should stay in the second-level cache between its two products. */
    private static final int TILE_ENTRIES = 1 << 15;

    private static final int MOST_TILE_ROWS = 256;

    private final Matrix x;
    private final double[] weights;
    private final double[] offset;
    private final CoefLayout layout;
    private final Workers workers;
    private final int stride;
    private final int tileRows;
    private final RowBlocks blocks;
    /** Whether products are in float32; coefficients are rounded to {@code narrow} for them. */
    private boolean rough;

    private final float[] narrow;
    private int count;

    /**
     * Passes.
     *
     * @param weights one per row, or empty for 1 each
     * @param offset {@code logits} per row, or empty for none
     * @param rough whether products may be in float32 at first
     * @param summed how many numbers a block of rows sums
     */
    RowPasses(
            Matrix x,
            double[] weights,
            double[] offset,
            CoefLayout layout,
            Workers workers,
            boolean rough,
            int summed) {
        this.x = x;
        this.weights = weights;
        this.offset = offset;
        this.layout = layout;
        this.workers = workers;
        this.rough = rough;
        stride = layout.stride();
        double entriesPerRow = Math.max(1, x.storedEntries(x.rows()) / (double) Math.max(1, x.rows()));
        // Whole vectors, for products that have the rows of a tile along them.
        tileRows = (int) Math.max(8, Math.min(MOST_TILE_ROWS, TILE_ENTRIES / (entriesPerRow + stride))) / 8 * 8;
        blocks = RowBlocks.of(x, 2L * stride, summed);
        narrow = new float[rough ? layout.interceptStart() : 0];
    }

    /** How many there have been. */
    int count() {
        return count;
    }

    /** How many blocks of rows there are. */
    int blocks() {
        return blocks.count();
    }

    /** How many rows a tile has at most. */
    int tileRows() {
        return tileRows;
    }

    boolean isRough() {
        return rough;
    }

    void setRough(boolean inFloat) {
        rough = inFloat;
    }

    /** Makes a vector the one whose margins are asked for next. */
    void narrow(double[] w) {
        for (int c = 0; c < narrow.length; c++) {
            narrow[c] = (float) w[c];
        }
    }

    /** One tile of rows of a block. */
    @FunctionalInterface
    interface TileTask {
        void accept(int from, int to, double[] z, double[] perRow);
    }

    /** One pass: visits all blocks of rows, on all threads. */
    void pass(IntConsumer block) {
        count++;
        workers.run(blocks.count(), block);
    }

    /** Visits the tiles of a block in order, with room for logits and for a number of each row. */
    void forEachTile(int block, TileTask task) {
        int rows = Math.min(tileRows, blocks.end(block) - blocks.start(block));
        double[] z = new double[rows * stride];
        double[] perRow = new double[rows];
        for (int from = blocks.start(block); from < blocks.end(block); from += tileRows) {
            task.accept(from, Math.min(from + tileRows, blocks.end(block)), z, perRow);
        }
    }

    /** {@code z = W x + b} for the rows of a tile; {@link #narrow} must hold {@code w} if it is used. */
    void margins(double[] w, int from, int to, double[] z) {
        int size = (to - from) * stride;
        if (layout.intercept()) {
            System.arraycopy(w, layout.interceptStart(), z, 0, stride);
            for (int done = stride; done < size; done *= 2) {
                System.arraycopy(z, 0, z, done, Math.min(done, size - done));
            }
        } else {
            Arrays.fill(z, 0, size, 0);
        }
        if (rough) {
            float[] product = new float[size];
            x.multiplyAdd(from, to, narrow, layout.logits(), product);
            for (int c = 0; c < product.length; c++) {
                z[c] += product[c];
            }
        } else {
            x.multiplyAdd(from, to, w, layout.logits(), z);
        }
    }

    /** Adds the rows' offsets to the margins of a tile. */
    void addOffset(int from, int to, double[] z) {
        if (offset.length == 0) {
            return;
        }
        int logits = layout.logits();
        for (int i = 0; i < to - from; i++) {
            for (int k = 0; k < logits; k++) {
                z[i * stride + k] += offset[(from + i) * logits + k];
            }
        }
    }

    /** The weight of a row. */
    double weight(int row) {
        return weights.length == 0 ? 1 : weights[row];
    }

    /** Adds {@code sum_i s_i r_i x_i'} of a tile; scales the residuals {@code r} by the weights in place. */
    void addTransposed(int from, int to, double[] r, double[] gradient) {
        weighInPlace(from, to, r);
        if (rough) {
            float[] rounded = new float[(to - from) * stride];
            for (int c = 0; c < rounded.length; c++) {
                rounded[c] = (float) r[c];
            }
            x.transposeMultiplyAdd(from, to, rounded, layout.logits(), gradient);
        } else {
            x.transposeMultiplyAdd(from, to, r, layout.logits(), gradient);
        }
        addToIntercepts(from, to, r, layout.interceptStart(), gradient);
    }

    /** Adds {@code sum_i s_i d_i x_i'^2} of a tile of sparse rows; scales {@code d} by the weights in place. */
    void addSquares(CsrMatrix sparse, int from, int to, double[] d, double[] diagonal) {
        weighInPlace(from, to, d);
        sparse.squaresAdd(from, to, d, layout.logits(), diagonal);
        addToIntercepts(from, to, d, layout.interceptStart(), diagonal);
    }

    /** Scales what rows have by their weights. */
    void weighInPlace(int from, int to, double[] r) {
        for (int i = 0; i < to - from && weights.length > 0; i++) {
            for (int k = 0; k < stride; k++) {
                r[i * stride + k] *= weights[from + i];
            }
        }
    }

    /** Adds up what rows have, if there are intercepts, from {@code at} on. */
    void addToIntercepts(int from, int to, double[] r, int at, double[] sums) {
        for (int i = 0; i < to - from && layout.intercept(); i++) {
            for (int k = 0; k < stride; k++) {
                sums[at + k] += r[i * stride + k];
            }
        }
    }
}
