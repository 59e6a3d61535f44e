package io.logits.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logits.data.Dataset;
import io.logits.data.Labels;
import io.logits.data.Matrix;
import io.logits.reference.Fitted;
import io.logits.reference.Rows;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Without a penalty separable classes have no best fit: that is said by name, and of no other data. */
class SeparationTest {
    private static final int N = 90;
    private static final Options PLAIN = Options.defaults().withPenalty(PenaltyKind.NONE);

    /** The two solvers that work without a penalty. */
    private enum Newton {
        CHOLESKY(SolverChoice.NEWTON_CHOLESKY),
        CG(SolverChoice.NEWTON_CG);

        private final SolverChoice choice;

        Newton(SolverChoice choice) {
            this.choice = choice;
        }
    }

    private static double[][] noise() {
        SplittableRandom random = new SplittableRandom(3);
        double[][] x = new double[N][3];
        for (double[] row : x) {
            Arrays.setAll(row, j -> random.nextDouble(-1, 1));
        }
        return x;
    }

    private static void refused(double[][] x, int[] y, Newton newton, String features) {
        int classes = Arrays.stream(y).max().orElse(0) + 1;
        for (Matrix matrix : List.of(Rows.dense(x, 3), Rows.sparse(x, 3))) {
            assertThatThrownBy(() -> Fitted.of(classes, data(matrix, y), PLAIN.withSolver(newton.choice)))
                    .isInstanceOf(SeparationException.class)
                    .hasMessageContaining("can be told apart, if only in part, by " + features + ",")
                    .hasMessageContaining("use a penalty");
        }
    }

    private static Dataset data(Matrix x, int[] y) {
        return Dataset.of(x, Labels.of(IntStream.of(y).mapToObj(k -> "c" + k).toList()));
    }

    private static int[] labels(java.util.function.IntUnaryOperator rule) {
        return IntStream.range(0, N).map(rule).toArray();
    }

    @ParameterizedTest
    @EnumSource(Newton.class)
    void completeSeparationByOneFeatureIsNamed(Newton newton) {
        double[][] x = noise();
        int[] y = labels(i -> i % 2);
        for (int i = 0; i < N; i++) {
            // Only this column separates; what it adds to the others cannot help.
            x[i][1] = (y[i] == 1 ? 1 : -1) * (1 + Math.abs(x[i][1]));
        }
        int[] labels = y;
        for (Matrix matrix : List.of(Rows.dense(x, 3), Rows.sparse(x, 3))) {
            assertThatThrownBy(() -> Fitted.of(2, data(matrix, labels), PLAIN.withSolver(newton.choice)))
                    .isInstanceOf(SeparationException.class)
                    .hasMessageContaining("by x2");
        }
    }

    @ParameterizedTest
    @EnumSource(Newton.class)
    void quasiCompleteSeparationNamesItsFeatureAlone(Newton newton) {
        double[][] x = noise();
        SplittableRandom random = new SplittableRandom(5);
        int[] y = labels(i -> random.nextInt(2));
        for (int i = 0; i < N; i++) {
            // Present in a few rows of class 1 and in none of class 0.
            x[i][1] = y[i] == 1 && i % 5 == 0 ? 1 : 0;
        }
        refused(x, y, newton, "x2");
    }

    @ParameterizedTest
    @EnumSource(Newton.class)
    void quasiCompleteSeparationOfOneClassOfManyIsNamed(Newton newton) {
        double[][] x = noise();
        SplittableRandom random = new SplittableRandom(6);
        int[] y = labels(i -> i < 4 ? i : random.nextInt(4));
        for (int i = 0; i < N; i++) {
            x[i][2] = y[i] == 3 && i % 3 == 0 ? 1 : 0;
        }
        refused(x, y, newton, "x3");
    }

    @ParameterizedTest
    @EnumSource(Newton.class)
    void completeSeparationOfManyClassesIsRefused(Newton newton) {
        double[][] x = noise();
        int[] y = labels(i -> i % 3);
        for (int i = 0; i < N; i++) {
            x[i][0] = 4 * y[i] + x[i][0];
            x[i][1] = (y[i] == 1 ? 3 : -3) + x[i][1];
        }
        assertThatThrownBy(() -> Fitted.of(3, data(Rows.dense(x, 3), y), PLAIN.withSolver(newton.choice)))
                .isInstanceOf(SeparationException.class);
    }

    @ParameterizedTest
    @EnumSource(Newton.class)
    void nearlySeparableDataIsFitted(Newton newton) {
        double[][] x = noise();
        int[] y = labels(i -> i % 2);
        for (int i = 0; i < N; i++) {
            x[i][1] = (y[i] == 1 ? 1 : -1) * (1 + Math.abs(x[i][1]));
        }
        // Two rows on the wrong side, of opposite classes: no direction separates any more.
        double kept = x[0][1];
        x[0][1] = x[1][1];
        x[1][1] = kept;
        x[2] = x[3].clone();
        x[4] = x[5].clone();
        Fitted fitted = Fitted.of(2, data(Rows.dense(x, 3), y), PLAIN.withSolver(newton.choice));
        assertThat(fitted.solution().converged()).isTrue();
        assertThat(Arrays.stream(fitted.theta()).map(Math::abs).max().orElseThrow())
                .isLessThan(100);
    }

    @ParameterizedTest
    @EnumSource(Newton.class)
    void aSteepButFiniteFitIsNotCalledSeparation(Newton newton) {
        // 2 of 2001 against 2000 of 2001: the coefficient is 2 log(2000) and finite.
        double[][] x = new double[4002][];
        int[] y = new int[x.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = new double[] {i < 2001 ? -1 : 1};
            y[i] = (i < 2001) ^ (i == 0 || i == 4001) ? 0 : 1;
        }
        Fitted fitted = Fitted.of(2, data(Rows.dense(x, 1), y), PLAIN.withSolver(newton.choice));
        assertThat(fitted.solution().converged()).isTrue();
        assertThat(fitted.theta()[0]).isCloseTo(Math.log(2000), org.assertj.core.data.Offset.offset(1e-4));
    }

    @Test
    void withAPenaltySeparableDataIsFitted() {
        double[][] x = {{-2}, {-1}, {1}, {2}};
        Fitted fitted = Fitted.of(2, data(Rows.dense(x, 1), new int[] {0, 0, 1, 1}), Options.defaults());
        assertThat(fitted.solution().converged()).isTrue();
    }

    private static FeatureRules free(String... names) {
        return new FeatureRules(
                Arrays.stream(names).collect(Collectors.toMap(name -> name, name -> 0.0)), Map.of(), Map.of());
    }

    /** With a penalty on the others a feature of factor 0 separates as it does without any. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void featuresOfFactorZeroThatSeparateAreNamed(int classes) {
        double[][] x = noise();
        int[] y = labels(i -> i % classes);
        for (int i = 0; i < N; i++) {
            x[i][1] = 2000 + (y[i] == 1 ? 1 : -1) * (1 + Math.abs(x[i][1]));
        }
        for (Matrix matrix : List.of(Rows.dense(x, 3), Rows.sparse(x, 3))) {
            for (PenaltyKind penalty : List.of(PenaltyKind.L2, PenaltyKind.L1)) {
                Options options = Options.defaults().withPenalty(penalty).withFeatures(free("x3", "x2"));
                String start = "separation: the classes can be told apart, if only in part, by x2";
                String end = ", whose penalty factor is 0, so the coefficients have no finite best values; use a factor"
                        + " above 0";
                assertThatThrownBy(() -> Fitted.of(classes, data(matrix, y), options))
                        .isInstanceOf(SeparationException.class)
                        .hasMessageStartingWith(start)
                        .hasMessageEndingWith(end);
                LinearClassifier<?, ?> classifier = classes == 2
                        ? LogisticRegression.withDefaults().withOptions(options)
                        : SoftmaxRegression.withDefaults().withOptions(options);
                assertThatThrownBy(() -> classifier.path(data(matrix, y)))
                        .isInstanceOf(SeparationException.class)
                        .hasMessageStartingWith(start)
                        .hasMessageEndingWith(end);
            }
        }
    }

    /** What separates is penalised, or within bounds, or separates beside others only. */
    @Test
    void featuresOfFactorZeroThatDoNotSeparateAreFitted() {
        double[][] x = noise();
        int[] y = labels(i -> i % 2);
        for (int i = 0; i < N; i++) {
            x[i][1] = (y[i] == 1 ? 1 : -1) * (1 + Math.abs(x[i][1]));
        }
        Dataset data = data(Rows.dense(x, 3), y);
        assertThat(Fitted.of(2, data, Options.defaults().withFeatures(free("x1", "x3")))
                        .solution()
                        .converged())
                .isTrue();
        FeatureRules bounded = new FeatureRules(Map.of("x2", 0.0), Map.of("x2", -1.0), Map.of("x2", 1.0));
        assertThat(Fitted.of(2, data, Options.defaults().withFeatures(bounded))
                        .solution()
                        .converged())
                .isTrue();
    }

    /** Beside a penalty passes are cheap; without one many are needed, and a factor of the second derivatives pays. */
    @Test
    void autoSolvesByAFactorWhereOtherMethodsWouldNeedManyPasses() {
        SplittableRandom random = new SplittableRandom(5);
        double[][] x = new double[2000][60];
        for (double[] row : x) {
            Arrays.setAll(row, j -> random.nextDouble(-1, 1));
        }
        int[] y = IntStream.range(0, x.length).map(i -> random.nextInt(2)).toArray();
        Dataset data = data(Rows.dense(x, 60), y);
        assertThat(Fitted.of(2, data, PLAIN).solution().solver()).isEqualTo("newton-cholesky");
        assertThat(Fitted.of(2, data, Options.defaults()).solution().solver()).isEqualTo("lbfgs");
    }
}
