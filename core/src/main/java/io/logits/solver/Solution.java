package io.logits.solver;

import java.util.List;

/**
 * How a fit ended. NaN stands for what does not exist: dual and gap without a penalty, the Newton decrement with one.
 *
 * @param objective the value F of the objective: mean loss plus penalty
 * @param dual a lower bound of the optimum
 * @param relativeGap (F - dual)/F: the optimum is at most this far below, relative to F
 * @param newtonDecrement half the squared Newton decrement over F, the stop measure without a penalty
 * @param gradientMaxNorm the largest absolute partial derivative of F
 * @param iterations outer iterations
 * @param passes passes over the data: evaluations, Hessian products and Hessians each count one
 * @param reason why the solver stopped
 * @param solver the solver's name
 * @param trace the state after each iteration
 */
public record Solution(
        double objective,
        double dual,
        double relativeGap,
        double newtonDecrement,
        double gradientMaxNorm,
        int iterations,
        int passes,
        StopReason reason,
        String solver,
        List<Progress> trace) {
    /** Whether the stop measure is within the tolerance; true for no other reason. */
    public boolean converged() {
        return reason == StopReason.CONVERGED;
    }
}
