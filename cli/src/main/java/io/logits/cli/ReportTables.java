package io.logits.cli;

import io.logits.inference.Coefficient;
import io.logits.metrics.Evaluation;
import io.logits.model.Model;
import io.logits.model.Provenance;
import io.logits.solver.StopReason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The tables of a report. */
final class ReportTables {
    /** Where a model between two lambdas of a path says which these are. */
    static final String INTERPOLATED = "interpolated_between";

    private final Html page;
    private final Model model;

    /** Tables of a model for a page. */
    ReportTables(Html page, Model model) {
        this.page = page;
        this.model = model;
    }

    /** What was fitted, and how that ended. */
    void fit() {
        Provenance provenance = model.provenance();
        Map<String, String> data = provenance.data();
        Map<String, String> options = provenance.options();
        page.table("The fit", List.of());
        page.row(
                "model",
                model.logits() == 1
                        ? "logistic regression: the log-odds of "
                                + model.classes().get(1) + " against "
                                + model.classes().get(0)
                        : "softmax regression of " + model.classes().size() + " classes");
        if (data.containsKey("rows")) {
            page.row("learnt from", data.get("rows") + " rows, " + data.getOrDefault("features", "?") + " features");
        }
        if (!options.isEmpty()) {
            page.row("penalty", penalty(options));
            known("intercept", options, "intercept");
            known("chosen by", options, "chosen_by");
            if (options.containsKey("calibration")) {
                page.row(
                        "calibrated",
                        options.get("calibration") + ", on held-out rows of " + options.get("calibration_folds"));
            }
        }
        solution(provenance.solution());
        page.row("library", provenance.library() + ", " + provenance.kernels() + " kernels");
        page.endTable();
    }

    private void solution(Map<String, String> solution) {
        if (solution.containsKey(INTERPOLATED)) {
            page.row(
                    "ended",
                    "not fitted: coefficients are interpolated between the fits at lambda "
                            + Arrays.stream(solution.get(INTERPOLATED).split(", "))
                                    .map(lambda -> Words.number(Double.parseDouble(lambda), 6))
                                    .collect(Collectors.joining(" and ")));
        }
        if (solution.containsKey("reason")) {
            page.row("ended", ended(solution.get("reason")));
        }
        known("solver", solution, "solver");
        known("passes over the rows", solution, "passes");
        rounded("objective", solution, "objective");
        rounded("lower bound of it", solution, "dual");
        rounded("relative gap", solution, "relative_gap");
        rounded("Newton decrement", solution, "newton_decrement");
    }

    private static String penalty(Map<String, String> options) {
        String kind = options.getOrDefault("penalty", "not known");
        String lambda = options.get("lambda");
        if (lambda == null || !(Double.parseDouble(lambda) > 0)) {
            return kind;
        }
        String ratio = options.get("l1_ratio");
        return kind
                + (kind.equals("elasticnet") && ratio != null
                        ? " with " + EvaluationPictures.percent(Double.parseDouble(ratio)) + " L1 and lambda "
                        : " with lambda ")
                + Words.number(Double.parseDouble(lambda), 6);
    }

    private void known(String name, Map<String, String> of, String key) {
        if (of.containsKey(key)) {
            page.row(name, of.get(key));
        }
    }

    /** A number of the solution, left out where it does not exist. */
    private void rounded(String name, Map<String, String> solution, String key) {
        String value = solution.get(key);
        if (value != null && !value.equals("NaN")) {
            page.row(name, Words.number(Double.parseDouble(value), 8));
        }
    }

    private static String ended(String reason) {
        return Arrays.stream(StopReason.values())
                .filter(known -> known.label().equals(reason))
                .map(known -> (known == StopReason.CONVERGED ? "converged: " : "not converged: ") + known.sentence())
                .findFirst()
                .orElse(reason);
    }

    /** The coefficient of the model itself, of two classes that of the one logit. */
    private double coefficient(int k, int j) {
        return model.coefficient(model.logits() == 1 ? 0 : k, j);
    }

    /** The largest coefficients of these classes as the model has them, without intervals. */
    void coefficients(List<Integer> classes, FitPictures fit) {
        boolean two = model.logits() == 1;
        heads(
                "The largest coefficients, by what a standard deviation does",
                List.of(
                        "feature",
                        "coefficient",
                        "odds ratio",
                        two ? "per deviation" : "per deviation, less the mean"));
        for (int k : classes) {
            for (int j : fit.largest(k)) {
                row(
                        k,
                        model.encoding().featureNames().get(j),
                        Words.number(coefficient(k, j), 5),
                        Words.number(Math.exp(coefficient(k, j)), 4),
                        Words.number(fit.effect(k, j), 4));
            }
        }
        page.endTable();
    }

    /** The coefficients of these classes that are farthest from 0 in standard errors, with their intervals. */
    void intervals(List<Integer> classes, ForestPictures forest) {
        heads(
                "The coefficients farthest from 0 in standard errors",
                List.of(
                        "feature",
                        "coefficient",
                        Certainty.PERCENT + " interval",
                        "standard errors from 0",
                        "odds ratio",
                        "per deviation"));
        for (int k : classes) {
            for (ForestPictures.Line line : forest.largest(k)) {
                Coefficient of = line.coefficient();
                row(
                        k,
                        of.parameter().feature(),
                        Words.number(of.estimate(), 5),
                        Words.number(of.low(), 3) + " to " + Words.number(of.high(), 3),
                        Words.number(line.errors(), 3),
                        Words.number(of.oddsRatio(), 4),
                        Words.number(line.effect(), 4));
            }
        }
        page.endTable();
    }

    /** Heads of a table that has a column of classes where there are many, behind what heads its rows. */
    private void heads(String caption, List<String> heads) {
        List<String> all = new ArrayList<>(heads);
        if (model.logits() > 1) {
            all.add(1, "class");
        }
        page.table(caption, all);
    }

    private void row(int k, String... cells) {
        List<String> all = new ArrayList<>(List.of(cells));
        if (model.logits() > 1) {
            all.add(1, model.classes().get(k));
        }
        page.row(all.toArray(String[]::new));
    }

    /** Rows, precision and recall of each class. */
    void perClass(Evaluation evaluation) {
        double[] counts = evaluation.classWeights();
        page.table("Each class", List.of("class", "rows", "precision", "recall"));
        for (int k = 0; k < counts.length; k++) {
            page.row(
                    model.classes().get(k),
                    EvaluationPictures.count(counts[k]),
                    share(evaluation.precision(k)),
                    share(evaluation.recall(k)));
        }
        page.endTable();
    }

    private static String share(double value) {
        return Double.isNaN(value) ? "\u2013" : Words.number(value, 3);
    }

    /** How many rows of each class were given which, of many classes the pairs confused most. */
    void confusion(Evaluation evaluation) {
        List<String> classes = model.classes();
        if (!EvaluationPictures.allPairsFit(classes.size())) {
            page.table("The most frequent confusions", List.of("true", "predicted", "rows"));
            EvaluationPictures.mostConfused(evaluation)
                    .forEach(pair -> page.row(
                            classes.get(pair.truth()),
                            classes.get(pair.decided()),
                            EvaluationPictures.count(pair.rows())));
            page.endTable();
            return;
        }
        page.table("Confusion matrix, in rows", "true", "predicted", classes);
        for (int t = 0; t < classes.size(); t++) {
            List<String> cells = new ArrayList<>(List.of(classes.get(t)));
            for (double count : evaluation.confusion()[t]) {
                cells.add(EvaluationPictures.count(count));
            }
            page.row(cells.toArray(String[]::new));
        }
        page.endTable();
    }
}
