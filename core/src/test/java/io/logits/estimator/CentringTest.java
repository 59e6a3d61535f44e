package io.logits.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.logits.data.Dataset;
import io.logits.data.Labels;
import io.logits.data.Matrix;
import io.logits.reference.Fitted;
import io.logits.reference.PlainProblem;
import io.logits.reference.Rows;
import io.logits.solver.Solution;
import io.logits.testkit.Tolerance;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns far from 0, or of very different scale, reach the optimum of the same rows centred beforehand. */
class CentringTest {
    private static final int N = 120;
    private static final int P = 3;
    private static final double RIDGE = 0.01;

    private static final Tolerance SAME_OPTIMUM =
            Tolerance.relative(1e-9, "the tolerance of the fit, and rounding of a mean of losses");
    private static final Tolerance SAME_COEFFICIENTS =
            Tolerance.relative(1e-3, "a gap of 1e-9 leaves coefficients within its square root, over the curvature");

    /** Differences from the columns' means, such that adding {@code shift[j]} and scaling by powers of 2 is exact. */
    private static double[][] differences(double[] shift) {
        SplittableRandom random = new SplittableRandom(17);
        double[][] x = new double[N][P];
        for (double[] row : x) {
            Arrays.setAll(row, j -> (shift[j] + random.nextDouble(-2, 2)) - shift[j]);
        }
        return x;
    }

    private static PlainProblem centred(double[] shift, int classes, double ridge) {
        double[][] x = differences(shift);
        SplittableRandom random = new SplittableRandom(18);
        int[] y = new int[N];
        for (int i = 0; i < N; i++) {
            double z = x[i][0] - x[i][1] + random.nextDouble(-3, 3);
            y[i] = i < classes ? i : (int) Math.min(classes - 1, classes / (1 + Math.exp(-z)));
        }
        double[] s = new double[N];
        Arrays.fill(s, 1);
        double[] penalty = new double[P];
        Arrays.fill(penalty, ridge);
        return new PlainProblem(x, y, s, new double[0], classes, true, penalty);
    }

    private static List<SolverChoice> solvers(boolean penalised) {
        return Arrays.stream(SolverChoice.values())
                .filter(solver -> penalised || solver != SolverChoice.LBFGS && solver != SolverChoice.PROX_NEWTON)
                .toList();
    }

    private static Options options(boolean penalised) {
        return Options.defaults()
                .withTolerance(1e-10)
                .withPenalty(penalised ? PenaltyKind.L2 : PenaltyKind.NONE)
                .withStrength(new Strength.Lambda(RIDGE));
    }

    private static double[][] moved(PlainProblem problem, double[] shift, double[] scale) {
        return Arrays.stream(problem.x())
                .map(row -> {
                    double[] far = new double[P];
                    Arrays.setAll(far, j -> (row[j] + shift[j]) * scale[j]);
                    return far;
                })
                .toArray(double[][]::new);
    }

    @ParameterizedTest
    @CsvSource({"1e4, 2", "1e4, 3", "1e6, 2", "1e6, 3", "1e8, 2", "1e8, 3"})
    void columnsFarFromZeroReachTheOptimumOfTheirDifferences(double ratio, int classes) {
        double[] shift = {ratio, -3 * ratio, 0};
        for (boolean penalised : new boolean[] {false, true}) {
            PlainProblem problem = centred(shift, classes, penalised ? RIDGE : 0);
            double[] theta = problem.minimum();
            double optimum = problem.value(theta);
            Matrix far = Rows.dense(moved(problem, shift, new double[] {1, 1, 1}), P);
            for (SolverChoice solver : solvers(penalised)) {
                Fitted fitted = Fitted.of(problem, far, options(penalised).withSolver(solver));
                String about = solver + (penalised ? " l2 " : " ") + fitted.solution();
                assertThat(fitted.solution().converged()).as(about).isTrue();
                SAME_OPTIMUM.check(Math.abs(fitted.solution().objective() / optimum - 1), about);
                for (int k = 0; k < problem.logits(); k++) {
                    for (int j = 0; j < P; j++) {
                        double base = penalised ? 0 : theta[j];
                        double expected = problem.logits() == 1 ? theta[j] : theta[k * (P + 1) + j] - base;
                        double given = fitted.theta()[k * (P + 1) + j];
                        SAME_COEFFICIENTS.check(Math.abs(given - expected), about + " coefficient");
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void farFloatsReachTheOptimumOfTheirDifferences(int classes) {
        double[] shift = {1 << 14, 0, 0};
        double[][] x = differences(shift);
        for (double[] row : x) {
            row[0] = (float) (row[0] + shift[0]) - shift[0];
        }
        PlainProblem problem = centred(shift, classes, RIDGE);
        PlainProblem rounded =
                new PlainProblem(x, problem.y(), problem.s(), problem.offset(), classes, true, problem.ridge());
        double[][] far = moved(rounded, shift, new double[] {1, 1, 1});
        double[][] asFloats = Arrays.stream(x)
                .map(row -> new double[] {row[0], (float) row[1], (float) row[2]})
                .toArray(double[][]::new);
        PlainProblem truth =
                new PlainProblem(asFloats, problem.y(), problem.s(), problem.offset(), classes, true, problem.ridge());
        double optimum = truth.value(truth.minimum());
        for (SolverChoice solver : SolverChoice.values()) {
            Solution solution = Fitted.of(
                            rounded, Rows.denseFloat(far, P), options(true).withSolver(solver))
                    .solution();
            assertThat(solution.converged()).as("%s %s", solver, solution).isTrue();
            SAME_OPTIMUM.check(Math.abs(solution.objective() / optimum - 1), solver + " " + solution);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 2", "0, 3", "1e6, 2", "1e6, 3"})
    void scalesOfColumnsDoNotMatter(double ratio, int classes) {
        double[] shift = {ratio, 0, -ratio};
        double[] scale = {0x1p-27, 1, 0x1p27};
        for (boolean penalised : new boolean[] {false, true}) {
            PlainProblem problem = centred(shift, classes, penalised ? RIDGE : 0);
            double[] variance = Columns.variances(Rows.dense(problem.x(), P), new double[0], N);
            double[] ridge = new double[P];
            Arrays.setAll(ridge, j -> problem.ridge()[j] * variance[j]);
            PlainProblem standardised =
                    new PlainProblem(problem.x(), problem.y(), problem.s(), problem.offset(), classes, true, ridge);
            double optimum = standardised.value(standardised.minimum());
            Matrix far = Rows.dense(moved(problem, shift, scale), P);
            for (SolverChoice solver : solvers(penalised)) {
                Options options = options(penalised).withSolver(solver).withStandardize(true);
                Solution solution = Fitted.of(problem, far, options).solution();
                assertThat(solution.converged()).as("%s %s", solver, solution).isTrue();
                SAME_OPTIMUM.check(Math.abs(solution.objective() / optimum - 1), solver + " " + solution);
            }
        }
    }

    @Test
    void aWarmStartAndItsModelAreOfTheColumnsAsGiven() {
        double[] shift = {1e6, 0, 0};
        PlainProblem problem = centred(shift, 3, RIDGE);
        Matrix far = Rows.dense(moved(problem, shift, new double[] {1, 1, 1}), P);
        Fitted cold = Fitted.of(problem, far, options(true));
        Fitted warm = Fitted.of(
                problem, far, options(true).withWarmStart(cold.fit().model()).withTolerance(1e-6));
        assertThat(warm.solution().iterations()).isZero();
    }

    @Test
    void aVarianceKeepsItsDigitsFarFromZero() {
        double[] shift = {1e8, 1e4, 0};
        double[][] x = differences(shift);
        double[][] far = moved(centred(shift, 2, 0), shift, new double[] {1, 1, 1});
        double[] near = Columns.variances(Rows.dense(x, P), new double[0], N);
        Tolerance exact = Tolerance.relative(1e-13, "a sum of 120 squares of exact differences");
        for (Matrix matrix : List.of(Rows.dense(far, P), Rows.sparse(far, P))) {
            double[] variance = Columns.variances(matrix, new double[0], N);
            for (int j = 0; j < P; j++) {
                exact.check(Math.abs(variance[j] / near[j] - 1), "column " + j);
            }
        }
        double[][] constant = new double[N][1];
        Arrays.fill(constant, new double[] {1e8 / 3});
        assertThat(Columns.variances(Rows.dense(constant, 1), new double[0], N)).containsExactly(1);
    }

    /** Its mean, rounded, is another number: less that it was a multiple of the intercept, and had 9e13 for a coefficient. */
    @ParameterizedTest
    @CsvSource({"0.654, 2", "-2.918, 2", "0.654, 4", "1e-30, 4", "7e20, 3"})
    void aConstantColumnIsLeftToTheIntercept(double constant, int classes) {
        SplittableRandom random = new SplittableRandom(19);
        double[][] x = new double[N][P];
        int[] y = new int[N];
        List<String> names = List.of("a", "b", "c", "d").subList(0, classes);
        for (int i = 0; i < N; i++) {
            Arrays.setAll(x[i], j -> j == 0 ? constant : random.nextDouble(-1, 1));
            y[i] = i < classes ? i : random.nextInt(classes);
        }
        Dataset data = Dataset.of(Rows.dense(x, P), Labels.of(names, y));
        Options options = Options.defaults().withPenalty(PenaltyKind.NONE);
        Fit<?> fit = classes == 2
                ? LogisticRegression.withDefaults().withOptions(options).fit(data)
                : SoftmaxRegression.withDefaults().withOptions(options).fit(data);
        double loss = 0;
        for (int i = 0; i < N; i++) {
            loss -= Math.log(fit.model().probabilities(x[i])[y[i]]) / N;
        }
        assertThat(fit.solution().converged()).isTrue();
        assertThat(loss).isCloseTo(fit.meanLoss(), within(1e-12));
        for (int k = 0; k < fit.model().logits(); k++) {
            assertThat(fit.model().coefficient(k, 0)).isZero();
        }
    }
}
