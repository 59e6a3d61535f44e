package io.logits.plots;

import java.util.List;

/**
 * One pair of axes and what is drawn between them, in the units of the data.
 *
 * @param title what is to be seen; may be empty
 * @param x the horizontal axis
 * @param y the vertical axis
 * @param series drawn in this order
 * @param rules marked numbers
 * @param notes words
 */
public record Chart(String title, Axis x, Axis y, List<Series> series, List<Rule> rules, List<Note> notes) {
    private static final double PADDING = 0.04;

    /** Copies the lists. */
    public Chart {
        series = List.copyOf(series);
        rules = List.copyOf(rules);
        notes = List.copyOf(notes);
    }

    /** A chart of these data. */
    public static Chart of(String title, Axis x, Axis y, Series... series) {
        return new Chart(title, x, y, List.of(series), List.of(), List.of());
    }

    /** The same with these numbers marked. */
    public Chart withRules(Rule... newRules) {
        return new Chart(title, x, y, series, List.of(newRules), notes);
    }

    /** The same with these words. */
    public Chart withNotes(Note... newNotes) {
        return new Chart(title, x, y, series, rules, List.of(newNotes));
    }

    /** The same with both ranges known: where an axis leaves one open, that of the data and a little more. */
    Chart withRanges() {
        return new Chart(title, ranged(x, true), ranged(y, false), series, rules, notes);
    }

    private Axis ranged(Axis axis, boolean horizontal) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (Series one : series) {
            double[] range = one.range(horizontal);
            least = Math.min(least, range[0]);
            most = Math.max(most, range[1]);
        }
        if (!(least <= most)) {
            least = axis.scale() == Axis.Scale.LOG ? 1 : 0;
            most = least + 1;
        }
        double min;
        double max;
        if (axis.scale() == Axis.Scale.LOG) {
            double factor = least < most ? Math.pow(most / least, PADDING) : 2;
            min = least / factor;
            max = most * factor;
        } else {
            double more = least < most ? PADDING * (most - least) : Math.max(1, Math.abs(least)) / 2;
            min = least - more;
            max = most + more;
        }
        return axis.withRange(Double.isNaN(axis.min()) ? min : axis.min(), Double.isNaN(axis.max()) ? max : axis.max());
    }
}
