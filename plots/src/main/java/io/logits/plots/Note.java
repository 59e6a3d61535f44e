package io.logits.plots;

/**
 * Words in a chart.
 *
 * @param x where they begin, end or have their middle
 * @param y their middle
 * @param text one line
 */
public record Note(double x, double y, String text, Align align) {
    /** Which part of the words is at {@code x}. */
    public enum Align {
        /** They lie to the right of it. */
        START,
        /** They lie on both sides. */
        MIDDLE,
        /** They lie to the left of it. */
        END
    }
}
