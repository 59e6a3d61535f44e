package io.logits.cli;

import io.logits.data.Dataset;
import io.logits.data.Matrix;
import io.logits.metrics.Evaluation;
import io.logits.model.Explainer;
import io.logits.model.Explainer.Contribution;
import io.logits.model.Model;
import io.logits.plots.Svg;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A report as one HTML page that needs nothing else: no script, no font, no picture from elsewhere. */
final class ReportPage {
    /** Beside each other where there is room. */
    private static final String GRID = "<div class=\"figures\">";

    private static final int MOST_ERRORS = 10;
    private static final int MOST_REASONS = 3;
    /** Features whose table is about as high as their picture, and beside it; a longer one is unfolded on request. */
    private static final int MOST_BESIDE = 14;
    /** Classes that have a picture of their coefficients each. */
    private static final int MOST_CLASSES = 6;

    private final Model model;
    private final Dataset rows;
    private final ReportMeasures measures;
    private final String title;
    private final FitPictures fit;
    private final Certainty certainty;
    private final ForestPictures forest;
    private final List<Integer> shown;
    private final List<Picture> learning;
    private final List<Picture> coefficients;
    private final List<Picture> quality;

    /**
     * The page of a model on labelled rows.
     *
     * @param title names the model and the rows
     * @param threads that compute
     */
    ReportPage(Model model, Dataset rows, ReportMeasures measures, String title, int threads) {
        this.model = model;
        this.rows = rows;
        this.measures = measures;
        this.title = title;
        fit = new FitPictures(model, rows.features());
        learning = fit.learningCurve();
        certainty = Certainty.of(model, rows, threads);
        forest = new ForestPictures(model, certainty, fit.deviations());
        shown = shownClasses();
        coefficients = shown.stream()
                .map(k -> certainty.whyNot() == null ? forest.of(k) : fit.coefficients(k))
                .toList();
        quality = new EvaluationPictures(measures).all();
    }

    /** All pictures, in the order of the page. */
    List<Picture> pictures() {
        List<Picture> all = new ArrayList<>(learning);
        all.addAll(coefficients);
        all.addAll(quality);
        return all;
    }

    /** The second of two classes; of many the ones found worst, of those that have coefficients with intervals if any have. */
    private List<Integer> shownClasses() {
        int k = model.classes().size();
        if (k == 2) {
            return List.of(1);
        }
        Evaluation evaluation = measures.evaluation();
        return IntStream.range(0, k)
                .filter(c -> certainty.whyNot() != null
                        || certainty.has(model.classes().get(c)))
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
        ReportTables tables = new ReportTables(page, model);
        page.words("h2", "What was fitted, and how it ended");
        page.raw(GRID);
        tables.fit();
        figures(page, learning);
        page.raw("</div>");
        learnt(page, tables);
        page.words("h2", "How good it is on these rows").raw(GRID);
        figures(page, quality);
        page.raw("<div class=\"tables\">");
        tables.perClass(measures.evaluation());
        tables.confusion(measures.evaluation());
        page.raw("</div>\n</div>");
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
        number(page, "rows", EvaluationPictures.count(evaluation.rows()));
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

    private void learnt(Html page, ReportTables tables) {
        page.words("h2", "What was learnt").words("p", sure()).raw(GRID);
        figures(page, coefficients);
        boolean beside = model.logits() == 1 && model.features() <= MOST_BESIDE;
        if (!beside) {
            page.raw("</div>\n<details>").words("summary", "The numbers");
        }
        if (certainty.whyNot() == null) {
            tables.intervals(shown, forest);
        } else {
            tables.coefficients(shown, fit);
        }
        page.raw(beside ? "</div>" : "</details>");
    }

    /** Where the intervals come from, or why there are none. */
    private String sure() {
        if (certainty.whyNot() != null) {
            return "Coefficients have no intervals here: " + certainty.whyNot() + ".";
        }
        String learnt = model.provenance().data().getOrDefault("rows", "");
        String rows = learnt.equals(Integer.toString(measures.evaluation().rows()))
                ? "these rows"
                : "these rows, as if they were as many as the fit had, " + learnt;
        return certainty.ridge()
                ? "Intervals of " + Certainty.PERCENT + " are from the curvature of the penalised log-likelihood over "
                        + rows
                        + ". The penalty draws coefficients towards 0: they are right for one that comes from the normal"
                        + " distribution which the penalty stands for, and too narrow for one that is far larger."
                : "Intervals of " + Certainty.PERCENT + " are from the curvature of the log-likelihood over " + rows
                        + ".";
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

    private void errors(Html page) {
        int[] worst = measures.rows().worst(MOST_ERRORS);
        if (worst.length == 0) {
            page.words("p", "There are none: every row was given its class.");
            return;
        }
        page.words(
                "p",
                "The rows that were given the wrong class with most confidence. What spoke for the predicted class: features"
                        + " by what they add to its logit, against "
                        + (model.hasMeans() ? "the mean row of the fit" : "a row of zeros")
                        + ". Rows are counted from 1.");
        page.table(
                "The largest errors",
                List.of("row", "true", "predicted", "p of the true class", "what spoke for the predicted class"));
        double[] values = new double[model.features()];
        for (int row : worst) {
            rows.features().copyRow(row, values);
            page.row(
                    EvaluationPictures.count(row + 1.0),
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
