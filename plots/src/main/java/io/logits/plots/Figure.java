package io.logits.plots;

import java.util.List;

/**
 * A picture: charts in rows.
 *
 * @param title what it is about
 * @param description what is to be seen, for those who cannot see it
 * @param charts row by row, at least one
 * @param columns charts in a row, at least 1
 * @param width in pixels, at least 100
 * @param height in pixels, at least 100
 */
public record Figure(String title, String description, List<Chart> charts, int columns, int width, int height) {
    private static final int LEAST = 100;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if there is no chart, or no room
     */
    public Figure {
        charts = List.copyOf(charts);
        if (charts.isEmpty() || columns < 1) {
            throw new IllegalArgumentException(
                    charts.size() + " charts in " + columns + " columns, at least 1 of each is needed");
        }
        if (width < LEAST || height < LEAST) {
            throw new IllegalArgumentException(
                    "the figure is " + width + " x " + height + " pixels, at least 100 x 100 are needed");
        }
    }

    /** A picture of one chart and its title, 720 x 440. */
    public static Figure of(String description, Chart chart) {
        return new Figure(chart.title(), description, List.of(chart), 1, 720, 440);
    }

    /** The same in another size. */
    public Figure withSize(int newWidth, int newHeight) {
        return new Figure(title, description, charts, columns, newWidth, newHeight);
    }

    /** The same where a chart that has the figure's title does not say it again. */
    Figure withoutTitle() {
        List<Chart> untitled = charts.stream()
                .map(c -> c.title().equals(title) ? new Chart("", c.x(), c.y(), c.series(), c.rules(), c.notes()) : c)
                .toList();
        return new Figure(title, description, untitled, columns, width, height);
    }

    /** How many rows of charts there are. */
    int rows() {
        return (charts.size() + columns - 1) / columns;
    }
}
