package io.logits.cli;

import io.logits.data.CsrMatrix;
import io.logits.data.Dataset;
import io.logits.data.Matrix;
import io.logits.estimator.Fit;
import io.logits.estimator.Options;
import io.logits.estimator.PenaltyKind;
import io.logits.metrics.Score;
import io.logits.model.Model;
import io.logits.solver.Solution;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.node.ObjectNode;

/** What {@code fit} has to say, for a script or a person. */
record FitReport(Dataset rows, Options options, Fit<?> fit, Score training, Seconds seconds, Path output) {
    private static final int LARGEST = 10;
    private static final int MOST_CLASSES = 8;

    /** How long reading, fitting and all of it took. */
    record Seconds(double read, double fit, double total) {}

    private boolean penalised() {
        return fit.lambda() > 0;
    }

    /** The report as a JSON object in one line. */
    String json() {
        ObjectNode report = Json.object();
        data(report.putObject("data"), rows, fit.model().classes());
        problem(report.putObject("problem"));
        solution(report.putObject("solution"), fit);
        report.putObject("training")
                .put("log_loss", Json.number(training.logLoss()))
                .put("accuracy", Json.number(training.accuracy()));
        report.putObject("seconds")
                .put("read", seconds.read())
                .put("fit", seconds.fit())
                .put("total", seconds.total());
        if (fit.model().calibrator() != null) {
            report.put("calibration", fit.model().calibrator().method());
        }
        report.put("peak_memory_bytes", PeakMemory.bytes()).put("model", output.toString());
        return Json.line(report);
    }

    /** What the rows are. */
    static void data(ObjectNode data, Dataset rows, List<String> classes) {
        data.put("rows", rows.features().rows())
                .put("features", rows.features().cols())
                .put("nonzeros", nonzeros(rows.features()));
        Json.put(data, "classes", classes);
        data.put("precision", Word.OfPrecision.word(rows.features().precision()));
    }

    private static long nonzeros(Matrix matrix) {
        if (matrix instanceof CsrMatrix) {
            return matrix.storedEntries(matrix.rows());
        }
        long[] count = {0};
        matrix.forEach(0, matrix.rows(), (i, j, value) -> count[0] += value != 0 ? 1 : 0);
        return count[0];
    }

    private void problem(ObjectNode problem) {
        problem.put("family", Family.of(fit.model().classes().size()))
                .put("penalty", penalised() ? options.penalty().label() : unstressed())
                .put("lambda", fit.lambda())
                .put("C", Json.number(fit.c()))
                .put("l1_ratio", penalised() ? (Double) options.shareOfL1() : null)
                .put("intercept", options.intercept());
    }

    /** How a fit ended. */
    static void solution(ObjectNode node, Fit<?> fit) {
        Solution solution = fit.solution();
        node.put("converged", solution.converged())
                .put("reason", solution.reason().label())
                .put("solver", solution.solver())
                .put("objective", Json.number(solution.objective()))
                .put("dual", Json.number(solution.dual()))
                .put("relative_gap", Json.number(solution.relativeGap()))
                .put("newton_decrement", Json.number(solution.newtonDecrement()))
                .put("gradient_max_norm", Json.number(solution.gradientMaxNorm()))
                .put("iterations", solution.iterations())
                .put("passes", solution.passes())
                .put("nonzero_coefficients", new Coefficients(fit.model()).nonzero());
    }

    /** How near the optimum the fit ended, in words. */
    String measure() {
        Solution solution = fit.solution();
        return penalised()
                ? "relative gap " + Words.number(solution.relativeGap(), 2)
                : "Newton decrement " + Words.number(solution.newtonDecrement(), 2);
    }

    /** The report as a few lines for a person. */
    String text() {
        Solution solution = fit.solution();
        Matrix x = rows.features();
        List<String> lines = new ArrayList<>();
        lines.add(line(
                "data",
                String.format(Locale.ROOT, "%,d rows x %,d features, ", x.rows(), x.cols())
                        + (x instanceof CsrMatrix ? "sparse " : "dense ")
                        + Word.OfPrecision.word(x.precision()) + "; " + classes()));
        lines.add(line(
                "problem",
                Family.of(fit.model().classes().size()) + ", " + penalty()
                        + (options.intercept() ? ", intercept" : ", no intercept")));
        lines.add(line(
                "solution",
                (solution.converged() ? "converged: " : "NOT CONVERGED: ")
                        + solution.reason().sentence()));
        lines.add(line(
                "",
                measure() + ", objective " + Words.number(solution.objective(), 8) + ", " + solution.iterations()
                        + " iterations, " + solution.passes() + " passes, " + Words.number(seconds.fit(), 3) + " s, "
                        + solution.solver()));
        lines.add(line(
                "training",
                "log loss " + Words.number(training.logLoss()) + ", accuracy " + Words.number(training.accuracy())));
        if (fit.model().calibrator() != null) {
            lines.add(line(
                    "",
                    "calibrated on held-out rows: " + fit.model().calibrator().method()));
        }
        lines.addAll(largest(fit.model()));
        lines.add(line("model", output.toString()));
        return String.join("\n", lines) + "\n";
    }

    private String penalty() {
        String mixture = options.penalty() == PenaltyKind.ELASTICNET
                ? " with " + Words.number(100 * options.l1Ratio()) + " % L1 and"
                : " with";
        return penalised()
                ? options.penalty().label() + " penalty" + mixture + " lambda " + Words.number(fit.lambda())
                        + ", which is C " + Words.number(fit.c())
                : unstressed().equals("none") ? "no penalty" : "Firth's penalty";
    }

    /** The penalty where that has no strength. */
    private String unstressed() {
        return options.penalty() == PenaltyKind.FIRTH ? "firth" : "none";
    }

    private String classes() {
        List<String> names = fit.model().classes();
        double[] weights = new double[names.size()];
        int[] labels = rows.labels().indices();
        int[] known = rows.labels().classes().stream().mapToInt(names::indexOf).toArray();
        for (int i = 0; i < labels.length; i++) {
            double weight = rows.weights() == null ? 1 : rows.weights()[i];
            if (weight > 0) {
                weights[known[labels[i]]] += weight;
            }
        }
        return names.size() + " classes: "
                + IntStream.range(0, Math.min(names.size(), MOST_CLASSES))
                        .mapToObj(k -> names.get(k) + " (" + Words.number(weights[k], 7) + ")")
                        .collect(Collectors.joining(", "))
                + (names.size() > MOST_CLASSES ? ", ..." : "");
    }

    /** A line with a title, or one that goes on with the last title. */
    private static String line(String title, String text) {
        return String.format(Locale.ROOT, "%-10s", title) + text;
    }

    /** The largest coefficients of a model, a line each. */
    static List<String> largest(Model model) {
        List<Coefficients.Entry> entries = new Coefficients(model).largest(LARGEST);
        int width =
                entries.stream().mapToInt(e -> label(model, e).length()).max().orElse(0);
        List<String> lines = new ArrayList<>();
        for (Coefficients.Entry entry : entries) {
            lines.add(line(
                    lines.isEmpty() ? "largest" : "",
                    String.format(
                            Locale.ROOT,
                            "%-" + Math.max(1, width) + "s %12s   odds ratio %s",
                            label(model, entry),
                            Words.number(entry.value()),
                            Words.number(Math.exp(entry.value()), 4))));
        }
        return lines;
    }

    private static String label(Model model, Coefficients.Entry entry) {
        return model.logits() == 1 ? entry.feature() : entry.className() + ": " + entry.feature();
    }
}
