package io.logits.inference;

import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;
import io.logits.kernels.Workers;
import io.logits.objective.CoefLayout;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Sums of squared scores, the middle of robust covariances: lower triangles by the free coordinates. */
final class RobustSums {
    private static final int MOST_CHUNKS = 64;
    /** Doubles that the sums of all chunks may have together: 64 MB. */
    private static final long MOST_ACCUMULATED = 1L << 23;

    private final FittedRows rows;
    private final CoefLayout layout;
    private final WeightKind weights;

    RobustSums(FittedRows rows, WeightKind weights) {
        this.rows = rows;
        layout = rows.likelihood().layout();
        this.weights = weights;
    }

    /**
     * Each row alone.
     *
     * @param r a residual for each row and logit, as they lie
     */
    double[] byRow(double[] r, Workers workers) {
        return rows.sum(
                (from, to, k, l, out) -> {
                    for (int i = from; i < to; i++) {
                        double w = rows.weight(i);
                        // Equal rows have each their own square; the score of a precise row is squared with its weight.
                        double square = weights == WeightKind.FREQUENCY ? w : w * w;
                        int at = i * layout.stride();
                        out[i - from] = square * r[at + k] * r[at + l];
                    }
                },
                workers);
    }

    /** The rows of a cluster added up before they are squared. */
    double[] byCluster(int[] cluster, Workers workers) {
        int[] order = IntStream.range(0, cluster.length)
                .boxed()
                .sorted((a, b) -> cluster[a] != cluster[b] ? Integer.compare(cluster[a], cluster[b]) : a - b)
                .mapToInt(i -> i)
                .toArray();
        int[] start = starts(cluster, order);
        int clusters = start.length - 1;
        int size = layout.freeSize();
        int chunks = (int) Math.max(1, Math.min(Math.min(MOST_CHUNKS, clusters), MOST_ACCUMULATED / size / size));
        double[][] parts = new double[chunks][];
        workers.run(chunks, c -> {
            int first = (int) ((long) clusters * c / chunks);
            int end = (int) ((long) clusters * (c + 1) / chunks);
            parts[c] = squares(order, start, first, end);
        });
        double[] sum = parts[0];
        for (int c = 1; c < chunks; c++) {
            Kernels.best().matrices().axpy(1, parts[c], sum, sum.length);
        }
        return sum;
    }

    /** Where each cluster begins in the order, and the end. */
    private static int[] starts(int[] cluster, int[] order) {
        return IntStream.rangeClosed(0, order.length)
                .filter(at -> at == 0 || at == order.length || cluster[order[at]] != cluster[order[at - 1]])
                .toArray();
    }

    private double[] squares(int[] order, int[] start, int first, int end) {
        int size = layout.freeSize();
        MatrixKernels kernels = Kernels.best().matrices();
        RowForms row = new RowForms(rows.likelihood().x(), layout, new double[0]);
        double[] out = new double[size * size];
        double[] score = new double[size];
        double[] one = {1};
        for (int g = first; g < end; g++) {
            Arrays.fill(score, 0);
            for (int at = start[g]; at < start[g + 1]; at++) {
                int i = order[at];
                row.row(i);
                for (int k = 0; k < layout.freeLogits(); k++) {
                    row.addTo(score, k, rows.weight(i) * rows.residual(i, layout.firstFree() + k));
                }
            }
            kernels.gramAdd(score, 0, 1, size, one, 0, out, 0, size);
        }
        return out;
    }
}
