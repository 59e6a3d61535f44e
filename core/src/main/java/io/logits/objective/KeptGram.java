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
    private final ColumnMatrix x;
    private final double[] h;
    private final double hSum;
    private final Workers workers;
    /** Where the sums of a column are, or -1. */
    private final int[] slot;

    private int[] columns = new int[0];
    private double[][] products = new double[0][];
    private double[] cross = new double[0];

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
        slot = new int[cols];
        Arrays.fill(slot, -1);
    }

    /** How many columns it would hold after a set was asked for. */
    int sizeWith(WorkingSet set) {
        return columns.length + missing(set).length;
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
        double scale = hSum > 0 ? curvature / hSum : 1;
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
        return new GramQuadratic(gram, crossed, scale * hSum, intercept, exact);
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
