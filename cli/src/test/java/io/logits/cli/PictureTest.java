package io.logits.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.features.PlainEncoding;
import io.logits.inference.Coefficient;
import io.logits.inference.Parameter;
import io.logits.model.LogisticModel;
import io.logits.model.Model;
import io.logits.model.Provenance;
import io.logits.plots.Axis;
import io.logits.plots.Chart;
import io.logits.plots.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The helpers that pictures of a report are made with. */
class PictureTest {
    private static final double NAN = Double.NaN;

    @Test
    void namesAreShortenedBySignsAndNotByHalves() {
        assertThat(Picture.shortened("twenty signs, exactly")).isEqualTo("twenty signs, exact\u2026");
        assertThat(Picture.shortened("twenty signs, exactl")).isEqualTo("twenty signs, exactl");
        String face = "\ud83d\ude00";
        assertThat(Picture.shortened(face.repeat(4), 3)).isEqualTo(face.repeat(2) + "\u2026");
        assertThat(Picture.shortened(face.repeat(3), 3)).isEqualTo(face.repeat(3));
        assertThat(Picture.shortened("ab", 1)).isEqualTo("\u2026");
        assertThat(Picture.shortened("", 1)).isEmpty();
    }

    @Test
    void aPictureGrowsWithItsLinesAndKeepsItsWidth() {
        Picture few = Picture.of("few", chart(3), "what", "words");
        Picture many = Picture.of("many", chart(30), "what", "words");
        assertThat(few.figure().width()).isEqualTo(420).isEqualTo(many.figure().width());
        assertThat(few.figure().height()).isEqualTo(320);
        assertThat(many.figure().height()).isEqualTo(30 * 22 + 90);
        assertThat(few.figure().title()).isEqualTo("title");
        assertThat(few.figure().description()).isEqualTo("what");
        assertThat(Picture.table("table", chart(3), "what", "words").figure().height())
                .isEqualTo(400);
        assertThat(Picture.share("part")).isEqualTo(Axis.linear("part").withRange(0, 1));
    }

    private static Chart chart(int lines) {
        double[] places = IntStream.range(0, lines).asDoubleStream().toArray();
        List<String> names = IntStream.range(0, lines).mapToObj(i -> "f" + i).toList();
        return Chart.of("title", Axis.linear("x"), Axis.categories("", names), Series.bars("", places, places));
    }

    /** A forest of one class, with these estimates and errors, each feature with this deviation. */
    private static ForestPictures forest(double[] estimates, double[] errors, double[] deviations) {
        List<String> names =
                IntStream.range(0, estimates.length).mapToObj(j -> "f" + j).toList();
        Model model =
                new LogisticModel(List.of("no", "yes"), new PlainEncoding(names), estimates, 0, Provenance.unknown());
        List<Coefficient> lines = new ArrayList<>();
        for (int j = 0; j < estimates.length; j++) {
            double b = estimates[j];
            double e = errors[j];
            lines.add(new Coefficient(new Parameter("yes", "f" + j), b, e, b / e, b - 2 * e, b + 2 * e));
        }
        return new ForestPictures(model, new Certainty(lines, false, null), deviations);
    }

    @Test
    void aForestShowsWhatIsFarthestFromZeroInStandardErrorsFirst() {
        ForestPictures forest = forest(
                new double[] {1, -6, 2, 5, 1}, new double[] {1, 2, 0.1, NAN, 0.5}, new double[] {1, 0.5, 3, 1, 0});
        // f3 depends on others, f4 does not vary.
        assertThat(forest.largest(1).stream().map(ForestPictures.Line::feature)).containsExactly(2, 1, 0);
        assertThat(forest.largest(0)).isEmpty();
        Picture picture = forest.of(1);
        Chart chart = picture.figure().charts().get(0);
        assertThat(picture.name()).isEqualTo("coefficients");
        assertThat(chart.y().categories()).containsExactly("f0", "f1", "f2");
        assertThat(chart.rules()).singleElement().satisfies(rule -> {
            assertThat(rule.vertical()).isTrue();
            assertThat(rule.at()).isZero();
        });
        Series positive = chart.series().get(0);
        assertThat(positive.kind()).isEqualTo(Series.Kind.INTERVALS);
        assertThat(positive.y()).containsExactly(0, 2);
        assertThat(positive.x()).containsExactly(1, 6);
        assertThat(positive.low()).containsExactly(-1, 3 * (2 - 0.2));
        assertThat(positive.high()).containsExactly(3, 3 * (2 + 0.2));
        Series negative = chart.series().get(1);
        assertThat(negative.y()).containsExactly(1);
        assertThat(negative.x()).containsExactly(-3);
        assertThat(picture.words())
                .contains("Surest is f2: 6, between 5.4 and 6.6. 1 of 3 interval holds 0:")
                .contains("Shown are the 3 of 5 features");
        assertThat(picture.figure().description()).contains("A point for each of 3 features");
    }

    @Test
    void ofManyFeaturesThirtyAreShown() {
        double[] estimates = IntStream.range(0, 40).mapToDouble(j -> 3 + j).toArray();
        double[] ones = IntStream.range(0, 40).mapToDouble(j -> 1).toArray();
        ForestPictures forest = forest(estimates, ones, ones);
        assertThat(forest.largest(1)).hasSize(30);
        assertThat(forest.largest(1).get(0).feature()).isEqualTo(39);
        assertThat(forest.of(1).words()).contains("No interval holds 0.").contains("the 30 of 40 features");
    }
}
