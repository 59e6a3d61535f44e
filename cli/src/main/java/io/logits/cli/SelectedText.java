package io.logits.cli;

import io.logits.inference.Coefficient;
import io.logits.inference.SelectedCoefficients;
import io.logits.solver.Solution;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What {@code summary --columns} has to say.
 *
 * @param penalised whether errors are those of the posterior, an L2 penalty being the prior
 * @param rows how many there are
 */
record SelectedText(SelectedCoefficients selected, double level, boolean penalised, int rows) {
    private boolean many() {
        return selected.fit().model().classes().size() > 2;
    }

    /** A JSON object in one line, its keys those of the whole summary. */
    String json() {
        ObjectNode summary = Json.object();
        ArrayNode table = summary.putArray("coefficients");
        for (Coefficient line : selected.coefficients()) {
            SummaryText.put(table.addObject(), line, many());
        }
        summary.put("covariance", penalised ? "posterior" : "model")
                .put("intervals", "wald")
                .put("level", level)
                .put("rows", rows);
        FitReport.solution(summary.putObject("solution"), selected.fit());
        return Json.line(summary);
    }

    /** The table with full digits; what does not exist is an empty cell. */
    String csv() {
        return SummaryText.csv(selected.coefficients(), many());
    }

    /** A table for a person. */
    String text() {
        List<String> out = new ArrayList<>();
        out.add(
                many() && penalised
                        ? "logits of each class less their mean"
                        : SummaryText.logOdds(selected.fit().model().classes()));
        out.addAll(SummaryText.table(selected.coefficients(), selected.unsolved(), many(), level));
        if (penalised) {
            out.add("errors and intervals are those of the posterior, the penalty being the prior; there are no tests");
        }
        if (!selected.unsolved().isEmpty()) {
            out.add("not solved: columns so near to depending on others that rounding hides their errors");
        }
        Solution solution = selected.fit().solution();
        out.add("");
        out.add((solution.converged() ? "converged: " : "NOT CONVERGED: ")
                + solution.reason().sentence());
        return String.join("\n", out) + "\n";
    }
}
