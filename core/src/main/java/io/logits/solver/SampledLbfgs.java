package io.logits.solver;

import io.logits.objective.Preconditioner;
import io.logits.objective.TwiceSmoothObjective;
import java.util.Optional;

/**
 * {@link Lbfgs} from near the minimum of a sample of the rows, its first guess of the second derivatives those of the sample
 * there. Holds a copy of the sample, at most a quarter of the features; where there are too few rows for one it is
 * {@link Lbfgs} itself.
 */
public final class SampledLbfgs implements Solver<TwiceSmoothObjective> {
    /** Passes over the sample at most. */
    private static final int MOST_PASSES = 100;
    /** A relative gap near enough to the minimum of a sample, which is farther from that of all rows. */
    private static final double ENOUGH = 0.1;

    /** A solver; it keeps no state between problems. */
    public SampledLbfgs() {}

    @Override
    public String name() {
        return "lbfgs";
    }

    @Override
    public Minimum minimize(TwiceSmoothObjective objective, double[] start, StopRule rule) {
        Optional<TwiceSmoothObjective> sample = objective.ofCoupledSample();
        if (sample.isEmpty()) {
            return new Lbfgs().minimize(objective, start, rule);
        }
        StopRule near = new StopRule(ENOUGH, MOST_PASSES, progress -> {});
        double[] point = new Lbfgs().minimize(sample.get(), start, near).point();
        Preconditioner coupled = sample.get().coupledPreconditioner();
        return Lbfgs.minimize(objective, point, rule, o -> coupled);
    }
}
