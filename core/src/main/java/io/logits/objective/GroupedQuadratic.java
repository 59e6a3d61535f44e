package io.logits.objective;

import io.logits.data.ColumnMatrix;
import java.util.Arrays;

/**
 * The second-order model of the mean loss of many classes at a point, for steps along all logits of a feature at once.
 * With D the change of the margins and {@code q_i = sum_l p_il D_il} the gradient has changed by
 * {@code sum_i x_ij s_i p_ik (D_ik - q_i) / S}. The second derivatives of row i by its logits are at most
 * {@code max_k 2 p_ik (1-p_ik)} (Gershgorin). Holds n x K + 2 n numbers.
 */
public final class GroupedQuadratic {
    private final ColumnMatrix x;
    private final double[] share;
    private final CoefLayout layout;
    private final double[] p;
    private final double[] moved;
    private final double[] mean;
    private final double[] bound;
    private final double interceptBound;

    /** The model at a point, from the rows' probabilities there. */
    GroupedQuadratic(ColumnMatrix x, double[] share, CoefLayout layout, double[] p) {
        this.x = x;
        this.share = share;
        this.layout = layout;
        this.p = p;
        moved = new double[p.length];
        mean = new double[share.length];
        bound = new double[share.length];
        for (int i = 0; i < share.length; i++) {
            double most = 0;
            for (int k = 0; k < layout.logits(); k++) {
                double own = p[i * layout.stride() + k];
                most = Math.max(most, 2 * own * (1 - own));
            }
            bound[i] = share[i] * most;
        }
        interceptBound = Math.max(Arrays.stream(bound).sum(), Double.MIN_NORMAL);
    }

    /** How many logits there are. */
    public int logits() {
        return layout.logits();
    }

    /** By how much the derivatives by the coefficients of feature j, one for each logit, have changed. */
    public void slopes(int j, double[] out) {
        Arrays.fill(out, 0);
        x.forEach(j, (i, value) -> addRow(i, value, out));
    }

    private void addRow(int i, double value, double[] out) {
        int at = i * layout.stride();
        double weighted = share[i] * value;
        for (int k = 0; k < out.length; k++) {
            out[k] = Math.fma(weighted * p[at + k], moved[at + k] - mean[i], out[k]);
        }
    }

    /** A bound of the second derivatives by the coefficients of feature j. */
    public double bound(int j) {
        return Math.max(x.squares(j, bound), Double.MIN_NORMAL);
    }

    /** Changes the coefficients of feature j. */
    public void move(int j, double[] d) {
        x.forEach(j, (i, value) -> moveRow(i, value, d));
    }

    private void moveRow(int i, double value, double[] d) {
        int at = i * layout.stride();
        for (int k = 0; k < d.length; k++) {
            moved[at + k] = Math.fma(value, d[k], moved[at + k]);
            mean[i] = Math.fma(value * d[k], p[at + k], mean[i]);
        }
    }

    /** As {@link #slopes} for the intercepts. */
    public void interceptSlopes(double[] out) {
        Arrays.fill(out, 0);
        for (int i = 0; i < share.length; i++) {
            addRow(i, 1, out);
        }
    }

    /** As {@link #bound} for the intercepts. */
    public double interceptBound() {
        return interceptBound;
    }

    /** As {@link #move} for the intercepts. */
    public void moveIntercepts(double[] d) {
        for (int i = 0; i < share.length; i++) {
            moveRow(i, 1, d);
        }
    }
}
