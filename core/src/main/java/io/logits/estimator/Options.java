package io.logits.estimator;

import io.logits.model.Model;
import io.logits.solver.Progress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything a fit can be told. Immutable: each {@code withX} gives a changed copy.
 *
 * @param penalty which penalty; L2 by default
 * @param strength how strong it is; C = 1 by default; without effect where there is no penalty
 * @param l1Ratio the share of L1 in an elastic net, from 0 to 1; 0.5 by default; without effect on other penalties
 * @param grouped whether the coefficients of a feature are a group with many classes: L1 is then the norms of the groups, and
 *     a feature is in for all classes or for none; false by default
 * @param features penalty factors and bounds of single features; none by default
 * @param intercept whether logits have an intercept, which is never penalised; true by default
 * @param standardize whether the penalty is on coefficients of features scaled to standard deviation 1; false by default
 * @param classWeights factors on row weights by class
 * @param tolerance stop when the relative gap is at most this, {@code > 0}; 1e-6 by default
 * @param maxPasses stop unconverged after this many passes over the data, at least 1; 10,000 by default
 * @param solver which solver; chosen by shape by default
 * @param threads how many threads compute, at least 1; all cores by default. The result does not depend on it.
 * @param warmStart a model of the same shape to start from, or null
 * @param listener told after each iteration, on the calling thread
 */
public record Options(
        PenaltyKind penalty,
        Strength strength,
        double l1Ratio,
        boolean grouped,
        FeatureRules features,
        boolean intercept,
        boolean standardize,
        ClassWeights classWeights,
        double tolerance,
        int maxPasses,
        SolverChoice solver,
        int threads,
        @Nullable Model warmStart,
        Consumer<Progress> listener) {
    /**
     * Checks ranges.
     *
     * @throws IllegalArgumentException if a value is out of range or NaN
     */
    public Options {
        if (!(l1Ratio >= 0 && l1Ratio <= 1)) {
            throw new IllegalArgumentException("l1Ratio is " + l1Ratio + ", a number from 0 to 1 is needed");
        }
        if (!(tolerance > 0 && tolerance < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("tolerance is " + tolerance + ", a finite number > 0 is needed");
        }
        if (!penalty.hasStrength() && !features.isNone()) {
            throw new IllegalArgumentException("features have penalty factors or bounds, and the penalty is "
                    + penalty.label() + ";"
                    + " use a penalty, if need be a weak one");
        }
        if (grouped && features.bounded()) {
            throw new IllegalArgumentException("groups of coefficients have no bounds, leave out the one or the other");
        }
        if (maxPasses < 1) {
            throw new IllegalArgumentException("max passes is " + maxPasses + ", at least 1 is needed");
        }
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + ", at least 1 is needed");
        }
    }

    /** L2 with C = 1, an intercept, tolerance 1e-6, all cores. */
    public static Options defaults() {
        return new Options(
                PenaltyKind.L2,
                new Strength.C(1),
                0.5,
                false,
                FeatureRules.none(),
                true,
                false,
                ClassWeights.none(),
                1e-6,
                10_000,
                SolverChoice.AUTO,
                Runtime.getRuntime().availableProcessors(),
                null,
                progress -> {});
    }

    /** The share of L1 in the penalty, whichever it is; 0 where there is none. */
    public double shareOfL1() {
        return switch (penalty) {
            case L1 -> 1;
            case ELASTICNET -> l1Ratio;
            case L2, NONE, FIRTH -> 0;
        };
    }

    /** A copy with another penalty. */
    public Options withPenalty(PenaltyKind newPenalty) {
        return new Options(
                newPenalty,
                strength,
                l1Ratio,
                grouped,
                features,
                intercept,
                standardize,
                classWeights,
                tolerance,
                maxPasses,
                solver,
                threads,
                warmStart,
                listener);
    }

    /** A copy with another strength. */
    public Options withStrength(Strength newStrength) {
        return new Options(
                penalty,
                newStrength,
                l1Ratio,
                grouped,
                features,
                intercept,
                standardize,
                classWeights,
                tolerance,
                maxPasses,
                solver,
                threads,
                warmStart,
                listener);
    }

    /** A copy with another l1Ratio. */
    public Options withL1Ratio(double newL1Ratio) {
        return new Options(
                penalty,
                strength,
                newL1Ratio,
                grouped,
                features,
                intercept,
                standardize,
                classWeights,
                tolerance,
                maxPasses,
                solver,
                threads,
                warmStart,
                listener);
    }

    /** A copy with another grouped. */
    public Options withGrouped(boolean newGrouped) {
        return new Options(
                penalty,
                strength,
                l1Ratio,
                newGrouped,
                features,
                intercept,
                standardize,
                classWeights,
                tolerance,
                maxPasses,
                solver,
                threads,
                warmStart,
                listener);
    }

    /** A copy with other features. */
    public Options withFeatures(FeatureRules newFeatures) {
        return new Options(
                penalty,
                strength,
                l1Ratio,
                grouped,
                newFeatures,
                intercept,
                standardize,
                classWeights,
                tolerance,
                maxPasses,
                solver,
                threads,
                warmStart,
                listener);
    }

    /** A copy with another intercept. */
    public Options withIntercept(boolean newIntercept) {
        return new Options(
                penalty,
                strength,
                l1Ratio,
                grouped,
                features,
                newIntercept,
                standardize,
                classWeights,
                tolerance,
                maxPasses,
                solver,
                threads,
                warmStart,
                listener);
    }

    /** A copy with another standardize. */
    public Options withStandardize(boolean newStandardize) {
        return new Options(
                penalty,
                strength,
                l1Ratio,
                grouped,
                features,
                intercept,
                newStandardize,
                classWeights,
                tolerance,
                maxPasses,
                solver,
                threads,
                warmStart,
                listener);
    }

    /** A copy with another classWeights. */
    public Options withClassWeights(ClassWeights newClassWeights) {
        return new Options(
                penalty,
                strength,
                l1Ratio,
                grouped,
                features,
                intercept,
                standardize,
                newClassWeights,
                tolerance,
                maxPasses,
                solver,
                threads,
                warmStart,
                listener);
    }

    /** A copy with another tolerance. */
    public Options withTolerance(double newTolerance) {
        return new Options(
                penalty,
                strength,
                l1Ratio,
                grouped,
                features,
                intercept,
                standardize,
                classWeights,
                newTolerance,
                maxPasses,
                solver,
                threads,
                warmStart,
                listener);
    }

    /** A copy with another maxPasses. */
    public Options withMaxPasses(int newMaxPasses) {
        return new Options(
                penalty,
                strength,
                l1Ratio,
                grouped,
                features,
                intercept,
                standardize,
                classWeights,
                tolerance,
                newMaxPasses,
                solver,
                threads,
                warmStart,
                listener);
    }

    /** A copy with another solver. */
    public Options withSolver(SolverChoice newSolver) {
        return new Options(
                penalty,
                strength,
                l1Ratio,
                grouped,
                features,
                intercept,
                standardize,
                classWeights,
                tolerance,
                maxPasses,
                newSolver,
                threads,
                warmStart,
                listener);
    }

    /** A copy with another threads. */
    public Options withThreads(int newThreads) {
        return new Options(
                penalty,
                strength,
                l1Ratio,
                grouped,
                features,
                intercept,
                standardize,
                classWeights,
                tolerance,
                maxPasses,
                solver,
                newThreads,
                warmStart,
                listener);
    }

    /** A copy with another warmStart. */
    public Options withWarmStart(@Nullable Model newWarmStart) {
        return new Options(
                penalty,
                strength,
                l1Ratio,
                grouped,
                features,
                intercept,
                standardize,
                classWeights,
                tolerance,
                maxPasses,
                solver,
                threads,
                newWarmStart,
                listener);
    }

    /** A copy with another listener. */
    public Options withListener(Consumer<Progress> newListener) {
        return new Options(
                penalty,
                strength,
                l1Ratio,
                grouped,
                features,
                intercept,
                standardize,
                classWeights,
                tolerance,
                maxPasses,
                solver,
                threads,
                warmStart,
                newListener);
    }
}
