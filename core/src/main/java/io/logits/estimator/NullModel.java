package io.logits.estimator;

import io.logits.data.DenseMatrix;
import io.logits.data.Matrix;
import io.logits.kernels.Workers;
import io.logits.objective.CoefLayout;
import io.logits.objective.LinearObjective;
import io.logits.penalty.None;
import io.logits.solver.Minimum;
import io.logits.solver.NewtonCholesky;
import io.logits.solver.ProxNewton;
import io.logits.solver.StopRule;
import java.util.Arrays;

/**
 * What is left of a problem when every penalised coefficient is 0: intercepts, if there are any, and the offset.
 *
 * @param loss its weighted mean loss
 * @param steepest the largest {@code |g_jk| / f_j} over the features, or {@code |g_j|_2 / f_j} with groups, g the gradient of the mean
 *     loss there
 */
record NullModel(double loss, double steepest) {
    /** Half the squared Newton decrement over the loss: the square root of it, about the error, is near rounding. */
    private static final double TOLERANCE = 1e-28;

    /** The relative gap where features without a penalty are fitted. */
    private static final double GAP = 1e-12;

    private static final int MOST_PASSES = 1000;

    static NullModel of(Problem problem, int threads) {
        try (Workers workers = Workers.of(threads)) {
            LinearObjective objective = problem.objective(workers, false);
            objective.refine();
            double[] gradient = new double[objective.size()];
            double[] point = point(problem, workers);
            double loss = objective.evaluate(point, gradient);
            if (problem.free().length > 0) {
                StopRule rule = new StopRule(GAP, MOST_PASSES, progress -> {});
                Minimum free = new ProxNewton().minimize(problem.nullProblem().composite(workers), point, rule);
                objective.evaluate(free.point(), gradient);
            }
            CoefLayout layout = problem.layout;
            double[] row = new double[layout.logits()];
            double steepest = 0;
            for (int j = 0; j < layout.features(); j++) {
                for (int k = 0; k < row.length; k++) {
                    row[k] = gradient[layout.index(j, k)];
                }
                steepest = Math.max(steepest, problem.steepness(j, row));
            }
            return new NullModel(loss, steepest);
        }
    }

    /** The loss alone, for which no feature is read. */
    static double loss(Problem problem, int threads) {
        if (problem.offset.length == 0) {
            return problem.layout.intercept()
                    ? entropy(problem.weightOfClass, problem.totalWeight)
                    : Math.log(problem.weightOfClass.length);
        }
        try (Workers workers = Workers.of(threads)) {
            LinearObjective intercepts = intercepts(problem, problem.layout.intercept(), workers);
            double[] point = new double[intercepts.size()];
            if (problem.layout.intercept()) {
                double[] best = point(problem, workers);
                System.arraycopy(best, problem.layout.interceptStart(), point, 0, problem.layout.logits());
            }
            return intercepts.evaluate(point, new double[point.length]);
        }
    }

    private static double entropy(double[] weights, double sum) {
        return Arrays.stream(weights).map(w -> w / sum * Math.log(sum / w)).sum();
    }

    /** The best intercepts beside coefficients of 0. Without an offset the shares of the classes give them. */
    private static double[] point(Problem problem, Workers workers) {
        double[] point = problem.start();
        CoefLayout layout = problem.layout;
        if (!layout.intercept() || problem.offset.length == 0) {
            return point;
        }
        LinearObjective intercepts = intercepts(problem, true, workers);
        double[] found = new NewtonCholesky()
                .minimize(
                        intercepts, new double[intercepts.size()], new StopRule(TOLERANCE, MOST_PASSES, progress -> {}))
                .point();
        System.arraycopy(found, 0, point, layout.interceptStart(), layout.logits());
        return point;
    }

    /** The problem without its features. */
    private static LinearObjective intercepts(Problem problem, boolean intercept, Workers workers) {
        Matrix nothing = DenseMatrix.of(problem.x.rows(), 0, new double[0]);
        int logits = problem.layout.logits();
        CoefLayout layout = CoefLayout.of(nothing, logits, intercept, logits > 1);
        return new LinearObjective(
                nothing, problem.loss(), problem.weights, problem.offset, new None(), layout, workers, true);
    }
}
