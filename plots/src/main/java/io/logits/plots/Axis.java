package io.logits.plots;

import java.util.List;

/**
 * An axis of a chart.
 *
 * @param label what is measured, with its unit; may be empty
 * @param scale how numbers become places
 * @param min the least number shown, NaN to take it from the data
 * @param max the largest number shown, NaN to take it from the data
 * @param categories names of 0, 1, 2, ... if these stand for things and not for numbers, else empty
 */
public record Axis(String label, Scale scale, double min, double max, List<String> categories) {
    /** Half the room of a category. */
    private static final double MARGIN = 0.6;

    private static final double FAR = 100;

    /** How numbers become places. */
    public enum Scale {
        /** Equal differences are equal lengths. */
        LINEAR,
        /** Equal ratios are equal lengths; numbers are above 0. */
        LOG
    }

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if it is empty, infinite, or reaches 0 on a logarithmic axis
     */
    public Axis {
        boolean open = Double.isNaN(min) || Double.isNaN(max);
        if (Double.isInfinite(min) || Double.isInfinite(max) || !(open || min < max)) {
            throw new IllegalArgumentException("the axis goes from " + min + " to " + max + ", it needs a range");
        }
        if (scale == Scale.LOG && min <= 0) {
            throw new IllegalArgumentException("the logarithmic axis begins at " + min + ", a number > 0 is needed");
        }
        categories = List.copyOf(categories);
    }

    /** A linear axis whose range is that of the data. */
    public static Axis linear(String label) {
        return new Axis(label, Scale.LINEAR, Double.NaN, Double.NaN, List.of());
    }

    /** A logarithmic axis whose range is that of the data. */
    public static Axis log(String label) {
        return new Axis(label, Scale.LOG, Double.NaN, Double.NaN, List.of());
    }

    /** An axis of things: from the left to the right, or from below upwards. */
    public static Axis categories(String label, List<String> categories) {
        return new Axis(label, Scale.LINEAR, -MARGIN, categories.size() - 1 + MARGIN, categories);
    }

    /** The same with this range. */
    public Axis withRange(double newMin, double newMax) {
        return new Axis(label, scale, newMin, newMax, categories);
    }

    /**
     * Where a number is on an axis whose range is known: 0 at the least number shown, 1 at the largest. Numbers that are
     * far outside are near the axis still, so that what is drawn there keeps to sizes that every program can take.
     */
    double part(double value) {
        double part = scale == Scale.LOG ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min);
        return Math.max(-FAR, Math.min(FAR, part));
    }

    /** The number at a part of an axis whose range is known. */
    double at(double part) {
        return scale == Scale.LOG ? min * Math.pow(max / min, part) : min + part * (max - min);
    }
}
