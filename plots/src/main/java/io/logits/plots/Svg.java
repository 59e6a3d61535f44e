package io.logits.plots;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Figures as SVG: a document of its own, of a few kilobytes, that follows the reader's light or dark theme and says in
 * words what it shows.
 */
public final class Svg {
    private static final double MARGIN = 14;
    private static final double TITLE = 26;

    private Svg() {}

    /** The document. */
    public static String of(Figure figure) {
        SvgWriter out = new SvgWriter();
        String width = Integer.toString(figure.width());
        String height = Integer.toString(figure.height());
        out.open(
                "svg", attributes(figure, "", "xmlns", "http://www.w3.org/2000/svg", "width", width, "height", height));
        out.words("title", figure.title(), "id", "title");
        out.words("desc", figure.description(), "id", "description");
        out.words("style", style());
        out.rectangle("paper", 0, 0, figure.width(), figure.height());
        // One chart that has the figure's title as its own says it once.
        boolean titled =
                figure.charts().size() > 1 || !figure.charts().get(0).title().equals(figure.title());
        if (titled) {
            out.label("title", figure.title(), MARGIN, MARGIN + 14, Note.Align.START);
        }
        charts(out, figure, titled ? MARGIN + TITLE : MARGIN, "plot");
        out.close("svg");
        return out.toString();
    }

    /**
     * An element for an HTML page that has {@link #style} and tells the figure's title itself; as wide as there is room.
     *
     * @param id distinct among the figures of the page
     */
    public static String inline(Figure figure, String id) {
        SvgWriter out = new SvgWriter();
        out.open("svg", attributes(figure, id + "-"));
        out.words("title", figure.title(), "id", id + "-title");
        out.words("desc", figure.description(), "id", id + "-description");
        charts(out, figure.withoutTitle(), MARGIN, id + "-plot");
        out.close("svg");
        return out.toString();
    }

    private static String[] attributes(Figure figure, String prefix, String... further) {
        List<String> attributes = new ArrayList<>(List.of(further));
        attributes.addAll(List.of(
                "role",
                "img",
                "aria-labelledby",
                prefix + "title " + prefix + "description",
                "viewBox",
                "0 0 " + figure.width() + " " + figure.height()));
        return attributes.toArray(String[]::new);
    }

    private static void charts(SvgWriter out, Figure figure, double top, String clip) {
        double width = (figure.width() - MARGIN * (figure.columns() + 1)) / figure.columns();
        double height = (figure.height() - top - MARGIN * figure.rows()) / figure.rows();
        for (int i = 0; i < figure.charts().size(); i++) {
            int row = i / figure.columns();
            int column = i % figure.columns();
            double x = MARGIN + column * (width + MARGIN);
            double y = top + row * (height + MARGIN);
            new SvgChart(out, figure.charts().get(i).withRanges(), clip + i).draw(x, y, width, height);
        }
    }

    /** What colours and lines look like, in light and dark: once on a page. */
    public static String style() {
        StringBuilder css = new StringBuilder(
                "\ntext{font:12px system-ui,'Segoe UI','Noto Sans','DejaVu Sans',sans-serif}"
                        + " text.title{font-size:15px;font-weight:600} text.axis{font-size:13px}\n"
                        + ".line{fill:none;stroke-width:2.4;stroke-linejoin:round;stroke-linecap:round} .thin{stroke-width:1.4}"
                        + " .dashed{stroke-dasharray:7 5} .rule{stroke-width:1.2;stroke-dasharray:3 4}"
                        + " .band{fill-opacity:.22;stroke:none} .cell{stroke-width:1} .bar{stroke:none} .mark{stroke:none}\n");
        css.append(theme(0xFFFFFF, 0x1F2328, 0x59636E, 0xE4E7EB));
        for (Colour colour : Colour.values()) {
            css.append(rule(colour, colour.light()));
        }
        css.append("@media (prefers-color-scheme:dark){\n").append(theme(0x0D1117, 0xE6EDF3, 0x9198A1, 0x2A313C));
        for (Colour colour : Colour.values()) {
            css.append(rule(colour, colour.dark()));
        }
        return css.append("}\n").toString();
    }

    private static String theme(int paper, int ink, int dim, int grid) {
        return ".paper{fill:" + hex(paper) + "} text{fill:" + hex(ink) + "} text.dim{fill:" + hex(dim)
                + "} .frame,.rule{stroke:" + hex(dim) + "} .grid,.cell{stroke:" + hex(grid) + "}\n";
    }

    private static String rule(Colour colour, int rgb) {
        String name = name(colour);
        return ".line." + name + "{stroke:" + hex(rgb) + "} .fill." + name + "{fill:" + hex(rgb) + "}\n";
    }

    /** What the style calls a colour. */
    static String name(Colour colour) {
        return colour.name().toLowerCase(Locale.ROOT);
    }

    private static String hex(int rgb) {
        return String.format(Locale.ROOT, "#%06X", rgb);
    }
}
