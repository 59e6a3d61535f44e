package io.logits.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logits.data.Dataset;
import io.logits.data.Labels;
import io.logits.data.Matrix;
import io.logits.estimator.Likelihood;
import io.logits.estimator.Options;
import io.logits.estimator.PenaltyKind;
import io.logits.features.Column;
import io.logits.features.Encoding;
import io.logits.features.Missing;
import io.logits.features.TableEncoding;
import io.logits.kernels.Workers;
import io.logits.model.Model;
import io.logits.reference.Rows;
import io.logits.testkit.Tolerance;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rows that are sure and wrong, rows that count for nothing, clusters that are few, and rows stored otherwise. */
class InferenceLimitsTest {
    private static final Tolerance ROUNDING =
            Tolerance.relative(1e-11, "sums in another order, through matrices of condition below 1e4");
    private static final int ROWS = 240;
    /** One term of four columns. */
    private static final Encoding ONE_TERM = new TableEncoding(
            List.of(new Column.Category("t", List.of("0", "1", "2", "3", "4"), "0", Missing.ERROR, null)), List.of());

    private final SplittableRandom random = new SplittableRandom(21);

    private double[][] rows(int features, double centre) {
        double[][] x = new double[ROWS][features];
        for (double[] row : x) {
            Arrays.setAll(row, j -> random.nextDouble(-1, 1) + (j == 0 ? centre : 0));
        }
        return x;
    }

    /** Labels that hang on the first feature, beside its centre. */
    private Labels labels(double[][] x, double centre, int classes) {
        List<String> names = new ArrayList<>();
        for (double[] row : x) {
            double z = row[0] - centre + random.nextDouble(-2, 2);
            names.add("c" + (int) Math.max(0, Math.min(classes - 1, Math.floor((z + 1.5) / 3 * classes))));
        }
        return Labels.of(names);
    }

    private static Inference of(Dataset data) {
        return Inference.of(data, InferenceCase.options(), WeightKind.FREQUENCY);
    }

    private static void same(double ours, double expected, String what) {
        ROUNDING.check(Math.abs(ours - expected) / Math.abs(expected), what);
    }

    @Test
    void probabilitiesOfSparseRowsAreThoseOfDenseOnes() {
        double[][] x = rows(3, 1990);
        for (int classes : new int[] {2, 3}) {
            Inference inference = of(Dataset.of(Rows.dense(x, 3), labels(x, 1990, classes)));
            double[] dense = intervals(inference, Rows.dense(x, 3), classes);
            assertThat(intervals(inference, Rows.sparse(x, 3), classes)).containsExactly(dense);
            Model model = inference.fit().model();
            for (int k = 0; k < classes; k++) {
                same(dense[3 * k], model.probabilities(x[0])[k], "the model's probability");
            }
        }
    }

    private static double[] intervals(Inference inference, Matrix x, int classes) {
        double[] out = new double[3 * classes];
        inference.probabilities(x, null, inference.covariance(), 0.95).of(0, out);
        return out;
    }

    @Test
    void anOffsetOfOtherRowsIsRefused() {
        double[][] x = rows(2, 0);
        Matrix features = Rows.dense(x, 2);
        Inference inference = of(Dataset.of(features, labels(x, 0, 2)));
        assertThatThrownBy(() -> inference.probabilities(features, new double[3], inference.covariance(), 0.95))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("offset has 3 entries, " + ROWS + " rows x 1 logit are needed");
    }

    @Test
    void anEffectOfAColumnThatDependsOnOthersHasNoError() {
        for (int classes : new int[] {2, 3}) {
            double[][] x = rows(3, 0);
            for (double[] row : x) {
                row[2] = row[0] - 2 * row[1];
            }
            Inference inference = of(Dataset.of(Rows.dense(x, 3), labels(x, 0, classes)));
            Covariance covariance = inference.covariance();
            List<MarginalEffect> effects = inference.marginalEffects(covariance, 0.95);
            List<String> unknown = inference.coefficients(covariance, 0.95).stream()
                    .filter(line -> Double.isNaN(line.standardError()))
                    .map(line -> line.parameter().feature())
                    .distinct()
                    .toList();
            assertThat(unknown).containsExactly("x3");
            for (MarginalEffect effect : effects) {
                boolean known = !effect.parameter().feature().equals("x3");
                assertThat(Double.isNaN(effect.standardError())).isNotEqualTo(known);
                assertThat(Double.isNaN(effect.low())).isNotEqualTo(known);
                assertThat(Double.isNaN(effect.high())).isNotEqualTo(known);
                assertThat(Double.isNaN(effect.p())).isNotEqualTo(known);
            }
        }
    }

    @Test
    void residualsOfARowThatIsSureAndWrongAreFinite() {
        double[][] x = rows(2, 0);
        Labels labels = labels(x, 0, 2);
        int wrong = IntStream.range(0, ROWS)
                .filter(i -> labels.classes().get(labels.indices()[i]).equals("c1"))
                .findFirst()
                .orElseThrow();
        double[] offset = new double[ROWS];
        offset[wrong] = -60;
        Inference inference = of(Dataset.of(Rows.dense(x, 2), labels).withOffset(offset));
        double[] z = new double[1];
        inference.fit().model().logits(x[wrong], z);
        double loss = -(z[0] - 60);
        Influence influence = inference.influence();
        same(influence.deviance()[wrong], Math.sqrt(2 * loss), "deviance residual");
        same(influence.pearson()[wrong], Math.exp(loss / 2), "Pearson residual");
    }

    @Test
    void clustersOfWeightZeroAreNone() {
        double[][] x = rows(2, 0);
        double[] weights = new double[ROWS];
        int[] cluster = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            cluster[i] = i % 12;
            weights[i] = cluster[i] < 8 ? 1 + i % 3 : 0;
        }
        Dataset data = Dataset.of(Rows.dense(x, 2), labels(x, 0, 2)).withWeights(weights);
        int[] left = IntStream.range(0, ROWS).filter(i -> weights[i] > 0).toArray();
        Covariance ours = of(data).clustered(cluster);
        Covariance expected = of(data.select(left))
                .clustered(Arrays.stream(left).map(i -> cluster[i]).toArray());
        for (int q = 0; q < 3; q++) {
            same(ours.standardError(q), expected.standardError(q), "standard error");
        }
        int[] one = Arrays.stream(cluster).map(c -> c < 8 ? 0 : c).toArray();
        assertThatThrownBy(() -> of(data).clustered(one))
                .hasMessage("all rows of positive weight are in one cluster, 2 at least are needed");
    }

    /** The row is so far out that, counted once, it would have a leverage above 1. */
    @Test
    void aRowOfWeightZeroIsGone() {
        for (int classes : new int[] {2, 3}) {
            double[][] x = rows(2, 0);
            Labels labels = labels(x, 0, classes);
            x[7] = new double[] {0.3, 300};
            double[] weights = new double[ROWS];
            Arrays.setAll(weights, i -> i == 7 ? 0 : 1 + i % 3);
            Dataset data = Dataset.of(Rows.dense(x, 2), labels).withWeights(weights);
            Dataset without =
                    data.select(IntStream.range(0, ROWS).filter(i -> i != 7).toArray());
            for (WeightKind kind : WeightKind.values()) {
                Inference ours = Inference.of(data, InferenceCase.options(), kind);
                Inference expected = Inference.of(without, InferenceCase.options(), kind);
                for (Robust robust : Robust.values()) {
                    Covariance covariance = ours.covariance(robust);
                    for (int q = 0; q < covariance.parameters().size(); q++) {
                        same(
                                covariance.standardError(q),
                                expected.covariance(robust).standardError(q),
                                robust + " " + q);
                    }
                }
                Influence influence = ours.influence();
                same(influence.cook()[8], expected.influence().cook()[7], "Cook's distance of the row after it");
                for (double[] measure :
                        List.of(influence.leverage(), influence.pearson(), influence.deviance(), influence.cook())) {
                    assertThat(measure[7]).isZero();
                }
            }
        }
    }

    @Test
    void leverageOfFrequenciesBelowOneIsRefusedWhereItReachesOne() {
        for (int classes : new int[] {2, 3}) {
            double[][] x = rows(2, 0);
            Labels labels = labels(x, 0, classes);
            double[] weights = new double[ROWS];
            Arrays.fill(weights, 0.005);
            Dataset data = Dataset.of(Rows.dense(x, 2), labels).withWeights(weights);
            for (Robust robust : List.of(Robust.HC2, Robust.HC3)) {
                assertThatThrownBy(() -> of(data).covariance(robust))
                        .isInstanceOf(FrequencyException.class)
                        .hasMessage(
                                "weights below 1 are no frequencies: a row that stands for less than one has a leverage"
                                        + " of 1 or more");
            }
            assertThatThrownBy(() -> of(data).influence()).isInstanceOf(FrequencyException.class);
            Inference precise = Inference.of(data, InferenceCase.options(), WeightKind.PRECISION);
            // As if none had a weight: bread and score are both 200 times as small.
            Covariance expected = of(Dataset.of(Rows.dense(x, 2), labels)).covariance(Robust.HC3);
            for (int q = 0; q < expected.parameters().size(); q++) {
                same(precise.covariance(Robust.HC3).standardError(q), expected.standardError(q), "HC3");
            }
            Arrays.fill(weights, 0.5);
            double[] leverage = of(data.withWeights(weights)).influence().leverage();
            assertThat(Arrays.stream(leverage).max().orElseThrow()).isBetween(0.0, 1.0);
        }
    }

    @Test
    void aTermOfMoreCoefficientsThanItsCovarianceHasRanksIsTestedByThoseThatDoNotDependOnOthers() {
        double[][] x = rows(4, 0);
        Dataset data = Dataset.of(Rows.dense(x, 4), labels(x, 0, 2), ONE_TERM);
        Inference inference = of(data);
        // Scores add up to 0 over the clusters: of three, their squares have rank 2.
        Covariance covariance =
                inference.clustered(IntStream.range(0, ROWS).map(i -> i % 3).toArray());
        TermTest test = inference.termTests(covariance).get(0);
        List<Coefficient> b = inference.coefficients(covariance, 0.95);
        double determinant = covariance.get(1, 1) * covariance.get(2, 2) - covariance.get(1, 2) * covariance.get(1, 2);
        double expected = (b.get(1).estimate() * b.get(1).estimate() * covariance.get(2, 2)
                        - 2 * b.get(1).estimate() * b.get(2).estimate() * covariance.get(1, 2)
                        + b.get(2).estimate() * b.get(2).estimate() * covariance.get(1, 1))
                / determinant;
        assertThat(test.degrees()).isEqualTo(4);
        assertThat(test.waldDegrees()).isEqualTo(2);
        same(test.wald(), expected, "Wald");
        assertThat(test.waldP()).isEqualTo(ChiSquared.tail(test.wald(), 2));
        for (int clusters = 2; clusters < 8; clusters++) {
            int count = clusters;
            TermTest few = inference
                    .termTests(inference.clustered(
                            IntStream.range(0, ROWS).map(i -> i % count).toArray()))
                    .get(0);
            assertThat(few.waldDegrees()).isEqualTo(Math.min(4, clusters - 1));
            assertThat(few.wald()).isPositive().isFinite();
        }
        TermTest full = inference.termTests(inference.covariance()).get(0);
        assertThat(full.waldDegrees()).isEqualTo(4);
    }

    /**
     * Six kinds of glass by refraction and three oxides (mlbench's Glass): a hundredth of a step is gone after the next, some
     * change sides each time, and the determinant's rounding hides what they bring.
     */
    @Test
    void firthsLikelihoodHasAnOptimumWhereStepsShrinkSlowly() throws IOException {
        List<double[]> x = new ArrayList<>();
        List<String> types = new ArrayList<>();
        try (InputStream in = Objects.requireNonNull(InferenceLimitsTest.class.getResourceAsStream("glass.csv"))) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .forEach(line -> {
                        String[] cells = line.split(",");
                        x.add(Arrays.stream(cells)
                                .limit(4)
                                .mapToDouble(Double::parseDouble)
                                .toArray());
                        types.add(cells[4]);
                    });
        }
        Dataset data = Dataset.of(Rows.dense(x.toArray(double[][]::new), 4), Labels.of(types));
        Inference inference =
                Inference.of(data, Options.defaults().withPenalty(PenaltyKind.FIRTH), WeightKind.FREQUENCY);
        assertThat(inference.fit().solution().newtonDecrement()).isLessThan(1e-20);
        assertThat(inference.profiled(0.95).get(1)).satisfies(line -> {
            assertThat(line.low()).isLessThan(line.estimate());
            assertThat(line.high()).isGreaterThan(line.estimate());
        });
    }

    /** Offsets of hundreds leave Firth's likelihood with steps and flats: no fit of these ends. */
    @Test
    void aFitThatFindsNoOptimumIsNamed() {
        double[][] x = new double[40][];
        double[] offset = new double[40];
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            x[i] = new double[] {Math.rint(1000 * StrictMath.sin(i)) / 1000};
            offset[i] = Math.rint(400 * StrictMath.sin(3 * i + 1));
            names.add((i % 2 == 1 ? i * i % 3 > 0 : i % 4 > 0) ? "b" : "a");
        }
        Dataset data = Dataset.of(Rows.dense(x, 1), Labels.of(names)).withOffset(offset);
        Inference inference =
                Inference.of(data, Options.defaults().withPenalty(PenaltyKind.FIRTH), WeightKind.FREQUENCY);
        assertThatThrownBy(() -> inference.profiled(0.95))
                .isInstanceOf(NoOptimumException.class)
                .hasMessageMatching(
                        "the profile likelihood of (x1|\\(intercept\\)): no optimum was found in 500 steps");
        assertThatThrownBy(() -> inference.termTests(inference.covariance()))
                .isInstanceOf(NoOptimumException.class)
                .hasMessage("the fit without x1: no optimum was found in 500 steps");
    }

    @Test
    void aFitThatEndsEarlySaysHowManyStepsItTook() {
        double[][] x = rows(1, 0);
        Likelihood likelihood =
                Inference.likelihood(Dataset.of(Rows.dense(x, 1), labels(x, 0, 2)), InferenceCase.options());
        try (Workers workers = Workers.of(1)) {
            Local start = Local.at(likelihood, false, new double[2], workers);
            assertThatThrownBy(() -> ConstrainedFit.of(start, Constraint.of(new double[] {1, 0}, Double.NaN)))
                    .isInstanceOf(NoOptimumException.class)
                    .hasMessage("no optimum was found in 0 steps");
        }
    }
}
