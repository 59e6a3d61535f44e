package io.logits.solver;

import io.logits.objective.CompositeObjective;
import io.logits.objective.GroupedQuadratic;
import io.logits.objective.WorkingSet;

/**
 * Minimises a quadratic model plus a penalty of whole rows of coefficients, one feature after the other: the model along a
 * feature's logits is replaced by a bound of equal curvature, whose minimum beside the penalty has a closed form (Simon,
 * Friedman and Hastie 2013).
 */
final class GroupedDescent implements ModelDescent {
    private static final int MOST_ROUNDS = 2000;
    /** Descent ends when the most that a feature adds to the gap has fallen to this share of what it was. */
    private static final double FORCING = 0.01;

    private final CompositeObjective objective;
    private final GroupedQuadratic model;
    private final double[] gradient;
    private final int[] feature;
    private final double[] bound;
    private final double[][] start;
    private final double[][] value;
    private final double[] intercept;

    GroupedDescent(
            CompositeObjective objective, WorkingSet set, GroupedQuadratic model, double[] w, double[] gradient) {
        this.objective = objective;
        this.model = model;
        this.gradient = gradient;
        int size = set.start()[1];
        feature = new int[size];
        bound = new double[size];
        start = new double[size][model.logits()];
        value = new double[size][];
        intercept = new double[model.logits()];
        for (int e = 0; e < size; e++) {
            feature[e] = set.feature()[e];
            bound[e] = model.bound(feature[e]);
            for (int k = 0; k < model.logits(); k++) {
                start[e][k] = w[objective.position(feature[e], k)];
            }
            value[e] = start[e].clone();
        }
    }

    @Override
    public boolean isExact() {
        return true;
    }

    @Override
    public void run(double allowed, double total) {
        double goal = allowed;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            double shortfall = moveIntercepts();
            boolean all = round % 5 == 0;
            for (int e = 0; e < feature.length; e++) {
                if (all || !isZero(value[e])) {
                    shortfall = Math.max(shortfall, step(e, total));
                }
            }
            goal = round == 0 ? Math.max(allowed, FORCING * shortfall) : goal;
            if (all && shortfall <= goal) {
                return;
            }
        }
    }

    private static boolean isZero(double[] row) {
        for (double w : row) {
            if (w != 0) {
                return false;
            }
        }
        return true;
    }

    private double moveIntercepts() {
        if (objective.intercept(0) < 0) {
            return 0;
        }
        int logits = intercept.length;
        double[] slope = new double[logits];
        double[] d = new double[logits];
        model.interceptSlopes(slope);
        double largest = 0;
        for (int k = 0; k < logits; k++) {
            slope[k] += gradient[objective.intercept(k)];
            largest = Math.max(largest, objective.interceptShortfall(k, slope[k]));
            d[k] = -slope[k] / model.interceptBound();
            intercept[k] += d[k];
        }
        model.moveIntercepts(d);
        return largest;
    }

    private double step(int e, double total) {
        int logits = intercept.length;
        double[] slope = new double[logits];
        model.slopes(feature[e], slope);
        for (int k = 0; k < logits; k++) {
            slope[k] += gradient[objective.position(feature[e], k)];
        }
        double[] next = objective.groupMinimizer(feature[e], value[e], slope, bound[e]);
        double[] d = new double[logits];
        double change = 0;
        double size = 0;
        for (int k = 0; k < logits; k++) {
            d[k] = next[k] - value[e][k];
            change += d[k] * d[k];
            size += Math.max(next[k] * next[k], d[k] * d[k]);
        }
        if (change == 0) {
            return 0;
        }
        model.move(feature[e], d);
        value[e] = next;
        double violation = Math.sqrt(change) * (bound[e] + objective.penaltyCurvature(feature[e]));
        return objective.shortfall(feature[e], Math.sqrt(size), violation, total);
    }

    @Override
    public double decrease() {
        double sum = 0;
        for (int e = 0; e < feature.length; e++) {
            for (int k = 0; k < intercept.length; k++) {
                sum += gradient[objective.position(feature[e], k)] * (value[e][k] - start[e][k]);
            }
            sum += objective.penaltyValue(feature[e], value[e]) - objective.penaltyValue(feature[e], start[e]);
        }
        for (int k = 0; k < intercept.length && objective.intercept(k) >= 0; k++) {
            sum += gradient[objective.intercept(k)] * intercept[k];
        }
        return sum;
    }

    @Override
    public void place(double[] base, double t, double[] out) {
        for (int e = 0; e < feature.length; e++) {
            for (int k = 0; k < intercept.length; k++) {
                double from = start[e][k];
                out[objective.position(feature[e], k)] = t == 1 ? value[e][k] : Math.fma(t, value[e][k] - from, from);
            }
        }
        for (int k = 0; k < intercept.length && objective.intercept(k) >= 0; k++) {
            int c = objective.intercept(k);
            out[c] = base[c] + t * intercept[k];
        }
    }
}
