package io.logits.selection;

import io.logits.solver.Solution;

/**
 * The fit at one lambda of a path.
 *
 * @param lambda the factor of the penalty beside the mean loss
 * @param solution how it ended; without the trace
 * @param nonzeroCoefficients how many coefficients are not 0, intercepts aside
 * @param degreesOfFreedom how many features have a coefficient that is not 0, for whichever class: what glmnet counts. For
 *     L1 and two classes it is an unbiased estimate of the degrees of freedom (Zou, Hastie and Tibshirani 2007).
 * @param devianceExplained {@code 1 - loss/loss_0}, the mean loss over that of the model of just intercepts and offset
 * @param seconds how long the fit was waited for: next to nothing where it had been reached while an earlier one was, as
 *     several are fitted at once
 */
public record PathPoint(
        double lambda,
        Solution solution,
        long nonzeroCoefficients,
        int degreesOfFreedom,
        double devianceExplained,
        double seconds) {}
