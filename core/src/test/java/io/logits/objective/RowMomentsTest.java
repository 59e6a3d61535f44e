package io.logits.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.logits.testkit.BigMath;
import io.logits.testkit.Tolerance;
import java.math.BigDecimal;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RowMomentsTest {
    private static final Tolerance NEAR = Tolerance.relative(
            0.01, "e (1-p)/p / 3 is left out, here at most 1e-2, and less where few rows are as bad");

    private static final Tolerance ROUNDING =
            Tolerance.relative(1e-14, "sums of seven terms of one sign, each a few roundings off");
    private static final Tolerance CURVATURE = Tolerance.absolute(1e-15, "seven terms of at most 0.05, each rounded");

    /** The probability of each row's class. */
    private static final double[] OWN = {1 - 1e-9, 0.99, 0.7, 0.5, 0.2, 0.01, 0x1p-13};

    private static final double[] SHARES = {0.2, 0.2, 0.2, 0.2, 0.1, 0.09, 0.01};

    private static RowMoments moments(double... own) {
        double[] residual = Arrays.stream(own).map(p -> p > 0.5 ? 1 - p : p - 1).toArray();
        double[] loss = Arrays.stream(own).map(p -> -Math.log(p)).toArray();
        RowMoments first = new RowMoments();
        RowMoments second = new RowMoments();
        int half = own.length / 2;
        first.add(half, residual, loss, SHARES);
        second.add(
                own.length - half,
                Arrays.copyOfRange(residual, half, own.length),
                Arrays.copyOfRange(loss, half, own.length),
                Arrays.copyOfRange(SHARES, half, SHARES.length));
        first.merge(second);
        return first;
    }

    /** By the definition, {@code (1-p) f(-e) + p f(e (1-p) / p)}, {@code f(x) = (1+x) log(1+x) - x}, for each row. */
    private static double exact(double t, double... own) {
        BigDecimal e = BigDecimal.ONE.subtract(BigMath.of(t));
        BigDecimal sum = BigDecimal.ZERO;
        for (int i = 0; i < own.length; i++) {
            BigDecimal p = BigMath.of(own[i]);
            BigDecimal others = BigDecimal.ONE.subtract(p);
            BigDecimal x = e.multiply(others).divide(p, BigMath.CONTEXT);
            BigDecimal row = others.multiply(f(e.negate())).add(p.multiply(f(x)));
            sum = sum.add(BigMath.of(SHARES[i]).multiply(row));
        }
        return sum.doubleValue();
    }

    private static BigDecimal f(BigDecimal x) {
        BigDecimal moved = BigDecimal.ONE.add(x);
        // 0 log 0 is 0.
        BigDecimal entropy =
                moved.signum() == 0 ? BigDecimal.ZERO : moved.multiply(BigMath.log(moved), BigMath.CONTEXT);
        return entropy.subtract(x);
    }

    @Test
    void theyBoundWhatRowsAddToTheGapAndNearlyAreThatAtTheEnd() {
        for (double e : new double[] {1, 0.5, 0.1, 1e-2, 1e-4, 1e-6, 1e-9}) {
            double exact = exact(1 - e, OWN);
            double bound = moments(OWN).gap(1 - e);
            assertThat(bound).as("e %s", e).isGreaterThanOrEqualTo(exact * (1 - ROUNDING.bound()));
            if (e <= 1e-6) {
                NEAR.check(bound / exact - 1, "e " + e);
            }
        }
        assertThat(moments(OWN).gap(1)).isZero();
    }

    @Test
    void aRowWhoseClassHasNoProbabilityLeftAddsNoMoreThanItsLoss() {
        double[] own = {0.5, 0.5, 1e-300};
        RowMoments moments = moments(own);
        for (double e : new double[] {1, 1e-3, 1e-9}) {
            assertThat(moments.gap(1 - e)).isGreaterThanOrEqualTo(exact(1 - e, own) * (1 - ROUNDING.bound()));
        }
        double share = SHARES[2];
        assertThat(moments.gap(1 - 1e-9)).isLessThan(1e-9 * share * 700);
    }

    @Test
    void theyKnowTheRowsCurvature() {
        double expected = 0;
        for (int i = 0; i < OWN.length; i++) {
            expected += SHARES[i] * OWN[i] * (1 - OWN[i]);
        }
        assertThat(moments(OWN).curvature()).isCloseTo(expected, within(CURVATURE.bound()));
    }
}
