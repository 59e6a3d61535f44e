package io.logits.estimator;

import io.logits.kernels.Workers;
import io.logits.model.Model;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Fits of one estimator to one set of rows at one lambda after another. The rows are made ready once, and each fit starts
 * from where the last one ended, which is fastest along decreasing lambdas. It has threads, and so is to be closed. Not safe
 * for several threads.
 */
public final class PathFit<M extends Model> implements AutoCloseable {
    /** With less of an L1 penalty than this, lambda_max would be out of all proportion; glmnet has the same bound. */
    private static final double LEAST_L1_RATIO = 1e-3;

    private final LinearFit first;
    private final Function<LinearFit, Fit<M>> fitting;
    private final Options options;
    private final NullModel nullModel;
    private final Workers workers;
    private @Nullable LinearFit last;
    private @Nullable M model;
    /** Lambdas that will be asked for, of which the first has not been asked yet. */
    private double[] announced = {};

    private Optional<ExpectedFits> expected = Optional.empty();

    PathFit(LinearFit first, Function<LinearFit, Fit<M>> fitting, Options options) {
        this.first = first;
        this.fitting = fitting;
        this.options = options;
        first.refuseSeparableFree();
        nullModel = NullModel.of(first.problem().withLambda(1), options.threads());
        if (!Double.isFinite(nullModel.steepest())) {
            first.refuseFeatures();
        }
        workers = Workers.of(options.threads());
    }

    /**
     * The least lambda at which an L1 penalty leaves no coefficient but 0: the largest
     * {@code |g_jk| / (a f_j)}, g the gradient of the mean loss where only what is not penalised is fitted, a the share of
     * L1 and f_j the penalty factor of feature j. With a below 0.001, where there is no such lambda or one beyond use, that
     * of 0.001, as glmnet has it. 0 if no feature has any effect.
     */
    public double lambdaMax() {
        return nullModel.steepest() / Math.max(LEAST_L1_RATIO, first.problem().l1Ratio);
    }

    /** The weighted mean loss of the model that has just intercepts, or nothing, and the offset. */
    public double nullLoss() {
        return nullModel.loss();
    }

    /**
     * Says which lambdas {@link #fit} will be asked for next, in this order. Where that pays, those above 0 are fitted several
     * at once, each within the same tolerance; one that was not expected is fitted for itself. The listener of the options
     * hears of one lambda after the other: of its steps until then all at once when it is asked for, and then of each.
     *
     * @param lambdas finite and {@code >= 0}, decreasing
     */
    public void expect(double[] lambdas) {
        announced = Arrays.stream(lambdas).takeWhile(lambda -> lambda > 0).toArray();
        expected = Optional.empty();
    }

    /**
     * The fit at {@code lambda}.
     *
     * @param lambda finite and {@code >= 0}
     * @throws IllegalArgumentException if lambda is out of range or NaN, or the features are not all finite
     * @throws SeparationException if lambda is 0 and the classes are separable
     */
    public Fit<M> fit(double lambda) {
        if (announced.length > 0 && lambda == announced[0]) {
            expected = ExpectedFits.of(announced, first, options, workers);
            announced = new double[0];
        }
        LinearFit next = first.at(new Strength.Lambda(lambda).value(), workers, last, model);
        next = expected.flatMap(fits -> fits.at(lambda)).map(next::from).orElse(next);
        Fit<M> fit = fitting.apply(next);
        last = next;
        model = fit.model();
        return fit;
    }

    @Override
    public void close() {
        workers.close();
    }
}
