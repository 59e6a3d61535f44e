package io.logits.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class CalibrationTest {
    /** A dozen terms of size 1, each rounded a few times. */
    private static final Offset<Double> ROUNDING = within(1e-14);

    @Test
    void binsAreClosedOnTheRight() {
        Calibration bins = new Calibration(4);
        bins.add(1, 0.25, true);
        bins.add(3, 0.26, false);
        bins.add(1, 1, true);
        assertThat(bins.weight(0)).isEqualTo(1);
        assertThat(bins.weight(1)).isEqualTo(3);
        assertThat(bins.weight(3)).isEqualTo(1);
        assertThat(bins.confidence(0)).isEqualTo(0.25);
        assertThat(bins.accuracy(1)).isEqualTo(0);
        assertThat(bins.accuracy(2)).isNaN();
        assertThat(bins.expectedError()).isEqualTo((0.75 + 3 * 0.26 + 0) / 5);
    }

    @Test
    void theBrierScoreIsTheSumOfItsPartsWhereProbabilitiesInABinAreEqual() {
        // 0.2 came true 1 time in 4, 0.7 3 times in 5, 0.9 1 time in 1: parts by Murphy's formulas, worked by hand.
        Calibration bins = new Calibration(10);
        bins.add(1, 0.2, true);
        bins.add(3, 0.2, false);
        bins.add(3, 0.7, true);
        bins.add(2, 0.7, false);
        bins.add(1, 0.9, true);
        double reliability = (4 * 0.05 * 0.05 + 5 * 0.1 * 0.1 + 0.1 * 0.1) / 10;
        double resolution = (4 * 0.25 * 0.25 + 5 * 0.1 * 0.1 + 0.5 * 0.5) / 10;
        assertThat(bins.reliability()).isCloseTo(reliability, ROUNDING);
        assertThat(bins.resolution()).isCloseTo(resolution, ROUNDING);
        assertThat(bins.uncertainty()).isEqualTo(0.25);
        double brier = (1 * 0.64 + 3 * 0.04 + 3 * 0.09 + 2 * 0.49 + 0.01) / 10;
        assertThat(bins.reliability() - bins.resolution() + bins.uncertainty()).isCloseTo(brier, ROUNDING);
    }
}
