package io.logits.objective;

import io.logits.data.ColumnMatrix;
import io.logits.kernels.Workers;
import java.util.Arrays;

/**
 * The second derivatives of a model of many logits times steps, logit by logit: the margins of one stay in the cache while its
 * columns, and then what all logits have in common, are added up; and again while they become derivatives. Rows are in float32,
 * as they are read from memory twice for each product: conjugate gradients need no more. Holds 9/4 n x K + n numbers of that
 * kind.
 */
final class MarginProduct {
    /** What logits have in common is added up for so many of them on one thread. */
    private static final int GROUP = 4;

    private static final int CHUNK_ROWS = 1 << 12;
    /** Rows that are added up in float32 before they go to a sum in float64. */
    private static final int FLOAT_ROWS = 1 << 9;

    private final ColumnMatrix x;
    private final float[] share;
    private final boolean intercept;
    private final Workers workers;
    /** Probabilities, and changes of margins and then of derivatives: by logit, then row. */
    private final float[][] p;

    private final float[][] change;
    /** {@code sum_k p_k D_k} of each row over each group of logits; the first becomes that over all. */
    private final float[][] common;
    /** Rows that curve more than the floor along a logit, and by how much, times their share. */
    private final int[][] row;

    private final double[][] more;

    /**
     * Products.
     *
     * @param row for each logit, rows that curve more along it than the floor; may be others at each {@link #apply}
     * @param more by how much, times their share
     */
    MarginProduct(ColumnMatrix x, double[] share, int[][] row, double[][] more, boolean intercept, Workers workers) {
        int n = share.length;
        int logits = row.length;
        this.x = x;
        this.row = row;
        this.more = more;
        this.intercept = intercept;
        this.workers = workers;
        this.share = new float[n];
        for (int i = 0; i < n; i++) {
            this.share[i] = (float) share[i];
        }
        p = new float[logits][n];
        change = new float[logits][n];
        common = new float[(logits + GROUP - 1) / GROUP][n];
    }

    /** Puts the probabilities of a logit to a point. */
    void reset(int k, int from, int to, double[] probabilities) {
        float[] out = p[k];
        for (int i = from; i < to; i++) {
            out[i] = (float) probabilities[i];
        }
    }

    /**
     * The changes of derivatives.
     *
     * @param floor the least second derivative of each row along each logit
     * @param v a step of the coefficients of the set
     * @param b a step of the intercepts
     * @param wanted not 0 for the coefficients of the set for which that is asked
     * @param out receives those by the coefficients of the set
     * @param outB receives those by the intercepts
     */
    void apply(double floor, WorkingSet set, double[] v, double[] b, double[] wanted, double[] out, double[] outB) {
        workers.runRanges(p.length, GROUP, (from, to) -> {
            float[] sum = common[from / GROUP];
            Arrays.fill(sum, 0);
            for (int k = from; k < to; k++) {
                Arrays.fill(change[k], (float) b[k]);
                x.addAll(set.feature(), set.start()[k], set.start()[k + 1], v, change[k]);
                addProducts(p[k], change[k], sum);
            }
        });
        workers.runRanges(share.length, CHUNK_ROWS, this::addGroups);
        workers.run(p.length, k -> {
            float[] rows = change[k];
            curveInPlace(k, (float) floor, rows);
            outB[k] = intercept ? sum(rows) : 0;
            x.dots(set.feature(), set.start()[k], set.start()[k + 1], rows, wanted, out);
        });
    }

    private static void addProducts(float[] a, float[] b, float[] out) {
        for (int i = 0; i < out.length; i++) {
            out[i] = Math.fma(a[i], b[i], out[i]);
        }
    }

    private void addGroups(int from, int to) {
        float[] sum = common[0];
        for (int g = 1; g < common.length; g++) {
            float[] part = common[g];
            for (int i = from; i < to; i++) {
                sum[i] += part[i];
            }
        }
    }

    private void curveInPlace(int k, float floor, float[] rows) {
        float[] beyond = new float[row[k].length];
        for (int t = 0; t < beyond.length; t++) {
            beyond[t] = (float) more[k][t] * rows[row[k][t]];
        }
        curveInPlace(p[k], common[0], share, floor, rows);
        for (int t = 0; t < beyond.length; t++) {
            rows[row[k][t]] += beyond[t];
        }
    }

    private static void curveInPlace(float[] p, float[] common, float[] share, float floor, float[] rows) {
        for (int i = 0; i < rows.length; i++) {
            float missing = Math.max(0, floor - p[i] * (1 - p[i]));
            rows[i] = share[i] * Math.fma(missing, rows[i], p[i] * (rows[i] - common[i]));
        }
    }

    private static double sum(float[] v) {
        double sum = 0;
        for (int from = 0; from < v.length; from += FLOAT_ROWS) {
            sum += sum(v, from, Math.min(v.length, from + FLOAT_ROWS));
        }
        return sum;
    }

    /** Eight sums side by side, as each addition waits for the one before: {@value #FLOAT_ROWS} / 8 + 3 roundings of each number at most. */
    private static float sum(float[] v, int from, int to) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        float s4 = 0;
        float s5 = 0;
        float s6 = 0;
        float s7 = 0;
        int i = from;
        for (; i + 7 < to; i += 8) {
            s0 += v[i];
            s1 += v[i + 1];
            s2 += v[i + 2];
            s3 += v[i + 3];
            s4 += v[i + 4];
            s5 += v[i + 5];
            s6 += v[i + 6];
            s7 += v[i + 7];
        }
        for (; i < to; i++) {
            s0 += v[i];
        }
        return ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7));
    }
}
