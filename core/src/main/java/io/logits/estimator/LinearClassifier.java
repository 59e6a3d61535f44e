package io.logits.estimator;

import io.logits.data.Dataset;
import io.logits.model.Model;
import java.util.function.Function;

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
     * @throws SeparationException if features without a penalty separate the classes
     */
    public abstract Fit<M> fit(Dataset data);

    /**
     * Makes ready to learn a model at one strength of the penalty after another, each from where the last ended. The
     * strength that the options have is not used.
     *
     * @throws IllegalArgumentException if the data does not suit the estimator or its options, or there is no penalty
     */
    public abstract PathFit<M> path(Dataset data);

    /** What both kinds of {@link #path} check and do. */
    final PathFit<M> path(LinearFit first, Function<LinearFit, Fit<M>> fitting) {
        if (!options.penalty().hasStrength()) {
            throw new IllegalArgumentException("a path has a penalty of several strengths, the penalty is "
                    + options.penalty().label());
        }
        return new PathFit<>(first, fitting, options);
    }
}
