package io.logits.solver;

import io.logits.objective.TwiceSmoothObjective;

/**
 * A start from a sample of the rows: a few of Newton's steps with these lead as near to the minimum of all as they can tell, for
 * a part of a pass each. Holds a copy of the sample, at most a quarter of the features.
 */
public final class SampledStart {
    private static final int MOST_STEPS = 10;
    /** A share of the objective that is less than what the minimum of a sample is off by. */
    private static final double ENOUGH = 1e-4;
    /** Sufficient decrease of a step (Nocedal and Wright 2006, 3.1). */
    private static final double DECREASE = 1e-4;

    private static final double SHORTEST = 1e-3;

    private final TwiceSmoothObjective sample;
    private final double[] d;
    private final double[] g;
    private double[] w;
    private double[] next;
    private double value;

    private SampledStart(TwiceSmoothObjective sample, double[] start) {
        this.sample = sample;
        w = start.clone();
        next = new double[w.length];
        g = new double[w.length];
        d = new double[w.length];
    }

    /** A point that is better than {@code start} on a sample of the rows, or {@code start} where there are too few to leave some out. */
    public static double[] of(TwiceSmoothObjective objective, double[] start) {
        return objective
                .ofSample()
                .map(sample -> new SampledStart(sample, start).ahead())
                .orElse(start);
    }

    private double[] ahead() {
        HessianFactor factor = new HessianFactor(sample);
        value = sample.evaluate(w, g);
        boolean sampling = true;
        for (int step = 0; step < MOST_STEPS; step++) {
            factor.take(sampling);
            sampling &= factor.sampled();
            double decrement = factor.direction(g, d);
            if (!(decrement > ENOUGH * value) || !moved(decrement)) {
                break;
            }
        }
        return w;
    }

    /** Moves along {@code d} if the objective falls by it, or by a part of it. */
    private boolean moved(double decrement) {
        for (double t = 1; t > SHORTEST; t /= 4) {
            for (int c = 0; c < w.length; c++) {
                next[c] = Math.fma(t, d[c], w[c]);
            }
            double reached = sample.evaluate(next, g);
            if (reached <= value - DECREASE * t * 2 * decrement) {
                double[] left = w;
                w = next;
                next = left;
                value = reached;
                return true;
            }
        }
        return false;
    }
}
