package io.logits.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.logits.data.Dataset;
import io.logits.data.DenseMatrix;
import io.logits.data.Labels;
import io.logits.features.PlainEncoding;
import io.logits.model.LogisticModel;
import io.logits.model.Model;
import io.logits.model.Provenance;
import io.logits.model.SoftmaxModel;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class EvaluationTest {
    /** A dozen terms of size 1, each rounded a few times. */
    private static final Offset<Double> ROUNDING = within(1e-14);

    /** The feature is the logit. */
    private static final Model TWO = new LogisticModel(
            List.of("no", "yes"), PlainEncoding.numbered(1), new double[] {1}, 0, Provenance.unknown());

    /** The features are the logits. */
    private static final Model THREE = new SoftmaxModel(
            List.of("a", "b", "c"),
            PlainEncoding.numbered(3),
            new double[] {1, 0, 0, 0, 1, 0, 0, 0, 1},
            new double[3],
            Provenance.unknown());

    /** Probabilities of "yes": 0.75, 0.25, 0.9, 0.85. */
    private static Dataset fourRows() {
        double[][] logits = {{Math.log(3)}, {-Math.log(3)}, {Math.log(9)}, {Math.log(17 / 3.0)}};
        return Dataset.of(DenseMatrix.ofRows(logits), Labels.of(List.of("yes", "no", "no", "yes")));
    }

    private static Dataset threeRows() {
        double[][] p = {{0.5, 0.3, 0.2}, {0.1, 0.2, 0.7}, {0.25, 0.45, 0.3}};
        for (double[] row : p) {
            Arrays.setAll(row, k -> Math.log(row[k]));
        }
        return Dataset.of(DenseMatrix.ofRows(p), Labels.of(List.of("a", "b", "c"), new int[] {0, 1, 1}));
    }

    @Test
    void infiniteLogitsHaveTheLossOfTheirProbabilities() {
        double inf = Double.POSITIVE_INFINITY;
        Dataset two = Dataset.of(
                DenseMatrix.ofRows(new double[][] {{inf}, {-inf}, {0}}), Labels.of(List.of("yes", "no", "no")));
        assertThat(Score.of(TWO, two, 1).logLoss()).isEqualTo(Math.log(2) / 3, ROUNDING);
        // Offset and product, each finite, are beyond what there is together.
        double most = Double.MAX_VALUE;
        Dataset three = new Dataset(
                DenseMatrix.ofRows(new double[][] {{most, 0, 0}, {0, most, most}, {0, 0, 0}}),
                Labels.of(List.of("a", "b", "c"), new int[] {0, 1, 2}),
                null,
                new double[] {most, 0, 0, 0, most, most, 0, 0, 0},
                PlainEncoding.numbered(3));
        assertThat(Score.of(THREE, three, 1).logLoss()).isEqualTo((Math.log(2) + Math.log(3)) / 3, ROUNDING);
    }

    @Test
    void aRowOfNoWeightCountsForNothingWhateverItsLossIs() {
        double[][] logits = {{Double.NEGATIVE_INFINITY}, {0}};
        Dataset data = Dataset.of(DenseMatrix.ofRows(logits), Labels.of(List.of("yes", "no")))
                .withWeights(new double[] {0, 1});
        assertThat(Score.of(TWO, data, 1)).isEqualTo(new Score(Math.log(2), 1));
    }

    private static Dataset rows(Dataset data, int... chosen) {
        double[][] features = new double[chosen.length][data.features().cols()];
        for (int i = 0; i < chosen.length; i++) {
            data.features().copyRow(chosen[i], features[i]);
        }
        List<String> names = Arrays.stream(chosen)
                .mapToObj(i -> data.labels().classes().get(data.labels().indices()[i]))
                .toList();
        return Dataset.of(DenseMatrix.ofRows(features), Labels.of(names));
    }

    @Test
    void twoClassesByHand() {
        Evaluation e = Evaluation.of(TWO, fourRows(), 1);
        assertThat(e.rows()).isEqualTo(4);
        assertThat(e.classes()).containsExactly("no", "yes");
        assertThat(e.logLoss()).isCloseTo(-(2 * Math.log(0.75) + Math.log(0.1) + Math.log(0.85)) / 4, ROUNDING);
        assertThat(e.accuracy()).isEqualTo(0.75);
        assertThat(e.brier()).isCloseTo((0.0625 + 0.0625 + 0.81 + 0.0225) / 4, ROUNDING);
        // "yes" at .75 and .85 against "no" at .25 and .9: two of four pairs are in order.
        assertThat(e.auc()).isEqualTo(0.5);
        // Two rows at .75, both right; one at .9, wrong; one at .85, right.
        assertThat(e.calibration().expectedError()).isCloseTo((2 * 0.25 + 0.9 + 0.15) / 4, ROUNDING);
        assertThat(e.confusion()).isDeepEqualTo(new double[][] {{1, 1}, {0, 2}});
    }

    @Test
    void manyClassesByHand() {
        Evaluation e = Evaluation.of(THREE, threeRows(), 1);
        assertThat(e.logLoss()).isCloseTo(-(Math.log(0.5) + Math.log(0.2) + Math.log(0.45)) / 3, ROUNDING);
        assertThat(e.accuracy()).isEqualTo(2.0 / 3);
        assertThat(e.brier()).isCloseTo((0.38 + 1.14 + 0.455) / 3, ROUNDING);
        assertThat(e.auc()).isNaN();
        assertThat(e.calibration().expectedError()).isCloseTo((0.5 + 0.7 + 0.55) / 3, ROUNDING);
        assertThat(e.confusion()).isDeepEqualTo(new double[][] {{1, 0, 0}, {0, 1, 1}, {0, 0, 0}});
    }

    @Test
    void weightTwoEqualsRowTwiceAndWeightZeroEqualsRowGone() {
        Evaluation weighted = Evaluation.of(TWO, fourRows().withWeights(new double[] {2, 1, 0, 1}), 1);
        Evaluation repeated = Evaluation.of(TWO, rows(fourRows(), 0, 0, 1, 3), 1);
        assertThat(weighted.logLoss()).isCloseTo(repeated.logLoss(), ROUNDING);
        assertThat(weighted.accuracy()).isEqualTo(repeated.accuracy());
        assertThat(weighted.brier()).isCloseTo(repeated.brier(), ROUNDING);
        assertThat(weighted.auc()).isEqualTo(repeated.auc());
        assertThat(weighted.calibration().expectedError())
                .isCloseTo(repeated.calibration().expectedError(), ROUNDING);
        assertThat(weighted.confusion()).isDeepEqualTo(repeated.confusion());
    }

    @Test
    void offsetIsAddedToTheLogits() {
        double[] offset = new double[9];
        offset[0] = 50;
        offset[4] = 50;
        offset[7] = 50;
        Evaluation e = Evaluation.of(THREE, threeRows().withOffset(offset), 1);
        assertThat(e.accuracy()).isEqualTo(1);
        assertThat(e.logLoss()).isCloseTo(0, ROUNDING);
    }

    @Test
    void logLossStaysFiniteWhereTheProbabilityUnderflows() {
        Dataset sure = Dataset.of(DenseMatrix.ofRows(new double[][] {{2000}, {-1}}), Labels.of(List.of("no", "yes")));
        assertThat(Evaluation.of(TWO, sure, 1).logLoss())
                .isCloseTo((2000 + Math.log1p(Math.exp(1))) / 2, within(1e-12));
    }

    @Test
    void threadsDoNotChangeABit() {
        SplittableRandom random = new SplittableRandom(7);
        int n = 20_000;
        double[] x = random.doubles(n, -3, 3).toArray();
        int[] y = random.ints(n, 0, 2).toArray();
        Dataset data = Dataset.of(DenseMatrix.of(n, 1, x), Labels.of(List.of("no", "yes"), y));
        Evaluation one = Evaluation.of(TWO, data, 1);
        Evaluation three = Evaluation.of(TWO, data, 3);
        assertThat(three.logLoss()).isEqualTo(one.logLoss());
        assertThat(three.brier()).isEqualTo(one.brier());
        assertThat(three.calibration().expectedError())
                .isEqualTo(one.calibration().expectedError());
    }

    @Test
    void scoreAloneIsThatOfTheEvaluation() {
        SplittableRandom random = new SplittableRandom(8);
        int n = 20_000;
        double[] x = random.doubles(3 * n, -3, 3).toArray();
        int[] y = random.ints(n, 0, 3).toArray();
        Dataset data = Dataset.of(DenseMatrix.of(n, 3, x), Labels.of(List.of("a", "b", "c"), y))
                .withWeights(random.ints(n, 0, 3).asDoubleStream().toArray())
                .withOffset(random.doubles(3 * n).toArray());
        Evaluation all = Evaluation.of(THREE, data, 1);
        assertThat(Score.of(THREE, data, 3)).isEqualTo(new Score(all.logLoss(), all.accuracy()));
        double[] offset = data.offset();
        double[] weights = data.weights();
        double loss = 0;
        double weight = 0;
        for (int i = 0; i < n; i++) {
            double sum = 0;
            for (int k = 0; k < 3; k++) {
                sum += Math.exp(x[3 * i + k] + offset[3 * i + k]);
            }
            loss += weights[i] * (Math.log(sum) - x[3 * i + y[i]] - offset[3 * i + y[i]]);
            weight += weights[i];
        }
        assertThat(all.logLoss()).isEqualTo(loss / weight, within(1e-13));
    }

    @Test
    void lossesOfTwoClassesAreThoseOfTheFormula() {
        SplittableRandom random = new SplittableRandom(9);
        int n = 20_000;
        double[] z = random.doubles(n, -5, 5).toArray();
        int[] y = random.ints(n, 0, 2).toArray();
        double loss = 0;
        for (int i = 0; i < n; i++) {
            loss += Math.log1p(Math.exp(y[i] == 1 ? -z[i] : z[i])) / n;
        }
        Dataset data = Dataset.of(DenseMatrix.of(n, 1, z), Labels.of(List.of("no", "yes"), y));
        assertThat(Score.of(TWO, data, 2).logLoss()).isEqualTo(loss, within(1e-13));
    }

    @Test
    void rowsOfWeightZeroMayHaveLogitsOfAnyKind() {
        double most = Double.MAX_VALUE;
        Dataset data = new Dataset(
                DenseMatrix.ofRows(new double[][] {{most, 0, 0}, {1, 2, 3}}),
                Labels.of(List.of("a", "b", "c"), new int[] {0, 1}),
                new double[] {0, 1},
                new double[] {most, 0, 0, 0, 0, 0},
                PlainEncoding.numbered(3));
        double sum = Math.exp(-1) + 1 + Math.exp(1);
        assertThat(Score.of(THREE, data, 1))
                .isEqualTo(new Score(Score.of(THREE, rows(data, 1), 1).logLoss(), 0));
        assertThat(Score.of(THREE, data, 1).logLoss()).isEqualTo(Math.log(sum), ROUNDING);
    }

    @Test
    void aRowOfWeightZeroMayBeOfAClassThatTheModelDoesNotKnow() {
        for (Model model : List.of(TWO, THREE)) {
            Dataset rows = model == TWO ? fourRows() : threeRows();
            int n = rows.labels().rows();
            List<String> classes = Stream.concat(rows.labels().classes().stream(), Stream.of("zzz"))
                    .toList();
            double[][] x = new double[n + 1][rows.features().cols()];
            int[] y = new int[n + 1];
            y[0] = classes.size() - 1;
            double[] weights = new double[n + 1];
            for (int i = 1; i <= n; i++) {
                rows.features().copyRow(i - 1, x[i]);
                y[i] = rows.labels().indices()[i - 1];
                weights[i] = i;
            }
            Dataset more = new Dataset(DenseMatrix.ofRows(x), Labels.of(classes, y), weights, null, rows.encoding());
            double[] own = Arrays.copyOfRange(weights, 1, n + 1);
            Dataset less = new Dataset(rows.features(), rows.labels(), own, null, rows.encoding());
            Score score = Score.of(model, less, 2);
            assertThat(Score.of(model, more, 2)).isEqualTo(score);
            assertThat(Evaluation.of(model, more, 2).logLoss()).isEqualTo(score.logLoss());
            assertThat(Evaluation.of(model, more, 2).accuracy()).isEqualTo(score.accuracy());
            RowMeasures measures = RowMeasures.of(model, more, 2);
            assertThat(measures.truth(0)).isEqualTo(-1);
            assertThat(measures.truth(1))
                    .isEqualTo(RowMeasures.of(model, less, 1).truth(0));
        }
    }

    @Test
    void classUnknownToTheModelIsRefusedByName() {
        Dataset other = Dataset.of(DenseMatrix.ofRows(new double[][] {{1}, {2}}), Labels.of(List.of("yes", "maybe")));
        assertThatThrownBy(() -> Evaluation.of(TWO, other, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a row is of class maybe, the model knows no, yes");
    }
}
