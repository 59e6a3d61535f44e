package io.logits.objective;

import io.logits.data.ColumnMatrix;
import io.logits.data.CsrMatrix;
import io.logits.kernels.Workers;
import io.logits.loss.Loss;
import java.util.Arrays;

/**
 * What all rows have is kept, n x K numbers, and summed column by column: products of the transposed matrix, of which this holds
 * a copy.
 */
final class ColumnSums extends FeatureSums {
    /** Sums that one thread makes at a time: 128 KB. */
    private static final int SUMS = 1 << 14;

    private final CsrMatrix transposed;
    private final Workers workers;
    private final double[] kept;
    private final double[][] ofIntercepts;

    ColumnSums(CsrMatrix x, RowPasses passes, CoefLayout layout, double totalWeight, Workers workers) {
        super(passes, layout, totalWeight);
        this.workers = workers;
        transposed = x.transposed();
        kept = new double[x.rows() * layout.stride()];
        ofIntercepts = new double[passes.blocks()][layout.stride()];
    }

    @Override
    void sum(Tile tile, double[] out) {
        keep(tile);
        forEachRange((from, to, part) -> transposed.multiplyAdd(from, to, kept, layout.logits(), part), out);
    }

    @Override
    void sumSquares(Tile tile, double[] out) {
        keep(tile);
        int stride = layout.stride();
        forEachRange(
                (from, to, part) -> transposed.forEach(from, to, (j, i, value) -> {
                    double square = value * value;
                    int at = (j - from) * stride;
                    for (int k = 0; k < layout.logits(); k++) {
                        part[at + k] = Math.fma(square, kept[i * stride + k], part[at + k]);
                    }
                }),
                out);
    }

    @Override
    void sumByClass(Loss loss, double[] sums, double[] ofFirst) {
        passes.pass(block -> {
            Arrays.fill(ofIntercepts[block], 0);
            passes.forEachTile(block, (from, to, r, perRow) -> {
                for (int i = from; i < to && layout.intercept(); i++) {
                    ofIntercepts[block][loss.label(i)] += passes.weight(i);
                }
            });
        });
        int stride = layout.stride();
        forEachRange(
                (from, to, part) -> transposed.forEach(from, to, (j, i, value) -> {
                    int at = (j - from) * stride + loss.label(i);
                    part[at] = Math.fma(passes.weight(i), value, part[at]);
                }),
                sums);
    }

    @Override
    ColumnMatrix columns() {
        return ColumnMatrix.ofTransposed(transposed);
    }

    /** Keeps what the rows have, by their weights, and sums it for the intercepts. */
    private void keep(Tile tile) {
        int stride = layout.stride();
        passes.pass(block -> {
            Arrays.fill(ofIntercepts[block], 0);
            passes.forEachTile(block, (from, to, r, perRow) -> {
                tile.write(block, from, to, r, perRow);
                passes.weighInPlace(from, to, r);
                passes.addToIntercepts(from, to, r, 0, ofIntercepts[block]);
                System.arraycopy(r, 0, kept, from * stride, (to - from) * stride);
            });
        });
    }

    /** Adds up some columns, {@code from <= j < to}. */
    @FunctionalInterface
    private interface Columns {
        /** Adds them to {@code part}, {@code stride} numbers a column, which are 0 before. */
        void add(int from, int to, double[] part);
    }

    private void forEachRange(Columns columns, double[] out) {
        int stride = layout.stride();
        double scale = 1 / totalWeight;
        workers.runRanges(layout.features(), Math.max(1, SUMS / stride), (from, to) -> {
            double[] part = new double[(to - from) * stride];
            columns.add(from, to, part);
            for (int c = 0; c < part.length; c++) {
                out[from * stride + c] = scale * part[c];
            }
        });
        for (int k = 0; k < stride && layout.intercept(); k++) {
            double sum = 0;
            for (double[] ofBlock : ofIntercepts) {
                sum += ofBlock[k];
            }
            out[layout.interceptStart() + k] = scale * sum;
        }
        leaveOutReference(out);
    }
}
