package io.logits.solver;

import io.logits.objective.CompositeObjective;
import io.logits.objective.GramQuadratic;
import io.logits.objective.WorkingSet;
import java.util.Arrays;

/**
 * Minimises the quadratic model plus the penalty over a working set, one coefficient after the other, with all
 * second derivatives at hand: a step costs as many operations as the set has coefficients, whatever the number of rows
 * (the covariance updates of Friedman, Hastie and Tibshirani 2010).
 */
final class GramDescent extends SeparableDescent {
    private static final int MOST_SWEEPS = 2000;
    /** Sweeps over the coefficients that are not 0 before all are looked at again. */
    private static final int INNER_SWEEPS = 5;
    /** A factor of order m costs about as much as m over this many sweeps. */
    private static final int FACTOR_SWEEPS = 10;
    /** Descent ends when the most that a coefficient adds to the gap has fallen to this share of what it was. */
    private static final double FORCING = 0.001;

    private final GramQuadratic model;
    /** The coefficients of which derivatives are known, the set among them. */
    private final WorkingSet known;
    /** Their derivatives of the mean loss at the model's point, those by the intercepts last. */
    private final double[] before;
    /** The derivatives of the model by the coefficients, the intercepts at their best. */
    private final double[] slope;

    private final FactoredStep together;

    private double total;

    GramDescent(
            CompositeObjective objective,
            WorkingSet set,
            WorkingSet known,
            GramQuadratic model,
            double[] w,
            double[] gradient) {
        super(objective, set, w, gradient);
        this.known = known;
        this.model = model;
        before = entries(gradient);
        slope = new double[set.size()];
        Arrays.setAll(slope, e -> gradient[set.position()[e]]);
        together = new FactoredStep(this, model, slope);
    }

    /** Those entries of a vector that are known, and then those of the intercepts, or 0. */
    private double[] entries(double[] v) {
        double[] out = new double[known.size() + known.logits()];
        for (int e = 0; e < known.size(); e++) {
            out[e] = v[known.position()[e]];
        }
        for (int k = 0; k < known.logits(); k++) {
            int at = objective.intercept(k);
            out[known.size() + k] = at < 0 ? 0 : v[at];
        }
        return out;
    }

    @Override
    public void learn(double[] base, double[] w, double[] gradient) {
        double[] step = entries(w);
        double[] change = entries(gradient);
        double[] from = entries(base);
        for (int e = 0; e < step.length; e++) {
            step[e] -= from[e];
            change[e] -= before[e];
        }
        objective.learn(known, step, change);
    }

    @Override
    public boolean isExact() {
        return model.isExact();
    }

    @Override
    public void run(double allowed, double newTotal) {
        total = newTotal;
        double[] byIntercept = Arrays.copyOfRange(before, known.size(), before.length);
        model.eliminate(byIntercept, slope);
        // So that all of them together add no more than what is allowed.
        double least = allowed / Math.max(1, value.length);
        double goal = least;
        boolean first = true;
        for (int sweep = 0; sweep < MOST_SWEEPS; sweep++) {
            double shortfall = sweep(true);
            goal = first ? Math.max(least, FORCING * shortfall) : goal;
            first = false;
            if (shortfall <= goal) {
                break;
            }
            double atFirst = shortfall;
            for (int inner = 0; inner < INNER_SWEEPS && shortfall > goal; inner++, sweep++) {
                shortfall = sweep(false);
            }
            // Each sweep leaves about the same share of the shortfall.
            double sweepsLeft = INNER_SWEEPS * Math.log(shortfall / goal) / Math.max(0, Math.log(atFirst / shortfall));
            if (shortfall > goal && sweepsLeft > (double) value.length / FACTOR_SWEEPS) {
                together.take();
            }
        }
        double[] change = new double[value.length];
        Arrays.setAll(change, e -> value[e] - w[set.position()[e]]);
        double[] steps = model.bestIntercepts(byIntercept, change);
        System.arraycopy(steps, 0, intercept, 0, steps.length);
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

    /** Takes one coefficient to its minimum; what it added to the gap before. */
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
