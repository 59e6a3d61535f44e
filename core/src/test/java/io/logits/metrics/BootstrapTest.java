package io.logits.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logits.data.Dataset;
import io.logits.data.DenseMatrix;
import io.logits.data.Labels;
import io.logits.features.PlainEncoding;
import io.logits.model.LogisticModel;
import io.logits.model.Model;
import io.logits.model.Provenance;
import io.logits.model.SoftmaxModel;
import io.logits.testkit.Tolerance;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BootstrapTest {
    private static final Tolerance RESAMPLING =
            Tolerance.relative(0.05, "a standard deviation from 4000 draws is known to 1.1 %, times 4");

    private static final Tolerance DELONG = Tolerance.relative(
            0.12, "DeLong's variance is the bootstrap's but for terms of order 1/n, n about 100 a class");

    private static final Model TWO = new LogisticModel(
            List.of("no", "yes"), PlainEncoding.numbered(1), new double[] {1}, 0, Provenance.unknown());

    private static final Model THREE = new SoftmaxModel(
            List.of("a", "b", "c"),
            PlainEncoding.numbered(3),
            new double[] {1, 0, 0, 0, 1, 0, 0, 0, 1},
            new double[3],
            Provenance.unknown());

    private final double[][] logits = new double[200][1];
    private final int[] labels = new int[200];
    private final Dataset data = data();

    private Dataset data() {
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < logits.length; i++) {
            logits[i][0] = random.nextDouble(-3, 3);
            labels[i] = random.nextDouble() < 1 / (1 + Math.exp(-logits[i][0])) ? 1 : 0;
        }
        return Dataset.of(DenseMatrix.ofRows(logits), Labels.of(List.of("no", "yes"), labels));
    }

    /** P(X <= k) for X of n trials. */
    private static double binomial(int k, int n, double p) {
        double term = Math.pow(1 - p, n);
        double sum = term;
        for (int i = 1; i <= k; i++) {
            term *= (n - i + 1.0) / i * p / (1 - p);
            sum += term;
        }
        return sum;
    }

    @Test
    void theIntervalOfAccuracyIsThatOfTheBinomialDistribution() {
        double accuracy = Evaluation.of(TWO, data, 1).accuracy();
        Interval interval = new Bootstrap(4000, 1).of(TWO, data, 2).get("accuracy");
        int n = logits.length;
        RESAMPLING.check(
                Math.abs(interval.standardError() / Math.sqrt(accuracy * (1 - accuracy) / n) - 1), "standard error");
        int low = (int) Math.round(interval.low() * n);
        int high = (int) Math.round(interval.high() * n);
        // The 2.5 % quantile, or a neighbour: 4000 draws know a probability near 2.5 % to 0.25 %.
        assertThat(binomial(low - 2, n, accuracy)).isLessThan(0.025);
        assertThat(binomial(low + 1, n, accuracy)).isGreaterThan(0.025);
        assertThat(binomial(high - 2, n, accuracy)).isLessThan(0.975);
        assertThat(binomial(high + 1, n, accuracy)).isGreaterThan(0.975);
    }

    @Test
    void theErrorOfAMeanIsItsDeviationOverTheRootOfTheRows() {
        RowMeasures rows = RowMeasures.of(TWO, data, 1);
        Map<String, Interval> intervals = new Bootstrap(4000, 1).of(TWO, data, 2);
        RESAMPLING.check(Math.abs(intervals.get("log_loss").standardError() / errorOfMean(rows, true) - 1), "log loss");
        RESAMPLING.check(
                Math.abs(intervals.get("brier").standardError() / errorOfMean(rows, false) - 1), "Brier score");
    }

    private static double errorOfMean(RowMeasures rows, boolean logLoss) {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < rows.rows(); i++) {
            double value = logLoss ? rows.logLoss(i) : rows.brier(i);
            sum += value;
            squares += value * value;
        }
        double mean = sum / rows.rows();
        return Math.sqrt((squares / rows.rows() - mean * mean) / rows.rows());
    }

    /** DeLong, DeLong and Clarke-Pearson (1988): from the share of rows of the other class that each row beats. */
    @Test
    void theErrorOfTheAreaIsThatOfDeLong() {
        double variance = 0;
        for (int side = 0; side <= 1; side++) {
            double sum = 0;
            double squares = 0;
            int own = 0;
            for (int i = 0; i < labels.length; i++) {
                if (labels[i] == side) {
                    double beaten = 0;
                    int others = 0;
                    for (int j = 0; j < labels.length; j++) {
                        if (labels[j] != side) {
                            beaten += logits[j][0] < logits[i][0] ? 1 : 0;
                            others++;
                        }
                    }
                    own++;
                    sum += beaten / others;
                    squares += beaten / others * (beaten / others);
                }
            }
            variance += (squares - sum * sum / own) / (own - 1) / own;
        }
        Interval interval = new Bootstrap(4000, 1).of(TWO, data, 2).get("auc");
        DELONG.check(Math.abs(interval.standardError() / Math.sqrt(variance) - 1), "standard error of the AUC");
    }

    @Test
    void aSeedGivesTheSameIntervalsForAnyNumberOfThreads() {
        Map<String, Interval> one = new Bootstrap(40, 9).of(TWO, data, 1);
        assertThat(new Bootstrap(40, 9).of(TWO, data, 3)).isEqualTo(one);
        assertThat(new Bootstrap(40, 10).of(TWO, data, 1)).isNotEqualTo(one);
    }

    @Test
    void intervalsHoldTheMeasuresOfManyClassesToo() {
        SplittableRandom random = new SplittableRandom(4);
        double[][] x = new double[300][3];
        int[] y = new int[300];
        for (int i = 0; i < x.length; i++) {
            y[i] = i % 3;
            for (int k = 0; k < 3; k++) {
                x[i][k] = random.nextDouble(-1, 1) + (k == y[i] ? 0.8 : 0);
            }
        }
        Dataset three = Dataset.of(DenseMatrix.ofRows(x), Labels.of(List.of("a", "b", "c"), y));
        Evaluation e = Evaluation.of(THREE, three, 1);
        Map<String, Interval> intervals = new Bootstrap(200, 3).of(THREE, three, 2, 2);
        assertThat(intervals.keySet())
                .containsExactly(
                        "log_loss",
                        "accuracy",
                        "balanced_accuracy",
                        "brier",
                        "expected_calibration_error",
                        "top_2_accuracy",
                        "auc",
                        "average_precision");
        assertHolds(intervals.get("log_loss"), e.logLoss());
        assertHolds(intervals.get("accuracy"), e.accuracy());
        assertHolds(intervals.get("balanced_accuracy"), e.balancedAccuracy());
        assertHolds(intervals.get("brier"), e.brier());
        assertHolds(intervals.get("top_2_accuracy"), e.topAccuracy(2));
        double[] mean = new double[1];
        new ClassRankings(THREE, three).forEach(1, (curve, k) -> mean[0] += curve.area() / 3);
        assertHolds(intervals.get("auc"), mean[0]);
    }

    private static void assertHolds(Interval interval, double value) {
        assertThat(value).isBetween(interval.low(), interval.high());
        assertThat(interval.high() - interval.low()).isPositive();
    }

    @Test
    void weightTwoEqualsTwoDrawsOfOneRow() {
        double[] even = new double[logits.length];
        Arrays.fill(even, 2);
        assertThat(new Bootstrap(40, 9).of(TWO, data.withWeights(even), 1).get("accuracy"))
                .isEqualTo(new Bootstrap(40, 9).of(TWO, data, 1).get("accuracy"));
    }

    @Test
    void tooFewSamplesAreRefused() {
        assertThatThrownBy(() -> new Bootstrap(19, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there are 19 bootstrap samples, at least 20 are needed");
    }
}
