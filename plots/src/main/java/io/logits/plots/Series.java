package io.logits.plots;

import java.util.Arrays;

/**
 * Data in a chart. {@code low} and {@code high} are lower and upper ends where the kind has them, else empty.
 *
 * @param name what the legend calls it; empty to leave it out there
 */
public record Series(
        String name, Kind kind, Colour colour, boolean dashed, double[] x, double[] y, double[] low, double[] high) {
    /** How opaque the strongest cell is: words on it can be read still, in light and dark. */
    static final double STRONGEST = 0.55;

    /** How data are drawn. */
    public enum Kind {
        /** A line from point to point. */
        LINE,
        /** A mark at each point. */
        POINTS,
        /** A bar upwards from {@code low} to {@code high} at each x. */
        COLUMNS,
        /** A bar rightwards from {@code low} to {@code high} at each y. */
        BARS,
        /** A mark at each point, and a vertical line from {@code low} to {@code high}. */
        ERROR_BARS,
        /** A mark at each point, and a horizontal line from {@code low} to {@code high}. */
        INTERVALS,
        /** What lies between {@code low} and {@code high}, along x. */
        BAND,
        /** A cell of a table about each point, a unit wide and high; the nearer {@code high} is to 1, the stronger. */
        CELLS
    }

    /**
     * Checks the lengths.
     *
     * @throws IllegalArgumentException if the arrays differ in length
     */
    public Series {
        boolean ends = kind != Kind.LINE && kind != Kind.POINTS;
        if (y.length != x.length || low.length != (ends ? x.length : 0) || high.length != low.length) {
            throw new IllegalArgumentException(kind + " of " + x.length + " x have " + y.length + " y, " + low.length
                    + " lower and " + high.length + " upper ends");
        }
    }

    /** A line through these points. A point that is not finite interrupts it. */
    public static Series line(String name, double[] x, double[] y) {
        return new Series(name, Kind.LINE, Colour.BLUE, false, x.clone(), y.clone(), new double[0], new double[0]);
    }

    /** These points. */
    public static Series points(String name, double[] x, double[] y) {
        return new Series(name, Kind.POINTS, Colour.BLUE, false, x.clone(), y.clone(), new double[0], new double[0]);
    }

    /** Bars from 0 upwards. */
    public static Series columns(String name, double[] x, double[] heights) {
        return new Series(
                name,
                Kind.COLUMNS,
                Colour.BLUE,
                false,
                x.clone(),
                heights.clone(),
                new double[x.length],
                heights.clone());
    }

    /** Bars from 0 to the right. */
    public static Series bars(String name, double[] y, double[] lengths) {
        return new Series(
                name, Kind.BARS, Colour.BLUE, false, lengths.clone(), y.clone(), new double[y.length], lengths.clone());
    }

    /** Points with what they may be off, vertically. */
    public static Series errorBars(String name, double[] x, double[] y, double[] low, double[] high) {
        return new Series(name, Kind.ERROR_BARS, Colour.BLUE, false, x.clone(), y.clone(), low.clone(), high.clone());
    }

    /** Points with what they may be off, horizontally. */
    public static Series intervals(String name, double[] x, double[] y, double[] low, double[] high) {
        return new Series(name, Kind.INTERVALS, Colour.BLUE, false, x.clone(), y.clone(), low.clone(), high.clone());
    }

    /** Cells of a table: how strong each is, from 0 to 1. */
    public static Series cells(String name, double[] x, double[] y, double[] strength) {
        return new Series(
                name, Kind.CELLS, Colour.BLUE, false, x.clone(), y.clone(), new double[x.length], strength.clone());
    }

    /** The area between two lines. */
    public static Series band(String name, double[] x, double[] low, double[] high) {
        return new Series(name, Kind.BAND, Colour.BLUE, false, x.clone(), high.clone(), low.clone(), high.clone());
    }

    /** The same in another colour. */
    public Series withColour(Colour newColour) {
        return new Series(name, kind, newColour, dashed, x, y, low, high);
    }

    /** The same with a broken line. */
    public Series withDashes() {
        return new Series(name, kind, colour, true, x, y, low, high);
    }

    /** Whether the ends are numbers of the horizontal axis. */
    boolean isHorizontal() {
        return kind == Kind.BARS || kind == Kind.INTERVALS;
    }

    /** The smallest and the largest finite number on an axis, or infinities the wrong way round if there is none. */
    double[] range(boolean horizontal) {
        double[] range = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
        double[][] all = isHorizontal() == horizontal && kind != Kind.CELLS
                ? new double[][] {horizontal ? x : y, low, high}
                : new double[][] {horizontal ? x : y};
        Arrays.stream(all)
                .flatMapToDouble(Arrays::stream)
                .filter(Double::isFinite)
                .forEach(value -> {
                    range[0] = Math.min(range[0], value);
                    range[1] = Math.max(range[1], value);
                });
        return range;
    }

    /** The thickness of bars, in the units of their axis: most of the distance between neighbours. */
    double thickness() {
        double[] places = (kind == Kind.BARS ? y : x).clone();
        Arrays.sort(places);
        double least = Double.POSITIVE_INFINITY;
        for (int i = 1; i < places.length; i++) {
            double distance = places[i] - places[i - 1];
            least = distance > 0 ? Math.min(least, distance) : least;
        }
        return 0.76 * (Double.isInfinite(least) ? 1 : least);
    }
}
