package io.logits.inference;

import io.logits.kernels.Workers;

/**
 * What the likelihood says of one parameter when all others are fitted again for each value of it. The signed root of the
 * likelihood ratio, {@code r(c) = sign(c - best) sqrt(2 (log L(best) - log L(c)))}, is nearly a line, with the slope
 * {@code -(d log L/dc)/r}: its crossings of a normal quantile are found by Newton's method.
 */
final class Profile {
    private static final int MOST_STEPS = 60;
    /** A crossing is left when the root is off by less than this: the last step squares that. */
    private static final double LAST_STEP = 1e-6;

    private final Local best;
    private final double[] row;
    private final double estimate;

    /**
     * The profile of a parameter.
     *
     * @param row what it is of the free coordinates
     */
    Profile(Optimum optimum, double[] row, Workers workers) {
        best = optimum.start(workers);
        this.row = row;
        estimate = Vectors.dot(row, best.theta());
    }

    /** The signed root of the likelihood ratio of the value 0. */
    double rootAtZero() {
        return -root(ConstrainedFit.of(best, Constraint.of(row, 0)), 0);
    }

    private double root(ConstrainedFit fit, double value) {
        return Math.signum(value - estimate)
                * Math.sqrt(Math.max(0, 2 * (best.value() - fit.at().value())));
    }

    /**
     * The value at which the root crosses a level.
     *
     * @param level not 0
     * @param error the parameter's standard error: where to look first
     */
    double crossing(double level, double error) {
        double value = estimate + level * error;
        double inside = estimate;
        double outside = level > 0 ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
        Local from = best;
        for (int step = 0; step < MOST_STEPS; step++) {
            ConstrainedFit fit = ConstrainedFit.of(from, Constraint.of(row, value));
            double root = root(fit, value);
            double slope = -fit.multipliers()[0] / root;
            double next = value + (level - root) / slope;
            if (Math.abs(level - root) <= LAST_STEP) {
                return next;
            }
            boolean within = Math.abs(root) < Math.abs(level);
            inside = within ? value : inside;
            outside = within ? outside : value;
            boolean between = (next - inside) * (outside - next) > 0;
            value = between ? next : Double.isFinite(outside) ? (inside + outside) / 2 : 2 * value - estimate;
            from = fit.at();
        }
        return Double.NaN;
    }
}
