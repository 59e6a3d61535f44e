package io.logits.cli;

import io.logits.data.Dataset;
import io.logits.inference.Coefficient;
import io.logits.inference.CurvatureIntervals;
import io.logits.inference.Parameter;
import io.logits.model.Model;
import io.logits.solver.StopReason;
import java.util.List;
import java.util.Map;
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

    /** Of a model, from rows like those that it learnt from. */
    static Certainty of(Model model, Dataset rows, int threads) {
        Map<String, String> options = model.provenance().options();
        double lambda = Double.parseDouble(options.getOrDefault("lambda", "0"));
        String whyNot = whyNot(model, lambda);
        if (whyNot == null && Classifier.classes(rows) < model.classes().size()) {
            whyNot = "not every class has a row here";
        }
        if (whyNot != null) {
            return new Certainty(List.of(), lambda > 0, whyNot);
        }
        double weight = Double.parseDouble(model.provenance().data().get("total_weight"));
        boolean intercept = Boolean.parseBoolean(options.get("intercept"));
        try {
            List<Coefficient> lines = new CurvatureIntervals(lambda, intercept, weight)
                    .of(model, rows, LEVEL, threads).stream()
                            .filter(line -> !line.parameter().feature().equals(Parameter.INTERCEPT))
                            .toList();
            return new Certainty(lines, lambda > 0, null);
        } catch (IllegalArgumentException e) {
            return new Certainty(List.of(), lambda > 0, e.getMessage());
        }
    }

    /** Whether a class has coefficients with intervals. */
    boolean has(String className) {
        return lines.stream().anyMatch(line -> line.parameter().className().equals(className));
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
        boolean weighted = Double.parseDouble(data.get("total_weight")) != Double.parseDouble(data.get("rows"));
        return weighted ? "the rows of the fit had weights, which these do not have" : null;
    }
}
