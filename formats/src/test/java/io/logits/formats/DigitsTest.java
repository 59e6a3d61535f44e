package io.logits.formats;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.testkit.Seeds;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.core.io.NumberOutput;

class DigitsTest {
    /** Doubles of every exponent, and of the magnitudes where whole numbers and halves lie on the ends of intervals. */
    private static DoubleStream doubles() {
        SplittableRandom random = Seeds.random("digits");
        DoubleStream.Builder all = DoubleStream.builder();
        for (int biased = 0; biased < 2047; biased++) {
            double power = Double.longBitsToDouble((long) biased << 52);
            all.add(power).add(Math.nextUp(power)).add(Math.nextDown(power));
            all.add(Double.longBitsToDouble((long) biased << 52 | random.nextLong() >>> 12));
        }
        for (int e = -323; e <= 308; e++) {
            double power = Double.parseDouble("1e" + e);
            all.add(power)
                    .add(Math.nextUp(power))
                    .add(Math.nextDown(power))
                    .add(7 * power)
                    .add(123456789 * power);
        }
        for (int i = 0; i < 3000; i++) {
            all.add(Double.longBitsToDouble(random.nextLong()));
            all.add(random.nextLong() >> random.nextInt(64)).add(random.nextInt() / 1024.0);
            all.add(Math.rint(random.nextDouble() * 1e4) / 1e4).add(random.nextDouble());
            all.add(Math.scalb((double) random.nextLong(1L << 53), random.nextInt(-8, 8)));
        }
        for (int i = 1; i < 300; i++) {
            all.add(i * Double.MIN_VALUE);
        }
        return all.build().filter(x -> Double.isFinite(x) && x != 0);
    }

    /** The decimals of so many digits on both sides of a number. */
    private static BigDecimal[] neighbours(BigDecimal x, int digits) {
        return new BigDecimal[] {
            x.round(new MathContext(digits, RoundingMode.DOWN)), x.round(new MathContext(digits, RoundingMode.UP))
        };
    }

    private static int digits(String text) {
        return new BigDecimal(text).stripTrailingZeros().precision();
    }

    @Test
    void noDecimalIsShorterOrNearer() {
        doubles().forEach(x -> {
            String text = Digits.of(x);
            assertThat(Double.parseDouble(text)).isEqualTo(x);
            BigDecimal exact = new BigDecimal(x);
            BigDecimal error = new BigDecimal(text).subtract(exact).abs();
            int digits = digits(text);
            for (int fewer = digits - 1; fewer > 0 && fewer > digits - 3; fewer--) {
                for (BigDecimal neighbour : neighbours(exact, fewer)) {
                    assertThat(neighbour.doubleValue()).as(text).isNotEqualTo(x);
                }
            }
            for (BigDecimal neighbour : neighbours(exact, digits)) {
                if (neighbour.doubleValue() == x) {
                    assertThat(neighbour.subtract(exact).abs()).as(text).isGreaterThanOrEqualTo(error);
                }
            }
        });
    }

    @Test
    void noDecimalIsShorterOrNearerToAFloat() {
        SplittableRandom random = Seeds.random("float digits");
        IntStream.concat(
                        IntStream.range(0, 20_000).map(i -> random.nextInt()),
                        IntStream.concat(
                                IntStream.range(1, 1000),
                                IntStream.range(1, 255)
                                        .flatMap(e ->
                                                IntStream.rangeClosed(-2, 2).map(i -> (e << 23) + i))))
                .mapToObj(Float::intBitsToFloat)
                .filter(x -> !x.isNaN() && !x.isInfinite() && x != 0)
                .forEach(x -> {
                    String text = Digits.of(x.floatValue());
                    assertThat(Float.parseFloat(text)).isEqualTo(x);
                    BigDecimal exact = new BigDecimal(x);
                    BigDecimal error = new BigDecimal(text).subtract(exact).abs();
                    int digits = digits(text);
                    for (int fewer = digits - 1; fewer > 0 && fewer > digits - 3; fewer--) {
                        for (BigDecimal neighbour : neighbours(exact, fewer)) {
                            assertThat(neighbour.floatValue()).as(text).isNotEqualTo(x);
                        }
                    }
                    for (BigDecimal neighbour : neighbours(exact, digits)) {
                        if (neighbour.floatValue() == x) {
                            assertThat(neighbour.subtract(exact).abs()).as(text).isGreaterThanOrEqualTo(error);
                        }
                    }
                });
    }

    /** Jackson renders as JDK 19 and later do; these hold to two digits at least, so numbers of one digit are left out. */
    @Test
    void thePeerWritesTheSameTexts() {
        doubles()
                .filter(x -> digits(Digits.of(x)) > 1)
                .forEach(x -> assertThat(Digits.of(x)).isEqualTo(NumberOutput.toString(x, true)));
    }

    @Test
    void knownNumbersAreSpeltAsInJava() {
        assertThat(DoubleStream.of(0.0, -0.0, 1, -1.5, 0.1, 0.001, 9.999e-4, 1e7, 1.25e6, 9999999.5, 2e23, 1e-5, 100)
                        .mapToObj(Digits::of))
                .containsExactly(
                        "0.0",
                        "-0.0",
                        "1.0",
                        "-1.5",
                        "0.1",
                        "0.001",
                        "9.999E-4",
                        "1.0E7",
                        "1250000.0",
                        "9999999.5",
                        "2.0E23",
                        "1.0E-5",
                        "100.0");
        assertThat(Digits.of(Double.MIN_VALUE)).isEqualTo("5.0E-324");
        assertThat(Digits.of(-Double.MAX_VALUE)).isEqualTo("-1.7976931348623157E308");
        assertThat(Digits.of(-1.2345678901234567e-300)).hasSize(Digits.LONGEST);
        assertThat(Digits.of(Double.NEGATIVE_INFINITY)).isEqualTo("-Infinity");
        assertThat(Digits.of(Double.NaN)).isEqualTo("NaN");
        assertThat(Digits.of(Float.MIN_VALUE)).isEqualTo("1.0E-45");
        assertThat(Digits.of(Float.MAX_VALUE)).isEqualTo("3.4028235E38");
        assertThat(Digits.of(-0.1f)).isEqualTo("-0.1");
        assertThat(Digits.of(Float.NaN)).isEqualTo("NaN");
        assertThat(Digits.of(-0f)).isEqualTo("-0.0");
    }

    @Test
    void onlyTheBytesOfTheTextAreWritten() {
        doubles().limit(3000).forEach(x -> {
            byte[] out = new byte[Digits.LONGEST + 10];
            java.util.Arrays.fill(out, (byte) '#');
            int end = Digits.put(x, out, 5);
            assertThat(end - 5).isLessThanOrEqualTo(Digits.LONGEST);
            String text = new String(out, java.nio.charset.StandardCharsets.ISO_8859_1);
            assertThat(text).isEqualTo("#####" + Digits.of(x) + "#".repeat(out.length - end));
        });
    }

    @Test
    void logarithmsOfPowersAreRight() {
        for (int e = -1100; e <= 1100; e++) {
            int log10 = Digits.floorLog10OfPower(e);
            assertThat(power(2, e).compareTo(power(10, log10))).isNotNegative();
            assertThat(power(2, e).compareTo(power(10, log10 + 1))).isNegative();
        }
        for (int n = -350; n <= 350; n++) {
            int log2 = Digits.floorLog2OfPower(n);
            assertThat(power(10, n).compareTo(power(2, log2))).isNotNegative();
            assertThat(power(10, n).compareTo(power(2, log2 + 1))).isNegative();
        }
    }

    private static BigDecimal power(int base, int exponent) {
        BigDecimal power = new BigDecimal(BigInteger.valueOf(base).pow(Math.abs(exponent)));
        return exponent < 0 ? BigDecimal.ONE.divide(power, new MathContext(500)) : power;
    }
}
