package io.logits.cli;

import io.logits.data.Dataset;
import io.logits.estimator.Options;
import io.logits.selection.PathPoint;
import io.logits.selection.RegularizationPath;
import io.logits.solver.Solution;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** What {@code path} has to say, for a script or a person. */
record PathReport(Dataset rows, Options options, RegularizationPath path, FitReport.Seconds seconds) {
    /** The report as a JSON object in one line. */
    String json(@Nullable Path output) {
        ObjectNode report = Json.object();
        head(report, rows, options, path);
        for (PathPoint point : path.points()) {
            put(report.withArray("lambdas").addObject(), point);
        }
        tail(report, seconds, output);
        return Json.line(report);
    }

    static void head(ObjectNode report, Dataset rows, Options options, RegularizationPath path) {
        FitReport.data(report.putObject("data"), rows, path.model().classes());
        report.putObject("problem")
                .put("family", Family.of(path.model().classes().size()))
                .put("penalty", options.penalty().label())
                .put("l1_ratio", options.shareOfL1())
                .put("intercept", options.intercept());
        report.put("lambda_max", path.lambdaMax()).put("null_log_loss", path.nullLoss());
    }

    static void tail(ObjectNode report, FitReport.Seconds seconds, @Nullable Path output) {
        report.putObject("seconds")
                .put("read", seconds.read())
                .put("fit", seconds.fit())
                .put("total", seconds.total());
        report.put("peak_memory_bytes", PeakMemory.bytes()).put("model", output == null ? null : output.toString());
    }

    static void put(ObjectNode node, PathPoint point) {
        Solution solution = point.solution();
        node.put("lambda", point.lambda())
                .put("objective", Json.number(solution.objective()))
                .put("relative_gap", Json.number(solution.relativeGap()))
                .put("reason", solution.reason().label())
                .put("nonzero_coefficients", point.nonzeroCoefficients())
                .put("degrees_of_freedom", point.degreesOfFreedom())
                .put("deviance_explained", point.devianceExplained())
                .put("passes", solution.passes())
                .put("seconds", point.seconds());
    }

    /** The lambdas as CSV. */
    String csv() {
        StringBuilder csv = new StringBuilder(
                "lambda,objective,relative_gap,reason,nonzero_coefficients,degrees_of_freedom,deviance_explained,passes\n");
        for (PathPoint point : path.points()) {
            csv.append(cells(point)).append('\n');
        }
        return csv.toString();
    }

    static String cells(PathPoint point) {
        Solution solution = point.solution();
        return String.join(
                ",",
                Csv.number(point.lambda()),
                Csv.number(solution.objective()),
                Csv.number(solution.relativeGap()),
                solution.reason().label(),
                Long.toString(point.nonzeroCoefficients()),
                Integer.toString(point.degreesOfFreedom()),
                Csv.number(point.devianceExplained()),
                Integer.toString(solution.passes()));
    }

    /** The report as a table for a person. */
    String text(@Nullable Path output) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%12s %9s %9s %9s %9s %7s",
                "lambda",
                "features",
                "nonzero",
                "explained",
                "gap",
                "passes"));
        for (PathPoint point : path.points()) {
            Solution solution = point.solution();
            lines.add(String.format(
                    Locale.ROOT,
                    "%12s %9d %9d %8.2f%% %9s %7d%s",
                    Words.number(point.lambda()),
                    point.degreesOfFreedom(),
                    point.nonzeroCoefficients(),
                    100 * point.devianceExplained(),
                    Double.isNaN(solution.relativeGap()) ? "none" : Words.number(solution.relativeGap(), 2),
                    solution.passes(),
                    solution.converged() ? "" : "  " + solution.reason().sentence()));
        }
        lines.add(String.format(
                Locale.ROOT,
                "%d lambdas in %s s%s",
                path.points().size(),
                Words.number(seconds.fit(), 3),
                output == null ? "" : "; the models are in " + output));
        return String.join("\n", lines) + "\n";
    }
}
