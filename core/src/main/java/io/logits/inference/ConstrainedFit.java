package io.logits.inference;

/**
 * The best fit under linear constraints, by Newton's method on the log-likelihood: of the model of the second derivatives
 * at each point the best step that also meets the constraints. With Firth's penalty the information takes the place of the
 * second derivatives, and steps shrink by a constant share.
 *
 * @param at where it ended
 * @param multipliers by how much the log-likelihood rises as each constraint's target does
 * @param scoreStatistic {@code g' V g} with the unconstrained score and information: Rao's statistic
 * @param steps how many it took
 * @param promised the score that the constraints leave, times the step that comes next: its root is the error
 */
record ConstrainedFit(Local at, double[] multipliers, double scoreStatistic, int steps, double promised) {
    private static final int MOST_STEPS = 500;
    private static final int MOST_HALVINGS = 40;
    /** Promises below this share of the log-likelihood are lost in its rounding: steps are taken as they are. */
    private static final double INVISIBLE = 1e-12;
    /** A step that promises less than this share of the log-likelihood is the last: Newton's squares the error. */
    private static final double LAST_STEP = 1e-10;
    /** The same where a step does not square the error. */
    private static final double LAST_SCORING_STEP = 1e-22;

    /** Starts from a point, whether that meets the constraint or not. */
    static ConstrainedFit of(Local start, Constraint constraint) {
        Local here = start;
        boolean last = false;
        for (int count = 0; count < MOST_STEPS; count++) {
            double[] score = here.score();
            double[] free = here.information().times(score);
            double[] missing = constraint.missing(here.theta());
            double[] mu = constraint.multipliers(here.information(), missing, free);
            // What the constraints leave of the score: the step is along the rest but for rounding.
            double[] left = constraint.shifted(score, mu);
            double[] step = here.information().times(left);
            double promised = Vectors.dot(left, step);
            if (last) {
                return new ConstrainedFit(here, Vectors.times(-1, mu), Vectors.dot(score, free), count, promised);
            }
            double size = Math.max(1, Math.abs(here.value()));
            boolean feasible = constraint.holds(missing);
            last = feasible && promised <= (here.firth() ? LAST_SCORING_STEP : LAST_STEP) * size;
            boolean climbs = feasible && promised > INVISIBLE * size;
            here = next(here, step, climbs ? here.value() : Double.NEGATIVE_INFINITY);
        }
        throw new ArithmeticException("a fit under constraints found no optimum in " + MOST_STEPS + " steps");
    }

    /** The end of the step, or of as much of it as does not fall below a value. */
    private static Local next(Local here, double[] step, double least) {
        double share = 1;
        Local next = here.at(Vectors.plus(here.theta(), share, step));
        for (int h = 0; h < MOST_HALVINGS && !(next.value() >= least); h++) {
            share /= 2;
            next = here.at(Vectors.plus(here.theta(), share, step));
        }
        return next;
    }
}
