package io.logits.cli;

import io.logits.metrics.Calibration;
import io.logits.metrics.Evaluation;
import io.logits.metrics.ScoreHistogram;
import io.logits.metrics.ThresholdCurve;
import io.logits.plots.Axis;
import io.logits.plots.Chart;
import io.logits.plots.Colour;
import io.logits.plots.Note;
import io.logits.plots.Rule;
import io.logits.plots.Series;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Pictures of how good a model's probabilities are on labelled rows. */
final class EvaluationPictures {
    /** Classes whose confusion fits a picture. */
    private static final int MOST_CELLS = 12;

    private static final int MOST_CONFUSIONS = 16;
    /** Signs that fit side by side under the columns of a table. */
    private static final int CELL_NAMES = 44;

    private static final double[] ENDS = {0, 1};
    /** How far below a line of shares its words stand, and above which share there is room for them. */
    private static final double BELOW = 0.05;

    private static final double LEAST_ROOM = 0.15;

    private final Evaluation evaluation;
    private final List<ReportMeasures.ClassCurves> curves;
    private final ScoreHistogram histogram;
    private final boolean two;

    EvaluationPictures(ReportMeasures measures) {
        evaluation = measures.evaluation();
        curves = measures.curves();
        histogram = measures.histogram();
        two = evaluation.classes().size() == 2;
    }

    List<Picture> all() {
        List<Picture> pictures = new ArrayList<>();
        if (!curves.isEmpty()) {
            pictures.add(roc());
            pictures.add(precisionRecall());
        }
        pictures.add(reliability());
        pictures.add(scores());
        pictures.add(allPairsFit(evaluation.classes().size()) ? confusion() : confusions());
        return pictures;
    }

    private String name(int k) {
        return evaluation.classes().get(k);
    }

    private Picture roc() {
        List<Series> series = lines(ReportMeasures.ClassCurves::roc, c -> "area " + Words.number(c.auc(), 3));
        series.add(0, Series.line("", ENDS, ENDS).withColour(Colour.GREY).withDashes());
        ReportMeasures.ClassCurves worst = curves.get(0);
        String areas = two
                ? "The area under it is " + Words.number(worst.auc(), 4) + ": the chance that a row of " + name(1)
                        + " gets a higher probability than one of " + name(0) + "."
                : "The least area under a curve is " + Words.number(worst.auc(), 4) + ", that of " + name(worst.index())
                        + ".";
        return Picture.of(
                "roc",
                chart("ROC curve", Picture.share("wrongly called so, of the others"), series),
                "Curves from the lower left to the upper right corner, above the diagonal where the model knows more than"
                        + " chance. " + areas,
                "The share of the rows of " + (two ? name(1) : "a class")
                        + " that is found, against the share of the others"
                        + " that is wrongly called so, as the threshold falls. " + areas
                        + " Along the diagonal, chance decides." + shown());
    }

    private Picture precisionRecall() {
        List<Series> series =
                lines(ReportMeasures.ClassCurves::precisionRecall, c -> Words.number(c.averagePrecision(), 3));
        ReportMeasures.ClassCurves worst = curves.get(0);
        String precision = two
                ? "Average precision is " + Words.number(worst.averagePrecision(), 4) + "."
                : "Average precision is the number beside the name.";
        Chart chart = Chart.of(
                "Precision and recall",
                Picture.share("recall"),
                Picture.share("precision"),
                series.toArray(Series[]::new));
        if (two) {
            // The curve ends on the right of this line: words have room on the left, below where there is any.
            double at = worst.share() + (worst.share() > LEAST_ROOM ? -BELOW : BELOW / 2);
            chart = chart.withRules(Rule.horizontal(worst.share(), ""))
                    .withNotes(
                            new Note(BELOW / 2, at, "all rows called " + Picture.shortened(name(1)), Note.Align.START));
        }
        return Picture.of(
                "precision-recall",
                chart,
                "Curves of precision over recall, from the surest rows on the left to all rows on the right. "
                        + precision,
                "Of the rows called " + (two ? name(1) : "a class")
                        + " the share that is (precision), against the share of"
                        + " the class that is found (recall), as the threshold falls. " + precision + shown());
    }

    private String shown() {
        return curves.size() > Colour.SERIES.size()
                ? " Named are the " + Colour.SERIES.size() + " classes told worst from the rest; grey are the others."
                : "";
    }

    private static Chart chart(String title, Axis x, List<Series> series) {
        return Chart.of(title, x, Picture.share("found, of the class"), series.toArray(Series[]::new));
    }

    /** A line per class: colours for those told worst from the rest, which are the first, drawn last. */
    private List<Series> lines(
            Function<ReportMeasures.ClassCurves, ThresholdCurve.Points> points,
            Function<ReportMeasures.ClassCurves, String> number) {
        List<Series> series = new ArrayList<>();
        for (int c = curves.size() - 1; c >= 0; c--) {
            ReportMeasures.ClassCurves curve = curves.get(c);
            boolean named = c < Colour.SERIES.size();
            String label = Picture.shortened(name(curve.index())) + ": " + number.apply(curve);
            ThresholdCurve.Points line = points.apply(curve);
            series.add(Series.line(named && !two ? label : "", line.x(), line.y())
                    .withColour(named ? Colour.SERIES.get(c) : Colour.GREY));
        }
        return series;
    }

    private Picture reliability() {
        Calibration bins = two ? evaluation.classCalibration().get(1) : evaluation.calibration();
        List<Integer> filled = new ArrayList<>();
        for (int b = 0; b < bins.bins(); b++) {
            if (bins.weight(b) > 0) {
                filled.add(b);
            }
        }
        double[] x = of(filled, bins::confidence);
        double[] y = of(filled, bins::accuracy);
        double[] low = of(filled, b -> bins.accuracyInterval(b)[0]);
        double[] high = of(filled, b -> bins.accuracyInterval(b)[1]);
        String error = "The expected calibration error is "
                + Words.number(evaluation.calibration().expectedError(), 3) + ".";
        return Picture.of(
                "reliability",
                Chart.of(
                        "Reliability",
                        Picture.share(two ? "probability given to " + Picture.shortened(name(1)) : "confidence"),
                        Picture.share(two ? "share that is " + Picture.shortened(name(1)) : "share that is right"),
                        Series.line("calibrated", ENDS, ENDS)
                                .withColour(Colour.GREY)
                                .withDashes(),
                        Series.errorBars("rows in a bin, 95 % interval", x, y, low, high)),
                "Points for " + filled.size()
                        + " bins of probability, along the diagonal where the model is calibrated. " + error,
                "Rows whose " + (two ? "probability of " + name(1) : "decided class had a probability")
                        + " lies in the same fifteenth: how often "
                        + (two ? "they are " + name(1) : "the decision is right")
                        + ". Where a model is calibrated, points are on the diagonal as far as their intervals tell; below it,"
                        + " the model is too sure. " + error);
    }

    private static double[] of(List<Integer> bins, Function<Integer, Double> value) {
        return bins.stream().mapToDouble(value::apply).toArray();
    }

    private Picture scores() {
        List<Series> series = new ArrayList<>();
        double most = 0;
        for (int g = 0; g < 2; g++) {
            String group = two ? name(g) : g == 1 ? "rightly decided" : "wrongly decided";
            double[] shares = histogram.groups().get(g);
            if (!Double.isNaN(shares[0])) {
                series.addAll(steps(group, shares, g == 1 ? Colour.BLUE : Colour.VERMILION));
                for (double share : shares) {
                    most = Math.max(most, share);
                }
            }
        }
        String what = two ? "the probability of " + name(1) : "the probability of the decided class";
        return Picture.of(
                "scores",
                Chart.of(
                        "Scores",
                        Picture.share(two ? "probability given to " + Picture.shortened(name(1)) : "confidence"),
                        Axis.linear("share of the group's rows").withRange(0, Math.min(1, 1.08 * most)),
                        series.toArray(Series[]::new)),
                "Two histograms of " + what + ", "
                        + (two
                                ? "of the rows of " + name(0) + " and of " + name(1)
                                : "where it is wrong and where it is right")
                        + ".",
                "How " + what + " is distributed over "
                        + (two
                                ? "the rows of each class: the farther apart, the better they are told."
                                : "rows decided rightly and wrongly: errors made with little confidence can be held back."));
    }

    /** The outline of a histogram and its filling. */
    private static List<Series> steps(String name, double[] shares, Colour colour) {
        double[] x = new double[2 * shares.length];
        double[] y = new double[2 * shares.length];
        for (int b = 0; b < shares.length; b++) {
            x[2 * b] = b / (double) shares.length;
            x[2 * b + 1] = (b + 1) / (double) shares.length;
            y[2 * b] = shares[b];
            y[2 * b + 1] = shares[b];
        }
        return List.of(
                Series.band("", x, new double[x.length], y).withColour(colour),
                Series.line(Picture.shortened(name), x, y).withColour(colour));
    }

    private Picture confusion() {
        int k = evaluation.classes().size();
        double[][] counts = evaluation.confusion();
        double[] rows = evaluation.classWeights();
        double[] x = new double[k * k];
        double[] y = new double[k * k];
        double[] strength = new double[k * k];
        Note[] notes = new Note[k * k];
        List<String> upwards = new ArrayList<>();
        for (int t = 0; t < k; t++) {
            upwards.add(0, Picture.shortened(name(t)));
            for (int c = 0; c < k; c++) {
                int cell = t * k + c;
                x[cell] = c;
                // The first class is on top.
                y[cell] = k - 1 - t;
                strength[cell] = rows[t] > 0 ? counts[t][c] / rows[t] : 0;
                notes[cell] = new Note(x[cell], y[cell], count(counts[t][c]), Note.Align.MIDDLE);
            }
        }
        String recalls = "Of all rows, " + percent(evaluation.accuracy()) + " are on the diagonal.";
        return Picture.table(
                "confusion",
                Chart.of(
                                "Confusion matrix",
                                Axis.categories(
                                        "predicted",
                                        evaluation.classes().stream()
                                                .map(name -> Picture.shortened(name, Math.max(3, CELL_NAMES / k)))
                                                .toList()),
                                Axis.categories("true", upwards),
                                Series.cells("", x, y, strength))
                        .withNotes(notes),
                "A table of " + k + " by " + k + " cells, true classes by predicted ones. " + recalls,
                "How many rows of each true class, a line each, were given which class. Stronger cells are larger shares of"
                        + " their line. " + recalls);
    }

    /** So many rows of one class were taken for another. */
    record Confused(int truth, int decided, double rows) {}

    /** Whether there are few classes enough for a table of all pairs of them. */
    static boolean allPairsFit(int classes) {
        return classes <= MOST_CELLS;
    }

    /** The pairs of classes that are confused most, most first. */
    static List<Confused> mostConfused(Evaluation evaluation) {
        List<Confused> pairs = new ArrayList<>();
        double[][] counts = evaluation.confusion();
        for (int t = 0; t < counts.length; t++) {
            for (int c = 0; c < counts.length; c++) {
                if (t != c && counts[t][c] > 0) {
                    pairs.add(new Confused(t, c, counts[t][c]));
                }
            }
        }
        return pairs.stream()
                .sorted(Comparator.comparingDouble(Confused::rows).reversed())
                .limit(MOST_CONFUSIONS)
                .toList();
    }

    /** Of many classes, the pairs that are confused most. */
    private Picture confusions() {
        List<Confused> most = new ArrayList<>(mostConfused(evaluation));
        // The first is on top.
        Collections.reverse(most);
        double[] places = new double[most.size()];
        for (int i = 0; i < places.length; i++) {
            places[i] = i;
        }
        String right = percent(evaluation.accuracy()) + " of all rows are decided rightly.";
        return Picture.of(
                "confusion",
                Chart.of(
                        "Confusions",
                        Axis.linear("rows"),
                        Axis.categories(
                                "",
                                most.stream()
                                        .map(c -> Picture.shortened(name(c.truth()) + " \u2192 " + name(c.decided())))
                                        .toList()),
                        Series.bars(
                                "",
                                places,
                                most.stream().mapToDouble(Confused::rows).toArray())),
                "A bar for each of the " + most.size() + " pairs of classes that are confused most. " + right,
                "Which class was taken for which other, most often first, true to predicted. " + right);
    }

    /** A number of rows in words. */
    static String count(double rows) {
        return String.format(Locale.ROOT, "%,d", Math.round(rows));
    }

    /** A share in words. */
    static String percent(double share) {
        return Words.number(100 * share, 3) + " %";
    }
}
