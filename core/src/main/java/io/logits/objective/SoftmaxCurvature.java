package io.logits.objective;

import io.logits.data.ColumnMatrix;
import io.logits.data.ScaledColumns;
import io.logits.kernels.Workers;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Second derivatives of many logits at a point: {@code s_i p_ik (1 - p_ik)} and {@code -s_i p_ik p_il}; along single logits rows
 * may curve more. Arrays are not copied.
 *
 * @param share the weights of the rows over that of all
 * @param p probabilities, by logit, then row
 * @param floor the least second derivative of each row along each logit
 * @param row for each logit, rows that curve more along it than the floor
 * @param more by how much, times their share
 */
record SoftmaxCurvature(double[] share, double[][] p, double floor, int[][] row, double[][] more)
        implements RowCurvature {
    /** Writes those along logit k. */
    void write(int k, double[] out) {
        double[] pk = p[k];
        for (int i = 0; i < out.length; i++) {
            out[i] = share[i] * Math.max(floor, pk[i] * (1 - pk[i]));
        }
        for (int t = 0; t < row[k].length; t++) {
            out[row[k][t]] += more[k][t];
        }
    }

    @Override
    public double[] sums(Workers workers) {
        double[] sums = new double[p.length];
        workers.run(p.length, k -> {
            double[] pk = p[k];
            double sum = Arrays.stream(more[k]).sum();
            for (int i = 0; i < pk.length; i++) {
                sum += share[i] * Math.max(floor, pk[i] * (1 - pk[i]));
            }
            sums[k] = sum;
        });
        return sums;
    }

    @Override
    public SoftmaxCurvature copy() {
        double[][] known = Arrays.stream(p).map(double[]::clone).toArray(double[][]::new);
        return new SoftmaxCurvature(share, known, floor, row.clone(), more.clone());
    }

    // Products of columns times probabilities, of all logits at once; those along one logit anew.

    @Override
    public double[][] products(ColumnMatrix x, Coefficients a, Coefficients b, Workers workers) {
        double[][] out = x.products(scaled(a), scaled(b), share, workers);
        complete(out, a, b, (own, others, along) -> x.products(columns(a, own), columns(b, others), along, workers));
        return out;
    }

    @Override
    public double[][] gram(ColumnMatrix x, Coefficients a, Workers workers) {
        double[][] out = x.gram(scaled(a), share, workers);
        complete(out, a, a, (own, others, along) -> x.gram(columns(a, own), along, workers));
        return out;
    }

    /** Products of some coefficients of a logit with others of it, or, as a lower triangle, with themselves. */
    @FunctionalInterface
    private interface Alone {
        double[][] products(int[] own, int[] others, double[] along);
    }

    /** Makes of products of probabilities second derivatives. */
    private void complete(double[][] out, Coefficients a, Coefficients b, Alone alone) {
        for (double[] of : out) {
            for (int d = 0; d < of.length; d++) {
                of[d] = -of[d];
            }
        }
        double[] along = new double[share.length];
        for (int k : Arrays.stream(a.logit()).distinct().toArray()) {
            write(k, along);
            int[] own = of(a, k);
            int[] others = of(b, k);
            double[][] products = alone.products(own, others, along);
            for (int c = 0; c < own.length; c++) {
                for (int d = 0; d < products[c].length; d++) {
                    out[own[c]][others[d]] = products[c][d];
                }
            }
        }
    }

    private ScaledColumns scaled(Coefficients a) {
        return new ScaledColumns(
                a.feature(), Arrays.stream(a.logit()).mapToObj(k -> p[k]).toArray(double[][]::new));
    }

    /** Which are of logit k. */
    private static int[] of(Coefficients a, int k) {
        return IntStream.range(0, a.logit().length)
                .filter(c -> a.logit()[c] == k)
                .toArray();
    }

    private static ScaledColumns columns(Coefficients a, int[] which) {
        return ScaledColumns.of(Arrays.stream(which).map(c -> a.feature()[c]).toArray());
    }
}
