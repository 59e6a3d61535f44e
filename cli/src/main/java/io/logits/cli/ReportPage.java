package io.logits.cli;

import io.logits.data.Matrix;
import io.logits.metrics.Evaluation;
import io.logits.model.Explainer;
import io.logits.model.Explainer.Contribution;
import io.logits.model.Model;
import io.logits.model.Provenance;
import io.logits.plots.Svg;
import io.logits.solver.StopReason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A report as one HTML page that needs nothing else: no script, no font, no picture from elsewhere. */
final class ReportPage {
    /** Beside each other where there is room. */
    private static final String GRID = "<div class=\"figures\">";

    private static final int MOST_ERRORS = 10;
    private static final int MOST_REASONS = 3;
    /** Classes that have a picture of their coefficients each. */
    private static final int MOST_CLASSES = 6;

    private final Model model;
    private final Rows rows;
    private final ReportMeasures measures;
    private final String title;
    private final FitPictures fit;
    private final List<Picture> learning;
    private final List<Picture> coefficients;
    private final List<Picture> quality;

    /**
     * The page of a model on labelled rows.
     *
     * @param title names the model and the rows
     */
    ReportPage(Model model, Rows rows, ReportMeasures measures, String title) {
        this.model = model;
        this.rows = rows;
        this.measures = measures;
        this.title = title;
        fit = new FitPictures(model, rows);
        learning = fit.learningCurve();
        coefficients = fit.coefficients(shownClasses());
        quality = new EvaluationPictures(measures).all();
    }

    /** All pictures, in the order of the page. */
    List<Picture> pictures() {
        List<Picture> all = new ArrayList<>(learning);
        all.addAll(coefficients);
        all.addAll(quality);
        return all;
    }

    /** The second of two classes; of many the ones found worst. */
    private List<Integer> shownClasses() {
        int k = model.classes().size();
        if (k == 2) {
            return List.of(1);
        }
        Evaluation evaluation = measures.evaluation();
        return IntStream.range(0, k)
                .boxed()
                .sorted(Comparator.comparingDouble(evaluation::recall))
                .limit(MOST_CLASSES)
                .sorted()
                .toList();
    }

    String html() {
        Html page = new Html();
        page.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")
                .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
                .raw("<meta name=\"color-scheme\" content=\"light dark\">")
                .raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src"
                        + " 'unsafe-inline'; img-src data:\">")
                .raw("<link rel=\"icon\" href=\"data:,\">")
                .words("title", title)
                .raw("<style>" + Svg.style() + css() + "</style>\n</head>\n<body>\n<main>")
                .words("h1", title);
        numbers(page);
        page.words("h2", "What was fitted, and how it ended");
        page.raw(GRID);
        fitted(page);
        figures(page, learning);
        page.raw("</div>").words("h2", "What was learnt").raw(GRID);
        figures(page, coefficients);
        if (model.logits() == 1) {
            coefficientTable(page);
            page.raw("</div>");
        } else {
            page.raw("</div>\n<details>").words("summary", "The numbers");
            coefficientTable(page);
            page.raw("</details>");
        }
        page.words("h2", "How good it is on these rows").raw(GRID);
        figures(page, quality);
        perClass(page);
        page.raw("</div>");
        page.words("h2", "The largest errors");
        errors(page);
        return page.raw("</main>\n</body>\n</html>").toString();
    }

    private static String css() {
        try (InputStream in = ReportPage.class.getResourceAsStream("report.css")) {
            if (in == null) {
                throw new IllegalStateException("report.css is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void numbers(Html page) {
        Evaluation evaluation = measures.evaluation();
        boolean two = model.classes().size() == 2;
        page.raw("<dl class=\"numbers\">");
        number(page, "rows", count(evaluation.rows()));
        number(page, "accuracy", EvaluationPictures.percent(evaluation.accuracy()));
        number(page, "log loss", Words.number(evaluation.logLoss(), 4));
        if (!measures.curves().isEmpty()) {
            double mean = measures.curves().stream()
                    .mapToDouble(ReportMeasures.ClassCurves::auc)
                    .average()
                    .orElse(Double.NaN);
            number(page, two ? "area under ROC" : "mean area under ROC", Words.number(mean, 4));
        }
        number(page, "Brier score", Words.number(evaluation.brier(), 4));
        number(page, "calibration error", Words.number(evaluation.calibration().expectedError(), 3));
        page.raw("</dl>");
    }

    private static void number(Html page, String name, String value) {
        page.raw("<div><dt>" + name + "</dt><dd>" + value + "</dd></div>");
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private void fitted(Html page) {
        Provenance provenance = model.provenance();
        Map<String, String> data = provenance.data();
        Map<String, String> options = provenance.options();
        Map<String, String> solution = provenance.solution();
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
            page.row("intercept", options.getOrDefault("intercept", "not known"));
            if (options.containsKey("calibration")) {
                page.row(
                        "calibrated",
                        options.get("calibration") + ", on held-out rows of " + options.get("calibration_folds"));
            }
        }
        if (!solution.isEmpty()) {
            page.row("ended", ended(solution.getOrDefault("reason", "not known")));
            page.row("solver", solution.getOrDefault("solver", "not known"));
            page.row("passes over the rows", solution.getOrDefault("passes", "not known"));
            rounded(page, solution, "objective", "objective");
            rounded(page, solution, "lower bound of it", "dual");
            rounded(page, solution, "relative gap", "relative_gap");
            rounded(page, solution, "Newton decrement", "newton_decrement");
        }
        page.row("library", provenance.library() + ", " + provenance.kernels() + " kernels");
        page.endTable();
    }

    private static String penalty(Map<String, String> options) {
        String kind = options.getOrDefault("penalty", "not known");
        String lambda = options.get("lambda");
        return kind.equals("none") || lambda == null
                ? kind
                : kind + " with lambda " + Words.number(Double.parseDouble(lambda), 6);
    }

    /** A number of the solution, left out where it does not exist. */
    private static void rounded(Html page, Map<String, String> solution, String name, String key) {
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

    private static void figures(Html page, List<Picture> pictures) {
        for (Picture picture : pictures) {
            page.raw("<figure id=\"" + picture.name() + "\">")
                    .words("h3", picture.figure().title())
                    .raw(Svg.inline(picture.figure(), picture.name()))
                    .words("figcaption", picture.words())
                    .raw("</figure>");
        }
    }

    private void coefficientTable(Html page) {
        boolean two = model.logits() == 1;
        List<String> heads = new ArrayList<>(List.of("feature", "coefficient", "odds ratio", "per deviation"));
        if (!two) {
            heads.add(0, "class");
        }
        page.table("The largest coefficients, by what a standard deviation does", heads);
        for (int k : shownClasses()) {
            for (int j : fit.largest(k)) {
                double coefficient = fit.explainer().coefficient(k, j);
                List<String> cells = new ArrayList<>(List.of(
                        model.encoding().featureNames().get(j),
                        Words.number(coefficient, 5),
                        Words.number(Math.exp(coefficient), 4),
                        Words.number(fit.effect(k, j), 4)));
                if (!two) {
                    cells.add(0, model.classes().get(k));
                }
                page.row(cells.toArray(String[]::new));
            }
        }
        page.endTable();
    }

    private void perClass(Html page) {
        Evaluation evaluation = measures.evaluation();
        double[] counts = evaluation.classWeights();
        page.table("Each class", List.of("class", "rows", "precision", "recall"));
        for (int k = 0; k < counts.length; k++) {
            page.row(
                    model.classes().get(k),
                    count(Math.round(counts[k])),
                    share(evaluation.precision(k)),
                    share(evaluation.recall(k)));
        }
        page.endTable();
    }

    private static String share(double value) {
        return Double.isNaN(value) ? "\u2013" : Words.number(value, 3);
    }

    private void errors(Html page) {
        int[] worst = measures.rows().worst(MOST_ERRORS);
        if (worst.length == 0) {
            page.words("p", "There are none: every row was given its class.");
            return;
        }
        page.words(
                "p",
                "The rows that were given the wrong class with most confidence. What spoke for the predicted class: features"
                        + " by what they add to its logit, against the mean row of the fit. Rows are counted from 1.");
        page.table(
                "The largest errors",
                List.of("row", "true", "predicted", "p of the true class", "what spoke for the predicted class"));
        double[] values = new double[model.features()];
        for (int row : worst) {
            rows.features().copyRow(row, values);
            page.row(
                    count(row + 1L),
                    model.classes().get(measures.rows().truth(row)),
                    model.classes().get(measures.rows().decided(row)),
                    Words.number(Math.exp(-measures.rows().logLoss(row)), 3),
                    reasons(rows.features(), row, values));
        }
        page.endTable();
    }

    private String reasons(Matrix x, int row, double[] values) {
        Explainer explainer = fit.explainer();
        return explainer.largest(x, row, measures.rows().decided(row), model.features()).stream()
                .filter(c -> c.value() > 0)
                .limit(MOST_REASONS)
                .map((Contribution c) -> model.encoding().featureNames().get(c.feature()) + " = "
                        + Words.number(values[c.feature()], 4) + " (+" + Words.number(c.value(), 3) + ")")
                .collect(Collectors.joining(", "));
    }
}
