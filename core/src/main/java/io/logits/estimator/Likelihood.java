package io.logits.estimator;

import io.logits.data.Dataset;
import io.logits.data.Matrix;
import io.logits.loss.Loss;
import io.logits.model.Model;
import io.logits.objective.CoefLayout;
import java.util.List;

/**
 * The rows as a fit sees them: what is weighed, shifted and left out is so here too. For the room that asks how sure a fit
 * is; its types are those of rooms that are not exported.
 */
public final class Likelihood {
    private final LinearFit fit;
    private final Problem problem;
    private final int threads;

    private Likelihood(LinearFit fit, int threads) {
        this.fit = fit;
        problem = fit.problem();
        this.threads = threads;
    }

    /**
     * The likelihood of the data.
     *
     * @throws IllegalArgumentException if the data does not suit the options, or there is a penalty
     */
    public static Likelihood of(Dataset data, Options options) {
        if (options.penalty() != PenaltyKind.NONE) {
            throw new IllegalArgumentException("the penalty is " + options.penalty()
                    + ", a likelihood has none: penalised coefficients are biased, and no test of them is exact");
        }
        return new Likelihood(new LinearFit(data, options), options.threads());
    }

    /** The features, less {@link #shift} where that is not empty. */
    public Matrix x() {
        return problem.x;
    }

    /** What is subtracted from each column of the features; empty for nothing. */
    public double[] shift() {
        return problem.shift;
    }

    /** The classes that have rows of positive weight; of many the first is the reference. */
    public List<String> classes() {
        return problem.classes;
    }

    /** A weight per row, or empty for 1 each. */
    public double[] weights() {
        return problem.weights;
    }

    /** The offset of each row's logits, or empty for none. */
    public double[] offset() {
        return problem.offset;
    }

    /** The loss of the rows: less its logarithm is their likelihood. */
    public Loss loss() {
        return problem.loss();
    }

    /** How the coefficients lie in a point. */
    public CoefLayout layout() {
        return problem.layout;
    }

    /** The coefficients of a model of these classes and features, as a point. */
    public double[] point(Model model) {
        return fit.point(model);
    }

    /** What the shift of the features adds to the intercept of logit k. */
    public double shifted(double[] point, int k) {
        return problem.shifted(point, k);
    }

    /** The weighted sum of losses where intercepts, if there are any, are all that is fitted beside the offset. */
    public double nullLoss() {
        return NullModel.of(problem, threads).loss() * problem.totalWeight;
    }
}
