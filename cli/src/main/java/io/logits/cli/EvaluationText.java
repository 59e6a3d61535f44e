package io.logits.cli;

import io.logits.kernels.LogitFunctions;
import io.logits.metrics.BrierParts;
import io.logits.metrics.Calibration;
import io.logits.metrics.Evaluation;
import io.logits.metrics.Interval;
import io.logits.metrics.ThresholdCurve;
import io.logits.metrics.ThresholdCurve.Cut;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What {@code evaluate} has to say, for a script or a person. */
final class EvaluationText {
    /** Classes whose confusion matrix still fits a terminal. */
    private static final int MOST_CLASSES = 12;

    private final Measures measures;
    private final Evaluation evaluation;
    private final @Nullable Costs costs;
    private final boolean two;

    EvaluationText(Measures measures, @Nullable Costs costs) {
        this.measures = measures;
        this.costs = costs;
        evaluation = measures.evaluation();
        two = evaluation.classes().size() == 2;
    }

    /** The measures as a JSON object in one line. */
    String json() {
        ObjectNode report = Json.object();
        report.put("rows", evaluation.rows())
                .put("log_loss", Json.number(evaluation.logLoss()))
                .put("accuracy", Json.number(evaluation.accuracy()))
                .put("brier", Json.number(evaluation.brier()));
        if (two) {
            report.put("auc", Json.number(evaluation.auc()));
        }
        report.put(
                "expected_calibration_error",
                Json.number(evaluation.calibration().expectedError()));
        ArrayNode confusion = report.putArray("confusion");
        for (double[] row : evaluation.confusion()) {
            ArrayNode counts = confusion.addArray();
            for (double count : row) {
                counts.add((long) count);
            }
        }
        Json.put(report, "classes", evaluation.classes());
        further(report);
        return Json.line(report);
    }

    private void further(ObjectNode report) {
        report.put("balanced_accuracy", Json.number(evaluation.balancedAccuracy()));
        if (two) {
            report.put("average_precision", Json.number(measures.averagePrecision()));
        } else {
            report.put("macro_auc", Json.number(measures.auc()))
                    .put("macro_average_precision", Json.number(measures.averagePrecision()));
            ObjectNode tops = report.putObject("top_k_accuracy");
            for (int top : Measures.tops(evaluation.classes().size())) {
                tops.put(Integer.toString(top), Json.number(evaluation.topAccuracy(top)));
            }
        }
        BrierParts parts = evaluation.brierParts();
        report.putObject("brier_parts")
                .put("reliability", Json.number(parts.reliability()))
                .put("resolution", Json.number(parts.resolution()))
                .put("uncertainty", Json.number(parts.uncertainty()))
                .put("within_bins", Json.number(parts.withinBins()));
        reliability(report.putArray("reliability"));
        perClass(report.putArray("per_class"));
        if (measures.bootstrap() != null) {
            intervals(report);
        }
        if (costs != null) {
            threshold(report.putObject("threshold"), costs);
        }
    }

    private void reliability(ArrayNode table) {
        Calibration bins = evaluation.calibration();
        for (int b = 0; b < bins.bins(); b++) {
            if (bins.weight(b) > 0) {
                table.addObject()
                        .put("from", b / (double) bins.bins())
                        .put("to", (b + 1) / (double) bins.bins())
                        .put("rows", (long) bins.weight(b))
                        .put("confidence", bins.confidence(b))
                        .put("accuracy", bins.accuracy(b));
            }
        }
    }

    private void perClass(ArrayNode table) {
        double[] rows = evaluation.classWeights();
        for (int k = 0; k < rows.length; k++) {
            ObjectNode line = table.addObject()
                    .put("class", evaluation.classes().get(k))
                    .put("rows", (long) rows[k])
                    .put("precision", Json.number(evaluation.precision(k)))
                    .put("recall", Json.number(evaluation.recall(k)));
            if (!two) {
                Measures.Ranked ranked = measures.rankings().get(k);
                line.put("auc", Json.number(ranked.auc()))
                        .put("average_precision", Json.number(ranked.averagePrecision()));
            }
        }
    }

    private void intervals(ObjectNode report) {
        ObjectNode intervals = report.putObject("intervals");
        measures.intervals()
                .forEach((name, interval) -> intervals
                        .putObject(key(name))
                        .put("low", Json.number(interval.low()))
                        .put("high", Json.number(interval.high()))
                        .put("standard_error", Json.number(interval.standardError())));
        report.putObject("bootstrap")
                .put("samples", Objects.requireNonNull(measures.bootstrap()).samples())
                .put("seed", measures.bootstrap().seed())
                .put("level", 0.95);
    }

    /** The key that the measure itself has. */
    private String key(String name) {
        return !two && (name.equals("auc") || name.equals("average_precision")) ? "macro_" + name : name;
    }

    private ThresholdCurve curve() {
        return Objects.requireNonNull(measures.rankings().get(0).curve());
    }

    private Cut cheapest(Costs of) {
        return curve().cheapest(of.falsePositive(), of.falseNegative(), of.calibratedLogit());
    }

    private Cut calibrated(Costs of) {
        return curve().at(of.calibratedLogit(), of.falsePositive(), of.falseNegative());
    }

    private static double probability(double logit) {
        return LogitFunctions.sigmoid(logit);
    }

    private void threshold(ObjectNode node, Costs of) {
        Cut cheapest = cheapest(of);
        node.put("probability", probability(cheapest.threshold()))
                .put("mean_cost", Json.number(cheapest.meanCost()))
                .put("false_positives", (long) cheapest.falsePositives())
                .put("false_negatives", (long) cheapest.falseNegatives())
                .put("calibrated_probability", of.calibratedProbability())
                .put("calibrated_mean_cost", Json.number(calibrated(of).meanCost()));
    }

    /** The measures as a few lines for a person. */
    String text() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "rows                        %,d%n", evaluation.rows()));
        line(text, "log loss", evaluation.logLoss(), "log_loss");
        line(text, "accuracy", evaluation.accuracy(), "accuracy");
        line(text, "balanced accuracy", evaluation.balancedAccuracy(), "balanced_accuracy");
        for (int top : Measures.tops(evaluation.classes().size())) {
            line(text, "among the " + top + " most probable", evaluation.topAccuracy(top), "top_" + top + "_accuracy");
        }
        line(text, "Brier score", evaluation.brier(), "brier");
        line(text, two ? "area under the ROC curve" : "area under ROC, mean", measures.auc(), "auc");
        line(
                text,
                two ? "average precision" : "average precision, mean",
                measures.averagePrecision(),
                "average_precision");
        line(
                text,
                "expected calibration error",
                evaluation.calibration().expectedError(),
                "expected_calibration_error");
        if (costs != null) {
            threshold(text, costs);
        }
        if (evaluation.classes().size() <= MOST_CLASSES) {
            confusion(text);
        }
        return text.toString();
    }

    private void line(StringBuilder text, String name, double value, String measure) {
        Interval interval = measures.intervals().get(measure);
        text.append(String.format(Locale.ROOT, "%-27s %s", name, Words.number(value)));
        if (interval != null) {
            text.append(" (")
                    .append(Words.number(interval.low(), 4))
                    .append(" to ")
                    .append(Words.number(interval.high(), 4))
                    .append(")");
        }
        text.append("\n");
    }

    private void threshold(StringBuilder text, Costs of) {
        Cut cheapest = cheapest(of);
        String second = evaluation.classes().get(1);
        text.append(String.format(
                Locale.ROOT,
                "cheapest threshold          %s if p(%s) > %s: mean cost %s, %,d wrongly %s, %,d missed%n",
                second,
                second,
                Words.number(probability(cheapest.threshold()), 4),
                Words.number(cheapest.meanCost(), 4),
                (long) cheapest.falsePositives(),
                second,
                (long) cheapest.falseNegatives()));
        text.append(String.format(
                Locale.ROOT,
                "  with calibrated p         %s: mean cost %s%n",
                Words.number(of.calibratedProbability(), 4),
                Words.number(calibrated(of).meanCost(), 4)));
    }

    private void confusion(StringBuilder text) {
        List<String> classes = evaluation.classes();
        int width = Math.max(9, classes.stream().mapToInt(String::length).max().orElse(0));
        text.append(String.format(Locale.ROOT, "%n%-" + width + "s", "true"));
        for (String name : classes) {
            text.append(String.format(Locale.ROOT, "  %" + width + "s", name));
        }
        text.append("   as predicted\n");
        for (int t = 0; t < classes.size(); t++) {
            text.append(String.format(Locale.ROOT, "%-" + width + "s", classes.get(t)));
            for (double count : evaluation.confusion()[t]) {
                text.append(String.format(Locale.ROOT, "  %," + width + "d", (long) count));
            }
            text.append("\n");
        }
    }
}
