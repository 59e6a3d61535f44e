package io.logits.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import org.junit.jupiter.api.Test;

class BigMathTest {
    private static final Tolerance DIGITS =
            Tolerance.relative(1e-54, "60 digits are worked with, a few are lost to argument reduction");

    private static void near(BigDecimal value, String expected) {
        BigDecimal truth = new BigDecimal(expected);
        double error =
                value.subtract(truth).divide(truth, MathContext.DECIMAL64).abs().doubleValue();
        DIGITS.check(error, value + " against " + expected);
    }

    // Expected values: mpmath 1.2.1 at 70 digits.
    @Test
    void exponentialAgreesWithMpmath() {
        near(BigMath.exp(BigDecimal.ONE), "2.71828182845904523536028747135266249775724709369995957496696762772");
        near(
                BigMath.exp(new BigDecimal("-745.125")),
                "2.49071577764885473012711300655187851254538441105477776371888630902e-324");
        near(
                BigMath.exp(new BigDecimal("10000.5")),
                "1.45199885358400199952264936570014113265946170514796729027120987797e+4343");
        near(
                BigMath.expm1(new BigDecimal("1e-20")),
                "0.0000000000000000000100000000000000000000500000000000000000001666666666666666666670833");
        near(
                BigMath.expm1(new BigDecimal("0.75")),
                "1.11700001661267466854536981983709561013449158470240342177913303081");
    }

    @Test
    void logarithmAgreesWithMpmath() {
        near(BigMath.log(BigDecimal.TEN), "2.30258509299404568401799145468436420760110148862877297603332790097");
        near(
                BigMath.log(new BigDecimal("1e-320")),
                "-736.82722975809461888575726549899654643235247636120735233066492831");
        near(
                BigMath.log(new BigDecimal("1.000000001")),
                "0.000000000999999999500000000333333333083333333533333333166666666809523809399");
        near(
                BigMath.log1p(new BigDecimal("1e-13")),
                "0.0000000000000999999999999950000000000003333333333333083333333333353333333333332");
        near(
                BigMath.log1p(new BigDecimal("-0.4375")),
                "-0.575364144903561854878438011987654863007019421795522113013331370699");
    }

    @Test
    void sigmoidAndSoftplusAgreeWithMpmath() {
        near(
                BigMath.sigmoid(new BigDecimal("-40.5")),
                "0.00000000000000000257675710915498094148472674790571712976707378009019543305363390873");
        near(
                BigMath.sigmoid(new BigDecimal("0.125")),
                "0.531209373373756257245071445597105667053470160763104868065872184552");
        near(
                BigMath.softplus(new BigDecimal("-40.5")),
                "0.00000000000000000257675710915498094480456534769608431871231113096174657535627640786");
        near(
                BigMath.softplus(new BigDecimal("3.25")),
                "3.28804137168778312856120856161068035828680228225102315352788458891");
    }

    @Test
    void logarithmUndoesTheExponential() {
        var random = Seeds.random("logarithmUndoesTheExponential");
        for (int i = 0; i < 200; i++) {
            BigDecimal x = BigMath.of(random.nextDouble(-700, 700));
            near(BigMath.log(BigMath.exp(x)), x.toString());
        }
    }

    @Test
    void correctRoundingIsAtMostHalfAnUlpAway() {
        BigDecimal third = BigDecimal.ONE.divide(BigDecimal.valueOf(3), BigMath.CONTEXT);
        assertThat(Ulps.of(1 / 3.0, third)).isLessThanOrEqualTo(0.5);
        assertThat(Ulps.of(Math.nextUp(1 / 3.0), third)).isBetween(0.5, 1.5);
        assertThat(Ulps.ofFloat(1 / 3f, third)).isLessThanOrEqualTo(0.5);
        assertThat(Ulps.of(Double.MIN_VALUE, new BigDecimal(Double.MIN_VALUE).multiply(new BigDecimal("0.25"))))
                .isEqualTo(0.75);
        assertThat(Ulps.of(Double.NaN, third)).isInfinite();
        // Just below a power of two the unit is that of the binade in which the truth lies.
        BigDecimal belowOne = BigDecimal.ONE.subtract(new BigDecimal("1e-30"));
        assertThat(Ulps.of(1 - 0x1p-53, belowOne)).isCloseTo(1, org.assertj.core.data.Offset.offset(1e-9));
    }
}
