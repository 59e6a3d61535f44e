package io.logits.solver;

import io.logits.objective.CompositeObjective;
import io.logits.objective.GramQuadratic;
import io.logits.objective.WorkingSet;
import java.util.Arrays;

/**
 * Minimises the quadratic model of one logit plus the penalty over a working set, one coefficient after the other, with all
 * second derivatives at hand: a step costs as many operations as the set has coefficients, whatever the number of rows
 * (the covariance updates of Friedman, Hastie and Tibshirani 2010).
 */
final class GramDescent extends SeparableDescent {
    private static final int MOST_SWEEPS = 2000;
    /** Sweeps over the coefficients that are not 0 before all are looked at again. */
    private static final int INNER_SWEEPS = 20;
    /** Descent ends when the most that a coefficient adds to the gap has fallen to this share of what it was. */
    private static final double FORCING = 0.01;

    private final GramQuadratic model;
    /** The derivatives of the model by the coefficients, the intercept at its best. */
    private final double[] slope;

    private double total;

    GramDescent(CompositeObjective objective, WorkingSet set, GramQuadratic model, double[] w, double[] gradient) {
        super(objective, set, w, gradient);
        this.model = model;
        slope = new double[set.size()];
        Arrays.setAll(slope, e -> gradient[set.position()[e]]);
    }

    @Override
    public void run(double allowed, double newTotal) {
        total = newTotal;
        int at = objective.intercept(0);
        if (at >= 0) {
            model.eliminate(gradient[at], slope);
        }
        double goal = allowed;
        boolean first = true;
        for (int sweep = 0; sweep < MOST_SWEEPS; sweep++) {
            double shortfall = sweep(true);
            goal = first ? Math.max(allowed, FORCING * shortfall) : goal;
            first = false;
            if (shortfall <= goal) {
                break;
            }
            for (int inner = 0; inner < INNER_SWEEPS && shortfall > goal; inner++, sweep++) {
                shortfall = sweep(false);
            }
        }
        if (at >= 0) {
            double[] change = new double[value.length];
            Arrays.setAll(change, e -> value[e] - w[set.position()[e]]);
            intercept[0] = model.bestIntercept(gradient[at], change);
        }
    }

    /** The most that a coefficient added to the gap before it was moved, of all or of those that are not 0. */
    private double sweep(boolean all) {
        double shortfall = 0;
        for (int e = 0; e < value.length; e++) {
            if (all || value[e] != 0) {
                shortfall = Math.max(shortfall, step(e));
            }
        }
        return shortfall;
    }

    private double step(int e) {
        int j = set.feature()[e];
        double curvature = model.curvature(e);
        double next = objective.minimizer(j, value[e], slope[e], curvature);
        double d = next - value[e];
        if (d == 0) {
            return 0;
        }
        model.addColumn(e, d, slope);
        value[e] = next;
        double violation = Math.abs(d) * (curvature + objective.penaltyCurvature(j));
        return objective.shortfall(j, Math.max(Math.abs(next), Math.abs(d)), violation, total);
    }
}
