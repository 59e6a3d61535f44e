package io.logits.estimator;

import io.logits.data.Dataset;
import io.logits.model.Model;

/** An immutable estimator: options, and {@link #fit}. Each {@code withX} gives a changed copy. */
public abstract sealed class LinearClassifier<E extends LinearClassifier<E, M>, M extends Model>
        permits LogisticRegression, SoftmaxRegression {
    private final Options options;

    LinearClassifier(Options options) {
        this.options = options;
    }

    /** The options. */
    public final Options options() {
        return options;
    }

    /** The same estimator with these options. */
    public abstract E withOptions(Options newOptions);

    /** With an L2 penalty of {@code lambda} beside the mean loss, finite and {@code >= 0}. */
    public final E withLambda(double lambda) {
        return withOptions(options.withStrength(new Strength.Lambda(lambda)));
    }

    /** With an L2 penalty of strength {@code C = 1/(S lambda)}, S the sum of weights; finite and {@code > 0}. */
    public final E withC(double c) {
        return withOptions(options.withStrength(new Strength.C(c)));
    }

    /** With this penalty. */
    public final E withPenalty(PenaltyKind penalty) {
        return withOptions(options.withPenalty(penalty));
    }

    /** With this relative gap as the goal, finite and {@code > 0}. */
    public final E withTolerance(double tolerance) {
        return withOptions(options.withTolerance(tolerance));
    }

    /**
     * Learns a model.
     *
     * @throws IllegalArgumentException if the data does not suit the estimator or its options
     * @throws SeparationException if there is no penalty and the classes are separable
     */
    public abstract Fit<M> fit(Dataset data);
}
