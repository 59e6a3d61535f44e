package io.logits.inference;

import io.logits.data.Dataset;
import io.logits.estimator.Fit;
import io.logits.estimator.Likelihood;
import io.logits.estimator.Options;
import io.logits.features.Block;
import io.logits.kernels.Workers;
import io.logits.model.Model;
import io.logits.objective.TwiceSmoothObjective;
import io.logits.solver.ConjugateGradients;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The coefficients of some columns with standard errors, where there are too many to invert the information of all
 * ({@link Inference}): a column of the inverse by conjugate gradients for each, to a relative residual of 1e-10. Memory is that
 * of the fit and a few vectors; time some passes over the data for each coefficient, and one for each dense column that
 * depends on others.
 *
 * <p>With an L2 penalty the inverse is that of the penalised second derivatives, which is the covariance of the coefficients if
 * the penalty is taken for the logarithm of their prior (Wahba 1983; {@code Vp} of R's mgcv). Intervals are then those of the
 * posterior, and z and p, as tests of a biased estimate, do not exist. Of many classes each has its own coefficients, less
 * their mean, as {@link CurvatureIntervals} has them: what all share, the rows tell nothing of.
 *
 * @param fit as the solver left it
 * @param coefficients logit by logit, in the order of the columns; NaN in place of an error of a coefficient that depends on
 *     others, whichever comes first, or is {@code unsolved}
 * @param unsolved those whose errors conjugate gradients did not find in two steps for each parameter: their columns are so near
 *     to dependent that rounding has the better of them
 */
public record SelectedCoefficients(Fit<? extends Model> fit, List<Coefficient> coefficients, List<Parameter> unsolved) {
    private static final double RESIDUAL = 1e-10;

    /** Copies the lists. */
    public SelectedCoefficients {
        coefficients = List.copyOf(coefficients);
        unsolved = List.copyOf(unsolved);
    }

    /**
     * Fits and solves.
     *
     * @param options without a penalty or with L2
     * @param columns names of features, of terms for all their features, or {@link Parameter#INTERCEPT}
     * @param level of the intervals, {@code 0 < level < 1}
     * @throws IllegalArgumentException if data and options do not suit, or there is no such column
     * @throws io.logits.estimator.SeparationException if there is no penalty and the classes are separable
     */
    public static SelectedCoefficients of(Dataset data, Options options, List<String> columns, double level) {
        double quantile = Inference.quantile(level);
        Likelihood likelihood = Likelihood.withRidge(data, options);
        int[] places = places(data, likelihood.layout().intercept(), columns);
        Fit<? extends Model> fit = likelihood.fit(options.solver());
        try (Workers workers = Workers.of(options.threads())) {
            Solves solves = Solves.at(likelihood, fit, workers);
            Parameters parameters = new Parameters(likelihood, data.encoding().featureNames());
            List<Coefficient> lines = new ArrayList<>();
            List<Parameter> unsolved = new ArrayList<>();
            int rows = likelihood.layout().rows();
            for (int first = 0; first < parameters.count(); first += rows) {
                for (int place : places) {
                    Parameter parameter = parameters.named(first + place);
                    double[] row = parameters.identified(first + place);
                    ConjugateGradients.Result solved = solves.of(row);
                    lines.add(solves.coefficient(parameter, row, solved, quantile));
                    if (solved.end() == ConjugateGradients.End.OUT_OF_STEPS) {
                        unsolved.add(parameter);
                    }
                }
            }
            return new SelectedCoefficients(fit, lines, unsolved);
        }
    }

    /**
     * Refuses, before any work, what {@link #of} would refuse of these.
     *
     * @param level of the intervals
     * @throws IllegalArgumentException if the options have another penalty than L2, or bounds, or the level is not between 0
     *     and 1
     */
    public static void check(Options options, double level) {
        Likelihood.checkRidge(options);
        Inference.checkLevel(level);
    }

    /** The places of the columns among the parameters of one logit, each once. */
    private static int[] places(Dataset data, boolean intercept, List<String> columns) {
        List<String> features = data.encoding().featureNames();
        List<Block> blocks = data.encoding().blocks();
        int shift = intercept ? 1 : 0;
        Set<Integer> places = new LinkedHashSet<>();
        for (String column : columns) {
            int j = features.indexOf(column);
            if (j >= 0) {
                places.add(j + shift);
            } else if (intercept && column.equals(Parameter.INTERCEPT)) {
                places.add(0);
            } else {
                Block block = blocks.stream()
                        .filter(b -> b.name().equals(column))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("there is no column " + column + " among the "
                                + features.size() + " features that were fitted"));
                IntStream.range(block.from(), block.to()).forEach(f -> places.add(f + shift));
            }
        }
        return places.stream().mapToInt(place -> place).toArray();
    }

    /**
     * Solves with the second derivatives where a fit ended, and if that converged after one Newton step more, which squares what
     * error there was: as far as conjugate gradients take it, where columns depend on others.
     */
    private record Solves(Likelihood likelihood, double[] theta, ConjugateGradients inverse) {
        static Solves at(Likelihood likelihood, Fit<? extends Model> fit, Workers workers) {
            TwiceSmoothObjective objective = likelihood.objective(workers);
            objective.refine();
            double[] point = likelihood.point(fit.model());
            double[] gradient = new double[point.length];
            objective.evaluate(point, gradient);
            if (fit.solution().converged()) {
                double[] step = new ConjugateGradients(objective, RESIDUAL)
                        .solve(gradient)
                        .x();
                point = Vectors.plus(point, -1, step);
                objective.evaluate(point, gradient);
            }
            return new Solves(likelihood, likelihood.free(point), new ConjugateGradients(objective, RESIDUAL));
        }

        ConjugateGradients.Result of(double[] row) {
            return inverse.solve(likelihood.pointOf(row));
        }

        Coefficient coefficient(Parameter parameter, double[] row, ConjugateGradients.Result solved, double quantile) {
            double error = solved.end() == ConjugateGradients.End.SOLVED
                    ? Math.sqrt(Vectors.dot(row, likelihood.free(solved.x())) / likelihood.totalWeight())
                    : Double.NaN;
            double b = Vectors.dot(row, theta);
            double reach = quantile * error;
            double z = likelihood.penalised() ? Double.NaN : b / error;
            return new Coefficient(parameter, b, error, z, b - reach, b + reach);
        }
    }
}
