package io.logits.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.logits.kernels.Workers;
import io.logits.testkit.Tolerance;
import java.math.BigDecimal;
import java.math.MathContext;
import org.junit.jupiter.api.Test;

class ScaledDualTest {
    private static final Tolerance SERIES =
            Tolerance.relative(1e-8, "the terms left out of the series are below 1e-9; 1 - p is rounded to 1e-16");
    private static final MathContext DIGITS = new MathContext(60);

    /** {@code (1-t) loss - phi_t}, p being the probability of the row's class. */
    private static double definition(double p, double t) {
        BigDecimal own = new BigDecimal(p);
        BigDecimal missed = BigDecimal.ONE.subtract(own);
        BigDecimal scale = new BigDecimal(t);
        BigDecimal rest = BigDecimal.ONE.subtract(scale.multiply(missed));
        BigDecimal phi = scale.multiply(missed)
                .multiply(log(scale))
                .negate()
                .add(scale.multiply(own).multiply(log(own)))
                .subtract(rest.multiply(log(rest)));
        return BigDecimal.ONE
                .subtract(scale)
                .multiply(log(own).negate())
                .subtract(phi)
                .doubleValue();
    }

    /** By {@code log v = 2 artanh((v-1)/(v+1))}, v first made one near 1. */
    private static BigDecimal log(BigDecimal v) {
        int halvings = 0;
        BigDecimal near = v;
        while (near.compareTo(BigDecimal.valueOf(0.7)) < 0) {
            near = near.multiply(BigDecimal.valueOf(2));
            halvings++;
        }
        BigDecimal two = halvings == 0 ? BigDecimal.ZERO : artanh(BigDecimal.ONE.divide(new BigDecimal(3), DIGITS));
        BigDecimal ratio = near.subtract(BigDecimal.ONE).divide(near.add(BigDecimal.ONE), DIGITS);
        return artanh(ratio).subtract(two.multiply(new BigDecimal(halvings))).multiply(BigDecimal.valueOf(2));
    }

    private static BigDecimal artanh(BigDecimal x) {
        BigDecimal square = x.multiply(x, DIGITS);
        BigDecimal power = x;
        BigDecimal sum = x;
        for (int k = 3; k < 130; k += 2) {
            power = power.multiply(square, DIGITS);
            sum = sum.add(power.divide(new BigDecimal(k), DIGITS));
        }
        return sum;
    }

    @Test
    void itIsWhatEntropiesAndLossSay() {
        Workers workers = Workers.of(1);
        for (double t : new double[] {0x1p-20, 0.3, 0.9, 0.999, 1 - 0x1p-20, 1 - 0x1p-33}) {
            for (double p : new double[] {1e-6, 0.01, 0.3, 0.5, 0.9, 1 - 1e-6}) {
                double loss = -Math.log(p);
                double gap = ScaledDual.gap(new double[] {1}, new double[] {loss}, t, workers);
                double expected = definition(Math.exp(-loss), t);
                SERIES.check(Math.abs(gap - expected) / expected, "p " + p + ", t " + t);
            }
        }
    }

    @Test
    void itNeverFallsBelowZeroAndIsTheLossWhereTheDualPointIsNone() {
        Workers workers = Workers.of(1);
        double[] losses = {0, 1e-6, 0.7, 30, 800};
        for (double loss : losses) {
            double[] one = {loss};
            double none = ScaledDual.gap(new double[] {1}, one, 0, workers);
            assertThat(none).isCloseTo(loss, within(SERIES.bound() * loss + Double.MIN_NORMAL));
            assertThat(ScaledDual.gap(new double[] {1}, one, 1, workers)).isZero();
            for (double t : new double[] {1e-12, 0.5, 1 - 1e-12}) {
                assertThat(ScaledDual.gap(new double[] {1}, one, t, workers)).isBetween(0.0, 1.01 * loss);
            }
        }
    }
}
