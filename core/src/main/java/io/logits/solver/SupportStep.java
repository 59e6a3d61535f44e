package io.logits.solver;

import io.logits.objective.BlockInverse;
import io.logits.objective.ColumnQuadratic;
import io.logits.objective.CompositeObjective;
import io.logits.objective.WorkingSet;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A step of all coefficients that are not 0, and all intercepts, together: as long as none changes its sign the penalty is
 * smooth, and the minimum of the quadratic model is a linear system, here solved by conjugate gradients. Coefficients that would
 * change their sign, or leave their bounds, are held where that would be, and the system of the others is solved on from there.
 * It goes quickly where coefficients are tied to each other and coordinate descent goes slowly, as with correlated columns or
 * many classes.
 */
final class SupportStep {
    /** The residual, over that at the start, in the norm of the preconditioner. */
    private static final double SOLVED = 1e-3;
    /** The same of a first solution with blocks. */
    private static final double ROUGHLY_SOLVED = 0.03;
    /** A step ends as well where no coefficient adds more to the gap than this share of what the model asks for. */
    private static final double ENOUGH = 0.9;
    /**
     * The share by which single curvatures are raised, as differences of columns that are alike, or a change of all classes alike,
     * must curve too: at least, and with blocks.
     */
    private static final double DAMPING = 1e-3;

    private static final double LITTLE_DAMPING = 1e-7;
    /** And times the model's caution, which goes as far as it can be trusted. */
    private static final double CAUTIOUS_DAMPING = 0.02;
    /**
     * A step is good if its best length is at least this. Else too many coefficients were held on whose moves others had
     * counted, and these are solved for again.
     */
    private static final double GOOD = 0.9;

    /** All solutions of a step together have so many times the iterations of one. */
    private static final int MOST_SOLUTIONS = 2;

    private final SeparableDescent descent;
    private final CompositeObjective objective;
    private final WorkingSet set;
    private final ColumnQuadratic model;
    private final ColumnQuadratic.Singles singles;
    /** The entries of a product that are asked for. */
    private final double[] wanted;
    /** What the penalty and the damping add to the second derivatives by single coefficients. */
    private final double[] more;
    /** The coefficients for which the preconditioner is not that of single ones. */
    private final boolean[] inBlocks;

    private final ClassCentring centring;

    private double damping;
    private @Nullable BlockInverse blocks;
    /** The part of the objective that L1 is, and what a coefficient may add to the gap where a step is solved for well enough. */
    private double total;

    private double enough;

    SupportStep(SeparableDescent descent, ColumnQuadratic model, ColumnQuadratic.Singles singles, double caution) {
        this.descent = descent;
        this.model = model;
        this.singles = singles;
        objective = descent.objective;
        set = descent.set;
        damping = Math.max(DAMPING, CAUTIOUS_DAMPING * caution);
        wanted = new double[set.size()];
        more = new double[set.size()];
        inBlocks = new boolean[set.size()];
        centring = new ClassCentring(objective, set);
    }

    /** Prepares for steps that are solved for well by making blocks, where that costs no more than some tens of iterations. */
    void precondition() {
        double[] penalty = new double[set.size()];
        int[] feature = set.feature();
        for (int e = 0; e < penalty.length; e++) {
            inBlocks[e] = objective.isSmoothAt(feature[e], descent.value[e]);
            penalty[e] = objective.penaltyCurvature(feature[e]);
        }
        blocks = model.blockInverse(set, inBlocks, penalty, LITTLE_DAMPING);
        if (blocks == null) {
            Arrays.fill(inBlocks, false);
        } else {
            damping = LITTLE_DAMPING;
        }
    }

    /** Whether {@link #precondition} has made blocks. */
    boolean hasBlocks() {
        return blocks != null;
    }

    /**
     * Moves coefficients and intercepts, and the model with them, if that lowers the model.
     *
     * @param iterations of conjugate gradients, at most, to solve the system, and as many again where some are held
     * @param goal with blocks the step is solved for until no coefficient adds more to the gap than about this
     * @param newTotal the part of the objective that L1 is
     * @return whether most of what was solved for could be gone
     */
    boolean take(int iterations, double goal, double newTotal) {
        double[] value = descent.value;
        double[] intercept = descent.intercept;
        total = newTotal;
        enough = ENOUGH * goal;
        // The model is not told; a cautious one would take it for a change.
        centring.forEach(value, (classes, d) -> {
            for (int e : classes) {
                value[e] += d;
            }
        });
        SupportVector slope = new SupportVector(value.length, intercept.length);
        SupportVector inverse = new SupportVector(value.length, intercept.length);
        derivatives(value, slope, inverse);
        leaveBlocks(inverse);
        SupportVector step = new SupportVector(value.length, intercept.length);
        SupportVector curved = new SupportVector(value.length, intercept.length);
        SupportVector r = residual(slope, curved, inverse);
        SupportVector z = new SupportVector(value.length, intercept.length);
        times(inverse, r, z);
        double first = r.dot(z);
        double share = 0;
        int left = MOST_SOLUTIONS * iterations;
        // With blocks a first solution says what is to be held: of its last digits the next one knows nothing.
        for (boolean rough = blocks != null; left > 0; rough = false) {
            double to = rough ? ROUGHLY_SOLVED : SOLVED;
            left -= 1 + solve(step, r, inverse, Math.min(iterations, left), to * to * first);
            boolean held = hold(step, inverse);
            curve(step, inverse, curved);
            share = -slope.dot(step) / step.dot(curved);
            if (!rough && (!held || share >= GOOD)) {
                break;
            }
            r = residual(slope, curved, inverse);
        }
        if (!(share > 0)) {
            return false;
        }
        step.combine(Math.min(1, share), 0, step);
        double[] moves = step.a();
        int[] feature = set.feature();
        for (int e = 0; e < value.length; e++) {
            if (moves[e] != 0) {
                value[e] = objective.withinPiece(feature[e], value[e], value[e] + moves[e]);
            }
        }
        for (int k = 0; k < intercept.length; k++) {
            intercept[k] += step.b()[k];
        }
        model.moveAll(set, step.a(), step.b());
        return share >= GOOD;
    }

    /** The most that a coefficient or intercept which moves adds to the gap. */
    private double shortfall(SupportVector r, SupportVector inverse) {
        double most = 0;
        double[] moving = inverse.a();
        double[] left = r.a();
        int[] feature = set.feature();
        for (int e = 0; e < moving.length; e++) {
            if (moving[e] != 0) {
                double size = Math.abs(descent.value[e]);
                most = Math.max(most, objective.shortfall(feature[e], size, Math.abs(left[e]), total));
            }
        }
        for (int k = 0; k < r.b().length; k++) {
            most = inverse.b()[k] == 0 ? most : Math.max(most, objective.interceptShortfall(k, r.b()[k]));
        }
        return most;
    }

    private static SupportVector residual(SupportVector slope, SupportVector curved, SupportVector inverse) {
        return new SupportVector(
                residual(slope.a(), curved.a(), inverse.a()), residual(slope.b(), curved.b(), inverse.b()));
    }

    private static double[] residual(double[] slope, double[] curved, double[] inverse) {
        double[] r = new double[slope.length];
        for (int e = 0; e < r.length; e++) {
            r[e] = inverse[e] == 0 ? 0 : -slope[e] - curved[e];
        }
        return r;
    }

    /** Coefficients that would leave the piece on which the penalty is smooth go to its edge and no further; whether there are any. */
    private boolean hold(SupportVector step, SupportVector inverse) {
        boolean any = false;
        double[] move = step.a();
        double[] moving = inverse.a();
        int[] feature = set.feature();
        for (int e = 0; e < move.length; e++) {
            if (moving[e] != 0) {
                double value = descent.value[e];
                double next = value + move[e];
                double kept = objective.withinPiece(feature[e], value, next);
                if (kept != next) {
                    any = true;
                    move[e] = kept - value;
                    moving[e] = 0;
                    more[e] = objective.penaltyCurvature(feature[e]);
                }
            }
        }
        leaveBlocks(inverse);
        return any;
    }

    /**
     * Those that do not move must leave the blocks: where one is nearly alike to one that moves, the inverse with both is far too
     * large for this.
     */
    private void leaveBlocks(SupportVector inverse) {
        if (blocks == null) {
            return;
        }
        boolean[] leaving = new boolean[inBlocks.length];
        for (int e = 0; e < leaving.length; e++) {
            leaving[e] = inBlocks[e] && inverse.a()[e] == 0;
            inBlocks[e] &= !leaving[e];
        }
        blocks.leaveOut(leaving);
    }

    private void derivatives(double[] value, SupportVector slope, SupportVector inverse) {
        model.slopes(set, value, slope.a(), slope.b());
        for (int k = 0; k < set.logits(); k++) {
            int position = objective.intercept(k);
            slope.b()[k] = position < 0 ? 0 : slope.b()[k] + descent.gradient[position];
            double curvature = singles.constant()[k];
            inverse.b()[k] = position < 0 || !(curvature > 0) ? 0 : 1 / curvature;
        }
        double[] slopes = slope.a();
        double[] inverses = inverse.a();
        double[] curvature = singles.curvature();
        int[] feature = set.feature();
        int[] position = set.position();
        for (int e = 0; e < value.length; e++) {
            int j = feature[e];
            boolean smooth = objective.isSmoothAt(j, value[e]);
            double penalised = objective.penaltyCurvature(j);
            slopes[e] = smooth ? slopes[e] + descent.gradient[position[e]] + objective.penaltySlope(j, value[e]) : 0;
            inverses[e] = smooth ? 1 / (curvature[e] + penalised) : 0;
            more[e] = penalised + damping(inverses[e]);
        }
    }

    private void times(SupportVector inverse, SupportVector r, SupportVector out) {
        if (blocks != null) {
            blocks.apply(r.a(), r.b(), out.a(), out.b());
        }
        double[] moving = inverse.a();
        double[] ofR = r.a();
        double[] product = out.a();
        for (int e = 0; e < product.length; e++) {
            product[e] = inBlocks[e] && moving[e] != 0 ? product[e] : moving[e] * ofR[e];
        }
        for (int k = 0; k < r.b().length; k++) {
            out.b()[k] = blocks != null && inverse.b()[k] != 0 ? out.b()[k] : inverse.b()[k] * r.b()[k];
        }
    }

    /** The second derivatives, damped, times v, by what moves and by what v has. */
    private void curve(SupportVector v, SupportVector inverse, SupportVector out) {
        double[] moving = inverse.a();
        double[] move = v.a();
        double[] product = out.a();
        for (int e = 0; e < move.length; e++) {
            wanted[e] = moving[e] == 0 ? move[e] : 1;
        }
        model.product(set, move, v.b(), wanted, product, out.b());
        for (int e = 0; e < move.length; e++) {
            product[e] = wanted[e] == 0 ? 0 : Math.fma(more[e], move[e], product[e]);
        }
        for (int k = 0; k < v.b().length; k++) {
            out.b()[k] = inverse.b()[k] == 0 ? 0 : Math.fma(damping(inverse.b()[k]), v.b()[k], out.b()[k]);
        }
    }

    private double damping(double inverse) {
        return inverse == 0 ? 0 : damping / inverse;
    }

    /**
     * Goes on from a step towards the minimum over what moves, with blocks to the smallest residual on the way.
     *
     * @param r the residual at the step; overwritten
     * @param solved where the squared residual, in the norm of the preconditioner, is small enough
     * @return how many iterations that took
     */
    private int solve(SupportVector step, SupportVector r, SupportVector inverse, int iterations, double solved) {
        SupportVector v = new SupportVector(r.a().length, r.b().length);
        SupportVector hv = new SupportVector(r.a().length, r.b().length);
        SupportVector z = new SupportVector(r.a().length, r.b().length);
        times(inverse, r, z);
        double rz = r.dot(z);
        Smoothed smoothed = new Smoothed(step.copy(), r.copy(), z.copy());
        int it = 0;
        for (; it < iterations && !(blocks == null ? rz <= solved : isSolved(smoothed, inverse, solved)); it++) {
            v.combine(1, 1, z);
            curve(v, inverse, hv);
            double t = rz / v.dot(hv);
            if (!(t > 0 && t < Double.POSITIVE_INFINITY)) {
                break;
            }
            step.combine(1, t, v);
            r.combine(1, -t, hv);
            times(inverse, r, z);
            double next = r.dot(z);
            v.combine(next / rz, 0, v);
            rz = next;
            if (blocks != null) {
                smoothed.join(step, r, z);
            }
        }
        if (blocks != null) {
            step.set(smoothed.step);
        }
        return it;
    }

    private boolean isSolved(Smoothed smoothed, SupportVector inverse, double solved) {
        return smoothed.squared() <= solved || shortfall(smoothed.r, inverse) <= enough;
    }
}
