package io.logits.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.logits.kernels.Workers;
import io.logits.testkit.Tolerance;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RowMomentsTest {
    private static final Tolerance NEAR = Tolerance.relative(
            0.01, "e (1-p)/p / 3 is left out, here at most 1e-2, and less where few rows are as bad");

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

    private static double exact(double t, double... own) {
        double[] loss = Arrays.stream(own).map(p -> -Math.log(p)).toArray();
        return ScaledDual.gap(Arrays.copyOf(SHARES, own.length), loss, t, Workers.of(1));
    }

    @Test
    void theyBoundWhatRowsAddToTheGapAndNearlyAreThatAtTheEnd() {
        for (double e : new double[] {1, 0.5, 0.1, 1e-2, 1e-4, 1e-6, 1e-9}) {
            double exact = exact(1 - e, OWN);
            double bound = moments(OWN).gap(1 - e);
            assertThat(bound).as("e %s", e).isGreaterThanOrEqualTo(exact * (1 - 1e-9));
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
            assertThat(moments.gap(1 - e)).isGreaterThanOrEqualTo(exact(1 - e, own) * (1 - 1e-9));
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
        assertThat(moments(OWN).curvature()).isCloseTo(expected, within(1e-15));
    }
}
