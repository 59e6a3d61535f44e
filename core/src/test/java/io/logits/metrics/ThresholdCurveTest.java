package io.logits.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ThresholdCurveTest {
    private static ThresholdCurve curve(double[] scores, int... labels) {
        return Ranking.of(scores).count(labels, 1, null);
    }

    @Test
    void tiesCountOneHalf() {
        // Pairs: (1 over 0.5) wins, (1 over 1) ties, (2 over both) win: 3.5 of 4.
        assertThat(curve(new double[] {0.5, 1, 1, 2}, 0, 0, 1, 1).area()).isEqualTo(3.5 / 4);
    }

    @Test
    void negativeZeroTiesWithZero() {
        assertThat(curve(new double[] {-0.0, 0.0}, 0, 1).area()).isEqualTo(0.5);
    }

    @Test
    void oneClassAloneHasNoArea() {
        assertThat(curve(new double[] {1, 2}, 1, 1).area()).isNaN();
        assertThat(curve(new double[] {1, 2}, 1, 1).averagePrecision()).isEqualTo(1);
        assertThat(curve(new double[] {1, 2}, 0, 0).averagePrecision()).isNaN();
    }

    @Test
    void areaEqualsTheCountOverAllPairs() {
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
        assertThat(Ranking.of(scores).count(second, 1, weights).area()).isEqualTo(won / pairs);
    }

    @Test
    void pointsGoFromNothingToAllAndTiesStayTogether() {
        List<List<Double>> points = new ArrayList<>();
        ThresholdCurve curve = curve(new double[] {3, 1, 1, 2}, 1, 0, 1, 0);
        curve.forEach((threshold, found, wrong) -> points.add(List.of(threshold, found, wrong)));
        assertThat(points)
                .containsExactly(
                        List.of(Double.POSITIVE_INFINITY, 0.0, 0.0),
                        List.of(2.5, 1.0, 0.0),
                        List.of(1.5, 1.0, 1.0),
                        List.of(Double.NEGATIVE_INFINITY, 2.0, 2.0));
        assertThat(curve.points()).isEqualTo(4);
    }

    @Test
    void rowsOfNoClassCountForNothing() {
        ThresholdCurve curve = curve(new double[] {3, 1, 2}, 1, 0, -1);
        assertThat(curve.positives() + curve.negatives()).isEqualTo(2);
    }

    @Test
    void theCheapestThresholdIsTheOneThatTryingAllFinds() {
        SplittableRandom random = new SplittableRandom(5);
        int n = 60;
        double[] scores =
                random.doubles(n, -2, 2).map(s -> Math.rint(s * 8) / 8).toArray();
        int[] labels = new int[n];
        for (int i = 0; i < n; i++) {
            labels[i] = random.nextDouble(-2, 2) < scores[i] ? 1 : 0;
        }
        ThresholdCurve curve = curve(scores, labels);
        ThresholdCurve.Cut cheapest = curve.cheapest(1, 5, Math.log(1.0 / 5));
        double least = Double.POSITIVE_INFINITY;
        for (double threshold = -3; threshold < 3; threshold += 1.0 / 16) {
            double cost = 0;
            for (int i = 0; i < n; i++) {
                boolean called = scores[i] > threshold;
                cost += called && labels[i] == 0 ? 1 : !called && labels[i] == 1 ? 5 : 0;
            }
            least = Math.min(least, cost / n);
        }
        assertThat(cheapest.meanCost()).isEqualTo(least);
        assertThat(curve.at(cheapest.threshold(), 1, 5)).isEqualTo(cheapest);
    }

    @Test
    void amongEqualCostsTheThresholdNearestToTheCalibratedOneIsTaken() {
        // Every threshold between 1 and 4 tells all rows apart but the one in the middle, whichever way it goes.
        ThresholdCurve curve = curve(new double[] {0, 1, 2, 3, 4, 5}, 0, 0, 1, 0, 1, 1);
        assertThat(curve.cheapest(1, 1, 0).threshold()).isEqualTo(1.5);
        assertThat(curve.cheapest(1, 1, 9).threshold()).isEqualTo(3.5);
    }
}
