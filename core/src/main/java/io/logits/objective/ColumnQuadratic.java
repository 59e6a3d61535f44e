package io.logits.objective;

import io.logits.data.ColumnMatrix;
import io.logits.kernels.Workers;
import java.util.Arrays;

/**
 * The second-order model of the mean loss at a point, for steps along single coefficients: one logit at a time is entered,
 * moved along and left.
 *
 * <p>With one logit the change of the gradient along a column is its product with {@code r_i = h_i D_i}, D the change of
 * the margins and {@code h_i = s_i p_i (1-p_i) / S}. With many, {@code r_i = s_i p_ik (D_ik - q_i) / S} with
 * {@code q_i = sum_l p_il D_il}, the exact Hessian; while only logit k moves, this again changes by {@code h_i} times the
 * change of {@code D_ik}, {@code h_i = s_i p_ik (1-p_ik) / S}. So a step costs what the column stores, whatever the number
 * of classes, and each logit n once to enter it.
 *
 * <p>The intercept of the entered logit is eliminated: after each step it is at its best again, at no cost, since with
 * {@code v = X'h} all it needs is a number for each column. Holds 3 n numbers, and 2 n x K + n more for K classes.
 */
public final class ColumnQuadratic {
    private static final int CHUNK_ROWS = 1 << 12;
    /** What rounding leaves of the curvature of a column that is all but constant. */
    private static final double LEAST_CURVATURE = 1e-10;

    private final ColumnMatrix x;
    private final double[] share;
    private final CoefLayout layout;
    /** Probabilities, changes of margins: by logit, then row. Empty for one logit. */
    private final double[][] p;

    private final double[][] moved;
    private final double[] mean;
    private final double[] h;
    private final double[] r;
    /** Scratch: a change of the margins of one logit. */
    private final double[] change;

    private double damping;
    private double hSum;
    /** The change of the entered logit's intercept since it was entered, and the derivative by it. */
    private double shift;

    private double interceptSlope;

    ColumnQuadratic(ColumnMatrix x, double[] share, CoefLayout layout) {
        this.x = x;
        this.share = share;
        this.layout = layout;
        int n = share.length;
        int kept = layout.logits() == 1 ? 0 : layout.logits();
        p = new double[kept][n];
        moved = new double[kept][n];
        mean = new double[kept == 0 ? 0 : n];
        h = new double[n];
        r = new double[n];
        change = new double[n];
    }

    /**
     * Puts the model at a point, from the rows' curvature there.
     *
     * @param newDamping the least share of the largest second derivative that each row is taken to have
     */
    void reset(double[] state, double newDamping, Workers workers) {
        damping = newDamping;
        int n = share.length;
        int stride = layout.stride();
        if (layout.logits() == 1) {
            for (int i = 0; i < n; i++) {
                h[i] = share[i] * Math.max(state[i], damping / 4);
                r[i] = 0;
            }
            hSum = sum(h);
            return;
        }
        workers.run((n + CHUNK_ROWS - 1) / CHUNK_ROWS, chunk -> {
            int to = Math.min(n, (chunk + 1) * CHUNK_ROWS);
            for (int k = 0; k < p.length; k++) {
                for (int i = chunk * CHUNK_ROWS; i < to; i++) {
                    p[k][i] = state[i * stride + k];
                    moved[k][i] = 0;
                }
            }
        });
        Arrays.fill(mean, 0);
    }

    /** How many changes of margins the model keeps: of each row, for each logit. */
    public double margins() {
        return (double) share.length * layout.logits();
    }

    private static double sum(double[] v) {
        double sum = 0;
        for (double entry : v) {
            sum += entry;
        }
        return sum;
    }

    /** Makes logit k the one whose derivatives are asked for: with the intercept's of the loss, that by the intercept. */
    public double load(int k, double interceptGradient) {
        if (layout.logits() > 1) {
            double[] dk = moved[k];
            curvatures(k);
            for (int i = 0; i < h.length; i++) {
                r[i] = curved(k, i, dk[i], mean[i]);
            }
            hSum = sum(h);
        }
        shift = 0;
        return interceptGradient + sum(r);
    }

    /** The second derivative by the intercept of the logit loaded or entered last. */
    public double curvatureSum() {
        return hSum;
    }

    private void curvatures(int k) {
        double[] pk = p[k];
        for (int i = 0; i < h.length; i++) {
            h[i] = share[i] * Math.max(pk[i] * (1 - pk[i]), damping / 4);
        }
    }

    /** The derivative by logit k of row i's margin change: its own, and the mean over the logits. */
    private double curved(int k, int i, double own, double over) {
        double pk = p[k][i];
        return Math.fma(h[i] - share[i] * pk * (1 - pk), own, share[i] * pk * (own - over));
    }

    /**
     * Makes logit k the one that moves, and its intercept the best beside all else.
     *
     * @return the derivative by the intercept before
     */
    public double enter(int k, double interceptGradient) {
        double before = load(k, interceptGradient);
        interceptSlope = before;
        eliminate();
        return before;
    }

    private void eliminate() {
        if (layout.intercept() && hSum > 0) {
            shift -= interceptSlope / hSum;
            interceptSlope = 0;
        }
    }

    /** {@code X'h} of a column of the entered logit: what {@link #slope} and {@link #move} ask for. */
    public double cross(int j) {
        return layout.intercept() ? x.dot(j, h) : 0;
    }

    /** The second derivative along a column of the entered logit, the intercept following. */
    public double curvature(int j, double cross) {
        double square = x.squares(j, h);
        double alone = layout.intercept() && hSum > 0 ? square - cross * cross / hSum : square;
        return Math.max(Math.max(alone, LEAST_CURVATURE * square), Double.MIN_NORMAL);
    }

    /** By how much the derivative by the coefficient of feature j has changed since the model's point. */
    public double slope(int j, double cross) {
        return Math.fma(shift, cross, x.dot(j, r));
    }

    /** Changes the coefficient of feature j of the entered logit by d, and the intercept with it. */
    public void move(int j, double d, double cross) {
        x.addWeighted(j, d, h, r);
        interceptSlope = Math.fma(d, cross, interceptSlope);
        eliminate();
    }

    /**
     * Tells the other logits how far logit k was moved since it was entered.
     *
     * @param d the changes of the set's coefficients
     * @return the change of the intercept
     */
    public double leave(int k, WorkingSet set, double[] d) {
        if (layout.logits() > 1) {
            follow(k, set, d, shift);
        } else if (shift != 0) {
            for (int i = 0; i < r.length; i++) {
                r[i] = Math.fma(shift, h[i], r[i]);
            }
        }
        return shift;
    }

    /** Moves logit k along many columns at once, and its intercept by {@code b}; it need not be entered. */
    public void follow(int k, WorkingSet set, double[] d, double b) {
        margins(k, set, d, b);
        if (layout.logits() == 1) {
            for (int i = 0; i < r.length; i++) {
                r[i] = Math.fma(change[i], h[i], r[i]);
            }
            return;
        }
        for (int i = 0; i < change.length; i++) {
            moved[k][i] += change[i];
            mean[i] = Math.fma(p[k][i], change[i], mean[i]);
        }
    }

    /** {@link #change}: what coefficients {@code v} of logit k and an intercept add to the margins. */
    private void margins(int k, WorkingSet set, double[] v, double b) {
        Arrays.fill(change, b);
        for (int e = set.start()[k]; e < set.start()[k + 1]; e++) {
            if (v[e] != 0) {
                x.add(set.feature()[e], v[e], change);
            }
        }
    }

    /**
     * The second derivatives of the loss times a step: {@code out} for the coefficients of the set, {@code outB} for the
     * intercepts. Only entries where {@code v} is not 0 are written.
     */
    public void product(WorkingSet set, double[] v, double[] b, double[] out, double[] outB) {
        int logits = layout.logits();
        double[] over = new double[logits == 1 ? 0 : share.length];
        for (int k = 0; k < p.length; k++) {
            margins(k, set, v, b[k]);
            for (int i = 0; i < over.length; i++) {
                over[i] = Math.fma(p[k][i], change[i], over[i]);
            }
        }
        for (int k = 0; k < logits; k++) {
            margins(k, set, v, b[k]);
            if (logits > 1) {
                curvatures(k);
            }
            for (int i = 0; i < change.length; i++) {
                change[i] = logits == 1 ? h[i] * change[i] : curved(k, i, change[i], over[i]);
            }
            outB[k] = layout.intercept() ? sum(change) : 0;
            for (int e = set.start()[k]; e < set.start()[k + 1]; e++) {
                if (v[e] != 0) {
                    out[e] = x.dot(set.feature()[e], change);
                }
            }
        }
    }
}
