package io.logits.inference;

import io.logits.data.Dataset;
import io.logits.data.Matrix;
import io.logits.estimator.Fit;
import io.logits.estimator.Likelihood;
import io.logits.estimator.Options;
import io.logits.features.Block;
import io.logits.kernels.Workers;
import io.logits.model.Model;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A fit by maximum likelihood, or with Firth's penalty, and how sure it is. Two classes have one logit, that of the second; of many each but the first
 * has one, relative to the first.
 */
public final class Inference {
    /** Parameters whose information matrix is held and factored: 72 MB. */
    private static final int MOST_PARAMETERS = 3000;

    private final Parameters parameters;
    private final List<String> features;
    private final List<Block> blocks;
    private final Optimum optimum;
    private final WeightKind weights;
    private final int threads;

    private Inference(Dataset data, Options options, WeightKind weights, Likelihood likelihood) {
        this.weights = weights;
        parameters = new Parameters(likelihood, data.encoding().featureNames());
        features = data.encoding().featureNames();
        blocks = data.encoding().blocks();
        threads = options.threads();
        optimum = work(workers -> Optimum.of(options, likelihood, workers));
    }

    /**
     * Fits and looks at the optimum.
     *
     * @param options without a penalty, or with Firth's, whose fits are to rounding
     * @throws IllegalArgumentException if data and options do not suit
     * @throws TooManyParametersException if there are more than 3,000 parameters
     * @throws io.logits.estimator.SeparationException if there is no penalty and the classes are separable
     * @throws NoOptimumException if no fit with Firth's penalty is found
     */
    public static Inference of(Dataset data, Options options, WeightKind weights) {
        return new Inference(data, options, weights, likelihood(data, options));
    }

    /**
     * The likelihood of the data.
     *
     * @throws IllegalArgumentException if data and options do not suit
     * @throws TooManyParametersException if there are more than 3,000 parameters
     */
    static Likelihood likelihood(Dataset data, Options options) {
        Likelihood likelihood = Likelihood.of(data, options);
        int count = likelihood.layout().freeSize();
        if (count > MOST_PARAMETERS) {
            throw new TooManyParametersException(count, MOST_PARAMETERS);
        }
        return likelihood;
    }

    /**
     * Refuses, before any work, what {@link #of} and the intervals would refuse.
     *
     * @param level of intervals
     * @throws IllegalArgumentException if the options have a penalty other than Firth's, or the level is not between 0 and 1
     */
    public static void check(Options options, double level) {
        Likelihood.checkPenalty(options);
        checkLevel(level);
    }

    private <T> T work(Function<Workers, T> task) {
        try (Workers workers = Workers.of(threads)) {
            return task.apply(workers);
        }
    }

    /** The fit as the solver left it. */
    public Fit<? extends Model> fit() {
        return optimum.fit();
    }

    /** Likelihoods and what is made of them. */
    public GoodnessOfFit goodness() {
        double n = observations();
        return goodness(0, 0, n, n);
    }

    /**
     * The same of trials that were counted together.
     *
     * @param trials a number {@code >= 0} for each row, the same for rows of one group; their features are the same, their
     *     weights are counts
     * @throws IllegalArgumentException if there are more or fewer numbers than rows, or more than two classes
     */
    public GoodnessOfFit goodness(int[] trials) {
        checkTrials(trials);
        GroupedTrials grouped = GroupedTrials.of(optimum.rows(), trials);
        return goodness(grouped.perfect(), grouped.arrangements(), grouped.groups(), observations());
    }

    private void checkTrials(int[] trials) {
        checkRows("trials", trials);
        if (optimum.likelihood().layout().logits() > 1) {
            throw new IllegalArgumentException("trials succeed or fail, the data has "
                    + optimum.likelihood().classes().size() + " classes");
        }
    }

    private GoodnessOfFit goodness(double perfect, double arrangements, double observations, double singles) {
        return new GoodnessOfFit(
                optimum.rows().logLikelihood(),
                -optimum.likelihood().nullLoss(),
                perfect,
                arrangements,
                optimum.information().rank(),
                observations,
                singles);
    }

    private void checkRows(String what, int[] numbers) {
        int rows = optimum.likelihood().x().rows();
        if (numbers.length != rows) {
            throw new IllegalArgumentException(
                    what + " has " + numbers.length + " entries, the data has " + rows + " rows");
        }
    }

    private double observations() {
        double[] weight = optimum.likelihood().weights();
        if (weight.length == 0) {
            return optimum.likelihood().x().rows();
        }
        return weights == WeightKind.FREQUENCY
                ? Arrays.stream(weight).sum()
                : Arrays.stream(weight).filter(w -> w > 0).count();
    }

    /** The inverse of the information: the covariances that the estimates have if the model is right. */
    public Covariance covariance() {
        return covariance(optimum.information().inverse());
    }

    /**
     * Covariances that are right where the model's variances are not, each observation by itself: of frequencies each of
     * the equal rows.
     *
     * @throws FrequencyException if HC2 or HC3 is asked for, and a row of a frequency below 1 has a leverage of 1 or more
     */
    public Covariance covariance(Robust kind) {
        return work(workers -> {
            double[] residuals = RobustResiduals.of(optimum, kind, weights, workers);
            double[] sum = new RobustSums(optimum.rows(), weights).byRow(residuals, workers);
            double[] ofFree = optimum.information().sandwich(sum);
            double n = observations();
            return covariance(
                    kind == Robust.HC1
                            ? Vectors.times(n / (n - optimum.information().rank()), ofFree)
                            : ofFree);
        });
    }

    /**
     * Covariances that are right where rows of a cluster depend on each other (Liang and Zeger 1986), times
     * {@code G / (G - 1)} for G clusters.
     *
     * @param cluster a number for each row, the same for rows that belong together
     * @throws IllegalArgumentException if there are more or fewer numbers than rows, or less than 2 clusters with a row of
     *     positive weight
     */
    public Covariance clustered(int[] cluster) {
        checkRows("cluster", cluster);
        double clusters = IntStream.range(0, cluster.length)
                .filter(i -> optimum.rows().weight(i) > 0)
                .map(i -> cluster[i])
                .distinct()
                .count();
        if (clusters < 2) {
            throw new IllegalArgumentException("all rows of positive weight are in one cluster, 2 at least are needed");
        }
        return work(workers -> {
            double[] sum = new RobustSums(optimum.rows(), weights).byCluster(cluster, workers);
            return covariance(Vectors.times(
                    clusters / (clusters - 1), optimum.information().sandwich(sum)));
        });
    }

    private Covariance covariance(double[] ofFree) {
        double[] entries = parameters.covariance(ofFree);
        boolean[] dependent = optimum.information().dependent();
        int order = parameters.count();
        for (int a = 0; a < order; a++) {
            for (int b = 0; b < order; b++) {
                if (dependent[parameters.free(a)] || dependent[parameters.free(b)]) {
                    entries[a * order + b] = Double.NaN;
                }
            }
        }
        return new Covariance(parameters.all(), entries, ofFree);
    }

    /**
     * Tests of each term: a column, all levels of a category, or a product of two. Each takes a fit without the term.
     *
     * @param covariance for the Wald tests, of these parameters
     * @throws NoOptimumException if one of these fits finds no optimum
     */
    public List<TermTest> termTests(Covariance covariance) {
        return work(workers -> new TermTests(parameters, optimum, covariance, workers).of(blocks));
    }

    /**
     * The coefficients with Wald intervals: estimate plus and minus a normal quantile times the standard error.
     *
     * @param covariance of these parameters
     * @param level of the intervals, {@code 0 < level < 1}
     */
    public List<Coefficient> coefficients(Covariance covariance, double level) {
        double quantile = quantile(level);
        double[] estimates = parameters.values(optimum.local().theta());
        List<Coefficient> lines = new ArrayList<>();
        for (int q = 0; q < estimates.length; q++) {
            double error = covariance.standardError(q);
            double reach = quantile * error;
            double b = estimates[q];
            lines.add(new Coefficient(parameters.named(q), b, error, b / error, b - reach, b + reach));
        }
        return lines;
    }

    /**
     * The coefficients with profile likelihood intervals: the values that a likelihood ratio test at {@code 1 - level}
     * does not reject. Each takes some ten fits.
     *
     * @param level of the intervals, {@code 0 < level < 1}
     * @throws NoOptimumException if one of these fits finds no optimum
     */
    public List<Coefficient> profiled(double level) {
        double quantile = quantile(level);
        return work(workers -> {
            List<Coefficient> lines = new ArrayList<>();
            for (Coefficient wald : coefficients(covariance(), level)) {
                Profile profile = new Profile(optimum, parameters.row(lines.size()), workers);
                lines.add(Double.isNaN(wald.standardError()) ? wald : profiled(wald, profile, quantile));
            }
            return lines;
        });
    }

    private Coefficient profiled(Coefficient wald, Profile profile, double quantile) {
        double error = wald.standardError();
        try {
            return new Coefficient(
                    wald.parameter(),
                    wald.estimate(),
                    error,
                    profile.rootAtZero(),
                    profile.crossing(-quantile, error),
                    profile.crossing(quantile, error));
        } catch (NoOptimumException e) {
            boolean many = optimum.likelihood().classes().size() > 2;
            throw e.of("the profile likelihood of " + wald.parameter().feature()
                    + (many ? ", class " + wald.parameter().className() : ""));
        }
    }

    /** How much the other terms inflate the region of each, by the model's own covariances of its coefficients in all logits. */
    public List<Inflation> inflation() {
        return work(workers -> new TermTests(parameters, optimum, covariance(), workers).inflation(blocks));
    }

    /**
     * The average marginal effects on each class but, of two, the first, with Wald intervals.
     *
     * @param covariance of these parameters
     * @param level of the intervals, {@code 0 < level < 1}
     */
    public List<MarginalEffect> marginalEffects(Covariance covariance, double level) {
        double quantile = quantile(level);
        return work(workers -> new MarginalEffects(optimum, features, workers).of(covariance, quantile));
    }

    /**
     * What each row does to the fit.
     *
     * @throws FrequencyException if a row of a frequency below 1 has a leverage of 1 or more
     */
    public Influence influence() {
        return work(workers -> Influence.ofRows(optimum, weights, workers));
    }

    /**
     * The same of each group of trials, numbered as in {@link #goodness(int[])}.
     *
     * @throws IllegalArgumentException as there
     */
    public Influence influence(int[] trials) {
        checkTrials(trials);
        return Influence.ofGroups(optimum, trials);
    }

    /**
     * Probabilities of rows with intervals: Wald intervals of each probability's logit, by the delta method where there are
     * many classes.
     *
     * @param x with the features that were fitted, dense or sparse
     * @param offset as {@link Dataset} has it, or null
     * @param covariance of these parameters
     * @param level of the intervals, {@code 0 < level < 1}
     * @throws IllegalArgumentException if features or offset are more or fewer
     */
    public ProbabilityIntervals probabilities(
            Matrix x, double @Nullable [] offset, Covariance covariance, double level) {
        return new ProbabilityIntervals(optimum, x, offset, covariance, quantile(level));
    }

    static double quantile(double level) {
        checkLevel(level);
        return Normal.twoSidedQuantile(1 - level);
    }

    static void checkLevel(double level) {
        if (!(level > 0 && level < 1)) {
            throw new IllegalArgumentException("level is " + level + ", a number between 0 and 1 is needed");
        }
    }
}
