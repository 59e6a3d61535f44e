package io.logits.inference;

import io.logits.estimator.Fit;
import io.logits.estimator.Likelihood;
import io.logits.estimator.Options;
import io.logits.estimator.PenaltyKind;
import io.logits.estimator.SolverChoice;
import io.logits.kernels.Workers;
import io.logits.model.Model;
import io.logits.solver.Solution;
import io.logits.solver.StopReason;
import java.util.Arrays;
import java.util.List;

/**
 * Where a fit ended, and what the likelihood is there.
 *
 * @param fit as the solver left it
 * @param local there, after one Newton step more, which squares what error there was; where it moves by less than 1e-8
 *     standard errors the rows are those before it
 * @param information before that step: the difference is within its error
 */
record Optimum(Fit<? extends Model> fit, Likelihood likelihood, Local local, Information information) {
    /** A squared Newton decrement, which is the squared length of the step in standard errors. */
    private static final double NEXT_TO_NOTHING = 1e-16;

    /**
     * The best fit by the options' solver, or with Firth's penalty by scoring.
     *
     * @throws NoOptimumException if scoring finds none
     */
    static Optimum of(Options options, Likelihood likelihood, Workers workers) {
        if (options.penalty() == PenaltyKind.FIRTH) {
            return firth(likelihood, workers);
        }
        boolean auto = options.solver() == SolverChoice.AUTO;
        Fit<? extends Model> fit = likelihood.fit(auto ? SolverChoice.NEWTON_CHOLESKY : options.solver());
        double[] theta = likelihood.free(likelihood.point(fit.model()));
        Local local = Local.at(likelihood, false, theta, workers);
        Information information = local.information();
        if (!fit.solution().converged()) {
            return new Optimum(fit, likelihood, local, information);
        }
        double[] step = information.times(local.score());
        double[] end = Vectors.plus(theta, 1, step);
        Local next = Vectors.dot(step, local.score()) <= NEXT_TO_NOTHING ? local.moved(end) : local.at(end);
        return new Optimum(fit, likelihood, next.with(workers, information), information);
    }

    private static Optimum firth(Likelihood likelihood, Workers workers) {
        double[] zero = new double[likelihood.layout().freeSize()];
        ConstrainedFit best = best(Local.at(likelihood, true, zero, workers));
        Local local = best.at();
        double scale = 1 / likelihood.totalWeight();
        double[] score = local.score();
        double steepest = Arrays.stream(score).map(Math::abs).max().orElse(0) * scale;
        double objective = -local.value() * scale;
        Solution solution = new Solution(
                objective,
                Double.NaN,
                Double.NaN,
                best.promised() / 2 * scale / Math.abs(objective),
                steepest,
                best.steps(),
                2 * best.steps(),
                StopReason.CONVERGED,
                "firth-scoring",
                List.of());
        double meanLoss = -local.rows().logLikelihood() * scale;
        return new Optimum(likelihood.fit(local.point(), solution, meanLoss), likelihood, local, local.information());
    }

    private static ConstrainedFit best(Local start) {
        try {
            return ConstrainedFit.of(start, Constraint.none());
        } catch (NoOptimumException e) {
            throw e.of("the fit with Firth's penalty");
        }
    }

    FittedRows rows() {
        return local.rows();
    }

    /** The place to start other fits from. */
    Local start(Workers workers) {
        return local.with(workers, information);
    }
}
