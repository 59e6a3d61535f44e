package io.logits.plots;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class RenderingTest {
    private static final double[] ONE_TO_THREE = {1, 2, 3};

    private static Document parsed(Figure figure) {
        try {
            byte[] bytes = Svg.of(figure).getBytes(StandardCharsets.UTF_8);
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(bytes));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> texts(Document svg, String name) {
        return elements(svg, name).stream().map(Element::getTextContent).toList();
    }

    private static List<Element> elements(Document svg, String name) {
        NodeList nodes = svg.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    private static List<Element> ofClass(Document svg, String name, String style) {
        return elements(svg, name).stream()
                .filter(element -> element.getAttribute("class").equals(style))
                .toList();
    }

    private static BufferedImage png(Figure figure) {
        try {
            return ImageIO.read(new ByteArrayInputStream(Png.of(figure)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean hasPixel(BufferedImage image, Colour colour) {
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                if ((image.getRGB(x, y) & 0xffffff) == colour.light()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Every kind of series, a rule, a note, and a name that XML must not take for markup. */
    private static Figure everything(Axis x, Axis y) {
        double[] low = {0.5, 1.5, 2.5};
        double[] high = {1.5, 2.5, 3.5};
        return Figure.of(
                "all of it",
                Chart.of(
                                "a < b & \"c\"",
                                x,
                                y,
                                Series.band("band", ONE_TO_THREE, low, high).withColour(Colour.ORANGE),
                                Series.columns("columns", ONE_TO_THREE, low).withColour(Colour.GREY),
                                Series.bars("bars", ONE_TO_THREE, low).withColour(Colour.GREEN),
                                Series.line("line", ONE_TO_THREE, ONE_TO_THREE).withDashes(),
                                Series.points("points", ONE_TO_THREE, high).withColour(Colour.PURPLE),
                                Series.errorBars("errors", ONE_TO_THREE, ONE_TO_THREE, low, high)
                                        .withColour(Colour.BLACK),
                                Series.intervals("intervals", ONE_TO_THREE, ONE_TO_THREE, low, high)
                                        .withColour(Colour.VERMILION))
                        .withRules(Rule.horizontal(2, "limit"), Rule.vertical(2, "threshold"))
                        .withNotes(new Note(1, 3, "here", Note.Align.START)));
    }

    @ParameterizedTest
    @EnumSource
    void svgIsXmlThatSaysInWordsWhatItShows(LogitFigures which) {
        Figure figure = which.figure();
        Document svg = parsed(figure);
        Element root = svg.getDocumentElement();
        assertThat(root.getAttribute("role")).isEqualTo("img");
        assertThat(root.getAttribute("viewBox")).isEqualTo("0 0 " + figure.width() + " " + figure.height());
        assertThat(texts(svg, "title")).containsExactly(figure.title());
        assertThat(texts(svg, "desc")).containsExactly(figure.description());
        List<String> texts = texts(svg, "text");
        assertThat(texts).contains(figure.title()).doesNotContain("NaN");
        figure.charts().forEach(chart -> {
            assertThat(texts).contains(chart.title());
            chart.notes().forEach(note -> assertThat(texts).contains(note.text()));
        });
        assertThat(Svg.of(figure)).hasSizeLessThan(40_000);
    }

    @ParameterizedTest
    @EnumSource
    void pngHasTwicePixelsEachWay(LogitFigures which) {
        Figure figure = which.figure();
        BufferedImage image = png(figure);
        assertThat(image.getWidth()).isEqualTo(2 * figure.width());
        assertThat(image.getHeight()).isEqualTo(2 * figure.height());
        assertThat(image.getRGB(1, 1) & 0xffffff).isEqualTo(0xffffff);
        assertThat(hasPixel(image, Colour.BLUE)).isTrue();
    }

    @Test
    void svgHoldsEachKindOfSeriesOnce() {
        Document svg = parsed(everything(Axis.linear("x"), Axis.linear("y")));
        // A swatch each in the legend, and the series itself.
        assertThat(ofClass(svg, "path", "band fill orange")).hasSize(1);
        assertThat(ofClass(svg, "rect", "bar fill grey")).hasSize(1 + 3);
        assertThat(ofClass(svg, "rect", "bar fill green")).hasSize(1 + 3);
        assertThat(ofClass(svg, "path", "line blue dashed")).hasSize(1);
        assertThat(ofClass(svg, "circle", "mark fill purple")).hasSize(1 + 3);
        assertThat(ofClass(svg, "line", "thin line black")).hasSize(1 + 3 * 3);
        assertThat(ofClass(svg, "line", "thin line vermilion")).hasSize(1 + 3);
        assertThat(ofClass(svg, "line", "rule")).hasSize(2);
        assertThat(texts(svg, "text"))
                .contains("a < b & \"c\"", "x", "y", "limit", "threshold", "here", "columns", "intervals");
    }

    @Test
    void pngDrawsEachKindOfSeries() {
        BufferedImage image = png(everything(Axis.linear("x"), Axis.linear("y")));
        for (Colour colour :
                List.of(Colour.GREY, Colour.GREEN, Colour.BLUE, Colour.PURPLE, Colour.BLACK, Colour.VERMILION)) {
            assertThat(hasPixel(image, colour)).as(colour.name()).isTrue();
        }
    }

    /** Places are checked through ratios: a point in the middle of its range is in the middle of the frame. */
    @Test
    void pointsStandWhereTheirNumbersAre() {
        double[] x = {1, 10, 100};
        double[] y = {0, 5, 10};
        Document svg = parsed(Figure.of(
                "",
                Chart.of(
                        "",
                        Axis.log("").withRange(1, 100),
                        Axis.linear("").withRange(0, 10),
                        Series.points("", x, y))));
        List<Element> marks = ofClass(svg, "circle", "mark fill blue");
        double[] cx = marks.stream()
                .mapToDouble(mark -> Double.parseDouble(mark.getAttribute("cx")))
                .toArray();
        double[] cy = marks.stream()
                .mapToDouble(mark -> Double.parseDouble(mark.getAttribute("cy")))
                .toArray();
        Element frame = elements(svg, "clipPath").get(0);
        Element area = (Element) frame.getElementsByTagName("rect").item(0);
        double left = Double.parseDouble(area.getAttribute("x"));
        double width = Double.parseDouble(area.getAttribute("width"));
        assertThat(cx[0]).isCloseTo(left, HUNDREDTH);
        assertThat(cx[1]).isCloseTo(left + width / 2, HUNDREDTH);
        assertThat(cx[2]).isCloseTo(left + width, HUNDREDTH);
        assertThat(cy[1]).isCloseTo((cy[0] + cy[2]) / 2, HUNDREDTH);
        assertThat(cy[0]).isGreaterThan(cy[2]);
    }

    /** Coordinates are written to a hundredth of a pixel. */
    private static final org.assertj.core.data.Offset<Double> HUNDREDTH = org.assertj.core.data.Offset.offset(0.011);

    @Test
    void categoriesHaveATickEach() {
        List<String> names = List.of("bill_length", "bill_depth", "(intercept)");
        Figure figure = Figure.of(
                "odds ratios",
                Chart.of(
                        "forest",
                        Axis.log("odds ratio"),
                        Axis.categories("", names),
                        Series.intervals(
                                "", ONE_TO_THREE, new double[] {0, 1, 2}, new double[] {0.1, 1, 2}, new double[] {
                                    2, 4, 90
                                })));
        assertThat(texts(parsed(figure), "text")).containsAll(names).contains("0.1", "1", "10");
        assertThat(hasPixel(png(figure), Colour.BLUE)).isTrue();
    }

    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void namesThatAreTooLongForTheirPlacesAreDrawnAllTheSame() {
        List<String> names = List.of("a class of a rather long name", "another one", "and one more of a long name");
        double[] strength = {0, 0.5, 1};
        Figure figure = Figure.of(
                        "a table",
                        Chart.of(
                                "cells",
                                Axis.categories("predicted", names),
                                Axis.categories("true", names),
                                Series.cells("", new double[] {0, 1, 2}, new double[] {2, 1, 0}, strength)))
                .withSize(300, 300);
        assertThat(texts(parsed(figure), "text")).containsAll(names);
        List<Element> cells = ofClass(parsed(figure), "rect", "cell fill blue");
        assertThat(cells).extracting(cell -> cell.getAttribute("fill-opacity")).containsExactly("0", "0.28", "0.55");
        assertThat(png(figure).getWidth()).isEqualTo(600);
    }

    @Test
    void anElementOfAPageHasIdsOfItsOwnAndNoTitleOfThePage() {
        Figure figure = everything(Axis.linear("x"), Axis.linear("y"));
        String inline = Svg.inline(figure, "one");
        assertThat(inline)
                .startsWith("<svg role=\"img\" aria-labelledby=\"one-title one-description\" viewBox=")
                .contains("id=\"one-title\"", "id=\"one-description\"", "id=\"one-plot0\"", "url(#one-plot0)")
                .doesNotContain("<style", "class=\"title\"", "xmlns");
        assertThat(Svg.of(figure)).contains(Svg.style(), "class=\"title\"");
    }

    @Test
    void aPointThatIsNotFiniteInterruptsALine() {
        Document svg = parsed(Figure.of(
                "",
                Chart.of("", Axis.linear(""), Axis.linear(""), Series.line("", new double[] {0, 1, 2, 3}, new double[] {
                    0, Double.NaN, 2, 3
                }))));
        String path = ofClass(svg, "path", "line blue").get(0).getAttribute("d");
        assertThat(path.chars().filter(c -> c == 'M').count()).isEqualTo(2);
        assertThat(path).doesNotContain("NaN");
    }
}
