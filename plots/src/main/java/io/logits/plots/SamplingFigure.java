package io.logits.plots;

import io.logits.sampling.Distribution;
import io.logits.sampling.Logits;
import io.logits.sampling.Sampled;
import io.logits.sampling.Sampler;
import io.logits.sampling.SamplingParameters;
import io.logits.sampling.Sequence;
import io.logits.sampling.Status;
import java.util.List;
import java.util.stream.IntStream;

/** The distribution of a next word, whole and cut in several ways, side by side. */
final class SamplingFigure {
    /** How many of the most probable tokens are shown. */
    private static final int SHOWN = 14;

    private static final double ROOM = 0.64;

    private final NextWord word = NextWord.read();
    private final Distribution whole = distribution(SamplingParameters.defaults());
    /** The tokens shown, the most probable first. */
    private final int[] ids = IntStream.range(0, whole.size())
            .boxed()
            .sorted((a, b) -> Double.compare(whole.p(b), whole.p(a)))
            .limit(SHOWN)
            .mapToInt(whole::id)
            .toArray();

    Figure figure() {
        SamplingParameters all = SamplingParameters.defaults();
        List<Chart> charts = List.of(
                chart("as the model gave it", all),
                chart("temperature 0.6", all.withTemperature(0.6)),
                chart("temperature 1.5", all.withTemperature(1.5)),
                chart("top-k 8", all.withTopK(8)),
                chart("top-p 0.4", all.withTopP(0.4)),
                chart("min-p 0.1", all.withMinP(0.1)));
        return new Figure(
                "\u201c" + NextWord.PROMPT + " \u2026\u201d: one distribution, cut in five ways",
                "Six bar charts of the probabilities of the " + SHOWN + " likeliest next words out of "
                        + whole.size()
                        + ", led by parsing, reading, accessing and creating. Temperature 0.6 raises the first,"
                        + " 1.5 spreads the probability; top-k 8 keeps the first eight words, top-p 0.4 the fewest whose sum"
                        + " reaches 0.4, min-p 0.1 those with at least a tenth of the first one's probability. What is kept"
                        + " grows so that the sum is 1 again; grey bars show what it was.",
                charts,
                3,
                980,
                760);
    }

    private Chart chart(String name, SamplingParameters parameters) {
        Distribution left = distribution(parameters);
        double[] places = new double[SHOWN];
        double[] before = new double[SHOWN];
        double[] after = new double[SHOWN];
        Note[] notes = new Note[SHOWN];
        for (int i = 0; i < SHOWN; i++) {
            // The first is on top.
            places[i] = SHOWN - 1 - i;
            before[i] = whole.probabilityOf(ids[i]);
            after[i] = left.probabilityOf(ids[i]);
            String text = after[i] == 0 ? "cut" : LogitFigures.percent(after[i]);
            notes[i] = new Note(Math.max(before[i], after[i]) + 0.012, places[i], text, Note.Align.START);
        }
        List<String> names = IntStream.range(0, SHOWN)
                .mapToObj(i -> word.tokens().get(ids[SHOWN - 1 - i]).strip())
                .toList();
        String kept = left.size() == whole.size() ? "" : ": " + left.size() + " words stay";
        return Chart.of(
                        name + kept,
                        Axis.linear("").withRange(0, ROOM),
                        Axis.categories("", names),
                        Series.bars("", places, before).withColour(Colour.GREY),
                        Series.bars("", places, after))
                .withNotes(notes);
    }

    private Distribution distribution(SamplingParameters parameters) {
        Sampled sampled = new Sampler()
                .sample(Logits.of(word.logits()), 0, new Sequence(parameters.withReportDistribution(true)));
        if (sampled.status() != Status.OK) {
            throw new IllegalStateException("the distribution is " + sampled.status());
        }
        return sampled.distribution().copy();
    }
}
