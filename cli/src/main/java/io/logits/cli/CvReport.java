package io.logits.cli;

import io.logits.data.Dataset;
import io.logits.estimator.Options;
import io.logits.model.Model;
import io.logits.selection.CrossValidation;
import io.logits.selection.PathPoint;
import io.logits.selection.ValidationCurve;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/** What {@code cv} has to say, for a script or a person. */
record CvReport(
        Dataset rows,
        Options options,
        CrossValidation validation,
        CrossValidation.Choice choice,
        Model model,
        FitReport.Seconds seconds) {
    private ValidationCurve chosen() {
        return choice.curves().get(choice.curve());
    }

    /** The report as a JSON object in one line. */
    String json(Path output) {
        ObjectNode report = Json.object();
        PathReport.head(report, rows, options, chosen().path());
        report.put("folds", validation.folds().count())
                .put("measure", validation.measure().label())
                .put("lambda_rule", validation.rule().label());
        for (ValidationCurve curve : choice.curves()) {
            for (int l = 0; l < curve.mean().length; l++) {
                ObjectNode node = report.withArray("lambdas").addObject();
                PathReport.put(node, curve.path().points().get(l));
                node.put("l1_ratio", curve.l1Ratio())
                        .put("mean", Json.number(curve.mean()[l]))
                        .put("standard_error", Json.number(curve.standardError()[l]));
            }
        }
        int point = choice.point();
        ObjectNode node = report.putObject("chosen");
        PathReport.put(node, chosen().path().points().get(point));
        node.put("l1_ratio", chosen().l1Ratio())
                .put("mean", Json.number(chosen().mean()[point]))
                .put("standard_error", Json.number(chosen().standardError()[point]));
        if (model.calibrator() != null) {
            report.put("calibration", model.calibrator().method());
        }
        PathReport.tail(report, seconds, output);
        return Json.line(report);
    }

    /** The lambdas as CSV. */
    String csv() {
        StringBuilder csv = new StringBuilder("l1_ratio,mean,standard_error,lambda,objective,relative_gap,reason,"
                + "nonzero_coefficients,degrees_of_freedom,deviance_explained,passes\n");
        for (ValidationCurve curve : choice.curves()) {
            for (int l = 0; l < curve.mean().length; l++) {
                csv.append(Csv.number(curve.l1Ratio()))
                        .append(',')
                        .append(Csv.number(curve.mean()[l]))
                        .append(',')
                        .append(Csv.number(curve.standardError()[l]))
                        .append(',')
                        .append(PathReport.cells(curve.path().points().get(l)))
                        .append('\n');
            }
        }
        return csv.toString();
    }

    /** The report as a table for a person. */
    String text(Path output) {
        List<String> lines = new ArrayList<>();
        for (int c = 0; c < choice.curves().size(); c++) {
            ValidationCurve curve = choice.curves().get(c);
            if (choice.curves().size() > 1) {
                lines.add("l1_ratio " + Words.number(curve.l1Ratio()));
            }
            lines.add(String.format(
                    Locale.ROOT,
                    "%12s %9s %12s %12s",
                    "lambda",
                    "features",
                    validation.measure().label(),
                    "std. error"));
            for (int l = 0; l < curve.mean().length; l++) {
                PathPoint point = curve.path().points().get(l);
                lines.add(String.format(
                        Locale.ROOT,
                        "%12s %9d %12s %12s%s",
                        Words.number(point.lambda()),
                        point.degreesOfFreedom(),
                        Words.number(curve.mean()[l]),
                        Words.number(curve.standardError()[l], 3),
                        c == choice.curve() && l == choice.point() ? "  <- chosen" : ""));
            }
        }
        lines.add("chosen: lambda " + Words.number(choice.lambda()) + " of "
                + choice.curves().size() * chosen().mean().length + ", by "
                + validation.folds().description()
                + ", rule " + validation.rule().label() + "; " + Words.number(seconds.fit(), 3) + " s");
        if (model.calibrator() != null) {
            lines.add("calibrated on held-out rows: " + model.calibrator().method());
        }
        lines.addAll(FitReport.largest(model));
        lines.add("the model is in " + output);
        return String.join("\n", lines) + "\n";
    }
}
