package io.logits.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logits.data.CsrMatrix;
import io.logits.data.Dataset;
import io.logits.data.Labels;
import io.logits.estimator.FeatureRules;
import io.logits.estimator.Options;
import io.logits.estimator.PenaltyKind;
import io.logits.estimator.Strength;
import io.logits.model.Model;
import io.logits.reference.Rows;
import io.logits.testkit.Tolerance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors of single columns by conjugate gradients are those of the inverse of all second derivatives. */
class SelectedCoefficientsTest {
    private static final Tolerance DENSE =
            Tolerance.relative(1e-8, "residuals of 1e-10, through matrices of condition below 1e4");
    private static final Tolerance SOLVER =
            Tolerance.absolute(1e-6, "a gap of 1e-14 leaves coefficients off by its root");
    private static final int ROWS = 300;
    private static final double LEVEL = 0.9;

    private final SplittableRandom random = new SplittableRandom(44);

    private double[][] rows(int features, double centre) {
        double[][] x = new double[ROWS][features];
        for (double[] row : x) {
            Arrays.setAll(row, j -> random.nextInt(3) == 0 ? 0 : random.nextDouble(-1, 1) + (j == 0 ? centre : 0));
        }
        return x;
    }

    private Labels labels(double[][] x, double centre, int classes) {
        List<String> names = new ArrayList<>();
        for (double[] row : x) {
            double z = (row[0] == 0 ? 0 : row[0] - centre) - row[1] + random.nextDouble(-2, 2);
            names.add("c" + (int) Math.max(0, Math.min(classes - 1, Math.floor((z + 1.5) / 3 * classes))));
        }
        return Labels.of(names);
    }

    private static void same(double ours, double expected, String what) {
        DENSE.check(Math.abs(ours - expected) / Math.abs(expected), what);
    }

    @Test
    void withoutAPenaltyTheyAreThoseOfTheTableOfAll() {
        for (int classes : new int[] {2, 3}) {
            for (boolean sparse : new boolean[] {false, true}) {
                double centre = sparse ? 0 : 1000;
                double[][] x = rows(4, centre);
                for (double[] row : x) {
                    row[0] = row[0] == 0 ? centre : row[0];
                }
                Dataset data = Dataset.of(sparse ? Rows.sparse(x, 4) : Rows.dense(x, 4), labels(x, centre, classes))
                        .withWeights(random.doubles(ROWS, 0, 2).toArray());
                Inference all = Inference.of(data, InferenceCase.options(), WeightKind.FREQUENCY);
                List<Coefficient> table = all.coefficients(all.covariance(), LEVEL);
                List<String> names = List.of("x3", "(intercept)", "x1");
                List<Coefficient> some = SelectedCoefficients.of(data, InferenceCase.options(), names, LEVEL)
                        .coefficients();
                assertThat(some).hasSize(3 * (classes - 1));
                for (Coefficient line : some) {
                    Coefficient expected = table.stream()
                            .filter(other -> other.parameter().equals(line.parameter()))
                            .findFirst()
                            .orElseThrow();
                    same(line.estimate(), expected.estimate(), "estimate of " + line.parameter());
                    same(line.standardError(), expected.standardError(), "error of " + line.parameter());
                    same(line.low(), expected.low(), "low of " + line.parameter());
                    same(line.z(), expected.z(), "z of " + line.parameter());
                }
            }
        }
    }

    /** The inverse of penalised second derivatives, the common shift of intercepts left to a weak penalty of their mean. */
    private static double[] inverse(double[] theta, double[][] x, double lambda) {
        int own = x[0].length + 1;
        int order = theta.length;
        double[] h = new double[order * order];
        for (double[] row : x) {
            double[] p = probabilities(theta, row);
            for (int a = 0; a < order; a++) {
                for (int b = 0; b <= a; b++) {
                    double curve = p[a / own] * ((a / own == b / own ? 1 : 0) - p[b / own]);
                    h[a * order + b] += curve * entry(row, a % own) * entry(row, b % own);
                }
            }
        }
        for (int a = 0; a < order; a++) {
            h[a * order + a] += a % own < own - 1 ? x.length * lambda : 0;
            for (int b = 0; b <= a && order > own; b++) {
                // Along the common shift alone, in which nothing else curves.
                h[a * order + b] += a % own == own - 1 && b % own == own - 1 ? 1 : 0;
            }
        }
        return Information.of(h).inverse();
    }

    /** Of each logit: of two classes that of the second alone. */
    private static double[] probabilities(double[] theta, double[] row) {
        int own = row.length + 1;
        double[] p = new double[theta.length / own];
        double sum = p.length == 1 ? 1 : 0;
        for (int k = 0; k < p.length; k++) {
            double z = 0;
            for (int j = 0; j < own; j++) {
                z += theta[k * own + j] * entry(row, j);
            }
            p[k] = Math.exp(z);
            sum += p[k];
        }
        double all = sum;
        return Arrays.stream(p).map(one -> one / all).toArray();
    }

    private static double entry(double[] row, int j) {
        return j < row.length ? row[j] : 1;
    }

    @Test
    void withRidgeTheyAreOfThePenalisedSecondDerivatives() {
        double lambda = 0.02;
        Options options = Options.defaults()
                .withPenalty(PenaltyKind.L2)
                .withStrength(new Strength.Lambda(lambda))
                .withTolerance(1e-14);
        for (int classes : new int[] {2, 3}) {
            double[][] x = rows(4, 0);
            Dataset data = Dataset.of(Rows.sparse(x, 4), labels(x, 0, classes));
            SelectedCoefficients all =
                    SelectedCoefficients.of(data, options, List.of("x1", "x2", "x3", "x4", "(intercept)"), LEVEL);
            Model model = all.fit().model();
            double[] theta = all.coefficients().stream()
                    .mapToDouble(Coefficient::estimate)
                    .toArray();
            double[] inverse = inverse(theta, x, lambda);
            for (int at = 0; at < theta.length; at++) {
                Coefficient line = all.coefficients().get(at);
                boolean intercept = at % 5 == 4;
                double found = intercept ? model.intercept(at / 5) : model.coefficient(at / 5, at % 5);
                SOLVER.check(Math.abs(line.estimate() - found), "estimate of " + line.parameter());
                // Along the common shift nothing curves but the penalty, or of intercepts what the oracle put there: a
                // variance, of the mean, that is no part of a centred coefficient's.
                double shared = intercept ? 1.0 / classes / classes : 1 / (ROWS * lambda * classes);
                double shift = classes > 2 ? shared : 0;
                same(
                        line.standardError(),
                        Math.sqrt(inverse[at * theta.length + at] - shift),
                        "error of " + line.parameter());
                assertThat(line.z()).isNaN();
                assertThat(line.p()).isNaN();
            }
        }
    }

    @Test
    void withRidgeTheErrorsOfManyClassesAreThoseOfTheCurvatureAtTheModel() {
        double lambda = 0.02;
        Options options =
                Options.defaults().withStrength(new Strength.Lambda(lambda)).withTolerance(1e-14);
        double[][] x = rows(3, 0);
        Dataset data = Dataset.of(Rows.dense(x, 3), labels(x, 0, 4));
        SelectedCoefficients some =
                SelectedCoefficients.of(data, options, List.of("(intercept)", "x1", "x2", "x3"), LEVEL);
        List<Coefficient> all =
                new CurvatureIntervals(lambda, true, ROWS).of(some.fit().model(), data, LEVEL, 1);
        assertThat(some.coefficients()).hasSameSizeAs(all);
        for (int at = 0; at < all.size(); at++) {
            Coefficient line = some.coefficients().get(at);
            assertThat(line.parameter()).isEqualTo(all.get(at).parameter());
            SOLVER.check(Math.abs(line.estimate() - all.get(at).estimate()), "estimate of " + line.parameter());
            SOLVER.check(Math.abs(line.standardError() - all.get(at).standardError()), "error of " + line.parameter());
        }
    }

    /** Columns that are the same but for noise, ever less of it: of so many scales that rounding ends conjugate gradients. */
    @Test
    void whatConjugateGradientsDoNotReachIsNotSaidToDependOnOthers() {
        int columns = 30;
        double[][] x = new double[ROWS][columns];
        for (double[] row : x) {
            double shared = random.nextDouble(-1, 1);
            Arrays.setAll(row, j -> shared + Math.pow(10, -4.5 * j / columns) * random.nextDouble(-1, 1));
        }
        Dataset data = Dataset.of(Rows.sparse(x, columns), labels(x, 0, 2));
        SelectedCoefficients some =
                SelectedCoefficients.of(data, InferenceCase.options(), List.of("x30", "(intercept)"), LEVEL);
        Coefficient first = some.coefficients().get(0);
        assertThat(first.standardError()).isNaN();
        assertThat(some.unsolved()).contains(first.parameter());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void columnsThatAreZeroOrTwiceAnotherHaveNoError(boolean sparse) {
        for (int classes : new int[] {2, 3}) {
            double[][] x = rows(4, 0);
            for (double[] row : x) {
                row[2] = 2 * row[0];
                row[3] = 0;
            }
            Dataset data = Dataset.of(sparse ? Rows.sparse(x, 4) : Rows.dense(x, 4), labels(x, 0, classes));
            SelectedCoefficients some =
                    SelectedCoefficients.of(data, InferenceCase.options(), List.of("x3", "x4", "x1", "x2"), LEVEL);
            assertThat(some.unsolved()).isEmpty();
            for (Coefficient line : some.coefficients()) {
                boolean alone = line.parameter().feature().equals("x2");
                assertThat(Double.isNaN(line.standardError())).isNotEqualTo(alone);
                assertThat(Double.isNaN(line.z())).isNotEqualTo(alone);
            }
        }
    }

    /** The preconditioner looks at some tiles of many rows: what it does not see need not depend on others. */
    @Test
    void aColumnOfFewDenseRowsHasAnError() {
        int rows = 20_000;
        double[][] x = new double[rows][];
        Arrays.setAll(x, i -> new double[] {random.nextDouble(-1, 1), i / 64 == 1 ? 1 : 0});
        Dataset data = Dataset.of(Rows.dense(x, 2), labels(x, 0, 2));
        Coefficient rare = SelectedCoefficients.of(data, InferenceCase.options(), List.of("x2"), LEVEL)
                .coefficients()
                .get(0);
        Inference all = Inference.of(data, InferenceCase.options(), WeightKind.FREQUENCY);
        same(rare.standardError(), all.covariance().standardError(2), "error of the rare column");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void columnsThatDependOnEachOtherHaveNoError(boolean sparse) {
        double[][] x = rows(4, 0);
        for (double[] row : x) {
            row[3] = row[0] - 2 * row[1];
        }
        Dataset data = Dataset.of(sparse ? Rows.sparse(x, 4) : Rows.dense(x, 4), labels(x, 0, 2));
        List<Coefficient> some = SelectedCoefficients.of(
                        data, InferenceCase.options(), List.of("x4", "x3", "x1"), LEVEL)
                .coefficients();
        assertThat(some.get(0).standardError()).isNaN();
        assertThat(some.get(0).low()).isNaN();
        assertThat(some.get(2).standardError()).isNaN();
        double[][] less = Arrays.stream(x).map(row -> Arrays.copyOf(row, 3)).toArray(double[][]::new);
        Coefficient expected = SelectedCoefficients.of(
                        Dataset.of(Rows.dense(less, 3), data.labels()), InferenceCase.options(), List.of("x3"), LEVEL)
                .coefficients()
                .get(0);
        same(some.get(1).standardError(), expected.standardError(), "error of the column that depends on none");
    }

    /** Rows of so many columns, some entries of 1 in each. */
    private Dataset wide(int rows, int columns, int entries) {
        int[] start = new int[rows + 1];
        int[] index = new int[rows * entries];
        double[] values = new double[index.length];
        Arrays.fill(values, 1);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            int[] of =
                    random.ints(0, columns).distinct().limit(entries).sorted().toArray();
            System.arraycopy(of, 0, index, i * entries, entries);
            start[i + 1] = (i + 1) * entries;
            names.add(
                    Arrays.stream(of).filter(j -> j % 2 == 0).count() + random.nextInt(-4, 5) > entries / 2
                            ? "b"
                            : "a");
        }
        CsrMatrix x = CsrMatrix.ofBlocks(columns, List.of(CsrMatrix.Block.of(start, index, values)));
        return Dataset.of(x, Labels.of(names));
    }

    @Test
    void tensOfThousandsOfColumnsTakeSecondsAndNoSquareOfThem() {
        double lambda = 1e-3;
        Dataset data = wide(5000, 20_000, 40);
        Options options =
                Options.defaults().withStrength(new Strength.Lambda(lambda)).withTolerance(1e-10);
        List<String> columns = List.of("x1", "x2", "x20000");
        for (Coefficient line :
                SelectedCoefficients.of(data, options, columns, LEVEL).coefficients()) {
            // Between a column that the rows say nothing of and one whose rows all curve most and none other is there.
            double variance = line.standardError() * line.standardError();
            assertThat(variance).isLessThan(1 / (5000 * lambda)).isGreaterThan(1 / (5000 * lambda + 5000 * 0.25));
        }
        assertThatThrownBy(() -> Inference.of(data, InferenceCase.options(), WeightKind.FREQUENCY))
                .isInstanceOf(TooManyParametersException.class)
                .hasMessage("there are 20001 parameters, the covariances of all are computed for up to 3000");
    }

    @Test
    void thousandsOfColumnsWithoutAPenaltyToo() {
        int rows = 40_000;
        // Six ones in each row: the columns add up to six intercepts, all depend on each other.
        Dataset data = wide(rows, 3200, 6);
        List<Coefficient> dependent = SelectedCoefficients.of(
                        data, InferenceCase.options(), List.of("x1", "(intercept)"), LEVEL)
                .coefficients();
        assertThat(dependent.get(0).standardError()).isNaN();
        assertThat(dependent.get(1).standardError()).isNaN();
        List<Coefficient> alone = SelectedCoefficients.of(
                        data, InferenceCase.options().withIntercept(false), List.of("x1", "x2"), LEVEL)
                .coefficients();
        for (Coefficient line : alone) {
            // About 75 rows have the column, each with a curvature of at most 1/4.
            double variance = line.standardError() * line.standardError();
            assertThat(variance).isBetween(1 / (150 * 0.25), 1 / (40 * 0.05));
        }
    }

    @Test
    void whatHasNoSecondDerivativesOrIsNotThereIsRefused() {
        double[][] x = rows(2, 0);
        Dataset data = Dataset.of(Rows.dense(x, 2), labels(x, 0, 2));
        Options l1 = Options.defaults().withPenalty(PenaltyKind.L1);
        assertThatThrownBy(() -> SelectedCoefficients.of(data, l1, List.of("x1"), LEVEL))
                .hasMessage(
                        "the penalty is l1, none or l2 is needed: errors of single columns are by second derivatives");
        assertThatThrownBy(() -> SelectedCoefficients.check(l1, LEVEL)).hasMessageStartingWith("the penalty is l1, ");
        assertThatThrownBy(() -> SelectedCoefficients.check(l1.withPenalty(PenaltyKind.FIRTH), LEVEL))
                .hasMessageStartingWith("the penalty is firth, ");
        Options bounded =
                l1.withPenalty(PenaltyKind.L2).withFeatures(new FeatureRules(Map.of(), Map.of("*", 0.0), Map.of()));
        assertThatThrownBy(() -> SelectedCoefficients.check(bounded, LEVEL))
                .hasMessageStartingWith("the penalty is l2 within bounds, none or l2 is needed");
        assertThatThrownBy(() -> SelectedCoefficients.check(InferenceCase.options(), Double.NaN))
                .hasMessage("level is NaN, a number between 0 and 1 is needed");
        // L1 of strength 0 is no penalty.
        SelectedCoefficients.check(l1.withStrength(new Strength.Lambda(0)), LEVEL);
        assertThatThrownBy(() -> SelectedCoefficients.of(data, InferenceCase.options(), List.of("x9"), LEVEL))
                .hasMessage("there is no column x9 among the 2 features that were fitted");
    }
}
