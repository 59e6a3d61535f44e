package io.logits.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logits.data.Dataset;
import io.logits.data.Labels;
import io.logits.loss.LogisticLoss;
import io.logits.loss.SoftmaxLoss;
import io.logits.reference.Fitted;
import io.logits.reference.PlainProblem;
import io.logits.reference.Rows;
import io.logits.solver.Solution;
import io.logits.testkit.Tolerance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What fails in one library or another: each a test of its own. */
class PeerFaultsTest {
    private static final Tolerance SAME_OPTIMUM = Tolerance.relative(
            1e-5, "a relative gap of 1e-12 leaves coefficients within about its square root, over the curvature");

    private static final Options TIGHT = Options.defaults().withTolerance(1e-12);

    /** Rows of four features with noisy labels, not separable. */
    private static PlainProblem problem(int n, int classes, double lambda) {
        SplittableRandom random = new SplittableRandom(7);
        double[][] x = new double[n][4];
        int[] y = new int[n];
        for (int i = 0; i < n; i++) {
            Arrays.setAll(x[i], j -> random.nextDouble(-2, 2));
            double z = x[i][0] - x[i][1] + random.nextDouble(-3, 3);
            y[i] = i < classes ? i : (int) Math.min(classes - 1, classes / (1 + Math.exp(-z)));
        }
        double[] s = new double[n];
        Arrays.fill(s, 1);
        double[] ridge = new double[4];
        Arrays.fill(ridge, lambda);
        return new PlainProblem(x, y, s, new double[0], classes, true, ridge);
    }

    private static Dataset dense(double[][] x, int[] y, double... weights) {
        List<String> names = IntStream.rangeClosed(0, Arrays.stream(y).max().orElse(0))
                .mapToObj(k -> "c" + k)
                .toList();
        Dataset data = Dataset.of(Rows.dense(x, x[0].length), Labels.of(names, y));
        return weights.length == 0 ? data : data.withWeights(weights);
    }

    private static void sameOptimum(double[] actual, double[] expected) {
        for (int c = 0; c < expected.length; c++) {
            SAME_OPTIMUM.check(
                    Math.abs(actual[c] - expected[c]) / Math.max(1, Math.abs(expected[c])), "coefficient " + c);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void weightTwoEqualsRowTwice(int classes) {
        PlainProblem problem = problem(60, classes, 0);
        double[] weights = new double[60];
        List<double[]> rows = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            weights[i] = i % 3;
            for (int copy = 0; copy < i % 3; copy++) {
                rows.add(problem.x()[i]);
                labels.add(problem.y()[i]);
            }
        }
        int[] y = labels.stream().mapToInt(Integer::intValue).toArray();
        for (Strength strength : List.of(new Strength.Lambda(0.01), new Strength.C(0.5))) {
            Options options = TIGHT.withStrength(strength);
            double[] weighted = Fitted.of(classes, dense(problem.x(), problem.y(), weights), options)
                    .theta();
            double[] repeated = Fitted.of(classes, dense(rows.toArray(new double[0][]), y), options)
                    .theta();
            sameOptimum(weighted, repeated);
        }
    }

    @Test
    void weightZeroEqualsRowGoneAlsoWhenAClassGoesWithIt() {
        PlainProblem problem = problem(90, 4, 0);
        double[] weights =
                Arrays.stream(problem.y()).mapToDouble(k -> k == 1 ? 0 : 1).toArray();
        int[] kept = IntStream.range(0, 90).filter(i -> problem.y()[i] != 1).toArray();
        double[][] x = Arrays.stream(kept).mapToObj(i -> problem.x()[i]).toArray(double[][]::new);
        List<String> names =
                Arrays.stream(kept).mapToObj(i -> "c" + problem.y()[i]).toList();
        Fitted weighted = Fitted.of(4, dense(problem.x(), problem.y(), weights), TIGHT);
        Fitted gone = Fitted.of(3, Dataset.of(Rows.dense(x, 4), Labels.of(names)), TIGHT);
        assertThat(weighted.fit().model().classes()).containsExactly("c0", "c2", "c3");
        assertThat(weighted.fit().lambda()).isEqualTo(gone.fit().lambda());
        sameOptimum(weighted.theta(), gone.theta());
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1e4, -745, -37, -15, 15, 37, 745, 1e4})
    void lossesAreFiniteAndRightFarFromTheMargin(double z) {
        double[] loss = new double[1];
        double[] one = {z};
        new LogisticLoss(new int[] {1}).evaluateInPlace(one, 1, 0, 1, loss);
        double expected = z > 0 ? Math.log1p(Math.exp(-z)) : -z + Math.log1p(Math.exp(z));
        Tolerance ulps = Tolerance.relative(1e-15, "an ulp or two on each side");
        ulps.check(Math.abs(loss[0] - expected) / Math.max(expected, Double.MIN_NORMAL), "log loss");
        double[] three = {0, z, 0};
        new SoftmaxLoss(new int[] {1}, 3).evaluateInPlace(three, 3, 0, 1, loss);
        double expectedOfThree = z > 0 ? Math.log1p(2 * Math.exp(-z)) : -z + Math.log(2) + Math.log1p(Math.exp(z) / 2);
        ulps.check(Math.abs(loss[0] - expectedOfThree) / Math.max(expectedOfThree, Double.MIN_NORMAL), "cross-entropy");
        assertThat(Arrays.stream(three).allMatch(Double::isFinite)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void theOrderOfRowsDoesNotMatter(int classes) {
        PlainProblem problem = problem(80, classes, 0);
        int[] reversed = IntStream.range(0, 80).map(i -> 79 - i).toArray();
        double[][] x = Arrays.stream(reversed).mapToObj(i -> problem.x()[i]).toArray(double[][]::new);
        List<String> names =
                IntStream.range(0, 80).mapToObj(i -> "c" + problem.y()[i]).toList();
        List<String> turned = Arrays.stream(reversed).mapToObj(names::get).toList();
        Fitted there = Fitted.of(classes, Dataset.of(Rows.dense(problem.x(), 4), Labels.of(names)), TIGHT);
        Fitted back = Fitted.of(classes, Dataset.of(Rows.dense(x, 4), Labels.of(turned)), TIGHT);
        assertThat(back.fit().model().classes()).isEqualTo(there.fit().model().classes());
        sameOptimum(back.theta(), there.theta());
    }

    @Test
    void thePenaltyDoesNotDependOnWhichClassIsLast() {
        PlainProblem problem = problem(80, 4, 0);
        int[] turned = Arrays.stream(problem.y()).map(k -> 3 - k).toArray();
        double[] as = Fitted.of(4, dense(problem.x(), problem.y()), TIGHT).theta();
        double[] renamed = Fitted.of(4, dense(problem.x(), turned), TIGHT).theta();
        double[] turnedBack = new double[as.length];
        for (int k = 0; k < 4; k++) {
            System.arraycopy(renamed, 5 * (3 - k), turnedBack, 5 * k, 5);
        }
        sameOptimum(turnedBack, as);
    }

    @Test
    void swappingTwoClassesFlipsTheSignAndNothingElse() {
        PlainProblem problem = problem(80, 2, 0);
        int[] turned = Arrays.stream(problem.y()).map(k -> 1 - k).toArray();
        for (PenaltyKind penalty : EnumSet.complementOf(EnumSet.of(PenaltyKind.FIRTH))) {
            Options options = TIGHT.withPenalty(penalty);
            double[] as = Fitted.of(2, dense(problem.x(), problem.y()), options).theta();
            double[] renamed = Fitted.of(2, dense(problem.x(), turned), options).theta();
            sameOptimum(Arrays.stream(renamed).map(w -> -w).toArray(), as);
        }
    }

    @ParameterizedTest
    @EnumSource(SolverChoice.class)
    void badlyScaledColumnsReachTheOptimumOfTheirScaledTwin(SolverChoice solver) {
        PlainProblem problem = problem(120, 3, 0.01);
        double[] scale = {1e-3, 1e3, 1e-5, 1e5};
        double[][] x = new double[120][4];
        for (int i = 0; i < 120; i++) {
            for (int j = 0; j < 4; j++) {
                x[i][j] = problem.x()[i][j] * scale[j];
            }
        }
        Options options = TIGHT.withTolerance(1e-9)
                .withStrength(new Strength.Lambda(0.01))
                .withStandardize(true)
                .withSolver(solver);
        Fitted twin = Fitted.of(problem, Rows.dense(problem.x(), 4), options);
        Fitted scaled = Fitted.of(problem, Rows.dense(x, 4), options);
        assertThat(scaled.solution().converged()).isTrue();
        assertThat(scaled.solution().objective())
                .isBetween(twin.solution().dual(), twin.solution().objective() * (1 + 1e-9));
    }

    @ParameterizedTest
    @EnumSource(SolverChoice.class)
    void convergedMeansCloseToTheOptimum(SolverChoice solver) {
        double[] scale = {1e-3, 1e3, 1, 30};
        PlainProblem raw = problem(150, 2, 1e-3);
        double[][] x = raw.x();
        for (double[] row : x) {
            Arrays.setAll(row, j -> row[j] * scale[j]);
        }
        double optimum = raw.value(raw.minimum());
        for (double tolerance : new double[] {1e-2, 1e-4, 1e-6, 1e-8}) {
            Solution solution = Fitted.of(
                            raw,
                            Rows.dense(x, 4),
                            Options.defaults()
                                    .withStrength(new Strength.Lambda(1e-3))
                                    .withTolerance(tolerance)
                                    .withSolver(solver))
                    .solution();
            assertThat(solution.converged()).isTrue();
            assertThat(solution.relativeGap()).isLessThanOrEqualTo(tolerance);
            assertThat((solution.objective() - optimum) / solution.objective())
                    .isLessThanOrEqualTo(solution.relativeGap() + 1e-14);
        }
    }

    @Test
    void withAnOffsetAndFeaturesThatSayNothingTheInterceptIsStillFitted() {
        double[][] x = {{0}, {0}, {0}, {0}};
        Dataset data = dense(x, new int[] {0, 1, 1, 1}).withOffset(new double[] {0, 0, 0, 0});
        for (SolverChoice solver : SolverChoice.values()) {
            Fitted fitted = Fitted.of(2, data, TIGHT.withSolver(solver));
            assertThat(fitted.solution().converged()).isTrue();
            sameOptimum(fitted.theta(), new double[] {0, Math.log(3)});
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5})
    void theSameBitsFromAnyNumberOfThreadsAndFromRunToRun(int classes) {
        SplittableRandom random = new SplittableRandom(11);
        double[][] x = new double[3000][30];
        int[] y = new int[x.length];
        for (int i = 0; i < x.length; i++) {
            Arrays.setAll(x[i], j -> random.nextInt(3) == 0 ? random.nextDouble(-1, 1) : 0);
            y[i] = random.nextInt(classes);
        }
        for (SolverChoice solver : SolverChoice.values()) {
            for (boolean sparse : new boolean[] {false, true}) {
                Dataset data = Dataset.of(
                        sparse ? Rows.sparse(x, 30) : Rows.denseFloat(x, 30),
                        dense(x, y).labels());
                Options options = Options.defaults().withSolver(solver);
                double[] one = Fitted.of(classes, data, options.withThreads(1)).theta();
                for (int threads : new int[] {1, 2, 3, 8}) {
                    assertThat(Fitted.of(classes, data, options.withThreads(threads))
                                    .theta())
                            .as("%s, %d threads", solver, threads)
                            .containsExactly(one);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void unshiftedExponentialsWouldOverflow(int classes) {
        PlainProblem problem = problem(60, classes, 0);
        for (double[] row : problem.x()) {
            Arrays.setAll(row, j -> row[j] * 1e3 + 1e3);
        }
        for (SolverChoice solver : SolverChoice.values()) {
            Solution solution = Fitted.of(
                            problem,
                            Rows.dense(problem.x(), 4),
                            Options.defaults().withSolver(solver))
                    .solution();
            assertThat(solution.objective()).isFinite();
            assertThat(solution.converged()).as("%s %s", solver, solution).isTrue();
        }
    }

    @Test
    void oneClassIsRefusedByName() {
        assertThatThrownBy(() ->
                        LogisticRegression.withDefaults().fit(dense(new double[][] {{1}, {2}}, new int[] {0, 0})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("all rows are of class c0, 2 classes at least are needed");
    }

    @Test
    void optionsRefuseNaNAndNegatives() {
        for (double bad : new double[] {Double.NaN, -1, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> LogisticRegression.withDefaults().withLambda(bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("lambda is " + bad + ", a finite number >= 0 is needed");
            assertThatThrownBy(() -> LogisticRegression.withDefaults().withC(bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("C is " + bad + ", a finite number > 0 is needed");
            assertThatThrownBy(() -> Options.defaults().withTolerance(bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("tolerance is " + bad + ", a finite number > 0 is needed");
        }
        assertThatThrownBy(() -> Options.defaults().withMaxPasses(0))
                .hasMessage("max passes is 0, at least 1 is needed");
        assertThatThrownBy(() -> Options.defaults().withThreads(0)).hasMessage("threads is 0, at least 1 is needed");
    }

    @ParameterizedTest
    @EnumSource(value = PenaltyKind.class, names = "FIRTH", mode = EnumSource.Mode.EXCLUDE)
    void constantAndDuplicateColumnsAreHarmless(PenaltyKind penalty) {
        for (int classes : new int[] {2, 3}) {
            PlainProblem problem = problem(100, classes, 0);
            double[][] x = Arrays.stream(problem.x())
                    .map(row -> new double[] {row[0], 5, row[1], row[0], row[2], row[3], 0})
                    .toArray(double[][]::new);
            Options options = Options.defaults().withTolerance(1e-9).withPenalty(penalty);
            for (SolverChoice solver : SolverChoice.values()) {
                boolean byGap = solver == SolverChoice.LBFGS || solver == SolverChoice.PROX_NEWTON;
                boolean smooth = penalty == PenaltyKind.L2 || penalty == PenaltyKind.NONE;
                boolean forAll = solver == SolverChoice.AUTO || solver == SolverChoice.PROX_NEWTON;
                if ((byGap && penalty == PenaltyKind.NONE) || (!smooth && !forAll)) {
                    continue; // has no way to know where to stop, or none to go
                }
                Solution with = Fitted.of(problem, Rows.dense(x, 7), options.withSolver(solver))
                        .solution();
                Solution without =
                        Fitted.of(problem, Rows.dense(problem.x(), 4), options).solution();
                assertThat(with.converged()).as("%s %s", solver, with).isTrue();
                if (penalty == PenaltyKind.NONE) {
                    assertThat(with.objective())
                            .isBetween(without.objective() * (1 - 1e-9), without.objective() * (1 + 1e-9));
                } else if (penalty == PenaltyKind.L1) {
                    // Two equal columns share a coefficient as they like.
                    assertThat(with.objective())
                            .isBetween(without.objective() * (1 - 1e-9), without.objective() * (1 + 1e-9));
                } else {
                    // Two equal columns share a coefficient, which halves its squares.
                    assertThat(with.objective()).isLessThan(without.objective());
                }
            }
        }
    }
}
