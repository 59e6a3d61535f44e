package io.logits.solver;

import io.logits.objective.Preconditioner;
import io.logits.objective.SmoothObjective;
import java.util.function.Function;

/**
 * Limited-memory BFGS (Nocedal 1980) whose first guess of the inverse second derivatives is the objective's
 * preconditioner. Needs gradients alone. Its stop measure is the duality gap, so the objective must have a penalty.
 */
public final class Lbfgs implements Solver<SmoothObjective> {
    private static final String NAME = "lbfgs";

    /** A solver; it keeps no state between problems. */
    public Lbfgs() {}

    @Override
    public String name() {
        return NAME;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the objective has no penalty
     */
    @Override
    public Minimum minimize(SmoothObjective objective, double[] start, StopRule rule) {
        return minimize(objective, Start.at(start), rule, SmoothObjective::preconditioner);
    }

    /** The same, whose first guess is given: asked for once, after the start was evaluated. */
    static Minimum minimize(
            SmoothObjective objective,
            Start start,
            StopRule rule,
            Function<SmoothObjective, Preconditioner> firstGuess) {
        if (!objective.hasCertificate()) {
            throw new IllegalArgumentException("lbfgs measures its end by the duality gap, which exists only with a"
                    + " penalty; without one use newton-cholesky or newton-cg");
        }
        int n = start.point().length;
        Descent descent = new Descent(objective, start, rule);
        SecantMemory memory = new SecantMemory(firstGuess.apply(objective), true);
        double[] d = new double[n];
        while (!descent.certified()) {
            double[] w = descent.w.clone();
            double[] g = descent.g.clone();
            memory.direction(g, d);
            boolean moved = descent.step(d);
            descent.iterations++;
            if (!moved) {
                if (!descent.passesLeft()) {
                    return descent.end(StopReason.MAX_PASSES, NAME, Double.NaN);
                }
                if (memory.isEmpty() && !descent.refined()) {
                    return descent.end(StopReason.NO_PROGRESS, NAME, Double.NaN);
                }
                memory.clear();
                continue;
            }
            memory.remember(descent, w, g);
        }
        return descent.end(StopReason.CONVERGED, NAME, Double.NaN);
    }
}
