package io.logits.estimator;

import io.logits.data.Dataset;
import io.logits.data.Matrix;
import io.logits.kernels.Workers;
import io.logits.loss.Loss;
import io.logits.model.Model;
import io.logits.objective.CoefLayout;
import io.logits.objective.TwiceSmoothObjective;
import io.logits.solver.Minimum;
import io.logits.solver.Solution;
import java.util.Arrays;
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
        checkPenalty(options);
        return new Likelihood(new LinearFit(data, options), options.threads());
    }

    /**
     * Refuses a penalty that has a strength.
     *
     * @throws IllegalArgumentException if there is one
     */
    public static void checkPenalty(Options options) {
        if (options.penalty().hasStrength()) {
            throw new IllegalArgumentException(
                    "the penalty is " + options.penalty().label()
                            + ", none or firth is needed: other coefficients are biased on purpose, and tests of them are not right");
        }
    }

    /**
     * The likelihood of the data, or with an L2 penalty that and the penalty.
     *
     * @throws IllegalArgumentException if the data does not suit the options, or the penalty has not second derivatives
     *     everywhere
     */
    public static Likelihood withRidge(Dataset data, Options options) {
        checkRidge(options);
        return new Likelihood(new LinearFit(data, options), options.threads());
    }

    /**
     * Refuses a penalty without second derivatives everywhere, and bounds. A share of L1 of strength 0 is none.
     *
     * @throws IllegalArgumentException if there is one
     */
    public static void checkRidge(Options options) {
        boolean bounded = options.features().bounded();
        boolean kinked = options.shareOfL1() > 0 && !options.strength().equals(new Strength.Lambda(0));
        if (options.penalty() == PenaltyKind.FIRTH || kinked || bounded) {
            throw new IllegalArgumentException(
                    "the penalty is " + options.penalty().label()
                            + (bounded ? " within bounds" : "")
                            + ", none or l2 is needed: errors of single columns are by second derivatives");
        }
    }

    /** Whether there is an L2 penalty. */
    public boolean penalised() {
        return problem.lambda > 0;
    }

    /** The mean loss and the penalty, with second derivatives. */
    public TwiceSmoothObjective objective(Workers workers) {
        return problem.objective(workers, true);
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

    /** The sum of the weights. */
    public double totalWeight() {
        return problem.totalWeight;
    }

    /** The free coordinates of a point. */
    public double[] free(double[] point) {
        double[] theta = new double[problem.layout.freeSize()];
        Arrays.setAll(theta, f -> point[problem.layout.freeIndex(f)]);
        return theta;
    }

    /** The point of free coordinates. */
    public double[] pointOf(double[] theta) {
        double[] point = new double[problem.layout.size()];
        for (int f = 0; f < theta.length; f++) {
            point[problem.layout.freeIndex(f)] = theta[f];
        }
        return point;
    }

    /**
     * The fit of greatest likelihood.
     *
     * @param solver in place of that of the options
     * @throws SeparationException if the classes are separable
     */
    public Fit<? extends Model> fit(SolverChoice solver) {
        LinearFit by = fit.by(solver);
        return problem.classes.size() == 2 ? by.logistic() : by.softmax();
    }

    /** The fit that has this point for its end. */
    public Fit<? extends Model> fit(double[] point, Solution solution, double meanLoss) {
        Minimum end = new Minimum(point, solution, new double[0]);
        Fit<? extends Model> made = problem.classes.size() == 2 ? fit.logistic(end) : fit.softmax(end);
        return new Fit<>(made.model(), solution, made.lambda(), made.c(), meanLoss);
    }

    /** The coefficients of a model of these classes and features, as a point. */
    public double[] point(Model model) {
        return fit.point(model);
    }

    /** The weighted sum of losses where intercepts, if there are any, are all that is fitted beside the offset. */
    public double nullLoss() {
        return NullModel.loss(problem, threads) * problem.totalWeight;
    }
}
