package io.logits.cli;

import io.logits.plots.Axis;
import io.logits.plots.Chart;
import io.logits.plots.Figure;
import java.util.List;

/**
 * A picture of a report.
 *
 * @param name of its files, without an ending
 * @param figure with its title and what is to be seen, for those who cannot see it
 * @param words what it means and how to read it
 */
record Picture(String name, Figure figure, String words) {
    private static final int WIDTH = 420;
    private static final int HEIGHT = 320;
    private static final int LINE = 22;
    private static final int MOST_NAME = 20;

    /** Of one chart. Readable on a phone: not much wider than that. */
    static Picture of(String name, Chart chart, String description, String words) {
        int lines = chart.y().categories().size();
        int height = Math.max(HEIGHT, lines * LINE + 90);
        return new Picture(name, new Figure(chart.title(), description, List.of(chart), 1, WIDTH, height), words);
    }

    /** Of a chart whose axes have the same things, in cells that are about square. */
    static Picture table(String name, Chart chart, String description, String words) {
        return new Picture(name, new Figure(chart.title(), description, List.of(chart), 1, WIDTH, 400), words);
    }

    /** An axis from 0 to 1. */
    static Axis share(String label) {
        return Axis.linear(label).withRange(0, 1);
    }

    /** A name that leaves room for the rest. */
    static String shortened(String name) {
        return shortened(name, MOST_NAME);
    }

    /** A name in so many signs at most, at least 1. */
    static String shortened(String name, int most) {
        return name.codePointCount(0, name.length()) <= most
                ? name
                : name.substring(0, name.offsetByCodePoints(0, most - 1)) + "\u2026";
    }
}
