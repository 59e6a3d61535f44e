package io.logits.cli;

import io.logits.inference.Coefficient;
import io.logits.model.Model;
import io.logits.plots.Axis;
import io.logits.plots.Chart;
import io.logits.plots.Colour;
import io.logits.plots.Rule;
import io.logits.plots.Series;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoublePredicate;

/** Forest plots: the coefficients of each class as points, and a line through each for its interval. */
final class ForestPictures {
    /** More would not fit a page. */
    private static final int MOST_FEATURES = 30;

    private final Model model;
    private final Certainty certainty;
    private final double[] deviations;
    private final Map<Integer, List<Line>> largest = new HashMap<>();

    /**
     * The pictures of a model.
     *
     * @param deviations the standard deviation of each feature
     */
    ForestPictures(Model model, Certainty certainty, double[] deviations) {
        this.model = model;
        this.certainty = certainty;
        this.deviations = deviations;
    }

    /** A coefficient of a feature that varies, by what one standard deviation of it does. */
    record Line(int feature, Coefficient coefficient, double deviation) {
        double effect() {
            return coefficient.estimate() * deviation;
        }

        double low() {
            return coefficient.low() * deviation;
        }

        double high() {
            return coefficient.high() * deviation;
        }

        /** How far it is from 0, in standard errors. */
        double errors() {
            return Math.abs(coefficient.estimate()) / coefficient.standardError();
        }

        /** Whether the interval leaves the sign open. */
        boolean open() {
            return low() <= 0 && high() >= 0;
        }
    }

    /** The coefficients of class {@code k} that have an interval, those farthest from 0 in standard errors first. */
    List<Line> largest(int k) {
        return largest.computeIfAbsent(k, this::found);
    }

    private List<Line> found(int k) {
        String name = model.classes().get(k);
        List<Coefficient> ofClass = certainty.lines().stream()
                .filter(line -> line.parameter().className().equals(name))
                .toList();
        List<Line> lines = new ArrayList<>();
        for (int j = 0; j < ofClass.size(); j++) {
            Line line = new Line(j, ofClass.get(j), deviations[j]);
            if (line.high() > line.low() && Double.isFinite(line.high() - line.low())) {
                lines.add(line);
            }
        }
        // Not by z, which a penalised coefficient does not have.
        lines.sort(Comparator.comparingDouble(line -> -line.errors()));
        return lines.subList(0, Math.min(MOST_FEATURES, lines.size()));
    }

    /** The picture of class {@code k}, of two classes the second. */
    Picture of(int k) {
        List<Line> lines = largest(k);
        // The first is on top.
        List<Line> upwards = new ArrayList<>(lines);
        Collections.reverse(upwards);
        boolean one = model.logits() == 1;
        Chart chart = Chart.of(
                one ? "Coefficients" : "Coefficients of " + model.classes().get(k),
                Axis.linear("change of the logit per standard deviation"),
                Axis.categories(
                        "",
                        upwards.stream()
                                .map(line -> Picture.shortened(name(line)))
                                .toList()),
                points(upwards, effect -> effect >= 0, Colour.BLUE),
                points(upwards, effect -> effect < 0, Colour.VERMILION));
        String sure = sure(lines);
        return Picture.of(
                one ? "coefficients" : "coefficients-" + (k + 1),
                chart.withRules(Rule.vertical(0, "")),
                "A point for each of " + lines.size()
                        + " features and a line for its interval, beside a vertical line at 0. " + sure,
                "What one standard deviation of a feature, on these rows, does to the " + logit(k)
                        + ": the point is the coefficient times the deviation, the line its "
                        + Certainty.PERCENT + " interval. " + sure
                        + (model.features() > lines.size()
                                ? " Shown are the " + lines.size() + " of " + model.features()
                                        + " features that are farthest from 0 in standard errors."
                                : ""));
    }

    private String logit(int k) {
        String name = model.classes().get(k);
        return model.logits() == 1
                ? "log-odds of " + name
                : certainty.ridge()
                        ? "logit of " + name + ", less the mean of all"
                        : "logit of " + name + ", less that of "
                                + model.classes().get(0);
    }

    private String name(Line line) {
        return line.coefficient().parameter().feature();
    }

    private String sure(List<Line> lines) {
        if (lines.isEmpty()) {
            return "No feature has an interval.";
        }
        Line first = lines.get(0);
        long open = lines.stream().filter(Line::open).count();
        return "Surest is " + name(first) + ": " + Words.number(first.effect(), 3) + ", between "
                + Words.number(first.low(), 3) + " and " + Words.number(first.high(), 3) + ". "
                + (open == 0
                        ? "No interval holds 0."
                        : open + " of " + lines.size() + (open == 1 ? " interval holds" : " intervals hold")
                                + " 0: which way such a feature works is open.");
    }

    /** Points whose effects are of one sign, in their places. */
    private static Series points(List<Line> upwards, DoublePredicate sign, Colour colour) {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < upwards.size(); i++) {
            if (sign.test(upwards.get(i).effect())) {
                places.add(i);
            }
        }
        return Series.intervals(
                        "",
                        places.stream()
                                .mapToDouble(i -> upwards.get(i).effect())
                                .toArray(),
                        places.stream().mapToDouble(i -> i).toArray(),
                        places.stream().mapToDouble(i -> upwards.get(i).low()).toArray(),
                        places.stream().mapToDouble(i -> upwards.get(i).high()).toArray())
                .withColour(colour);
    }
}
