package io.logits.objective;

import io.logits.data.ColumnMatrix;
import io.logits.data.CsrMatrix;
import io.logits.data.Matrix;
import io.logits.kernels.Workers;
import io.logits.loss.Loss;
import java.util.Arrays;

/** Each block of rows has sums of its own, which are added in the order of the blocks. */
final class BlockSums extends FeatureSums {
    private final Matrix x;
    private final Coordinates coordinates;
    private final double[][] parts;

    BlockSums(Matrix x, RowPasses passes, CoefLayout layout, double totalWeight, Workers workers) {
        super(passes, layout, totalWeight);
        this.x = x;
        coordinates = new Coordinates(workers, layout.size());
        parts = new double[passes.blocks()][layout.size()];
    }

    @Override
    void sum(Tile tile, double[] out) {
        pass((block, from, to, r, perRow) -> {
            tile.write(block, from, to, r, perRow);
            passes.addTransposed(from, to, r, parts[block]);
        });
        merge(parts, out);
    }

    @Override
    void sumSquares(Tile tile, double[] out) {
        CsrMatrix sparse = (CsrMatrix) x;
        pass((block, from, to, r, perRow) -> {
            tile.write(block, from, to, r, perRow);
            passes.addSquares(sparse, from, to, r, parts[block]);
        });
        merge(parts, out);
    }

    @Override
    void sumByClass(Loss loss, double[] sums, double[] ofFirst) {
        double[][] partsOfFirst = new double[parts.length][ofFirst.length];
        pass((block, from, to, r, perRow) -> addByClass(loss, from, to, perRow, parts[block], partsOfFirst[block]));
        merge(parts, sums);
        merge(partsOfFirst, ofFirst);
    }

    @Override
    void sum(Tile tile, double[] out, Loss loss, double[] sums, double[] ofFirst) {
        if (x instanceof CsrMatrix) {
            // Their features may be so many that sums of one kind at a time are enough.
            super.sum(tile, out, loss, sums, ofFirst);
            return;
        }
        double[][] ofClasses = new double[parts.length][sums.length];
        double[][] partsOfFirst = new double[parts.length][ofFirst.length];
        Tile both = (block, from, to, r, perRow) -> {
            addByClass(loss, from, to, perRow, ofClasses[block], partsOfFirst[block]);
            tile.write(block, from, to, r, perRow);
        };
        sum(both, out);
        merge(ofClasses, sums);
        merge(partsOfFirst, ofFirst);
    }

    @Override
    ColumnMatrix columns() {
        return ColumnMatrix.of(x);
    }

    private void addByClass(Loss loss, int from, int to, double[] share, double[] sums, double[] ofFirst) {
        if (ofFirst.length > 0) {
            addClass(1, loss, from, to, share, sums);
            addClass(0, loss, from, to, share, ofFirst);
            return;
        }
        int[] classOf = new int[to - from];
        for (int i = from; i < to; i++) {
            classOf[i - from] = loss.label(i);
            share[i - from] = passes.weight(i);
            if (layout.intercept()) {
                sums[layout.interceptStart() + classOf[i - from]] += share[i - from];
            }
        }
        x.sumByClassAdd(from, to, classOf, share, layout.logits(), sums);
    }

    /** Adds the rows of one of two classes. */
    private void addClass(int which, Loss loss, int from, int to, double[] share, double[] sums) {
        for (int i = from; i < to; i++) {
            share[i - from] = loss.label(i) == which ? passes.weight(i) : 0;
        }
        x.transposeMultiplyAdd(from, to, share, 1, sums);
        passes.addToIntercepts(from, to, share, layout.interceptStart(), sums);
    }

    private void pass(Tile tile) {
        passes.pass(block -> {
            Arrays.fill(parts[block], 0);
            passes.forEachTile(block, (from, to, r, perRow) -> tile.write(block, from, to, r, perRow));
        });
    }

    private void merge(double[][] sums, double[] out) {
        if (out.length == 0) {
            return;
        }
        double scale = 1 / totalWeight;
        coordinates.forEachRange((from, to) -> {
            System.arraycopy(sums[0], from, out, from, to - from);
            for (int b = 1; b < sums.length; b++) {
                double[] part = sums[b];
                for (int c = from; c < to; c++) {
                    out[c] += part[c];
                }
            }
            for (int c = from; c < to; c++) {
                out[c] *= scale;
            }
        });
        leaveOutReference(out);
    }
}
