package io.logits.formats;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DecimalScannerTest {
    private static final long SEED = 20260101;
    private static final int COUNT = Integer.getInteger("logits.decimals", 100_000);

    private final DecimalScanner doubles = new DecimalScanner(false);
    private final DecimalScanner floats = new DecimalScanner(true);

    private static byte[] ended(String text) {
        return (text + "\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Same bits as the JDK, in both precisions. */
    private void assertExact(String text) {
        byte[] b = ended(text);
        assertThat(doubles.scan(b, 0)).as("end of %s", text).isEqualTo(text.length());
        assertThat(doubles.valid()).as("%s is a number", text).isTrue();
        assertThat(Double.doubleToRawLongBits(doubles.value()))
                .as("double %s", text)
                .isEqualTo(Double.doubleToRawLongBits(Double.parseDouble(text)));
        assertThat(floats.scan(b, 0)).isEqualTo(text.length());
        assertThat(Float.floatToRawIntBits((float) floats.value()))
                .as("float %s", text)
                .isEqualTo(Float.floatToRawIntBits(Float.parseFloat(text)));
    }

    @Test
    void randomDecimalsAreThoseOfTheJdk() {
        Random random = new Random(SEED);
        for (int i = 0; i < COUNT; i++) {
            StringBuilder text = new StringBuilder(random.nextInt(3) == 0 ? random.nextBoolean() ? "-" : "+" : "");
            int digits = 1 + random.nextInt(random.nextInt(10) == 0 ? 40 : 20);
            int point = random.nextInt(digits + 2) - 1;
            int zeros = random.nextInt(4) == 0 ? random.nextInt(digits) : 0;
            for (int d = 0; d < digits; d++) {
                if (d == point) {
                    text.append('.');
                }
                text.append((char) ('0' + (d < zeros ? 0 : random.nextInt(10))));
            }
            if (random.nextInt(3) == 0) {
                text.append(random.nextBoolean() ? 'e' : 'E')
                        .append(random.nextInt(random.nextInt(4) == 0 ? 700 : 60) - (random.nextBoolean() ? 0 : 30));
            }
            assertExact(text.toString());
        }
    }

    @Test
    void shortestDigitsOfRandomDoublesAndFloatsReadBackTheSame() {
        Random random = new Random(SEED);
        for (int i = 0; i < COUNT; i++) {
            double uniform = random.nextDouble() * Math.pow(10, random.nextInt(20) - 10);
            assertExact(Double.toString(uniform));
            double anyBits = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(anyBits)) {
                assertExact(Double.toString(anyBits));
            }
            float anyFloat = Float.intBitsToFloat(random.nextInt());
            if (Float.isFinite(anyFloat)) {
                assertExact(Float.toString(anyFloat));
            }
        }
    }

    /** Where rounding is hardest: exactly half-way between neighbours, and a digit to either side of it. */
    @Test
    void halfWayCasesRoundAsTheJdkRounds() {
        Random random = new Random(SEED);
        for (int i = 0; i < COUNT / 10; i++) {
            float x = Float.intBitsToFloat(random.nextInt(0x7f7fffff));
            assertAround(new BigDecimal(x).add(new BigDecimal(Math.nextUp(x))).divide(BigDecimal.valueOf(2)));
            double y = (1L << 53) + random.nextLong(1L << 60);
            double up = Math.nextUp(y);
            assertAround(new BigDecimal(y).add(new BigDecimal(up)).divide(BigDecimal.valueOf(2)));
            double z = random.nextDouble();
            assertAround(new BigDecimal(z).add(new BigDecimal(Math.nextUp(z))).divide(BigDecimal.valueOf(2)));
        }
    }

    private void assertAround(BigDecimal middle) {
        assertExact(middle.toString());
        assertExact(middle.add(middle.ulp()).toString());
        assertExact(middle.subtract(middle.ulp()).toString());
    }

    @Test
    void numbersAtTheEdgesAreThoseOfTheJdk() {
        String[] edges = {
            "0",
            "-0",
            "0.0",
            ".5",
            "5.",
            "-.5e1",
            "1e0",
            "1e+5",
            "1e-5",
            "9007199254740993",
            "9223372036854775807",
            "9223372036854775808",
            "9999999999999999999",
            "18446744073709551615",
            "18446744073709551616",
            "1e22",
            "1e23",
            "1e-22",
            "1e-23",
            "1e308",
            "1e309",
            "-1e309",
            "1e-324",
            "2.5e-324",
            "4.9e-324",
            "1e999999999999",
            "0e999999999999",
            "1e-999999999999",
            "3.4028235e38",
            "3.4028236e38",
            "1e-45",
            "7e-46",
            "1.17549435e-38",
            "16777217",
            "16777216.5",
            "0000000000000000000000000000001.5",
            "0.00000000000000000000000000000015",
            "1.00000005960464477539062500000",
            "123456789012345678901234567890"
        };
        for (String edge : edges) {
            assertExact(edge);
        }
        assertExact("0." + "0".repeat(400) + "1");
        assertExact("1" + "0".repeat(400));
        assertExact("1" + "3".repeat(2000) + ".5e-1990");
    }

    @Test
    void whatIsNoNumberIsRefused() {
        String[] words = {"", "-", "+", ".", "-.", "e5", ".e5", "1e", "1e+", "1e-", "nan", "inf", "--1", "+-1", "x"};
        for (String word : words) {
            doubles.scan(ended(word), 0);
            assertThat(doubles.valid()).as(word).isFalse();
        }
    }

    @Test
    void aScanStopsBehindTheNumber() {
        assertThat(doubles.scan(ended("a:1.5d"), 2)).isEqualTo(5);
        assertThat(doubles.value()).isEqualTo(1.5);
        assertThat(doubles.scan(ended("0x10"), 0)).isEqualTo(1);
        assertThat(doubles.scan(ended("1.2.3"), 0)).isEqualTo(3);
    }
}
