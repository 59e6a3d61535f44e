package io.logits.plots;

import io.logits.kernels.LogitFunctions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** The pictures that explain logits. */
public enum LogitFigures {
    /** From logits to probabilities, with the limits 0 and 1. */
    SIGMOID {
        @Override
        public Figure figure() {
            double[] z = spread(-8, 8, 161);
            double[] p = new double[z.length];
            LogitFunctions.sigmoid(z, p);
            double[] slope = {-2, 2};
            return Figure.of(
                    "A curve in the shape of an S: the probability rises from near 0 at logit -8 through 1/2 at logit 0 to"
                            + " near 1 at logit 8, and comes ever nearer to the limits 0 and 1 without reaching them."
                            + " Around logit 0 it follows the line 1/2 + z/4.",
                    Chart.of(
                                    "The sigmoid turns any logit into a probability",
                                    Axis.linear("logit z").withRange(-8, 8),
                                    Axis.linear("probability").withRange(-0.08, 1.08),
                                    Series.line("1/2 + z/4, its tangent at 0", slope, new double[] {0, 1})
                                            .withColour(Colour.GREY)
                                            .withDashes(),
                                    Series.line("sigmoid(z) = 1 / (1 + exp(\u2212z))", z, p),
                                    Series.points("", new double[] {0}, new double[] {0.5}))
                            .withRules(Rule.horizontal(0, ""), Rule.horizontal(1, ""))
                            .withNotes(
                                    new Note(-7.8, 1.04, "limit 1, at z \u2192 \u221e", Note.Align.START),
                                    new Note(7.8, -0.04, "limit 0, at z \u2192 \u2212\u221e", Note.Align.END),
                                    new Note(0.4, 0.48, "even odds: z = 0, p = 1/2", Note.Align.START)));
        }
    },

    /** What a probability costs once it is known what happened. */
    LOG_LOSS {
        @Override
        public Figure figure() {
            double[] p = new double[401];
            double[] happened = new double[p.length];
            double[] not = new double[p.length];
            // Even steps of the logit: many points where the curve is steep.
            double[] z = spread(-8, 8, p.length);
            LogitFunctions.sigmoid(z, p);
            for (int i = 0; i < z.length; i++) {
                happened[i] = LogitFunctions.softplus(-z[i]);
                not[i] = LogitFunctions.softplus(z[i]);
            }
            double even = LogitFunctions.softplus(0);
            return Figure.of(
                    "Two curves over the probability given to an event. If the event happened, the loss falls from far"
                            + " above 5 near probability 0 to 0 at probability 1; if it did not, the mirror image."
                            + " They cross at probability 1/2, where both lose ln 2, about 0.69.",
                    Chart.of(
                                    "Log loss: sure and wrong costs without limit",
                                    Axis.linear("probability given to the event")
                                            .withRange(0, 1),
                                    Axis.linear("loss in nats").withRange(0, 5),
                                    Series.line("it happened: \u2212ln p", p, happened),
                                    Series.line("it did not: \u2212ln(1 \u2212 p)", p, not)
                                            .withColour(Colour.VERMILION),
                                    Series.points("", new double[] {0.5}, new double[] {even})
                                            .withColour(Colour.BLACK))
                            .withNotes(
                                    new Note(0.5, even - 0.42, "a coin toss: ln 2 \u2248 0.69", Note.Align.MIDDLE),
                                    new Note(0.08, 4.6, "\u2192 \u221e", Note.Align.START),
                                    new Note(0.92, 4.6, "\u221e \u2190", Note.Align.END)));
        }
    },

    /** The same logits at several temperatures. */
    SOFTMAX_TEMPERATURE {
        @Override
        public Figure figure() {
            double[] z = {2, 1, 0.5, 0, -1};
            List<Chart> charts = new ArrayList<>();
            for (double temperature : new double[] {0.25, 0.5, 1, 2, 8}) {
                double[] scaled = Arrays.stream(z).map(one -> one / temperature).toArray();
                double[] p = new double[z.length];
                LogitFunctions.softmax(scaled, p);
                double[] places = spread(0, z.length - 1, z.length);
                charts.add(Chart.of(
                                "T = " + Ticks.label(temperature),
                                Axis.categories(
                                        "logit",
                                        Arrays.stream(z).mapToObj(Ticks::label).toList()),
                                Axis.linear(charts.isEmpty() ? "probability" : "")
                                        .withRange(0, 1.05),
                                Series.columns("", places, p)
                                        .withColour(temperature == 1 ? Colour.VERMILION : Colour.BLUE))
                        .withNotes(IntStream.range(0, z.length)
                                .mapToObj(
                                        i -> new Note(i, p[i] + 0.035, Math.round(100 * p[i]) + "%", Note.Align.MIDDLE))
                                .toArray(Note[]::new)));
            }
            return new Figure(
                    "softmax(z / T): a low temperature sharpens, a high one flattens; the sum stays 1",
                    "Five bar charts of the same logits 2, 1, 0.5, 0 and -1 at temperatures 0.25, 0.5, 1, 2 and 8. At"
                            + " 0.25 the first has nearly all of the probability; at 8 all five have nearly the same.",
                    charts,
                    charts.size(),
                    980,
                    330);
        }
    },

    /** One distribution of a language model, cut by the parameters that sampling has. */
    SAMPLING {
        @Override
        public Figure figure() {
            return new SamplingFigure().figure();
        }
    };

    /** The name in lower case with hyphens, as a command or a file has it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The picture. */
    public abstract Figure figure();

    /** A probability in two or three digits. */
    static String percent(double p) {
        return p < 0.0995 ? Ticks.label(Math.rint(p * 1000) / 10) + "%" : Math.round(p * 100) + "%";
    }

    private static double[] spread(double from, double to, int count) {
        return IntStream.range(0, count)
                .mapToDouble(i -> from + (to - from) * i / (count - 1))
                .toArray();
    }
}
