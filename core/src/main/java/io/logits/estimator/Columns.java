package io.logits.estimator;

import io.logits.data.ColumnMoments;
import io.logits.data.DenseMatrix;
import io.logits.data.Matrix;
import io.logits.data.Precision;
import io.logits.kernels.Workers;
import java.util.Arrays;

/** Means and variances of columns, and from them the shifts that keep products with a column accurate. */
final class Columns {
    /**
     * A column this many deviations away from 0 is shifted to its mean. Second derivatives lose the square of that, here
     * 4 of 16 digits; shifting costs a copy of each row into the cache.
     */
    private static final double FAR = 100;
    /** Rows that tell where a column lies; any number near its mean will do. */
    private static final int SAMPLE_ROWS = 4096;
    /** Of a constant column rounding leaves this share of the squared error of its mean, at most. */
    private static final double CONSTANT = 1e-9;

    private static final int MOST_BLOCKS = 32;
    private static final int TILE_ROWS = 1 << 12;
    /** Entries of a block for each of its sums: enough that adding the sums up is no work. */
    private static final long ENTRIES_A_SUM = 64;

    private Columns() {}

    /**
     * What to subtract from each column where logits have intercepts, which take up the difference: near the mean of
     * columns that lie far from 0, else 0. Empty where nothing is gained, as with sparse data, whose zeros are not stored.
     */
    static double[] shifts(Matrix x) {
        if (!(x instanceof DenseMatrix dense)) {
            return new double[0];
        }
        int every = Math.max(1, x.rows() / SAMPLE_ROWS);
        int sampled = (x.rows() + every - 1) / every;
        double[] row = new double[x.cols()];
        double[] mean = new double[x.cols()];
        for (int i = 0; i < x.rows(); i += every) {
            dense.copyRow(i, row);
            for (int j = 0; j < row.length; j++) {
                mean[j] += row[j] / sampled;
            }
        }
        double[] first = new double[x.cols()];
        dense.copyRow(0, first);
        boolean[] varies = new boolean[x.cols()];
        double[] variance = new double[x.cols()];
        for (int i = 0; i < x.rows(); i += every) {
            dense.copyRow(i, row);
            for (int j = 0; j < row.length; j++) {
                double distance = row[j] - mean[j];
                variance[j] += distance * distance / sampled;
                varies[j] |= row[j] != first[j];
            }
        }
        boolean gains = false;
        for (int j = 0; j < mean.length; j++) {
            boolean far = Math.abs(mean[j]) > FAR * Math.sqrt(variance[j]);
            double near = x.precision() == Precision.FLOAT32 ? (float) mean[j] : mean[j];
            // Less its rounded mean a constant column would be rounding, and a multiple of the intercept.
            double shift = varies[j] ? near : first[j];
            mean[j] = far ? shift : 0;
            gains |= far;
        }
        return gains ? mean : new double[0];
    }

    /**
     * The mean of each column. Blocks of rows are summed by several threads; where they are cut depends on the data alone.
     *
     * @param weights one for each row, not all 0, or empty for 1 each
     */
    static double[] means(Matrix x, double[] weights, int threads) {
        int p = x.cols();
        double total = weights.length == 0 ? x.rows() : Arrays.stream(weights).sum();
        long worthwhile = x.storedEntries(x.rows()) / (ENTRIES_A_SUM * Math.max(1L, p));
        int blocks = (int) Math.max(1, Math.min(MOST_BLOCKS, worthwhile));
        double[][] sums = new double[blocks][p];
        try (Workers workers = Workers.of(threads)) {
            workers.run(blocks, b -> {
                int from = (int) ((long) x.rows() * b / blocks);
                int to = (int) ((long) x.rows() * (b + 1) / blocks);
                double[] share = new double[Math.min(TILE_ROWS, to - from)];
                for (int start = from; start < to; start += TILE_ROWS) {
                    int end = Math.min(to, start + TILE_ROWS);
                    for (int i = start; i < end; i++) {
                        share[i - start] = (weights.length == 0 ? 1 : weights[i]) / total;
                    }
                    x.transposeMultiplyAdd(start, end, share, 1, sums[b]);
                }
            });
        }
        for (int b = 1; b < blocks; b++) {
            for (int j = 0; j < p; j++) {
                sums[0][j] += sums[b][j];
            }
        }
        return sums[0];
    }

    /**
     * The weighted variance of each column, 1 for a column that does not vary.
     *
     * @param weights one for each row, or empty for 1 each
     */
    static double[] variances(Matrix x, double[] weights, double totalWeight) {
        double[] share = new double[x.rows()];
        Arrays.setAll(share, i -> (weights.length == 0 ? 1 : weights[i]) / totalWeight);
        ColumnMoments moments = ColumnMoments.of(x, share);
        double[] variance = moments.variance();
        for (int j = 0; j < variance.length; j++) {
            boolean varies = variance[j] > CONSTANT * moments.squaredError()[j] && variance[j] > Double.MIN_NORMAL;
            variance[j] = varies ? variance[j] : 1;
        }
        return variance;
    }
}
