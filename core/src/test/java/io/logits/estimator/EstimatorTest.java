package io.logits.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logits.data.Dataset;
import io.logits.data.Labels;
import io.logits.data.Matrix;
import io.logits.model.LogisticModel;
import io.logits.model.SoftmaxModel;
import io.logits.reference.Rows;
import io.logits.solver.Progress;
import io.logits.solver.StopReason;
import io.logits.testkit.Tolerance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EstimatorTest {
    private static final Tolerance MEAN = Tolerance.relative(1e-12, "rounding of sums of 40,000 terms");

    private final double[][] x = {{1, 0.5}, {2, -1}, {0.3, 1}, {-1, 0.7}, {0.1, -0.2}, {1.5, 2}};
    private final Dataset binary =
            Dataset.of(Rows.dense(x, 2), Labels.of(List.of("no", "yes", "yes", "no", "yes", "no")));
    private final Dataset many = Dataset.of(Rows.dense(x, 2), Labels.of(List.of("a", "b", "c", "a", "b", "c")));

    @Test
    void theEstimatorMustSuitTheNumberOfClasses() {
        assertThatThrownBy(() -> LogisticRegression.withDefaults().fit(many))
                .hasMessage("3 classes were given, logistic regression has 2; use softmax regression");
        assertThatThrownBy(() -> SoftmaxRegression.withDefaults().fit(binary))
                .hasMessage("2 classes were given, softmax regression has 3 or more; use logistic regression");
    }

    @Test
    void lambdaAndCAreOneScale() {
        Fit<LogisticModel> byC = LogisticRegression.withDefaults().withC(2).fit(binary);
        Fit<LogisticModel> byLambda =
                LogisticRegression.withDefaults().withLambda(1.0 / 12).fit(binary);
        assertThat(byC.lambda()).isEqualTo(1.0 / 12);
        assertThat(byLambda.c()).isEqualTo(2);
        assertThat(byC.model().coefficient(0, 0)).isEqualTo(byLambda.model().coefficient(0, 0));
    }

    @Test
    void theModelKnowsTheMeanRowByTheWeightsOfRowsAlone() {
        int n = 40_000;
        double[][] rows = new double[n][3];
        double[] weights = new double[n];
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            rows[i] = new double[] {i % 7, i % 3 == 0 ? 5 : 0, 1e6 + i % 2};
            weights[i] = i % 4;
            labels.add(i % 5 == 0 ? "no" : "yes");
        }
        double[] expected = means(rows, weights);
        for (Matrix matrix : List.of(Rows.dense(rows, 3), Rows.sparse(rows, 3))) {
            Dataset data = Dataset.of(matrix, Labels.of(labels)).withWeights(weights);
            // With even classes the certificate tells the means, else a pass does.
            for (ClassWeights classes : List.of(new ClassWeights.Balanced(), ClassWeights.none())) {
                LogisticRegression estimator = LogisticRegression.withDefaults()
                        .withOptions(
                                Options.defaults().withClassWeights(classes).withThreads(1));
                LogisticModel model = estimator.fit(data).model();
                LogisticModel threads = estimator
                        .withOptions(estimator.options().withThreads(3))
                        .fit(data)
                        .model();
                for (int j = 0; j < 3; j++) {
                    MEAN.check(Math.abs(model.mean(j) / expected[j] - 1), "feature " + j);
                    assertThat(threads.mean(j)).isEqualTo(model.mean(j));
                }
            }
        }
    }

    @Test
    void meansOfManyClassesAreThoseOfAllRows() {
        int n = 3000;
        Random random = new Random(5);
        double[][] rows = new double[n][3];
        double[] weights = new double[n];
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            rows[i] = new double[] {i % 7, i % 3 == 0 ? 5 : 0, 1e6 + i % 2};
            String label = List.of("a", "b", "c", "without weight").get(random.nextInt(4));
            weights[i] = label.length() > 1 ? 0 : 1 + i % 3;
            labels.add(label);
        }
        double[] expected = means(rows, weights);
        for (Matrix matrix : List.of(Rows.dense(rows, 3), Rows.sparse(rows, 3))) {
            Dataset data = Dataset.of(matrix, Labels.of(labels)).withWeights(weights);
            for (PenaltyKind penalty : List.of(PenaltyKind.L2, PenaltyKind.L1, PenaltyKind.NONE)) {
                SoftmaxModel model = SoftmaxRegression.withDefaults()
                        .withOptions(Options.defaults().withPenalty(penalty))
                        .fit(data)
                        .model();
                for (int j = 0; j < 3; j++) {
                    MEAN.check(Math.abs(model.mean(j) / expected[j] - 1), penalty + ", feature " + j);
                }
            }
        }
    }

    /** The weighted mean of each column. */
    private static double[] means(double[][] rows, double[] weights) {
        double[] means = new double[rows[0].length];
        double total = Arrays.stream(weights).sum();
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < means.length; j++) {
                means[j] += weights[i] * rows[i][j] / total;
            }
        }
        return means;
    }

    @Test
    void lambdaZeroIsNoPenalty() {
        Fit<LogisticModel> none =
                LogisticRegression.withDefaults().withPenalty(PenaltyKind.NONE).fit(binary);
        Fit<LogisticModel> zero =
                LogisticRegression.withDefaults().withLambda(0).fit(binary);
        assertThat(zero.model().intercept(0)).isEqualTo(none.model().intercept(0));
        assertThat(none.c()).isInfinite();
        assertThat(none.solution().dual()).isNaN();
        assertThat(none.solution().newtonDecrement()).isLessThanOrEqualTo(1e-6);
    }

    @ParameterizedTest
    @EnumSource(
            value = SolverChoice.class,
            names = {"NEWTON_CHOLESKY", "NEWTON_CG", "LBFGS"})
    void thePassesAllowedAreKeptAndNamedAsTheReason(SolverChoice solver) {
        Options options =
                Options.defaults().withSolver(solver).withTolerance(1e-14).withMaxPasses(3);
        Fit<LogisticModel> fit =
                LogisticRegression.withDefaults().withOptions(options).fit(binary);
        assertThat(fit.solution().reason()).isEqualTo(StopReason.MAX_PASSES);
        assertThat(fit.solution().converged()).isFalse();
        assertThat(fit.solution().passes()).isLessThanOrEqualTo(5);
    }

    @Test
    void lbfgsWithoutAPenaltyIsRefused() {
        Options options = Options.defaults().withSolver(SolverChoice.LBFGS).withPenalty(PenaltyKind.NONE);
        assertThatThrownBy(() ->
                        LogisticRegression.withDefaults().withOptions(options).fit(binary))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("lbfgs measures its end by the duality gap, which exists only with a penalty");
    }

    @Test
    void aWarmStartAtTheOptimumIsDoneAtOnce() {
        Options tight = Options.defaults().withTolerance(1e-9);
        LogisticModel model =
                LogisticRegression.withDefaults().withOptions(tight).fit(binary).model();
        var again = LogisticRegression.withDefaults()
                .withOptions(tight.withTolerance(1e-8).withWarmStart(model))
                .fit(binary);
        assertThat(again.solution().iterations()).isZero();
        assertThatThrownBy(() -> SoftmaxRegression.withDefaults()
                        .withOptions(Options.defaults().withWarmStart(model))
                        .fit(many))
                .hasMessage("the warm start has classes [no, yes] and 2 features, the data has classes [a, b, c] and 2"
                        + " features");
    }

    @Test
    void theListenerHearsWhatTheTraceKeeps() {
        List<Progress> heard = new ArrayList<>();
        Options options = Options.defaults().withListener(heard::add);
        var fit = SoftmaxRegression.withDefaults().withOptions(options).fit(many);
        assertThat(fit.solution().trace()).isEqualTo(heard).isNotEmpty();
    }

    @Test
    void penalisedInterceptsOfManyClassesHaveMeanZeroAndUnpenalisedAreRelativeToTheFirst() {
        var ridge = SoftmaxRegression.withDefaults().fit(many).model();
        assertThat(ridge.intercept(0) + ridge.intercept(1) + ridge.intercept(2))
                .isCloseTo(0, org.assertj.core.data.Offset.offset(1e-15));
        double[][] twice = {{1, 0}, {1, 0}, {1, 0}, {0, 1}, {0, 1}, {0, 1}, {0, 0}, {0, 0}, {0, 0}};
        Dataset overlapping =
                Dataset.of(Rows.dense(twice, 2), Labels.of(List.of("a", "b", "c", "a", "b", "c", "a", "b", "c")));
        var none = SoftmaxRegression.withDefaults()
                .withPenalty(PenaltyKind.NONE)
                .fit(overlapping)
                .model();
        assertThat(none.intercept(0)).isZero();
        assertThat(none.coefficient(0, 0)).isZero();
    }

    @Test
    void classWeightsOutOfRangeOrForUnknownClassesAreRefused() {
        assertThatThrownBy(() -> new ClassWeights.ByName(Map.of("yes", Double.NaN)))
                .hasMessage("the weight of class yes is NaN, a finite number > 0 is needed");
        Options options = Options.defaults().withClassWeights(new ClassWeights.ByName(Map.of("maybe", 2.0)));
        assertThatThrownBy(() ->
                        LogisticRegression.withDefaults().withOptions(options).fit(binary))
                .hasMessage("a weight is given for class maybe, the classes are [no, yes]");
    }

    @Test
    void theModelRemembersClassWeightsByName() {
        Map<ClassWeights, String> texts = Map.of(
                ClassWeights.none(),
                "none",
                new ClassWeights.Balanced(),
                "balanced",
                new ClassWeights.ByName(Map.of("yes", 2.0, "no", 0.5)),
                "{no=0.5, yes=2.0}");
        texts.forEach((weights, text) -> {
            Options options = Options.defaults().withClassWeights(weights);
            Fit<LogisticModel> fit =
                    LogisticRegression.withDefaults().withOptions(options).fit(binary);
            assertThat(fit.model().provenance().options()).containsEntry("class_weights", text);
        });
    }

    @ParameterizedTest
    @EnumSource(SolverChoice.class)
    void aFeatureThatIsNoFiniteNumberIsRefusedByNameAndRow(SolverChoice solver) {
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            double[][] damaged = {{1, 0.5}, {2, -1}, {0.3, bad}, {-1, 0.7}};
            Dataset data = Dataset.of(Rows.dense(damaged, 2), Labels.of(List.of("a", "b", "a", "b")));
            assertThatThrownBy(() -> LogisticRegression.withDefaults()
                            .withOptions(Options.defaults().withSolver(solver))
                            .fit(data))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("feature x2 of row 2 is " + bad + ", a finite number is needed");
        }
    }
}
