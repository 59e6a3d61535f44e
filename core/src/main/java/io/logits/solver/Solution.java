package io.logits.solver;

import java.util.ArrayList;
import java.util.List;

/**
 * How a fit ended. NaN stands for what does not exist: dual and gap without a penalty, the Newton decrement with one.
 *
 * @param objective the value F of the objective: mean loss plus penalty
 * @param dual a lower bound of the optimum
 * @param relativeGap (F - dual)/F: the optimum is at most this far below, relative to F
 * @param newtonDecrement half the squared Newton decrement over F, the stop measure without a penalty
 * @param gradientMaxNorm the largest absolute partial derivative of F; where F has none, the least that its
 *     subgradients allow
 * @param iterations outer iterations
 * @param passes how often the solver has read the whole matrix: evaluations, Hessian products and Hessians count one
 *     each, and so do the sums that preconditioner and dual bound ask for once, and a look at all derivatives of which
 *     bounds spare a part. Those of a sample that leads ahead count as shares, rounded up. A pass that serves several
 *     strengths counts for the one that was waited for
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
    /** This solution, reached from where {@code earlier} had stopped: costs are added up, traces joined. */
    public Solution after(Solution earlier) {
        List<Progress> whole = new ArrayList<>(earlier.trace);
        double begun = whole.isEmpty() ? 0 : whole.get(whole.size() - 1).seconds();
        for (Progress p : trace) {
            whole.add(new Progress(
                    earlier.iterations + p.iteration(),
                    earlier.passes + p.passes(),
                    p.objective(),
                    p.measure(),
                    begun + p.seconds()));
        }
        return new Solution(
                objective,
                dual,
                relativeGap,
                newtonDecrement,
                gradientMaxNorm,
                earlier.iterations + iterations,
                earlier.passes + passes,
                reason,
                earlier.solver.equals(solver) ? solver : earlier.solver + ", " + solver,
                List.copyOf(whole));
    }

    /** Whether the stop measure is within the tolerance; true for no other reason. */
    public boolean converged() {
        return reason == StopReason.CONVERGED;
    }
}
