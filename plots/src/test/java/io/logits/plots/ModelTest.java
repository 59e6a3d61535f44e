package io.logits.plots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ModelTest {
    private static List<String> ticks(Axis axis, int most) {
        return Ticks.of(axis, most).stream().map(Ticks.Tick::label).toList();
    }

    @Test
    void linearTicksAreOnesTwosOrFives() {
        assertThat(ticks(Axis.linear("").withRange(0, 1), 5)).containsExactly("0", "0.2", "0.4", "0.6", "0.8", "1");
        assertThat(ticks(Axis.linear("").withRange(-8, 8), 8))
                .containsExactly("\u22128", "\u22126", "\u22124", "\u22122", "0", "2", "4", "6", "8");
        assertThat(ticks(Axis.linear("").withRange(3, 3.1), 2)).containsExactly("3", "3.05", "3.1");
        assertThat(ticks(Axis.linear("").withRange(0, 5e7), 5)).contains("1e7", "5e7");
    }

    @Test
    void logarithmicTicksArePowersOfTen() {
        assertThat(ticks(Axis.log("").withRange(0.01, 1000), 6))
                .containsExactly("0.01", "0.1", "1", "10", "100", "1000");
        assertThat(ticks(Axis.log("").withRange(1, 10), 6)).containsExactly("1", "2", "5", "10");
        assertThat(ticks(Axis.log("").withRange(1e-12, 1), 4))
                .hasSizeLessThanOrEqualTo(5)
                .contains("1");
    }

    @Test
    void axesWithoutARangeTakeThatOfTheData() {
        double[] x = {1, 100};
        Chart chart = Chart.of("", Axis.log(""), Axis.linear(""), Series.line("", x, new double[] {2, 4}))
                .withRanges();
        assertThat(chart.x().min()).isBetween(0.8, 1.0);
        assertThat(chart.x().max()).isBetween(100.0, 125.0);
        assertThat(chart.y().min()).isBetween(1.9, 2.0);
        Chart empty = Chart.of("", Axis.linear(""), Axis.log("")).withRanges();
        assertThat(empty.x().min()).isLessThan(empty.x().max());
        assertThat(empty.y().min()).isPositive().isLessThan(empty.y().max());
    }

    @Test
    void whatCannotBeDrawnIsRefused() {
        assertThatThrownBy(() -> Axis.linear("").withRange(1, 1))
                .hasMessage("the axis goes from 1.0 to 1.0, it needs a range");
        assertThatThrownBy(() -> Axis.log("").withRange(0, 1))
                .hasMessage("the logarithmic axis begins at 0.0, a number > 0 is needed");
        assertThatThrownBy(() -> Series.line("", new double[2], new double[3]))
                .hasMessage("LINE of 2 x have 3 y, 0 lower and 0 upper ends");
        assertThatThrownBy(() -> new Figure("", "", List.of(), 1, 500, 500))
                .hasMessage("0 charts in 1 columns, at least 1 of each is needed");
        assertThatThrownBy(() -> LogitFigures.SIGMOID.figure().withSize(20, 20))
                .hasMessage("the figure is 20 x 20 pixels, at least 100 x 100 are needed");
    }

    @Test
    void dataInAChartAreItsOwn() {
        double[] x = {1, 2};
        Series series = Series.line("", x, x);
        x[0] = 9;
        assertThat(series.x()).containsExactly(1, 2);
    }

    @Test
    void coordinatesHaveAtMostTwoDecimals() {
        assertThat(SvgWriter.at(3)).isEqualTo("3");
        assertThat(SvgWriter.at(-0.051)).isEqualTo("-0.05");
        assertThat(SvgWriter.at(12.999)).isEqualTo("13");
        assertThat(SvgWriter.at(0.3)).isEqualTo("0.3");
        assertThat(SvgWriter.at(0.07)).isEqualTo("0.07");
    }

    /** Probabilities of the picture's first panel, from the same logits by plain exponentials. */
    @Test
    void theNextWordIsThatOfTheModel() {
        NextWord word = NextWord.read();
        assertThat(word.tokens()).hasSize(4096).startsWith("<|endoftext|>");
        double sum = 0;
        for (float logit : word.logits()) {
            sum += Math.exp(logit);
        }
        double parsing = Math.exp(word.logits()[word.tokens().indexOf(" parsing")]) / sum;
        assertThat(LogitFigures.percent(parsing)).isEqualTo("18%");
        Chart whole = LogitFigures.SAMPLING.figure().charts().get(0);
        assertThat(whole.y().categories()).endsWith("reading", "parsing");
        assertThat(whole.notes().get(0).text()).isEqualTo("18%");
    }
}
