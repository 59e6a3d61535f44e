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
    private final Workers workers;
    private final double[][] parts;

    BlockSums(Matrix x, RowPasses passes, CoefLayout layout, double totalWeight, Workers workers) {
        super(passes, layout, totalWeight);
        this.x = x;
        this.workers = workers;
        parts = new double[passes.blocks()][layout.size()];
    }

    @Override
    void sum(Tile tile, double[] out) {
        pass((block, from, to, r, perRow) -> {
            tile.write(block, from, to, r, perRow);
            passes.addTransposed(from, to, r, parts[block]);
        });
        merge(parts, layout, out);
    }

    @Override
    void sumSquares(Tile tile, double[] out) {
        CsrMatrix sparse = (CsrMatrix) x;
        pass((block, from, to, r, perRow) -> {
            tile.write(block, from, to, r, perRow);
            passes.addSquares(sparse, from, to, r, parts[block]);
        });
        merge(parts, layout, out);
    }

    @Override
    void sumByClass(Loss loss, CoefLayout classes, double[] sums) {
        double[][] ofClasses = new double[parts.length][classes.size()];
        pass((block, from, to, r, perRow) -> addByClass(loss, classes, from, to, perRow, ofClasses[block]));
        merge(ofClasses, classes, sums);
    }

    @Override
    void sum(Tile tile, double[] out, Loss loss, CoefLayout classes, double[] sums) {
        double[][] ofClasses = new double[parts.length][classes.size()];
        Tile both = (block, from, to, r, perRow) -> {
            addByClass(loss, classes, from, to, perRow, ofClasses[block]);
            tile.write(block, from, to, r, perRow);
        };
        sum(both, out);
        merge(ofClasses, classes, sums);
    }

    @Override
    ColumnMatrix columns() {
        return ColumnMatrix.of(x);
    }

    private void addByClass(Loss loss, CoefLayout classes, int from, int to, double[] share, double[] sums) {
        int[] classOf = new int[to - from];
        loss.copyLabels(from, to, classOf);
        passes.copyWeights(from, to, share);
        for (int i = 0; i < to - from && classes.intercept(); i++) {
            sums[classes.interceptStart() + classOf[i]] += share[i];
        }
        x.sumByClassAdd(from, to, classOf, share, classes.logits(), sums);
    }

    private void pass(Tile tile) {
        passes.pass(block -> {
            Arrays.fill(parts[block], 0);
            passes.forEachTile(block, (from, to, r, perRow) -> tile.write(block, from, to, r, perRow));
        });
    }

    private void merge(double[][] sums, CoefLayout kind, double[] out) {
        double scale = 1 / totalWeight;
        new Coordinates(workers, kind.size()).forEachRange((from, to) -> {
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
        leaveOutReference(kind, out);
    }
}
