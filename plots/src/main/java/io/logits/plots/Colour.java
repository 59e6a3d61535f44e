package io.logits.plots;

import java.util.List;

/**
 * What a series is drawn in: the colours of Okabe and Ito (Color Universal Design, 2008), which people who see colours
 * differently tell apart, and lighter ones of the same hues for a dark background.
 */
public enum Colour {
    BLUE(0x0072B2, 0x56B4E9),
    VERMILION(0xD55E00, 0xF08A4B),
    GREEN(0x009E73, 0x35C79B),
    PURPLE(0xA8508A, 0xE08CC0),
    ORANGE(0xC98500, 0xF2B233),
    BLACK(0x222222, 0xE6E6E6),
    /** For what is beside the point. */
    GREY(0xB4B4B4, 0x5F6368);

    /** For series side by side, in this order. */
    public static final List<Colour> SERIES = List.of(BLUE, VERMILION, GREEN, PURPLE, ORANGE, BLACK);

    private final int light;
    private final int dark;

    Colour(int light, int dark) {
        this.light = light;
        this.dark = dark;
    }

    /** Red, green, blue of 8 bits each, on white. */
    public int light() {
        return light;
    }

    /** Red, green, blue of 8 bits each, on a dark background. */
    public int dark() {
        return dark;
    }
}
