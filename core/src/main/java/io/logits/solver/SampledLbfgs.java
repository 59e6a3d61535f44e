package io.logits.solver;

import io.logits.objective.Preconditioner;
import io.logits.objective.Sample;
import io.logits.objective.SmoothObjective;
import io.logits.objective.TwiceSmoothObjective;
import java.util.Optional;
import java.util.function.Function;

/**
 * {@link Lbfgs} from near the minimum of a sample of the rows, its first guess of the second derivatives those of the sample
 * there. Where there are too few rows for one it is
 * {@link Lbfgs} itself.
 */
public final class SampledLbfgs implements Solver<TwiceSmoothObjective> {
    /** Passes over the sample at most. */
    private static final int MOST_PASSES = 100;
    /** A relative gap near enough to the minimum of a sample, which is farther from that of all rows. */
    private static final double ENOUGH = 0.1;

    /** A solver; it keeps no state between problems. */
    public SampledLbfgs() {}

    /** What the sample leaves; not the sample itself. */
    private record Ahead(Start start, Function<SmoothObjective, Preconditioner> firstGuess) {}

    @Override
    public String name() {
        return "lbfgs";
    }

    @Override
    public Minimum minimize(TwiceSmoothObjective objective, double[] start, StopRule rule) {
        Ahead ahead = ahead(objective, start, rule);
        return Lbfgs.minimize(objective, ahead.start, rule, ahead.firstGuess);
    }

    private static Ahead ahead(TwiceSmoothObjective objective, double[] start, StopRule rule) {
        Start cold = Start.at(start);
        Optional<Sample> known = objective.ofCoupledSample();
        if (known.isEmpty()) {
            return new Ahead(cold, SmoothObjective::preconditioner);
        }
        Sample sample = known.get();
        StopRule near = Start.near(sample, ENOUGH, MOST_PASSES, rule);
        if (near.maxPasses() < 1) {
            return new Ahead(cold, SmoothObjective::preconditioner);
        }
        double[] point = new Lbfgs().minimize(sample.objective(), start, near).point();
        Preconditioner coupled = sample.objective().coupledPreconditioner();
        return new Ahead(new Start(point, sample.passes(sample.objective().passes()), cold.begun()), o -> coupled);
    }
}
