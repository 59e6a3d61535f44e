package io.logits.cli;

import io.logits.data.Matrix;
import io.logits.estimator.Trace;
import io.logits.metrics.FeatureSpread;
import io.logits.model.Explainer;
import io.logits.model.Model;
import io.logits.plots.Axis;
import io.logits.plots.Chart;
import io.logits.plots.Colour;
import io.logits.plots.Note;
import io.logits.plots.Rule;
import io.logits.plots.Series;
import io.logits.solver.Progress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Pictures of what was learnt, and of how. */
final class FitPictures {
    private static final int MOST_FEATURES = 14;

    private final Model model;
    private final Explainer explainer;
    private final double[] deviations;
    private final List<String> features;

    FitPictures(Model model, Matrix rows) {
        this.model = model;
        explainer = new Explainer(model);
        deviations = FeatureSpread.deviations(rows);
        features = model.encoding().featureNames();
    }

    /** The way of the fit, or nothing if the model does not remember it. */
    List<Picture> learningCurve() {
        List<Progress> trace = Trace.of(model.provenance()).stream()
                .filter(p -> p.measure() > 0 && p.measure() < Double.POSITIVE_INFINITY)
                .toList();
        if (trace.isEmpty()) {
            return List.of();
        }
        Map<String, String> options = model.provenance().options();
        boolean gap = !"none".equals(options.get("penalty"));
        double[] passes = trace.stream().mapToDouble(Progress::passes).toArray();
        double[] measures = trace.stream().mapToDouble(Progress::measure).toArray();
        String measure = gap ? "relative gap" : "Newton decrement / objective";
        Progress last = trace.get(trace.size() - 1);
        Chart chart = Chart.of(
                "Learning curve",
                Axis.linear("passes over the rows"),
                Axis.log(measure),
                Series.line("", passes, measures),
                Series.points("", passes, measures));
        String tolerance = options.get("tolerance");
        if (tolerance != null && Double.parseDouble(tolerance) > 0) {
            double goal = Double.parseDouble(tolerance);
            // Where the curve is high still, a little above the line.
            double above = goal * Math.pow(Math.max(10, measures[0] / goal), 0.05);
            chart = chart.withRules(Rule.horizontal(goal, ""))
                    .withNotes(new Note(passes[0], above, "goal " + Words.number(goal, 2), Note.Align.START));
        }
        String end = "from " + Words.number(measures[0], 2) + " to " + Words.number(last.measure(), 2) + " in "
                + last.passes() + " passes over the rows of the fit";
        return List.of(Picture.of(
                "learning-curve",
                chart,
                "A falling line on a logarithmic scale: the " + measure + " goes " + end + ".",
                (gap
                                ? "How far the objective was above its optimum at most, relative to itself: the duality gap,"
                                        + " which is known without knowing the optimum. It went "
                                : "How far the objective was above its optimum, relative to itself, as half the squared"
                                        + " Newton decrement estimates it: without a penalty there is no bound. It went ")
                        + end + "; the fit was done below the broken line."));
    }

    /** The features that move the logit of a class most. */
    Picture coefficients(int k) {
        List<Integer> largest = largest(k);
        String name = model.classes().get(k);
        // The first is on top.
        List<Integer> upwards = new ArrayList<>(largest);
        upwards.sort(Comparator.comparingInt(largest::indexOf).reversed());
        String logit = model.logits() == 1 ? "log-odds of " + name : "logit of " + name + ", less the mean of all";
        Chart chart = Chart.of(
                model.logits() == 1 ? "Coefficients" : "Coefficients of " + name,
                Axis.linear("change of the logit per standard deviation"),
                Axis.categories(
                        "",
                        upwards.stream()
                                .map(j -> Picture.shortened(features.get(j)))
                                .toList()),
                bars(upwards, k, 1, Colour.BLUE),
                bars(upwards, k, -1, Colour.VERMILION));
        String first = largest.isEmpty()
                ? "No feature has any effect."
                : "Most is done by " + features.get(largest.get(0)) + ": one standard deviation more changes it by "
                        + Words.number(effect(k, largest.get(0)), 3) + ".";
        return Picture.of(
                model.logits() == 1 ? "coefficients" : "coefficients-" + (k + 1),
                chart.withRules(Rule.vertical(0, "")),
                "A bar for each of the " + largest.size() + " features that move the " + logit + " most. " + first,
                "What one standard deviation of a feature, on these rows, does to the " + logit
                        + ": coefficient times deviation, so that features of all units compare. " + first
                        + (model.features() > largest.size()
                                ? " Shown are " + largest.size() + " of " + model.features() + " features."
                                : ""));
    }

    /** Bars of one sign; lengths of the other are NaN and not drawn. */
    private Series bars(List<Integer> upwards, int k, int sign, Colour colour) {
        double[] places = IntStream.range(0, upwards.size()).mapToDouble(i -> i).toArray();
        double[] lengths = upwards.stream()
                .mapToDouble(j -> effect(k, j))
                .map(e -> e * sign > 0 ? e : Double.NaN)
                .toArray();
        return Series.bars("", places, lengths).withColour(colour);
    }

    /** What one standard deviation of a feature does to the logit of a class. */
    double effect(int k, int j) {
        return explainer.coefficient(k, j) * deviations[j];
    }

    /** The features that move the logit of a class most, most first. */
    List<Integer> largest(int k) {
        return IntStream.range(0, model.features())
                .filter(j -> effect(k, j) != 0)
                .boxed()
                .sorted(Comparator.comparingDouble(j -> -Math.abs(effect(k, j))))
                .limit(MOST_FEATURES)
                .toList();
    }

    /** The standard deviation of each feature. */
    double[] deviations() {
        return deviations;
    }

    Explainer explainer() {
        return explainer;
    }
}
