package io.logits.inference;

import io.logits.data.Dataset;
import io.logits.estimator.Likelihood;
import io.logits.estimator.Options;
import io.logits.estimator.PenaltyKind;
import io.logits.kernels.Workers;
import io.logits.model.Model;
import io.logits.objective.CoefLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Intervals of the coefficients of a model that is there already, from the curvature of what it minimised, at its own
 * coefficients: nothing is fitted. Without a penalty they are Wald's, of many classes relative to the first. With a ridge
 * penalty they are those of the posterior that Laplace's approximation gives if coefficients were drawn from the normal
 * distribution that is the penalty (Wahba 1983), and z and p, as tests of a biased estimate, do not exist; each class has its
 * own, less the mean of all, as that penalty makes them.
 *
 * @param lambda strength of the ridge penalty beside the mean loss, {@code >= 0}
 * @param intercept whether the model was fitted with intercepts
 * @param weight of all rows that the model learnt from, {@code > 0}: as if there were as many of the rows at hand
 */
public record CurvatureIntervals(double lambda, boolean intercept, double weight) {
    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is not finite, or too small
     */
    public CurvatureIntervals {
        if (!(lambda >= 0 && lambda < Double.POSITIVE_INFINITY && weight > 0 && weight < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "lambda is " + lambda + " and the weight " + weight + ", finite numbers >= 0 and > 0 are needed");
        }
    }

    /**
     * The coefficients with their intervals, class by class, the intercept first. All but the estimate is NaN where a
     * coefficient depends on others.
     *
     * @param data rows of all of the model's classes
     * @param level of the intervals, {@code 0 < level < 1}
     * @throws IllegalArgumentException if the data does not suit, or its classes, in their order, or its features are not the
     *     model's
     * @throws TooManyParametersException if there are more than 3,000 parameters
     */
    public List<Coefficient> of(Model model, Dataset data, double level, int threads) {
        double quantile = Inference.quantile(level);
        Likelihood likelihood = Inference.likelihood(
                data,
                Options.defaults()
                        .withPenalty(PenaltyKind.NONE)
                        .withIntercept(intercept)
                        .withThreads(threads));
        check(model, likelihood.classes(), data.encoding().featureNames());
        double[] theta = likelihood.free(likelihood.point(model));
        Information information = information(likelihood, theta, threads);
        Parameters parameters = new Parameters(likelihood, data.encoding().featureNames());
        double[] covariance = parameters.covariance(information.inverse());
        boolean[] dependent = new boolean[theta.length];
        for (int q = 0; q < dependent.length; q++) {
            dependent[q] = information.dependent()[parameters.free(q)];
        }
        Estimates free = new Estimates(parameters, parameters.values(theta), covariance, dependent, quantile);
        CoefLayout layout = likelihood.layout();
        return lambda == 0 || layout.logits() == 1
                ? free.lines(lambda > 0)
                : free.centred(likelihood.classes(), layout.rows());
    }

    private static void check(Model model, List<String> classes, List<String> features) {
        if (!model.classes().equals(classes)) {
            throw new IllegalArgumentException("the model has classes " + model.classes() + ", the rows have " + classes
                    + ", the same are needed");
        }
        List<String> known = model.encoding().featureNames();
        if (known.size() != features.size()) {
            throw new IllegalArgumentException("the number of features is " + known.size() + " in the model and "
                    + features.size() + " in the rows, the same are needed");
        }
        for (int j = 0; j < known.size(); j++) {
            if (!known.get(j).equals(features.get(j))) {
                throw new IllegalArgumentException("feature " + (j + 1) + " of the model is " + known.get(j)
                        + ", of the rows " + features.get(j) + ", the same are needed");
            }
        }
    }

    private Information information(Likelihood likelihood, double[] theta, int threads) {
        try (Workers workers = Workers.of(threads)) {
            double[] h = FittedRows.at(likelihood, likelihood.pointOf(theta), workers)
                    .information(workers);
            double scale = weight / likelihood.totalWeight();
            for (int e = 0; e < h.length; e++) {
                h[e] *= scale;
            }
            addPenalty(h, likelihood.layout());
            return Information.of(h);
        }
    }

    /**
     * Adds the second derivatives of {@code lambda weight / 2 sum_k |w_k|^2} to a lower triangle. Of many classes it is a
     * function of {@code g_k = w_k - w_0}, where all {@code w_k} sum to 0: {@code |g|^2 - |sum_k g_k|^2 / K} in place of
     * the sum.
     */
    private void addPenalty(double[] h, CoefLayout layout) {
        int order = layout.freeSize();
        double shared = layout.logits() == 1 ? 0 : 1.0 / layout.logits();
        for (int k = 0; k < layout.freeLogits(); k++) {
            for (int l = 0; l <= k; l++) {
                double factor = lambda * weight * ((k == l ? 1 : 0) - shared);
                for (int j = 0; j < layout.features(); j++) {
                    h[(k * layout.rows() + j) * order + l * layout.rows() + j] += factor;
                }
            }
        }
    }

    /** Parameters, their values and covariances, and how many standard errors an interval reaches. */
    private record Estimates(
            Parameters parameters, double[] values, double[] covariance, boolean[] dependent, double quantile) {
        List<Coefficient> lines(boolean biased) {
            List<Coefficient> lines = new ArrayList<>();
            for (int q = 0; q < values.length; q++) {
                double variance = dependent[q] ? Double.NaN : covariance[q * values.length + q];
                lines.add(line(parameters.named(q), values[q], variance, biased));
            }
            return lines;
        }

        /** Of all classes, less their mean, where those but the first are relative to it. */
        List<Coefficient> centred(List<String> classes, int rows) {
            List<Coefficient> lines = new ArrayList<>();
            for (int c = 0; c < classes.size(); c++) {
                for (int local = 0; local < rows; local++) {
                    String feature = parameters.named(local).feature();
                    lines.add(centred(new Parameter(classes.get(c), feature), c, local, rows));
                }
            }
            return lines;
        }

        private Coefficient centred(Parameter parameter, int c, int local, int rows) {
            int classes = values.length / rows + 1;
            double value = 0;
            double variance = 0;
            for (int k = 1; k < classes; k++) {
                int q = (k - 1) * rows + local;
                double share = (k == c ? 1 : 0) - 1.0 / classes;
                value += share * values[q];
                for (int l = 1; l < classes; l++) {
                    int other = (l - 1) * rows + local;
                    double both = share * ((l == c ? 1 : 0) - 1.0 / classes);
                    variance += dependent[q] || dependent[other]
                            ? Double.NaN
                            : both * covariance[q * values.length + other];
                }
            }
            return line(parameter, value, variance, true);
        }

        private Coefficient line(Parameter parameter, double value, double variance, boolean biased) {
            double error = Math.sqrt(variance);
            double reach = quantile * error;
            double z = biased ? Double.NaN : value / error;
            return new Coefficient(parameter, value, error, z, value - reach, value + reach);
        }
    }
}
