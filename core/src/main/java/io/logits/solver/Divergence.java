package io.logits.solver;

import io.logits.objective.TwiceSmoothObjective;
import io.logits.objective.TwiceSmoothObjective.MarginChange;

/**
 * Tells a minimum from its absence where there is no penalty. If the classes are separable, if only in part, Newton's
 * steps come to move along a direction that lowers no margin and raises some by about 1 each time, while the others have
 * settled (Albert and Anderson 1984 name the cases). Such a direction, once found, proves that no minimum exists.
 */
final class Divergence {
    /** Steps that come before the rest of the coefficients can have settled. */
    private static final int FIRST_LOOK = 4;
    /** A margin may fall by this share of the largest rise: what settling coefficients and rounding leave. */
    private static final double ROUNDING = 1e-7;
    /** A minimum is at hand when a Newton step moves no logit by more than this. */
    private static final double SETTLED = 0.1;

    private final TwiceSmoothObjective objective;
    private double largestMove = Double.POSITIVE_INFINITY;

    Divergence(TwiceSmoothObjective objective) {
        this.objective = objective;
    }

    /**
     * Looks at the next Newton step, and at the point reached so far.
     *
     * @return a direction that separates, or an empty array
     */
    double[] look(Descent descent, double[] d) {
        MarginChange step = change(descent, d);
        largestMove = step.most();
        if (descent.iterations < FIRST_LOOK || settled()) {
            return new double[0];
        }
        if (step.least() >= -ROUNDING * step.most()) {
            return d.clone();
        }
        MarginChange whole = change(descent, descent.w);
        return whole.least() > 0 ? descent.w.clone() : new double[0];
    }

    private MarginChange change(Descent descent, double[] direction) {
        descent.passes++;
        return objective.marginChange(direction);
    }

    /** Whether the step last looked at moves every logit but a little; true where nothing was looked at. */
    boolean settled() {
        return largestMove <= SETTLED;
    }
}
