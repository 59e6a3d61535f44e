package io.logits.objective;

import io.logits.data.ColumnMatrix;
import io.logits.kernels.Workers;
import java.util.Arrays;

/**
 * The second derivatives of the mean loss of one logit at a point, {@code X'HX} of those columns that were asked for so far,
 * kept for points further on: there they are taken to be the same but for a factor, by which all rows' curvature has
 * changed in sum. Holds m^2 numbers for m columns, and some times as many while columns join it.
 */
final class KeptGram {
    /** A secant of less curvature than this share of the matrix's is taken for rounding. */
    private static final double LEAST_CURVATURE = 1e-3;

    private final ColumnMatrix x;
    private final double[] h;
    private final double hSum;
    private final Workers workers;
    /** Where the sums of a column are, or -1. */
    private final int[] slot;

    private int[] columns = new int[0];
    private double[][] products = new double[0][];
    private double[] cross = new double[0];
    private double corner;
    /** That of the last model. */
    private double scale = 1;

    /**
     * Nothing yet.
     *
     * @param cols the number of columns that there are
     * @param h the rows' curvature, by their share of all weight; not copied
     * @param hSum the sum of that
     */
    KeptGram(ColumnMatrix x, int cols, double[] h, double hSum, Workers workers) {
        this.x = x;
        this.h = h;
        this.workers = workers;
        this.hSum = hSum;
        corner = hSum;
        slot = new int[cols];
        Arrays.fill(slot, -1);
    }

    /** Whether it holds all columns of a set. */
    boolean holds(WorkingSet set) {
        return missing(set).length == 0;
    }

    /** How many columns it would hold after a set was asked for. */
    int sizeWith(WorkingSet set) {
        return columns.length + missing(set).length;
    }

    /** Takes in the columns of a set. */
    void join(WorkingSet set) {
        add(missing(set));
    }

    private int[] missing(WorkingSet set) {
        return Arrays.stream(set.feature()).filter(j -> slot[j] < 0).toArray();
    }

    /**
     * The model at a point.
     *
     * @param curvature the sum of the rows' curvature there
     * @param exact whether it is the point that this is of
     */
    GramQuadratic model(WorkingSet set, double curvature, boolean exact, boolean intercept) {
        add(missing(set));
        scale = hSum > 0 ? curvature / hSum : 1;
        int[] at = Arrays.stream(set.feature()).map(j -> slot[j]).toArray();
        double[][] gram = new double[at.length][at.length];
        double[] crossed = new double[at.length];
        for (int a = 0; a < at.length; a++) {
            double[] from = products[at[a]];
            for (int b = 0; b < at.length; b++) {
                gram[a][b] = scale * from[at[b]];
            }
            crossed[a] = scale * cross[at[a]];
        }
        return new GramQuadratic(gram, crossed, scale * corner, intercept, exact);
    }

    /**
     * Learns from a step what the second derivatives along it are on the way (Broyden, Fletcher, Goldfarb, Shanno): the next
     * model has them, if at its own scale. Derivatives by columns that are not in the set are taken to have changed as the last
     * model says.
     *
     * @param set that of the last model and maybe more
     * @param step of its coefficients and then the intercept; 0 for the latter where there is none, and beyond the model's set
     * @param change of the derivatives of the mean loss by them
     */
    void learn(WorkingSet set, double[] step, double[] change) {
        double[] expected = product(set, step);
        double[] seen = expected.clone();
        double expectedCurvature = 0;
        double seenCurvature = 0;
        for (int e = 0; e <= set.size(); e++) {
            int c = e < set.size() ? slot[set.feature()[e]] : columns.length;
            if (c >= 0) {
                seen[c] = change[e] / scale;
                expectedCurvature += step[e] * expected[c];
                seenCurvature += step[e] * seen[c];
            }
        }
        if (seenCurvature > LEAST_CURVATURE * expectedCurvature && expectedCurvature > 0) {
            add(seen, 1 / seenCurvature);
            add(expected, -1 / expectedCurvature);
        }
    }

    /** The matrix times a step, by its own columns and then the intercept. */
    private double[] product(WorkingSet set, double[] step) {
        double ofIntercept = step[set.size()];
        double[] out = new double[columns.length + 1];
        Arrays.setAll(out, c -> ofIntercept * (c < columns.length ? cross[c] : corner));
        for (int e = 0; e < set.size(); e++) {
            if (step[e] != 0) {
                int a = slot[set.feature()[e]];
                for (int c = 0; c < columns.length; c++) {
                    out[c] = Math.fma(step[e], products[a][c], out[c]);
                }
                out[columns.length] = Math.fma(step[e], cross[a], out[columns.length]);
            }
        }
        return out;
    }

    /** Adds {@code factor v v'}, the intercept last. */
    private void add(double[] v, double factor) {
        double last = factor * v[columns.length];
        for (int a = 0; a < columns.length; a++) {
            double f = factor * v[a];
            for (int b = 0; b < columns.length; b++) {
                products[a][b] = Math.fma(f, v[b], products[a][b]);
            }
            cross[a] = Math.fma(last, v[a], cross[a]);
        }
        corner = Math.fma(last, v[columns.length], corner);
    }

    private void add(int[] more) {
        if (more.length == 0) {
            return;
        }
        int before = columns.length;
        int[] all = Arrays.copyOf(columns, before + more.length);
        System.arraycopy(more, 0, all, before, more.length);
        double[][] added = x.products(more, all, h, workers);
        products = Arrays.copyOf(products, all.length);
        cross = Arrays.copyOf(cross, all.length);
        for (int a = 0; a < all.length; a++) {
            products[a] = a < before ? Arrays.copyOf(products[a], all.length) : added[a - before];
            for (int b = before; b < all.length && a < before; b++) {
                products[a][b] = added[b - before][a];
            }
        }
        for (int a = before; a < all.length; a++) {
            slot[all[a]] = a;
            cross[a] = x.dot(all[a], h);
        }
        columns = all;
    }
}
