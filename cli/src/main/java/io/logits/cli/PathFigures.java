package io.logits.cli;

import io.logits.model.PathModel;
import io.logits.plots.Axis;
import io.logits.plots.Chart;
import io.logits.plots.Colour;
import io.logits.plots.Figure;
import io.logits.plots.Rule;
import io.logits.plots.Series;
import io.logits.selection.CrossValidation;
import io.logits.selection.PathPoint;
import io.logits.selection.ValidationCurve;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Pictures of paths. */
final class PathFigures {
    private static final int MOST_CLASSES = 9;
    /** Lines beyond these would be a blot. */
    private static final int MOST_LINES = 200;

    private static final int WIDTH = 860;
    private static final int HEIGHT = 440;

    private PathFigures() {}

    /** Coefficients against lambda, a chart for each logit; the largest ones have names. */
    static Figure coefficients(PathModel path) {
        double[] lambdas = positive(
                path.points().stream().mapToDouble(PathModel.Point::lambda).toArray());
        List<Chart> charts = new ArrayList<>();
        int shown = Math.min(path.logits(), MOST_CLASSES);
        for (int k = 0; k < shown; k++) {
            String title = path.logits() == 1
                    ? "Coefficients of the logit of " + path.classes().get(1)
                    : path.classes().get(k);
            charts.add(Chart.of(title, Axis.log("lambda"), Axis.linear("coefficient"), lines(path, k, lambdas)));
        }
        return new Figure(
                "Coefficients along the path",
                "Lines of coefficients against lambda on a logarithmic axis: all are at 0 where lambda is largest, on the"
                        + " right, if the penalty has L1 in it, and leave it one after the other as lambda falls.",
                charts,
                1,
                WIDTH,
                shown * HEIGHT);
    }

    /** 0 has no place on a logarithmic axis: what stands there is a tenth of the least lambda above it. */
    private static double[] positive(double[] lambdas) {
        double[] shown = lambdas.clone();
        int last = shown.length - 1;
        if (shown[last] == 0) {
            shown[last] = last == 0 ? 1 : shown[last - 1] / 10;
        }
        return shown;
    }

    private static Series[] lines(PathModel path, int k, double[] lambdas) {
        Map<Integer, double[]> values = new HashMap<>();
        int p = path.features();
        for (int l = 0; l < lambdas.length; l++) {
            PathModel.Point point = path.points().get(l);
            for (int e = 0; e < point.index().length; e++) {
                int j = point.index()[e] - k * p;
                if (j >= 0 && j < p) {
                    values.computeIfAbsent(j, feature -> new double[lambdas.length])[l] = point.value()[e];
                }
            }
        }
        List<Map.Entry<Integer, double[]>> largest = values.entrySet().stream()
                .sorted(Comparator.<Map.Entry<Integer, double[]>>comparingDouble(entry -> -size(entry.getValue()))
                        .thenComparing(Map.Entry::getKey))
                .limit(MOST_LINES)
                .toList();
        List<String> names = path.encoding().featureNames();
        Series[] lines = new Series[largest.size()];
        // The largest last: they are drawn over the others.
        for (int rank = 0; rank < lines.length; rank++) {
            Map.Entry<Integer, double[]> line = largest.get(rank);
            boolean named = rank < Colour.SERIES.size();
            lines[lines.length - 1 - rank] = Series.line(
                            named ? names.get(line.getKey()) : "", lambdas, line.getValue())
                    .withColour(named ? Colour.SERIES.get(rank) : Colour.GREY);
        }
        return lines;
    }

    private static double size(double[] values) {
        double most = 0;
        for (double value : values) {
            most = Math.max(most, Math.abs(value));
        }
        return most;
    }

    /** The measure of held-out rows against lambda, with its standard error, and what was chosen. */
    static Figure validation(CrossValidation.Choice choice, String measure) {
        List<Chart> charts = new ArrayList<>();
        for (int c = 0; c < choice.curves().size(); c++) {
            ValidationCurve curve = choice.curves().get(c);
            double[] lambdas = positive(curve.path().points().stream()
                    .mapToDouble(PathPoint::lambda)
                    .toArray());
            double[] low = curve.mean().clone();
            double[] high = curve.mean().clone();
            for (int l = 0; l < low.length; l++) {
                low[l] -= curve.standardError()[l];
                high[l] += curve.standardError()[l];
            }
            Chart chart = Chart.of(
                    choice.curves().size() == 1 ? "Cross-validation" : "l1_ratio " + Words.number(curve.l1Ratio()),
                    Axis.log("lambda"),
                    Axis.linear(measure + " of held-out rows"),
                    Series.errorBars("mean and standard error", lambdas, curve.mean(), low, high));
            charts.add(c == choice.curve() ? chart.withRules(Rule.vertical(lambdas[choice.point()], "chosen")) : chart);
        }
        int columns = Math.min(3, charts.size());
        return new Figure(
                "Cross-validation along the path",
                "Means of the measure over the folds against lambda on a logarithmic axis, with bars of one standard error;"
                        + " a vertical line marks the chosen lambda.",
                charts,
                columns,
                charts.size() == 1 ? WIDTH : 380 * columns,
                charts.size() == 1 ? HEIGHT : 320 * ((charts.size() + columns - 1) / columns));
    }
}
