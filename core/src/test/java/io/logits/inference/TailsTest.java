package io.logits.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.testkit.Tolerance;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tails against 50 digits of mpmath; core/src/test/golden/normal.py made them. */
class TailsTest {
    private static final Tolerance TAIL =
            Tolerance.relative(2e-15, "ten ulps: a rational function and two exponentials");
    private static final Tolerance QUANTILE =
            Tolerance.relative(1e-15, "the error of the tail over the slope of its logarithm, and rounding");

    private static final Tolerance CHI_SQUARED =
            Tolerance.relative(1e-12, "up to 1,500 logarithms of terms are added up, each sum of size 1,000");

    static List<String[]> lines(String distribution) throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(TailsTest.class.getResourceAsStream("tails.txt")), StandardCharsets.UTF_8))) {
            return reader.lines()
                    .filter(line -> line.startsWith(distribution + " "))
                    .map(line -> line.split(" ", -1))
                    .toList();
        }
    }

    static double relativeError(double ours, String truth) {
        BigDecimal exact = new BigDecimal(truth);
        return new BigDecimal(ours).subtract(exact).doubleValue() / exact.doubleValue();
    }

    @Test
    void normalTailsAreRightToTenUlps() throws IOException {
        List<String[]> lines = lines("normal");
        assertThat(lines).hasSizeGreaterThan(100);
        for (String[] line : lines) {
            double z = Double.parseDouble(line[1]);
            TAIL.check(Math.abs(relativeError(Normal.twoSidedTail(z), line[2])), "tail beyond " + z);
            assertThat(Normal.twoSidedTail(-z)).isEqualTo(Normal.twoSidedTail(z));
        }
    }

    @Test
    void extremeArgumentsHaveTheirLimits() {
        assertThat(Normal.twoSidedTail(0)).isEqualTo(1);
        assertThat(Normal.twoSidedTail(40)).isZero();
        assertThat(Normal.twoSidedTail(Double.POSITIVE_INFINITY)).isZero();
        assertThat(Normal.twoSidedTail(Double.NaN)).isNaN();
    }

    /** The quantile has the tail that it was asked for, by the tail that the other test holds to the truth. */
    @ParameterizedTest
    @ValueSource(doubles = {0.999, 0.5, 0.1, 0.05, 0.01, 1e-3, 1e-10, 1e-100, 1e-300})
    void quantilesHaveTheirTails(double tail) {
        double z = Normal.twoSidedQuantile(tail);
        double slope = Math.max(1, z * z);
        QUANTILE.check(Math.abs(Normal.twoSidedTail(z) / tail - 1) / (3 * slope), "tail at the quantile " + z);
    }

    @Test
    void theQuantileOfFivePercentIsTheOneInTheBooks() {
        assertThat(Normal.twoSidedQuantile(0.05)).isEqualTo(1.959963984540054);
        assertThat(Normal.twoSidedQuantile(1)).isZero();
    }

    @Test
    void chiSquaredTailsAreRight() throws IOException {
        List<String[]> lines = lines("chi2");
        assertThat(lines).hasSizeGreaterThan(50);
        for (String[] line : lines) {
            double ours = ChiSquared.tail(Double.parseDouble(line[1]), Integer.parseInt(line[2]));
            double truth = new BigDecimal(line[3]).doubleValue();
            // What is below the least normal number is rounded to few digits.
            double error = truth < Double.MIN_NORMAL ? ours - truth : relativeError(ours, line[3]);
            CHI_SQUARED.check(Math.abs(error), "tail beyond " + line[1] + " with " + line[2] + " degrees");
        }
        assertThat(ChiSquared.tail(0, 3)).isEqualTo(1);
        assertThat(ChiSquared.tail(Double.POSITIVE_INFINITY, 3)).isZero();
        assertThat(ChiSquared.tail(Double.NaN, 3)).isNaN();
    }
}
