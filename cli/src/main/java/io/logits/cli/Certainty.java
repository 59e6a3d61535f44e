package io.logits.cli;

import io.logits.data.Dataset;
import io.logits.estimator.ClassWeights;
import io.logits.inference.Coefficient;
import io.logits.inference.CurvatureIntervals;
import io.logits.model.Model;
import io.logits.solver.StopReason;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How sure the coefficients of a model are, as far as that can be said.
 *
 * @param lines the coefficients with intervals, class by class, intercepts aside; empty where there are none
 * @param ridge whether the model has a ridge penalty
 * @param whyNot why there are none, or null
 */
record Certainty(
        List<Coefficient> lines, boolean ridge, @Nullable String whyNot) {
    /** The level of the intervals. */
    static final double LEVEL = 0.95;

    /** The level in words. */
    static final String PERCENT = EvaluationPictures.percent(LEVEL);

    /** What models of earlier versions remember where classes had no weights. */
    private static final String NO_WEIGHTS_BEFORE = "ByName[weights={}]";

    /** Rows times parameters squared, twice the multiplications and additions of the curvature. */
    private static final double MOST_PRODUCTS = 2e11;

    /** Of a model, from rows like those that it learnt from. */
    static Certainty of(Model model, Dataset rows, int threads) {
        Map<String, String> options = model.provenance().options();
        double lambda = Double.parseDouble(options.getOrDefault("lambda", "0"));
        String whyNot = whyNot(model, lambda);
        if (whyNot == null) {
            whyNot = tooMuch(model, rows.features().rows());
        }
        if (whyNot == null && Classifier.classes(rows) < model.classes().size()) {
            whyNot = "not every class has a row here";
        }
        if (whyNot != null) {
            return new Certainty(List.of(), lambda > 0, whyNot);
        }
        double weight = Double.parseDouble(model.provenance().data().get("total_weight"));
        boolean intercept = Boolean.parseBoolean(options.get("intercept"));
        try {
            List<Coefficient> lines = new CurvatureIntervals(lambda, intercept, weight).of(model, rows, LEVEL, threads);
            return new Certainty(intercept ? withoutFirsts(lines, model.features() + 1) : lines, lambda > 0, null);
        } catch (IllegalArgumentException e) {
            return new Certainty(List.of(), lambda > 0, e.getMessage());
        }
    }

    /** Without the intercepts, by their places: a feature may have that name. */
    private static List<Coefficient> withoutFirsts(List<Coefficient> lines, int ofClass) {
        return IntStream.range(0, lines.size())
                .filter(q -> q % ofClass != 0)
                .mapToObj(lines::get)
                .toList();
    }

    /** Whether a class has coefficients with intervals. */
    boolean has(String className) {
        return lines.stream().anyMatch(line -> line.parameter().className().equals(className));
    }

    /** Why the curvature would keep a reader waiting, or null. */
    private static @Nullable String tooMuch(Model model, int rows) {
        long parameters = (model.features() + 1L) * (model.classes().size() - 1);
        return (double) rows * parameters * parameters <= MOST_PRODUCTS
                ? null
                : "the curvature of " + parameters + " parameters over " + rows
                        + " rows takes long; logits summary --columns has intervals of single columns";
    }

    /** Why the model's origin allows no intervals, or null. */
    private static @Nullable String whyNot(Model model, double lambda) {
        Map<String, String> options = model.provenance().options();
        Map<String, String> data = model.provenance().data();
        Map<String, String> solution = model.provenance().solution();
        if (solution.containsKey(ReportTables.INTERPOLATED)) {
            return "the coefficients are interpolated between two fits and are the optimum of nothing";
        }
        if (!options.containsKey("intercept") || !data.containsKey("total_weight") || !data.containsKey("rows")) {
            return "the model does not remember how it was fitted";
        }
        if (!StopReason.CONVERGED.label().equals(solution.get("reason"))) {
            return "the fit did not reach its optimum";
        }
        if (lambda > 0 && Double.parseDouble(options.getOrDefault("l1_ratio", "0")) > 0) {
            return "a penalty with L1 chooses among the features, and what is left after a choice has no normal"
                    + " distribution";
        }
        if (options.containsKey("features")) {
            return "single features have bounds or penalties of their own";
        }
        if (lambda > 0 && Boolean.parseBoolean(options.get("standardize"))) {
            return "the penalty goes by the standard deviations of the rows of the fit, which are not known here";
        }
        String none = ClassWeights.none().toString();
        String classWeights = options.getOrDefault("class_weights", none);
        if (!classWeights.equals(none) && !classWeights.equals(NO_WEIGHTS_BEFORE)) {
            return "the classes of the fit had weights, which they do not have here";
        }
        // Files of versions before do not say whether there were weights; that their sum is not the rows tells most.
        boolean weighted = data.containsKey("weighted")
                || Double.parseDouble(data.get("total_weight")) != Double.parseDouble(data.get("rows"));
        return weighted ? "the rows of the fit had weights, which these do not have" : null;
    }
}
