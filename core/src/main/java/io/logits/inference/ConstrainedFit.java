package io.logits.inference;

import org.jspecify.annotations.Nullable;

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
    /** Halvings of a step after which what it promises is rounding. */
    private static final int MOST_BLIND_HALVINGS = 8;
    /**
     * Scoring steps that promise less than this share of the log-likelihood are judged by what the next ones promise: that they
     * climb tells little of how they shrink, and is soon lost in the rounding of the determinant.
     */
    private static final double NEAR = 1e-6;
    /** Steps that shrink by less than to this share do so slowly. */
    private static final double SLOW = 0.5;
    /** Promises below this share of the log-likelihood are lost in its rounding: steps are taken as they are. */
    private static final double INVISIBLE = 1e-12;
    /** A step that promises less than this share of the log-likelihood is the last: Newton's squares the error. */
    private static final double LAST_STEP = 1e-10;
    /** The same where a step does not square the error. */
    private static final double LAST_SCORING_STEP = 1e-22;

    /** A point and the step that comes next. */
    private record Proposal(Local at, double[] mu, double statistic, double[] step, double promised, boolean feasible) {
        static Proposal of(Local at, Constraint constraint) {
            double[] score = at.score();
            double[] free = at.information().times(score);
            double[] missing = constraint.missing(at.theta());
            double[] mu = constraint.multipliers(at.information(), missing, free);
            // What the constraints leave of the score: the step is along the rest but for rounding.
            double[] left = constraint.shifted(score, mu);
            double[] step = at.information().times(left);
            return new Proposal(
                    at, mu, Vectors.dot(score, free), step, Vectors.dot(left, step), constraint.holds(missing));
        }

        /** Whether the step promises less than this share of the log-likelihood. */
        boolean within(double share) {
            return feasible && promised <= share * Math.max(1, Math.abs(at.value()));
        }

        ConstrainedFit fit(int steps) {
            return new ConstrainedFit(at, Vectors.times(-1, mu), statistic, steps, promised);
        }

        private Local along(double share) {
            return at.at(Vectors.plus(at.theta(), share, step));
        }

        /** The end of the step, or of as much of it as does not fall below the value here; null if none does not. */
        @Nullable
        Local climbed() {
            double least = feasible && !within(INVISIBLE) ? at.value() : Double.NEGATIVE_INFINITY;
            double share = 1;
            for (int h = 0; h <= MOST_HALVINGS; h++, share /= 2) {
                Local next = along(share);
                if (next.value() >= least) {
                    return next;
                }
            }
            return null;
        }

        /**
         * The end of as much of the step as leaves a next one that promises less; null if that is but rounding. Where steps
         * shrink slowly they lie along one line, and the sum of all to come is tried (Aitken 1926), or they change sides each
         * time, which half a step ends.
         */
        @Nullable
        Settled settled(Constraint constraint, double rate) {
            double share = 1;
            if (rate > SLOW && rate < 1) {
                Proposal next = of(along(1 / (1 - rate)), constraint);
                if (next.promised < rate * rate * promised) {
                    return new Settled(next, Double.NaN);
                }
                share = 0.5;
            }
            for (int h = 0; h <= MOST_BLIND_HALVINGS; h++, share /= 2) {
                Proposal next = of(along(share), constraint);
                if (next.promised < promised) {
                    return new Settled(next, share == 1 ? Math.sqrt(next.promised / promised) : Double.NaN);
                }
            }
            return null;
        }
    }

    /**
     * Where steps are judged by what the next one promises.
     *
     * @param rate the size of the next whole step over that of a whole one before it, NaN if that is not known
     */
    private record Settled(Proposal next, double rate) {}

    /**
     * Starts from a point, whether that meets the constraint or not.
     *
     * @throws NoOptimumException if none is found
     */
    static ConstrainedFit of(Local start, Constraint constraint) {
        Proposal here = Proposal.of(start, constraint);
        for (int count = 0; count < MOST_STEPS; count++) {
            if (start.firth() && here.within(NEAR)) {
                return settled(here, constraint, count);
            }
            boolean last = here.within(LAST_STEP);
            Local climbed = here.climbed();
            if (climbed == null) {
                return settled(here, constraint, count);
            }
            here = Proposal.of(climbed, constraint);
            if (last) {
                return here.fit(count + 1);
            }
        }
        throw new NoOptimumException(MOST_STEPS);
    }

    /** Goes on from where the likelihood is not seen to rise any more. */
    private static ConstrainedFit settled(Proposal start, Constraint constraint, int before) {
        Settled here = new Settled(start, Double.NaN);
        for (int count = before; count < MOST_STEPS; count++) {
            boolean last = here.next.within(LAST_SCORING_STEP);
            Settled better = here.next.settled(constraint, here.rate);
            if (better == null && here.next.within(LAST_STEP)) {
                return here.next.fit(count);
            }
            if (better == null) {
                throw new NoOptimumException(count);
            }
            if (last) {
                return better.next.fit(count + 1);
            }
            here = better;
        }
        throw new NoOptimumException(MOST_STEPS);
    }
}
