package io.logits.plots;

/**
 * A broken line right across a chart that marks a number, as a limit or a threshold.
 *
 * @param vertical whether it stands at a number of the horizontal axis
 * @param at the number
 * @param label what is written at its end; may be empty
 */
public record Rule(boolean vertical, double at, String label) {
    /** At a number of the vertical axis. */
    public static Rule horizontal(double y, String label) {
        return new Rule(false, y, label);
    }

    /** At a number of the horizontal axis. */
    public static Rule vertical(double x, String label) {
        return new Rule(true, x, label);
    }
}
