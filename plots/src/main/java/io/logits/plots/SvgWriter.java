package io.logits.plots;

import java.util.Locale;

/** Writes the elements of an SVG document. Coordinates are in pixels, with at most two decimals. */
final class SvgWriter {
    private final StringBuilder text = new StringBuilder();

    /** An element without content. */
    void empty(String name, String... attributes) {
        begin(name, attributes);
        text.append("/>\n");
    }

    /** An element of words. */
    void words(String name, String words, String... attributes) {
        begin(name, attributes);
        text.append('>').append(Markup.escaped(words)).append("</").append(name).append(">\n");
    }

    /** The start of an element of elements; {@link #close} ends it. */
    void open(String name, String... attributes) {
        begin(name, attributes);
        text.append(">\n");
    }

    /** The end of an element. */
    void close(String name) {
        text.append("</").append(name).append(">\n");
    }

    /** A straight line. */
    void line(String style, double x1, double y1, double x2, double y2) {
        empty("line", "class", style, "x1", at(x1), "y1", at(y1), "x2", at(x2), "y2", at(y2));
    }

    /** An upright rectangle; the corners come in any order. */
    void rectangle(String style, double x1, double y1, double x2, double y2) {
        empty(
                "rect",
                "class",
                style,
                "x",
                at(Math.min(x1, x2)),
                "y",
                at(Math.min(y1, y2)),
                "width",
                at(Math.abs(x2 - x1)),
                "height",
                at(Math.abs(y2 - y1)));
    }

    /** Words whose start, middle or end is at {@code x}, on the line {@code y}. */
    void label(String style, String words, double x, double y, Note.Align align) {
        words(
                "text",
                words,
                "class",
                style,
                "x",
                at(x),
                "y",
                at(y),
                "text-anchor",
                align.name().toLowerCase(Locale.ROOT));
    }

    private void begin(String name, String... attributes) {
        text.append('<').append(name);
        for (int i = 0; i < attributes.length; i += 2) {
            text.append(' ')
                    .append(attributes[i])
                    .append("=\"")
                    .append(Markup.escaped(attributes[i + 1]))
                    .append('"');
        }
    }

    /** A coordinate. */
    static String at(double pixels) {
        long hundredths = Math.round(pixels * 100);
        String sign = hundredths < 0 ? "-" : "";
        long size = Math.abs(hundredths);
        String whole = sign + size / 100;
        return size % 100 == 0
                ? whole
                : whole + "." + (size % 100 < 10 ? "0" : "") + (size % 10 == 0 ? size % 100 / 10 : size % 100);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
