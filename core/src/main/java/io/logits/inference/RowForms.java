package io.logits.inference;

import io.logits.data.Matrix;
import io.logits.objective.CoefLayout;

/** Quadratic forms {@code (x_i,1)' V_kl (x_i,1)} of a row, V by the free coordinates. One for each thread. */
final class RowForms {
    private final Matrix x;
    private final CoefLayout layout;
    private final double[] v;
    private final int order;
    /** The entries of the row that are not 0. */
    private final int[] place;

    private final double[] value;
    private int entries;

    RowForms(Matrix x, CoefLayout layout, double[] v) {
        this.v = v;
        this.x = x;
        this.layout = layout;
        order = layout.freeSize();
        place = new int[layout.rows()];
        value = new double[layout.rows()];
    }

    /** Goes to a row. */
    void row(int i) {
        entries = 0;
        x.forEach(i, i + 1, (row, j, entry) -> add(j, entry));
        if (layout.intercept()) {
            add(layout.features(), 1);
        }
    }

    /** Goes to a row that is given with its zeros, {@code layout.features()} entries. */
    void row(double[] x) {
        entries = 0;
        for (int j = 0; j < layout.features(); j++) {
            add(j, x[j]);
        }
        if (layout.intercept()) {
            add(layout.features(), 1);
        }
    }

    private void add(int j, double entry) {
        if (entry != 0) {
            place[entries] = j;
            value[entries++] = entry;
        }
    }

    /** The form of free logits k and l, counted from 0. */
    double form(int k, int l) {
        double sum = 0;
        for (int a = 0; a < entries; a++) {
            int row = (k * layout.rows() + place[a]) * order + l * layout.rows();
            double inner = 0;
            for (int b = 0; b < entries; b++) {
                inner = Math.fma(v[row + place[b]], value[b], inner);
            }
            sum = Math.fma(inner, value[a], sum);
        }
        return sum;
    }

    /** The product of the row with the coordinates of free logit k. */
    double product(double[] theta, int k) {
        double sum = 0;
        for (int a = 0; a < entries; a++) {
            sum = Math.fma(theta[k * layout.rows() + place[a]], value[a], sum);
        }
        return sum;
    }

    /** Adds {@code factor} times the row to the coordinates of free logit k. */
    void addTo(double[] sums, int k, double factor) {
        for (int a = 0; a < entries; a++) {
            int f = k * layout.rows() + place[a];
            sums[f] = Math.fma(factor, value[a], sums[f]);
        }
    }
}
