package io.logits.solver;

import io.logits.objective.Sample;
import io.logits.objective.TwiceSmoothObjective;
import java.util.Optional;

/**
 * {@link NewtonCholesky} from near the minimum of a sample of the rows, found from near that of a sample of these: a few of
 * Newton's steps with each lead as near to the minimum of all as it can tell, for a part of a pass each. Of sparse rows it holds
 * a copy of the sample meanwhile, at most a quarter of the features; where there are too few rows for one it is
 * {@link NewtonCholesky} itself.
 */
public final class SampledCholesky implements Solver<TwiceSmoothObjective> {
    private static final int MOST_PASSES = 30;
    /** A relative gap that is less than what the minimum of a sample is off by. */
    private static final double ENOUGH = 1e-4;
    /** What a step would gain may be this share of what the minimum of a sample is off by, not to be worth it. */
    private static final double OF_SAMPLE = 0.05;

    /** A solver; it keeps no state between problems. */
    public SampledCholesky() {}

    @Override
    public String name() {
        return "newton-cholesky";
    }

    @Override
    public Minimum minimize(TwiceSmoothObjective objective, double[] start, StopRule rule) {
        return minimize(objective, start, rule, 0);
    }

    private static Minimum minimize(TwiceSmoothObjective objective, double[] start, StopRule rule, double least) {
        return new NewtonCholesky(least).minimize(objective, ahead(objective, start, rule), rule);
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
        Minimum ofSample = minimize(sample.objective(), start, near, OF_SAMPLE * sample.excess());
        return new Start(ofSample.point(), sample.passes(ofSample.solution().passes()), cold.begun());
    }
}
