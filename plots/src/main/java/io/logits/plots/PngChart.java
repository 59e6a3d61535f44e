package io.logits.plots;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.knowm.xchart.AnnotationLine;
import org.knowm.xchart.AnnotationText;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** One chart whose ranges are known, as XChart takes it: lines, marks and filled outlines over two axes. */
final class PngChart {
    static final Color INK = new Color(0x1F2328);

    /** Pixels for each of the figure's: sharp on screens of today. */
    static final int SCALE = 2;

    private static final Color DIM = new Color(0x59636E);
    private static final Color GRID = new Color(0xE4E7EB);
    private static final int BAND_ALPHA = 56;
    private static final float WIDTH = 2.4f;
    private static final float THIN = 1.4f;
    private static final int LONGEST = 20;
    private static final double EDGE = 0.004;

    private final Chart chart;
    private final XYChart drawn;
    private int names;

    private PngChart(Chart chart, int width, int height) {
        this.chart = chart;
        drawn = new XYChartBuilder()
                .width(SCALE * width)
                .height(SCALE * height)
                .title(chart.title())
                .xAxisTitle(chart.x().label())
                .yAxisTitle(chart.y().label())
                .build();
    }

    /** The chart in this size. */
    static XYChart of(Chart chart, int width, int height) {
        PngChart made = new PngChart(chart, width, height);
        made.style();
        made.axes();
        chart.series().forEach(made::add);
        chart.rules().forEach(made::add);
        chart.notes().forEach(made::add);
        return made.drawn;
    }

    private void style() {
        XYStyler styler = drawn.getStyler();
        styler.setBaseFont(font(Font.PLAIN, 12));
        styler.setChartTitleFont(font(Font.BOLD, 14));
        styler.setLegendFont(font(Font.PLAIN, 12));
        styler.setAxisTitleFont(font(Font.PLAIN, 12));
        styler.setAxisTickLabelsFont(font(Font.PLAIN, 11));
        styler.setAnnotationTextFont(font(Font.PLAIN, 12));
        styler.setAnnotationTextFontColor(INK);
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBackgroundColor(Color.WHITE);
        styler.setPlotBorderVisible(false);
        styler.setPlotGridLinesColor(GRID);
        styler.setPlotGridLinesStroke(new BasicStroke(SCALE));
        styler.setAxisTickMarksStroke(new BasicStroke(SCALE));
        styler.setAxisTickMarkLength(3 * SCALE);
        styler.setAxisTickPadding(4 * SCALE);
        styler.setAxisTitlePadding(8 * SCALE);
        styler.setChartPadding(10 * SCALE);
        styler.setChartTitlePadding(4 * SCALE);
        styler.setPlotMargin(0);
        styler.setLegendPadding(8 * SCALE);
        styler.setLegendSeriesLineLength(22 * SCALE);
        styler.setPlotContentSize(1);
        styler.setChartFontColor(INK);
        styler.setAxisTickLabelsColor(DIM);
        styler.setAxisTickMarksColor(DIM);
        styler.setChartTitleVisible(!chart.title().isEmpty());
        styler.setXAxisTitleVisible(!chart.x().label().isEmpty());
        styler.setYAxisTitleVisible(!chart.y().label().isEmpty());
        styler.setLegendBorderColor(Color.WHITE);
        styler.setLegendPosition(Styler.LegendPosition.OutsideS);
        styler.setLegendLayout(Styler.LegendLayout.Horizontal);
        styler.setLegendVisible(
                chart.series().stream().anyMatch(series -> !series.name().isEmpty()));
        styler.setMarkerSize(7 * SCALE);
        styler.setYAxisLabelAlignment(AxesChartStyler.TextAlignment.Right);
        styler.setAnnotationLineColor(DIM);
        styler.setAnnotationLineStroke(stroke(1.2f, 3, 4));
    }

    static Font font(int style, int size) {
        return new Font(Font.SANS_SERIF, style, SCALE * size);
    }

    private static BasicStroke stroke(float width, float... dashes) {
        for (int i = 0; i < dashes.length; i++) {
            dashes[i] *= SCALE;
        }
        return new BasicStroke(
                SCALE * width,
                dashes.length == 0 ? BasicStroke.CAP_ROUND : BasicStroke.CAP_BUTT,
                BasicStroke.JOIN_ROUND,
                10,
                dashes.length == 0 ? null : dashes,
                0);
    }

    private void axes() {
        XYStyler styler = drawn.getStyler();
        // XChart leaves out a tick at the very end of an axis.
        styler.setXAxisMin(chart.x().at(-EDGE)).setXAxisMax(chart.x().at(1 + EDGE));
        styler.setYAxisMin(chart.y().at(-EDGE)).setYAxisMax(chart.y().at(1 + EDGE));
        styler.setXAxisLogarithmic(chart.x().scale() == Axis.Scale.LOG);
        styler.setYAxisLogarithmic(chart.y().scale() == Axis.Scale.LOG);
        styler.setXAxisLogarithmicDecadeOnly(true);
        styler.setYAxisLogarithmicDecadeOnly(true);
        List<String> columns = chart.x().categories();
        List<String> lines = chart.y().categories();
        styler.setXAxisTickMarkSpacingHint(spacing(70, columns, drawn.getWidth() - 60 * SCALE));
        styler.setYAxisTickMarkSpacingHint(spacing(42, lines, drawn.getHeight() - 70 * SCALE));
        styler.setPlotGridVerticalLinesVisible(columns.isEmpty());
        styler.setPlotGridHorizontalLinesVisible(lines.isEmpty());
        drawn.setCustomXAxisTickLabelsFormatter(labels(columns));
        drawn.setCustomYAxisTickLabelsFormatter(labels(lines));
    }

    /** About how far ticks are apart: of categories, one each. */
    private static int spacing(int plain, List<String> categories, int pixels) {
        return categories.isEmpty() ? SCALE * plain : Math.max(1, pixels / categories.size());
    }

    /**
     * What stands at a tick: of categories, which are whole numbers, their names, and blanks elsewhere. XChart takes
     * equal labels for a sign that there are too many ticks, so that no two must be the same; and of labels longer than 20
     * signs it thinks that they never fit, and looks for better ticks for ever.
     */
    private static Function<Double, String> labels(List<String> categories) {
        if (categories.isEmpty()) {
            return Ticks::label;
        }
        Map<Double, String> labels = new HashMap<>();
        for (int i = 0; i < categories.size(); i++) {
            labels.put((double) i, distinct(categories.get(i), labels.values()));
        }
        return value -> labels.computeIfAbsent(value, at -> blank(labels.size()));
    }

    private static String distinct(String name, Collection<String> others) {
        String cut = name.length() <= LONGEST ? name : name.substring(0, LONGEST - 1) + "\u2026";
        for (int i = 1; others.contains(cut); i++) {
            String end = blank(i);
            cut = cut.substring(0, Math.min(cut.length(), LONGEST - end.length())) + end;
        }
        return cut;
    }

    /** The number in two kinds of blanks. */
    private static String blank(int number) {
        return Integer.toBinaryString(number).replace('0', ' ').replace('1', '\u00a0');
    }

    private void add(Series series) {
        switch (series.kind()) {
            case LINE -> line(series, series.x(), series.y(), WIDTH);
            case POINTS -> points(series);
            case BAND ->
                outline(
                        series,
                        thereAndBack(series.x(), series.x()),
                        thereAndBack(series.high(), series.low()),
                        BAND_ALPHA);
            case COLUMNS, BARS -> bars(series);
            case CELLS -> cells(series);
            case ERROR_BARS, INTERVALS -> {
                boolean horizontal = series.isHorizontal();
                for (int i = 0; i < series.x().length; i++) {
                    double[] ends = {series.low()[i], series.high()[i]};
                    double[] x = {series.x()[i], series.x()[i]};
                    double[] y = {series.y()[i], series.y()[i]};
                    line(series, horizontal ? ends : x, horizontal ? y : ends, THIN)
                            .setShowInLegend(false);
                }
                points(series);
            }
        }
    }

    private XYSeries line(Series series, double[] x, double[] y, float width) {
        XYSeries line = named(series, x, y);
        line.setMarker(SeriesMarkers.NONE);
        line.setLineColor(colour(series, 255));
        line.setLineStyle(series.dashed() ? stroke(width, 7, 5) : stroke(width));
        return line;
    }

    private void points(Series series) {
        XYSeries points = named(series, series.x(), series.y());
        points.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
        points.setMarker(SeriesMarkers.CIRCLE);
        points.setMarkerColor(colour(series, 255));
    }

    private void bars(Series series) {
        double half = series.thickness() / 2;
        boolean horizontal = series.isHorizontal();
        for (int i = 0; i < series.x().length; i++) {
            double middle = horizontal ? series.y()[i] : series.x()[i];
            double[] across = {middle - half, middle + half, middle + half, middle - half};
            double[] along = {series.low()[i], series.low()[i], series.high()[i], series.high()[i]};
            outline(series, horizontal ? along : across, horizontal ? across : along, 255)
                    .setShowInLegend(i == 0 && !series.name().isEmpty());
        }
    }

    private void cells(Series series) {
        for (int i = 0; i < series.x().length; i++) {
            double left = series.x()[i] - 0.5;
            double low = series.y()[i] - 0.5;
            outline(
                            series,
                            new double[] {left, left + 1, left + 1, left},
                            new double[] {low, low, low + 1, low + 1},
                            (int) Math.round(255 * Series.STRONGEST * series.high()[i]))
                    .setShowInLegend(i == 0 && !series.name().isEmpty());
        }
    }

    private XYSeries outline(Series series, double[] x, double[] y, int alpha) {
        XYSeries outline = named(series, x, y);
        outline.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
        outline.setFillColor(colour(series, alpha));
        outline.setLineColor(colour(series, 0));
        outline.setLineStyle(new BasicStroke(0));
        outline.setMarker(SeriesMarkers.NONE);
        return outline;
    }

    private static double[] thereAndBack(double[] there, double[] back) {
        int n = there.length;
        return IntStream.range(0, 2 * n)
                .mapToDouble(i -> i < n ? there[i] : back[2 * n - 1 - i])
                .toArray();
    }

    /** A series of XChart's: there each needs a name of its own, and the legend shows another. */
    private XYSeries named(Series series, double[] x, double[] y) {
        XYSeries named = drawn.addSeries("series " + names++, x, y);
        named.setLabel(series.name());
        named.setShowInLegend(!series.name().isEmpty());
        return named;
    }

    private static Color colour(Series series, int alpha) {
        int rgb = series.colour().light();
        return new Color((rgb >> 16) & 0xff, (rgb >> 8) & 0xff, rgb & 0xff, alpha);
    }

    private void add(Rule rule) {
        drawn.addAnnotation(new AnnotationLine(rule.at(), rule.vertical(), false));
        if (!rule.label().isEmpty()) {
            Axis x = chart.x();
            Axis y = chart.y();
            write(
                    rule.label(),
                    rule.vertical() ? rule.at() : x.at(0.9),
                    rule.vertical() ? y.at(0.95) : y.at(y.part(rule.at()) + 0.035));
        }
    }

    private void add(Note note) {
        // XChart puts the middle of words at their place; how wide they are is near enough to what they will be.
        double half = 3.3 * SCALE * note.text().length() / Math.max(1, drawn.getWidth() - 90 * SCALE);
        int side = note.align() == Note.Align.START ? 1 : note.align() == Note.Align.END ? -1 : 0;
        write(note.text(), chart.x().at(chart.x().part(note.x()) + side * half), note.y());
    }

    private void write(String text, double x, double y) {
        drawn.addAnnotation(new AnnotationText(text, x, y, false));
    }
}
