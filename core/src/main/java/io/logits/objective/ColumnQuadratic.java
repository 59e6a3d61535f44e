package io.logits.objective;

import io.logits.data.ColumnMatrix;
import io.logits.kernels.Workers;
import java.util.Arrays;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

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
 * {@code v = X'h} all it needs is a number for each column. Holds 5 n numbers, for K classes 3 n x K + 4 n
 * more, or 4 n x K where they have been a matrix, and as many as rows are cautious.
 *
 * <p>Where a row is far from its class the second derivative nearly vanishes, and Newton's step goes ten or a hundred times
 * too far. There the model can be made to curve as much as the parabola through the loss and its mirror image, whose
 * minimum is never too far (Jaakkola and Jordan 2000): with q the probability of the row's class,
 * {@code (1 - 2q) / (2 log((1-q)/q))} along the logits of that class and of one that has more than half of all.
 */
public final class ColumnQuadratic {
    private static final int CHUNK_ROWS = 1 << 10;
    /** Margins of so many logits are added up one after the other on one thread. */
    private static final int FEW_LOGITS = 4;

    private static final double HALF = 0.5;
    /** Nearer to a half the formula of the safe curvature is 0/0, and the own curvature is within 1e-3 of it. */
    private static final double ALMOST_HALF = 0.49;
    /** What rounding leaves of the curvature of a column that is all but constant. */
    private static final double LEAST_CURVATURE = 1e-10;

    private final ColumnMatrix x;
    private final double[] share;
    private final CoefLayout layout;
    /** Probabilities, changes of margins: by logit, then row. Empty for one logit. */
    private final double[][] p;

    private final double[][] moved;
    private final double[] mean;
    private final MarginProduct products;
    /** The least second derivative along the logits of a row's label and leader, the class with more than half, or -1. */
    private final double[] least;

    private final int[] leader;
    /** The least second derivative along any. */
    private double floor;

    /** Rows that curve more than that along a logit, and by how much, times their share. */
    private final int[][] row;

    private final double[][] more;
    private final int[] label;
    private final Workers workers;
    private final double[] h;
    private final double[] r;
    /** Scratch: a change of the margins of one logit. */
    private final double[] change;

    /** Whether no row curves more than at the point. */
    private boolean isNewton;

    private double hSum;
    /** The change of the entered logit's intercept since it was entered, and the derivative by it. */
    private double shift;

    private double interceptSlope;
    /** Room for a number of each row, whatever is in it: tasks on several threads take it from here, or anew, and give it back. */
    private final Queue<double[]> spare = new ConcurrentLinkedQueue<>();

    private @Nullable KeptGram kept;

    ColumnQuadratic(ColumnMatrix x, double[] share, CoefLayout layout, int[] label, Workers workers) {
        this.x = x;
        this.share = share;
        this.layout = layout;
        this.label = label;
        this.workers = workers;
        int n = share.length;
        int many = layout.logits() == 1 ? 0 : layout.logits();
        p = new double[many][n];
        moved = new double[many][n];
        row = new int[many][0];
        more = new double[many][0];
        products = new MarginProduct(x, share, row, more, layout.intercept(), workers);
        mean = new double[many == 0 ? 0 : n];
        least = new double[n];
        leader = new int[many == 0 ? 0 : n];
        h = new double[n];
        r = new double[n];
        change = new double[n];
    }

    /**
     * Puts the model at a point, from the rows' curvature and losses there.
     *
     * @param caution from 0, Newton's model, to 1, at which rows that are far from their class curve as much as is safe
     * @param newFloor the least share of the largest second derivative that there is, 1/4, that each row has along each logit
     */
    void reset(double[] state, double[] losses, double caution, double newFloor) {
        int n = share.length;
        floor = newFloor / 4;
        isNewton = caution == 0 && newFloor == 0;
        workers.runRanges(share.length, CHUNK_ROWS, (from, to) -> {
            for (int i = from; i < to; i++) {
                least[i] = caution == 0 ? 0 : caution * safeCurvature(losses[i]);
            }
        });
        if (layout.logits() == 1) {
            for (int i = 0; i < n; i++) {
                h[i] = share[i] * Math.max(state[i], Math.max(floor, least[i]));
                r[i] = 0;
            }
            hSum = sum(h);
            return;
        }
        Arrays.fill(mean, 0);
        workers.runRanges(share.length, CHUNK_ROWS, (from, to) -> {
            Arrays.fill(leader, from, to, -1);
            for (int k = 0; k < p.length; k++) {
                for (int i = from; i < to; i++) {
                    p[k][i] = state[i * layout.stride() + k];
                    moved[k][i] = 0;
                    if (p[k][i] > HALF && label[i] != k) {
                        leader[i] = k;
                    }
                }
                products.reset(k, from, to, p[k]);
            }
        });
        findCautious();
    }

    /** Puts the model to where it was put last: nothing has moved. */
    public void restart() {
        Arrays.fill(r, 0);
        Arrays.fill(mean, 0);
        for (double[] ofLogit : moved) {
            Arrays.fill(ofLogit, 0);
        }
    }

    /** Finds the rows that curve more than the floor along a logit. */
    private void findCautious() {
        int[] count = new int[p.length];
        for (int i = 0; i < share.length; i++) {
            if (least[i] > floor) {
                count[label[i]]++;
                if (leader[i] >= 0) {
                    count[leader[i]]++;
                }
            }
        }
        Arrays.setAll(row, k -> new int[count[k]]);
        Arrays.setAll(more, k -> new double[count[k]]);
        Arrays.fill(count, 0);
        for (int i = 0; i < share.length; i++) {
            if (least[i] > floor) {
                addCautious(label[i], count[label[i]]++, i);
                if (leader[i] >= 0) {
                    addCautious(leader[i], count[leader[i]]++, i);
                }
            }
        }
    }

    private void addCautious(int k, int at, int i) {
        double own = p[k][i] * (1 - p[k][i]);
        row[k][at] = i;
        more[k][at] = share[i] * (Math.max(least[i], own) - Math.max(floor, own));
    }

    /** The curvature of the parabola that touches the loss here and in its mirror image; 0 where that is nearly the own. */
    private static double safeCurvature(double loss) {
        double q = Math.exp(-loss);
        return q < ALMOST_HALF ? (1 - 2 * q) / (2 * (loss + Math.log1p(-q))) : 0;
    }

    /**
     * The model as a matrix.
     *
     * @param wider a set that has all of this; if coefficients are to join a matrix that is kept, all of these do
     * @param renew whether the second derivatives must be those at the point; else they may be those of an earlier one
     */
    GramQuadratic gram(WorkingSet set, WorkingSet wider, boolean renew) {
        KeptGram known = kept;
        RowCurvature rows = layout.logits() == 1 ? RowCurvature.ofOneLogit(h) : curvature();
        double[] sums = rows.sums(workers);
        boolean exact =
                renew || known == null || known.isFull() || known.isWorn(sums) || known.sizeWith(set) > KeptGram.MOST;
        if (exact || known == null) {
            known = new KeptGram(x, layout, rows.copy(), sums, workers);
            kept = known;
        }
        if (!exact && !known.holds(set) && known.sizeWith(wider) <= KeptGram.MOST) {
            known.join(wider);
        }
        return known.model(set, sums, exact, isNewton);
    }

    /** Tells the matrix of {@link #gram} what a step has shown, see {@link KeptGram#learn}. */
    void learn(WorkingSet set, double[] step, double[] change) {
        Objects.requireNonNull(kept).learn(set, step, change);
    }

    private double[] room() {
        double[] known = spare.poll();
        return known == null ? new double[share.length] : known;
    }

    /** How many changes of margins the model keeps: of each row, for each logit. */
    public double marginCount() {
        return (double) share.length * layout.logits();
    }

    /** Four sums side by side, as each addition waits for the one before. */
    static double sum(double[] v) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i + 3 < v.length; i += 4) {
            s0 += v[i];
            s1 += v[i + 1];
            s2 += v[i + 2];
            s3 += v[i + 3];
        }
        for (; i < v.length; i++) {
            s0 += v[i];
        }
        return (s0 + s2) + (s1 + s3);
    }

    /** Makes logit k the one whose derivatives are asked for: with the intercept's of the loss, that by the intercept. */
    private double load(int k, double interceptGradient) {
        if (layout.logits() > 1) {
            curvature().write(k, h);
            derivatives(k, r);
            hSum = sum(h);
        }
        shift = 0;
        return interceptGradient + sum(r);
    }

    /** The second derivatives of many logits. */
    private SoftmaxCurvature curvature() {
        return new SoftmaxCurvature(share, p, floor, row, more);
    }

    /** The second derivative along logit k of row i, by its share. */
    private double curvature(int k, int i) {
        double pk = p[k][i];
        double atLeast = k == label[i] || k == leader[i] ? Math.max(floor, least[i]) : floor;
        return share[i] * Math.max(atLeast, pk * (1 - pk));
    }

    /** Writes the changes of the derivatives by logit k's margins of all rows since the model's point. */
    private void derivatives(int k, double[] out) {
        double[] pk = p[k];
        double[] own = moved[k];
        for (int i = 0; i < out.length; i++) {
            double missing = Math.max(0, floor - pk[i] * (1 - pk[i]));
            out[i] = share[i] * Math.fma(missing, own[i], pk[i] * (own[i] - mean[i]));
        }
        for (int t = 0; t < row[k].length; t++) {
            int i = row[k][t];
            out[i] = Math.fma(more[k][t], own[i], out[i]);
        }
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

    /**
     * What the model is along the columns of a set, one by one.
     *
     * @param cross {@code X'h}: what {@link #slope} and {@link #move} ask for; 0 without intercepts
     * @param curvature the second derivatives, the intercept following
     * @param constant those along a column of ones, one for each logit
     */
    public record Singles(double[] cross, double[] curvature, double[] constant) {}

    /** The columns of a set, one by one. */
    public Singles singles(WorkingSet set) {
        Singles singles = new Singles(new double[set.size()], new double[set.size()], new double[set.logits()]);
        if (layout.logits() == 1) {
            write(set, 0, h, hSum, singles);
            return singles;
        }
        workers.runRanges(p.length, FEW_LOGITS, (from, to) -> {
            double[] own = room();
            for (int k = from; k < to; k++) {
                curvature().write(k, own);
                write(set, k, own, sum(own), singles);
            }
            spare.add(own);
        });
        return singles;
    }

    private void write(WorkingSet set, int k, double[] own, double sum, Singles out) {
        boolean follows = layout.intercept() && sum > 0;
        out.constant[k] = sum;
        for (int e = set.start()[k]; e < set.start()[k + 1]; e++) {
            int j = set.feature()[e];
            double square = x.squares(j, own);
            double cross = layout.intercept() ? x.dot(j, own) : 0;
            out.cross[e] = cross;
            out.curvature[e] = positive(follows ? square - cross * cross / sum : square, square);
        }
    }

    /** A second derivative that is not lost in the rounding of the square it came from, nor 0. */
    static double positive(double curvature, double square) {
        return Math.max(Math.max(curvature, LEAST_CURVATURE * square), Double.MIN_NORMAL);
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

    private void follow(int k, WorkingSet set, double[] d, double b) {
        margins(k, set, d, b, change);
        for (int i = 0; i < change.length; i++) {
            moved[k][i] += change[i];
            mean[i] = Math.fma(p[k][i], change[i], mean[i]);
        }
    }

    /** What coefficients {@code v} of logit k and an intercept add to the margins. */
    private void margins(int k, WorkingSet set, double[] v, double b, double[] out) {
        Arrays.fill(out, b);
        for (int e = set.start()[k]; e < set.start()[k + 1]; e++) {
            if (v[e] != 0) {
                x.add(set.feature()[e], v[e], 0, out.length, out);
            }
        }
    }

    /** Moves all logits at once, none being entered. */
    public void moveAll(WorkingSet set, double[] d, double[] b) {
        if (layout.logits() == 1) {
            margins(0, set, d, b[0], change);
            for (int i = 0; i < r.length; i++) {
                r[i] = Math.fma(change[i], h[i], r[i]);
            }
            return;
        }
        workers.runRanges(p.length, FEW_LOGITS, (from, to) -> {
            double[] step = room();
            for (int k = from; k < to; k++) {
                margins(k, set, d, b[k], step);
                double[] sum = moved[k];
                for (int i = 0; i < step.length; i++) {
                    sum[i] += step[i];
                }
            }
            spare.add(step);
        });
        workers.runRanges(share.length, CHUNK_ROWS, (from, to) -> {
            Arrays.fill(mean, from, to, 0);
            for (int k = 0; k < p.length; k++) {
                for (int i = from; i < to; i++) {
                    mean[i] = Math.fma(p[k][i], moved[k][i], mean[i]);
                }
            }
        });
    }

    /**
     * By how much the derivatives have changed since the model's point.
     *
     * @param wanted not 0 where that is asked for
     * @param out receives those by the coefficients of the set
     * @param outB receives those by the intercepts
     */
    public void slopes(WorkingSet set, double[] wanted, double[] out, double[] outB) {
        if (layout.logits() == 1) {
            collect(set, 0, r, wanted, out, outB);
            return;
        }
        workers.runRanges(p.length, FEW_LOGITS, (from, to) -> {
            double[] rows = room();
            for (int k = from; k < to; k++) {
                derivatives(k, rows);
                collect(set, k, rows, wanted, out, outB);
            }
            spare.add(rows);
        });
    }

    /**
     * The second derivatives of the loss times a step.
     *
     * @param v a step of the coefficients of the set
     * @param b a step of the intercepts
     * @param wanted not 0 where that is asked for
     * @param out receives the part of the coefficients
     * @param outB receives the part of the intercepts
     */
    public void product(WorkingSet set, double[] v, double[] b, double[] wanted, double[] out, double[] outB) {
        if (layout.logits() == 1) {
            margins(0, set, v, b[0], change);
            for (int i = 0; i < change.length; i++) {
                change[i] *= h[i];
            }
            collect(set, 0, change, wanted, out, outB);
            return;
        }
        products.apply(floor, set, v, b, wanted, out, outB);
    }

    /**
     * An approximate inverse of the second derivatives with many logits, for as long as the model is at this point.
     *
     * @param part the coefficients of the set that take part
     * @param penalty what the penalty adds to the second derivatives by single coefficients
     * @param more the share by which those of the loss are raised
     * @return null if it would take longer than some tens of {@link #product products}, or far more memory than the model
     */
    public @Nullable BlockInverse blockInverse(WorkingSet set, boolean[] part, double[] penalty, double more) {
        BlockBuilder.Curvature curvature = new BlockBuilder.Curvature() {
            @Override
            public double of(int k, int i) {
                return curvature(k, i);
            }

            @Override
            public void write(int k, double[] out) {
                curvature().write(k, out);
            }
        };
        BlockBuilder builder =
                new BlockBuilder(x, share, p, curvature, layout.intercept(), set, part, penalty, more, workers);
        return builder.isWorthwhile() ? builder.build() : null;
    }

    /** The sums of the rows' derivatives by logit k's margins along its columns of the set. */
    private void collect(WorkingSet set, int k, double[] rows, double[] wanted, double[] out, double[] outB) {
        outB[k] = layout.intercept() ? sum(rows) : 0;
        for (int e = set.start()[k]; e < set.start()[k + 1]; e++) {
            if (wanted[e] != 0) {
                out[e] = x.dot(set.feature()[e], rows);
            }
        }
    }
}
