package io.logits.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AreaUnderCurveTest {
    @Test
    void tiesCountOneHalf() {
        // Pairs: (1 over 0.5) wins, (1 over 1) ties, (2 over both) win: 3.5 of 4.
        assertThat(AreaUnderCurve.of(new double[] {0.5, 1, 1, 2}, new int[] {0, 0, 1, 1}, null))
                .isEqualTo(3.5 / 4);
    }

    @Test
    void negativeZeroTiesWithZero() {
        assertThat(AreaUnderCurve.of(new double[] {-0.0, 0.0}, new int[] {0, 1}, null))
                .isEqualTo(0.5);
    }

    @Test
    void oneClassAloneHasNoArea() {
        assertThat(AreaUnderCurve.of(new double[] {1, 2}, new int[] {1, 1}, null))
                .isNaN();
    }

    @Test
    void equalsTheCountOverAllPairs() {
        SplittableRandom random = new SplittableRandom(3);
        int n = 200;
        double[] scores = random.doubles(n).map(s -> Math.rint(s * 20)).toArray();
        int[] second = random.ints(n, 0, 2).toArray();
        double[] weights = random.ints(n, 0, 4).asDoubleStream().toArray();
        double won = 0;
        double pairs = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                if (second[i] == 1 && second[j] == 0) {
                    double weight = weights[i] * weights[j];
                    pairs += weight;
                    won += scores[i] > scores[j] ? weight : scores[i] == scores[j] ? weight / 2 : 0;
                }
            }
        }
        // Sums of small integers and halves: exact.
        assertThat(AreaUnderCurve.of(scores, second, weights)).isEqualTo(won / pairs);
    }
}
