package io.logits.objective;

import io.logits.data.ColumnMatrix;
import io.logits.data.CsrMatrix;
import io.logits.data.Matrix;
import io.logits.kernels.Workers;
import io.logits.loss.Loss;

/**
 * Sums over all rows of features times what each row has by logits: derivatives, where that is residuals. A pass goes tile by
 * tile, and how sums are made of that depends on the data alone, never on the number of threads.
 */
abstract sealed class FeatureSums permits BlockSums, ColumnSums {
    /** Coefficients up to this number, 8 MB, are at hand, whatever cache they are in. */
    private static final int CACHED = 1 << 20;

    final RowPasses passes;
    final CoefLayout layout;
    final double totalWeight;

    FeatureSums(RowPasses passes, CoefLayout layout, double totalWeight) {
        this.passes = passes;
        this.layout = layout;
        this.totalWeight = totalWeight;
    }

    /** Sums that suit a matrix. */
    static FeatureSums of(Matrix x, RowPasses passes, CoefLayout layout, double totalWeight, Workers workers) {
        return goByColumns(x, layout)
                ? new ColumnSums((CsrMatrix) x, passes, layout, totalWeight, workers)
                : new BlockSums(x, passes, layout, totalWeight, workers);
    }

    /** How many numbers a block of rows sums. */
    static int size(Matrix x, CoefLayout layout) {
        return goByColumns(x, layout) ? layout.stride() : layout.size();
    }

    /**
     * Whether sums go by columns: where coefficients are more than a cache holds, a sum that is at hand while it grows costs half
     * as much as one of many in memory. Of sparse rows with several logits, as long as what these have is no more than two
     * blocks' sums would be.
     */
    private static boolean goByColumns(Matrix x, CoefLayout layout) {
        long ofRows = (long) x.rows() * layout.stride();
        return x instanceof CsrMatrix
                && layout.logits() > 1
                && layout.size() > CACHED
                && ofRows <= 2L * layout.size()
                && Math.max(ofRows, x.storedEntries(x.rows())) <= Integer.MAX_VALUE - 8;
    }

    /** What the rows of a tile have. */
    @FunctionalInterface
    interface Tile {
        /** Writes it to {@code r}, {@code stride} numbers a row; {@code perRow} is room for one of each. */
        void write(int block, int from, int to, double[] r, double[] perRow);
    }

    /** {@code out = sum_i s_i r_i (x_i,1)' / S}: a pass. */
    abstract void sum(Tile tile, double[] out);

    /** {@code out = sum_i s_i r_i ((x_i,1)^2)' / S} of sparse rows: a pass. */
    abstract void sumSquares(Tile tile, double[] out);

    /**
     * {@code sums = sum_i s_i [y_i = k] (x_i,1) / S} of each logit k, in float64: a pass.
     *
     * @param ofFirst receives those of the first class where two have one logit; else empty, as by columns always
     */
    abstract void sumByClass(Loss loss, double[] sums, double[] ofFirst);

    /** {@link #sum} and {@link #sumByClass}, of one pass where rows are at hand for both, as dense ones are. */
    void sum(Tile tile, double[] out, Loss loss, double[] sums, double[] ofFirst) {
        sum(tile, out);
        sumByClass(loss, sums, ofFirst);
    }

    /** The columns of the matrix, a copy where there is none yet. */
    abstract ColumnMatrix columns();

    /** The reference class has no derivatives. */
    final void leaveOutReference(double[] out) {
        for (int j = 0; j < layout.rows() && layout.reference(); j++) {
            out[layout.index(j, 0)] = 0;
        }
    }
}
