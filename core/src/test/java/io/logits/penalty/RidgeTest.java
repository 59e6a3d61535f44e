package io.logits.penalty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RidgeTest {
    @Test
    void factorsScaleLambdaFeatureByFeature() {
        assertThat(Ridge.of(0.5).curvature(7)).isEqualTo(0.5);
        assertThat(Ridge.of(0.5, new double[] {2, 0}).curvature(0)).isEqualTo(1);
        assertThat(Ridge.of(0.5, new double[] {2, 0}).curvature(1)).isZero();
        assertThat(new None().isNone()).isTrue();
    }

    @Test
    void lambdaAndFactorsOutOfRangeAreRefused() {
        for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> Ridge.of(bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("lambda is " + bad + ", a finite number > 0 is needed");
        }
        assertThatThrownBy(() -> Ridge.of(1, new double[] {1, Double.NaN}))
                .hasMessage("penalty factor 1 is NaN, a finite number >= 0 is needed");
    }
}
