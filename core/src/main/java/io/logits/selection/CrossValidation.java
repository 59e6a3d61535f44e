package io.logits.selection;

import io.logits.data.Dataset;
import io.logits.estimator.LinearClassifier;
import io.logits.estimator.Options;
import io.logits.estimator.PenaltyKind;
import io.logits.estimator.SeparationException;
import io.logits.kernels.Workers;
import io.logits.model.Model;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Chooses the strength of the penalty, and if asked the share of L1, by rows that were not learnt from. The path of all
 * rows gives the lambdas; each fold is then held out from a path of its own along the same lambdas, folds at the same time.
 * No result depends on the number of threads.
 *
 * @param folds of the rows
 * @param grid the lambdas
 * @param l1Ratios shares of L1 to choose from; empty for the estimator's own penalty
 * @param measure what held-out rows are judged by
 * @param rule which lambda is chosen
 */
public record CrossValidation(Folds folds, LambdaGrid grid, List<Double> l1Ratios, Measure measure, LambdaRule rule) {
    /** Copies the list. */
    public CrossValidation {
        l1Ratios = List.copyOf(l1Ratios);
    }

    /** Along 100 lambdas, by log loss, to the best mean. */
    public static CrossValidation of(Folds folds) {
        return new CrossValidation(folds, LambdaGrid.defaults(), List.of(), Measure.LOG_LOSS, LambdaRule.MIN);
    }

    /** Is told how far it has come, by any thread, one at a time. */
    @FunctionalInterface
    public interface Listener {
        /** After each fit: how many of all are done. */
        void fitted(int done, int of);
    }

    /**
     * What came out.
     *
     * @param curves one for each share of L1
     * @param curve the chosen one
     * @param point the chosen lambda's index in it
     * @param estimator with these, for fits of other rows
     * @param model fitted on all rows with these; its provenance says how they were chosen
     */
    public record Choice(
            List<ValidationCurve> curves, int curve, int point, LinearClassifier<?, ?> estimator, Model model) {
        /** The chosen lambda. */
        public double lambda() {
            return curves.get(curve).path().points().get(point).lambda();
        }
    }

    /** How many fits it takes. */
    public int fits() {
        return Math.max(1, l1Ratios.size()) * (folds.count() + 1) * grid.count();
    }

    /**
     * Runs it.
     *
     * @throws IllegalArgumentException if the data does not suit the estimator or the folds, or no fold has a measure
     * @throws SeparationException if features of penalty factor 0 separate the classes in all rows or while some fold is
     *     held out, which the message says, or all do and lambda 0 is among the lambdas
     */
    public Choice run(LinearClassifier<?, ?> estimator, Dataset data, Listener listener) {
        if (folds.size() != data.features().rows()) {
            throw new IllegalArgumentException("the folds are of " + folds.size() + " rows, the data has "
                    + data.features().rows());
        }
        List<LinearClassifier<?, ?>> estimators = estimators(estimator);
        Progress progress = new Progress(listener, fits());
        double[] weights = foldWeights(data);
        List<ValidationCurve> curves = new ArrayList<>();
        for (LinearClassifier<?, ?> one : estimators) {
            RegularizationPath path = RegularizationPath.fit(one, data, grid, point -> progress.step());
            Held held = ofFolds(one, data, path, weights, progress);
            curves.add(ValidationCurve.of(one.options().shareOfL1(), path, held.measures, weights, held.open()));
        }
        return choice(curves, estimators);
    }

    private List<LinearClassifier<?, ?>> estimators(LinearClassifier<?, ?> estimator) {
        if (l1Ratios.isEmpty()) {
            return List.of(estimator);
        }
        List<LinearClassifier<?, ?>> estimators = new ArrayList<>();
        for (double ratio : l1Ratios) {
            Options options =
                    estimator.options().withPenalty(PenaltyKind.ELASTICNET).withL1Ratio(ratio);
            estimators.add(estimator.withOptions(options));
        }
        return estimators;
    }

    /** Counts fits; threads take turns. */
    private static final class Progress {
        private final Listener listener;
        private final int all;
        private int done;

        Progress(Listener listener, int all) {
            this.listener = listener;
            this.all = all;
        }

        synchronized void step() {
            listener.fitted(++done, all);
        }
    }

    private double[] foldWeights(Dataset data) {
        double[] weights = data.weights();
        double[] sums = new double[folds.count()];
        for (int i = 0; i < folds.size(); i++) {
            sums[folds.of(i)] += weights == null ? 1 : weights[i];
        }
        return sums;
    }

    /** By fold and lambda: the measure, and whether the fit has converged. */
    private record Held(double[][] measures, boolean[][] converged) {
        int[] open() {
            int[] open = new int[converged[0].length];
            for (boolean[] ofFold : converged) {
                for (int l = 0; l < open.length; l++) {
                    open[l] += ofFold[l] ? 0 : 1;
                }
            }
            return open;
        }
    }

    private Held ofFolds(
            LinearClassifier<?, ?> estimator,
            Dataset data,
            RegularizationPath path,
            double[] weights,
            Progress progress) {
        double[] lambdas = path.points().stream().mapToDouble(PathPoint::lambda).toArray();
        LambdaGrid same = new LambdaGrid.Listed(lambdas);
        LinearClassifier<?, ?> alone = estimator.withOptions(estimator.options().withThreads(1));
        double[][] measures = new double[folds.count()][lambdas.length];
        boolean[][] converged = new boolean[folds.count()][lambdas.length];
        try (Workers workers = Workers.of(estimator.options().threads())) {
            workers.run(folds.count(), f -> {
                if (weights[f] == 0) {
                    // Nothing is held out: there is no measure, and no need of a fit.
                    Arrays.fill(measures[f], Double.NaN);
                    Arrays.fill(converged[f], true);
                    Arrays.stream(lambdas).forEach(lambda -> progress.step());
                    return;
                }
                RegularizationPath own = without(f, alone, data, same, progress);
                Dataset held = data.select(folds.rows(f));
                for (int l = 0; l < lambdas.length; l++) {
                    measures[f][l] = measure.of(own.model().at(l), held);
                    converged[f][l] = own.points().get(l).solution().converged();
                }
            });
        }
        return new Held(measures, converged);
    }

    private RegularizationPath without(
            int fold, LinearClassifier<?, ?> estimator, Dataset data, LambdaGrid grid, Progress progress) {
        try {
            return RegularizationPath.fit(estimator, folds.without(fold, data), grid, point -> progress.step());
        } catch (SeparationException e) {
            throw e.whileHeldOut(fold, folds.count());
        }
    }

    private Choice choice(List<ValidationCurve> curves, List<LinearClassifier<?, ?>> estimators) {
        int curve = -1;
        int best = -1;
        for (int c = 0; c < curves.size(); c++) {
            int own = curves.get(c).best(measure);
            if (own >= 0
                    && (curve < 0
                            || measure.badness(curves.get(c).mean()[own])
                                    < measure.badness(curves.get(curve).mean()[best]))) {
                curve = c;
                best = own;
            }
        }
        if (curve < 0) {
            throw new IllegalArgumentException(
                    "no fold has a " + measure.label() + ": each has rows of one class alone");
        }
        ValidationCurve chosen = curves.get(curve);
        int point = chosen.chosen(measure, rule, best);
        double lambda = chosen.path().points().get(point).lambda();
        LinearClassifier<?, ?> estimator = estimators.get(curve).withLambda(lambda);
        return new Choice(curves, curve, point, estimator, remembering(chosen, point));
    }

    private Model remembering(ValidationCurve chosen, int point) {
        Model model = chosen.path().model().at(point);
        Map<String, String> options = new LinkedHashMap<>();
        options.put("chosen_by", "cross-validation");
        options.put("folds", folds.description());
        options.put("measure", measure.label());
        options.put("rule", rule.label());
        options.put("mean", Double.toString(chosen.mean()[point]));
        options.put("standard_error", Double.toString(chosen.standardError()[point]));
        return model.withProvenance(model.provenance().withOptions(options));
    }
}
