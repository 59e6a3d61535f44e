package io.logits.solver;

import io.logits.objective.Sample;
import io.logits.objective.TwiceSmoothObjective;
import java.util.Optional;

/**
 * {@link NewtonCholesky} from near the minimum of a sample of the rows: a few of Newton's steps with these lead as near to the
 * minimum of all as they can tell, for a part of a pass each. Holds a copy of the sample meanwhile, at most a quarter of the features;
 * where there are too few rows for one it is {@link NewtonCholesky} itself.
 */
public final class SampledCholesky implements Solver<TwiceSmoothObjective> {
    private static final int MOST_PASSES = 30;
    /** A relative gap that is less than what the minimum of a sample is off by. */
    private static final double ENOUGH = 1e-4;

    /** A solver; it keeps no state between problems. */
    public SampledCholesky() {}

    @Override
    public String name() {
        return "newton-cholesky";
    }

    @Override
    public Minimum minimize(TwiceSmoothObjective objective, double[] start, StopRule rule) {
        return new NewtonCholesky().minimize(objective, ahead(objective, start, rule), rule);
    }

    private static Start ahead(TwiceSmoothObjective objective, double[] start, StopRule rule) {
        Start cold = Start.at(start);
        Optional<Sample> known = objective.ofSample();
        if (known.isEmpty()) {
            return cold;
        }
        Sample sample = known.get();
        StopRule near = Start.near(sample, ENOUGH, MOST_PASSES, rule);
        if (near.maxPasses() < 1) {
            return cold;
        }
        double[] point =
                new NewtonCholesky().minimize(sample.objective(), start, near).point();
        return new Start(point, sample.passes(), cold.begun());
    }
}
