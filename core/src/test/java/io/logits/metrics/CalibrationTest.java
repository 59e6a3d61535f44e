package io.logits.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CalibrationTest {
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
}
