package io.logits.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logits.data.Dataset;
import io.logits.data.DenseMatrix;
import io.logits.data.Labels;
import io.logits.estimator.Options;
import io.logits.testkit.Tolerance;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a weight means, columns that depend on others, columns far from zero, and what is refused. */
class InferenceTest {
    private static final Tolerance ROUNDING =
            Tolerance.relative(1e-11, "sums in another order, through matrices of condition below 1e4");
    private static final Tolerance SHIFTED =
            Tolerance.relative(1e-8, "a mean of 1e6 deviations rounds the column itself to 1e-10 deviations");

    /** Rows, labels and weights that go together. */
    private record Sample(List<double[]> x, List<String> y, List<Double> weights) {
        static Sample of(int rows) {
            SplittableRandom random = new SplittableRandom(8);
            Sample sample = new Sample(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            for (int i = 0; i < rows; i++) {
                double[] row = {random.nextDouble(-1, 1), random.nextDouble(-2, 2)};
                double p = 1 / (1 + Math.exp(-row[0] + 0.5 * row[1]));
                sample.add(row, random.nextDouble() < p ? "yes" : "no", random.nextInt(0, 4));
            }
            return sample;
        }

        void add(double[] row, String label, double weight) {
            x.add(row);
            y.add(label);
            weights.add(weight);
        }

        Dataset data() {
            return Dataset.of(DenseMatrix.ofRows(x.toArray(double[][]::new)), Labels.of(y))
                    .withWeights(weights.stream().mapToDouble(w -> w).toArray());
        }
    }

    private static Inference of(Dataset data, WeightKind kind) {
        return Inference.of(data, InferenceCase.options(), kind);
    }

    private static void same(double ours, double expected, String what) {
        ROUNDING.check(Math.abs(ours - expected) / Math.abs(expected), what);
    }

    @Test
    void aFrequencyOfThreeIsThreeRows() {
        Sample weighted = Sample.of(150);
        Sample repeated = new Sample(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < 150; i++) {
            for (int copy = 0; copy < weighted.weights().get(i); copy++) {
                repeated.add(weighted.x().get(i), weighted.y().get(i), 1);
            }
        }
        Inference ours = of(weighted.data(), WeightKind.FREQUENCY);
        Inference expected = of(repeated.data().withWeights(null), WeightKind.FREQUENCY);
        for (int q = 0; q < 3; q++) {
            same(ours.covariance().standardError(q), expected.covariance().standardError(q), "standard error");
        }
        same(ours.goodness().bic(), expected.goodness().bic(), "BIC");
        same(ours.goodness().nagelkerkeR2(), expected.goodness().nagelkerkeR2(), "Nagelkerke");
        assertThat(ours.goodness().observations()).isEqualTo(expected.goodness().observations());
    }

    @Test
    void aPrecisionOfThreeIsOneRow() {
        Sample sample = Sample.of(150);
        Inference ours = of(sample.data(), WeightKind.PRECISION);
        long positive = sample.weights().stream().filter(w -> w > 0).count();
        assertThat(ours.goodness().observations()).isEqualTo(positive);
        same(
                ours.goodness().bic() - ours.goodness().deviance(),
                3 * Math.log(positive),
                "the term of BIC for the parameters");
    }

    @Test
    void aColumnThatDependsOnOthersHasNoStandardError() {
        Sample sample = Sample.of(100);
        Sample twice = new Sample(new ArrayList<>(), sample.y(), sample.weights());
        for (double[] row : sample.x()) {
            twice.x().add(new double[] {row[0], row[1], 2 * row[0] - row[1] + 1});
        }
        Inference ours = of(twice.data(), WeightKind.FREQUENCY);
        Inference without = of(sample.data(), WeightKind.FREQUENCY);
        assertThat(ours.goodness().parameters()).isEqualTo(3);
        List<Coefficient> lines = ours.coefficients(ours.covariance(), 0.9);
        same(ours.goodness().logLikelihood(), without.goodness().logLikelihood(), "log-likelihood");
        assertThat(lines.stream().filter(line -> Double.isNaN(line.standardError())))
                .hasSize(1);
        assertThat(lines.stream().filter(line -> Double.isNaN(line.p()))).hasSize(1);
    }

    @Test
    void aColumnFarFromZeroHasTheStandardErrorOfItsDifferences() {
        Sample sample = Sample.of(200);
        Sample far = new Sample(new ArrayList<>(), sample.y(), sample.weights());
        double distance = 1 << 20;
        for (double[] row : sample.x()) {
            far.x().add(new double[] {row[0] + distance, row[1]});
        }
        Covariance near = of(sample.data(), WeightKind.FREQUENCY).covariance();
        Covariance ours = of(far.data(), WeightKind.FREQUENCY).covariance();
        for (int q = 1; q < 3; q++) {
            double expected = near.standardError(q);
            SHIFTED.check(Math.abs(ours.standardError(q) / expected - 1), "standard error of " + q);
        }
        // Var(b - d w) = Var b - 2 d Cov(b, w) + d^2 Var w
        double intercept = near.get(0, 0) - 2 * distance * near.get(0, 1) + distance * distance * near.get(1, 1);
        SHIFTED.check(Math.abs(ours.get(0, 0) / intercept - 1), "variance of the intercept");
    }

    @Test
    void aPenaltyIsRefused() {
        assertThatThrownBy(() -> Inference.of(Sample.of(50).data(), Options.defaults(), WeightKind.FREQUENCY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the penalty is l2, none or firth is needed");
    }

    @Test
    void aLevelIsBetweenZeroAndOne() {
        Inference inference = of(Sample.of(50).data(), WeightKind.FREQUENCY);
        for (double level : new double[] {0, 1, Double.NaN}) {
            assertThatThrownBy(() -> inference.coefficients(inference.covariance(), level))
                    .hasMessage("level is " + level + ", a number between 0 and 1 is needed");
        }
    }
}
