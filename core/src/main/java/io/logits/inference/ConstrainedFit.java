package io.logits.inference;

import io.logits.estimator.Likelihood;
import io.logits.kernels.Workers;

/**
 * The best fit under linear constraints, by Newton's method on the log-likelihood: of the model of the second derivatives
 * at each point the best step that also meets the constraints.
 *
 * @param theta the free coordinates
 * @param logLikelihood there
 * @param multipliers by how much the log-likelihood rises as each constraint's target does
 * @param scoreStatistic {@code g' V g} with the unconstrained score and information: Rao's statistic
 */
record ConstrainedFit(double[] theta, double logLikelihood, double[] multipliers, double scoreStatistic) {
    private static final int MOST_STEPS = 100;
    private static final int MOST_HALVINGS = 40;
    /** A step that promises less than this share of the log-likelihood is the last: it squares the error. */
    private static final double LAST_STEP = 1e-10;

    /** Starts from a point and the information there, both of the unconstrained fit or near it. */
    static ConstrainedFit of(
            Likelihood likelihood, Constraint constraint, double[] start, Information there, Workers workers) {
        double[] theta = start.clone();
        add(theta, 1, there.times(constraint.combined(constraint.multipliers(there, constraint.missing(theta)))));
        FittedRows rows = at(likelihood, theta, workers);
        boolean last = false;
        for (int count = 0; count < MOST_STEPS; count++) {
            Information information = Information.of(rows.information(workers));
            double[] score = rows.score(workers);
            double[] free = information.times(score);
            double[] missing = constraint.missing(theta);
            double[] lacking = missing.clone();
            double[] along = constraint.missing(free);
            for (int m = 0; m < lacking.length; m++) {
                lacking[m] += along[m] - constraint.target()[m];
            }
            double[] mu = constraint.multipliers(information, lacking);
            if (last) {
                return new ConstrainedFit(theta, rows.logLikelihood(), negative(mu), dot(score, free));
            }
            double[] step = information.times(plus(score, constraint.combined(mu)));
            double promised = dot(score, step);
            last = promised <= LAST_STEP * Math.abs(rows.logLikelihood());
            double before = rows.logLikelihood();
            double share = 1;
            double[] next = plus(theta, step);
            rows = at(likelihood, next, workers);
            for (int h = 0; h < MOST_HALVINGS && !last && !(rows.logLikelihood() >= before); h++) {
                share /= 2;
                next = theta.clone();
                add(next, share, step);
                rows = at(likelihood, next, workers);
            }
            theta = next;
        }
        throw new ArithmeticException("a fit under constraints found no optimum in " + MOST_STEPS + " steps");
    }

    /** The rows at free coordinates. */
    static FittedRows at(Likelihood likelihood, double[] theta, Workers workers) {
        double[] point = new double[likelihood.layout().size()];
        int rows = likelihood.layout().rows();
        for (int f = 0; f < theta.length; f++) {
            int k = likelihood.layout().firstFree() + f / rows;
            point[likelihood.layout().index(f % rows, k)] = theta[f];
        }
        return FittedRows.at(likelihood, point, workers);
    }

    private static void add(double[] to, double factor, double[] step) {
        for (int f = 0; f < to.length; f++) {
            to[f] = Math.fma(factor, step[f], to[f]);
        }
    }

    private static double[] plus(double[] a, double[] b) {
        double[] sum = a.clone();
        add(sum, 1, b);
        return sum;
    }

    private static double[] negative(double[] a) {
        double[] out = new double[a.length];
        add(out, -1, a);
        return out;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int f = 0; f < a.length; f++) {
            sum = Math.fma(a[f], b[f], sum);
        }
        return sum;
    }
}
