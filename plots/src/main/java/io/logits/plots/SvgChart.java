package io.logits.plots;

import java.util.ArrayList;
import java.util.List;

/** Draws one chart whose ranges are known into a rectangle of an SVG document. */
final class SvgChart {
    private static final double LINE_HEIGHT = 18;
    /** What a sign of 12 pixels is wide, on average and a little more. */
    private static final double SIGN = 6.7;

    private static final double SWATCH = 22;
    private static final double BETWEEN_TICKS = 70;
    private static final double BETWEEN_LINES = 42;
    private static final double RADIUS = 3.6;
    private static final double CAP = 4;

    private final SvgWriter out;
    private final Chart chart;
    private final String clip;

    private double left;
    private double right;
    private double top;
    private double bottom;

    SvgChart(SvgWriter out, Chart chart, String clip) {
        this.out = out;
        this.chart = chart;
        this.clip = clip;
    }

    void draw(double x, double y, double width, double height) {
        right = x + width - 8;
        top = y + 8;
        if (!chart.title().isEmpty()) {
            out.label("title", chart.title(), x, y + 14, Note.Align.START);
            top += LINE_HEIGHT;
        }
        top += legend(x, top + 10, width);
        bottom = y + height - LINE_HEIGHT - (chart.x().label().isEmpty() ? 4 : LINE_HEIGHT + 2);
        List<Ticks.Tick> yTicks = Ticks.of(chart.y(), (int) Math.max(2, (bottom - top) / BETWEEN_LINES));
        double widest =
                yTicks.stream().mapToDouble(tick -> width(tick.label())).max().orElse(0);
        left = x + widest + 10 + (chart.y().label().isEmpty() ? 0 : LINE_HEIGHT);
        List<Ticks.Tick> xTicks = Ticks.of(chart.x(), (int) Math.max(2, (right - left) / BETWEEN_TICKS));
        axes(x, y + height, xTicks, yTicks);
        out.open("clipPath", "id", clip);
        out.rectangle("area", left, top, right, bottom);
        out.close("clipPath");
        out.open("g", "clip-path", "url(#" + clip + ")");
        chart.series().forEach(this::series);
        chart.rules().forEach(rule -> line("rule", rule.vertical(), rule.at()));
        out.close("g");
        chart.rules().forEach(this::ruleLabel);
        for (Note note : chart.notes()) {
            out.label("note", note.text(), px(note.x()), py(note.y()) + 4, note.align());
        }
    }

    private static double width(String text) {
        // Signs of Chinese and the like are as wide as they are high.
        return text.codePoints().mapToDouble(c -> c < 0x2E80 ? SIGN : 12).sum();
    }

    /** Draws the names of the series in lines of swatches; how high they are. */
    private double legend(double x, double y, double width) {
        double at = x;
        double line = y;
        boolean any = false;
        for (Series series : chart.series()) {
            if (series.name().isEmpty()) {
                continue;
            }
            double needed = SWATCH + 6 + width(series.name()) + 14;
            if (any && at + needed > x + width) {
                at = x;
                line += LINE_HEIGHT;
            }
            any = true;
            swatch(series, at, line);
            out.label("legend", series.name(), at + SWATCH + 6, line + 4, Note.Align.START);
            at += needed;
        }
        return any ? line - y + LINE_HEIGHT + 4 : 0;
    }

    private void swatch(Series series, double x, double y) {
        String colour = Svg.name(series.colour());
        switch (series.kind()) {
            case LINE -> out.line(lineStyle(series), x, y, x + SWATCH, y);
            case POINTS -> mark(colour, x + SWATCH / 2, y);
            case COLUMNS, BARS -> out.rectangle("bar fill " + colour, x + 6, y - 5, x + SWATCH - 4, y + 5);
            case BAND, CELLS -> out.rectangle("band fill " + colour, x, y - 5, x + SWATCH, y + 5);
            case ERROR_BARS, INTERVALS -> {
                out.line("thin line " + colour, x, y, x + SWATCH, y);
                mark(colour, x + SWATCH / 2, y);
            }
        }
    }

    private void axes(double x, double end, List<Ticks.Tick> xTicks, List<Ticks.Tick> yTicks) {
        boolean named = !chart.y().categories().isEmpty();
        for (Ticks.Tick tick : yTicks) {
            if (!named) {
                out.line("grid", left, py(tick.at()), right, py(tick.at()));
            }
            out.label(named ? "name" : "dim", tick.label(), left - 7, py(tick.at()) + 4, Note.Align.END);
        }
        boolean xNamed = !chart.x().categories().isEmpty();
        for (Ticks.Tick tick : xTicks) {
            if (!xNamed) {
                out.line("grid", px(tick.at()), top, px(tick.at()), bottom);
            }
            out.label(xNamed ? "name" : "dim", tick.label(), px(tick.at()), bottom + 16, Note.Align.MIDDLE);
        }
        out.line("frame", left, bottom, right, bottom);
        out.line("frame", left, top, left, bottom);
        if (!chart.x().label().isEmpty()) {
            out.label("axis", chart.x().label(), (left + right) / 2, end - 6, Note.Align.MIDDLE);
        }
        if (!chart.y().label().isEmpty()) {
            String middle = SvgWriter.at((top + bottom) / 2);
            out.words(
                    "text",
                    chart.y().label(),
                    "class",
                    "axis",
                    "text-anchor",
                    "middle",
                    "transform",
                    "translate(" + SvgWriter.at(x + 11) + " " + middle + ") rotate(-90)");
        }
    }

    private void series(Series series) {
        String colour = Svg.name(series.colour());
        switch (series.kind()) {
            case LINE -> path(series, lineStyle(series));
            case BAND -> band(series, "band fill " + colour);
            default -> {
                for (int i = 0; i < series.x().length; i++) {
                    item(series, i, colour);
                }
            }
        }
    }

    private static String lineStyle(Series series) {
        return "line " + Svg.name(series.colour()) + (series.dashed() ? " dashed" : "");
    }

    /** A point, or a bar. */
    private void item(Series series, int i, String colour) {
        double x = series.x()[i];
        double y = series.y()[i];
        if (!Double.isFinite(x) || !Double.isFinite(y)) {
            return;
        }
        double half = series.thickness() / 2;
        switch (series.kind()) {
            case COLUMNS ->
                out.rectangle(
                        "bar fill " + colour, px(x - half), py(series.low()[i]), px(x + half), py(series.high()[i]));
            case BARS ->
                out.rectangle(
                        "bar fill " + colour, px(series.low()[i]), py(y - half), px(series.high()[i]), py(y + half));
            case ERROR_BARS -> {
                double low = py(series.low()[i]);
                double high = py(series.high()[i]);
                out.line("thin line " + colour, px(x), low, px(x), high);
                out.line("thin line " + colour, px(x) - CAP, low, px(x) + CAP, low);
                out.line("thin line " + colour, px(x) - CAP, high, px(x) + CAP, high);
                mark(colour, px(x), py(y));
            }
            case CELLS -> cell(series, i, colour);
            case INTERVALS -> {
                out.line("thin line " + colour, px(series.low()[i]), py(y), px(series.high()[i]), py(y));
                mark(colour, px(x), py(y));
            }
            default -> mark(colour, px(x), py(y));
        }
    }

    private void cell(Series series, int i, String colour) {
        double x = px(series.x()[i] - 0.5);
        double y = py(series.y()[i] + 0.5);
        out.empty(
                "rect",
                "class",
                "cell fill " + colour,
                "fill-opacity",
                SvgWriter.at(Series.STRONGEST * series.high()[i]),
                "x",
                SvgWriter.at(x),
                "y",
                SvgWriter.at(y),
                "width",
                SvgWriter.at(px(series.x()[i] + 0.5) - x),
                "height",
                SvgWriter.at(py(series.y()[i] - 0.5) - y));
    }

    private void mark(String colour, double x, double y) {
        out.empty(
                "circle",
                "class",
                "mark fill " + colour,
                "cx",
                SvgWriter.at(x),
                "cy",
                SvgWriter.at(y),
                "r",
                SvgWriter.at(RADIUS));
    }

    private void path(Series series, String style) {
        StringBuilder path = new StringBuilder();
        boolean drawing = false;
        for (int i = 0; i < series.x().length; i++) {
            boolean known = Double.isFinite(series.x()[i]) && Double.isFinite(series.y()[i]);
            if (known) {
                path.append(drawing ? 'L' : 'M').append(point(series.x()[i], series.y()[i]));
            }
            drawing = known;
        }
        out.empty("path", "class", style, "d", path.toString());
    }

    private void band(Series series, String style) {
        List<String> points = new ArrayList<>();
        for (int i = 0; i < series.x().length; i++) {
            points.add(point(series.x()[i], series.high()[i]));
        }
        for (int i = series.x().length - 1; i >= 0; i--) {
            points.add(point(series.x()[i], series.low()[i]));
        }
        if (!points.isEmpty()) {
            out.empty("path", "class", style, "d", "M" + String.join("L", points) + "Z");
        }
    }

    private String point(double x, double y) {
        return SvgWriter.at(px(x)) + " " + SvgWriter.at(py(y));
    }

    private void line(String style, boolean vertical, double at) {
        if (vertical) {
            out.line(style, px(at), top, px(at), bottom);
        } else {
            out.line(style, left, py(at), right, py(at));
        }
    }

    private void ruleLabel(Rule rule) {
        if (rule.label().isEmpty()) {
            return;
        }
        if (rule.vertical()) {
            out.label("dim", rule.label(), px(rule.at()) + 5, top + 12, Note.Align.START);
        } else {
            out.label("dim", rule.label(), right - 4, py(rule.at()) - 6, Note.Align.END);
        }
    }

    private double px(double x) {
        return left + chart.x().part(x) * (right - left);
    }

    private double py(double y) {
        return bottom - chart.y().part(y) * (bottom - top);
    }
}
