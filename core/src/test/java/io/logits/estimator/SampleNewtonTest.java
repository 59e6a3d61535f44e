package io.logits.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logits.data.Dataset;
import io.logits.data.Labels;
import io.logits.data.Matrix;
import io.logits.model.LogisticModel;
import io.logits.model.PathModel;
import io.logits.reference.Fitted;
import io.logits.reference.Rows;
import io.logits.selection.LambdaGrid;
import io.logits.selection.PathPoint;
import io.logits.selection.RegularizationPath;
import io.logits.solver.Solution;
import io.logits.solver.StopReason;
import io.logits.testkit.Tolerance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Fewer rows than features: {@code newton-cholesky} factors the smaller of two matrices. */
class SampleNewtonTest {
    private static final int N = 70;
    private static final int P = 300;
    private static final Tolerance OBJECTIVE =
            Tolerance.relative(2e-12, "two objectives, each within a gap of 1e-12 of the optimum");
    private static final Tolerance COEFFICIENT = Tolerance.absolute(
            1e-5,
            "a gap of 1e-12 of 0.7 allows distances of sqrt(2 gap / lambda), lambda 1/70 times a variance of 0.06");

    private static double[][] rows(long seed, double density, double centre) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] x = new double[N][P];
        for (double[] row : x) {
            Arrays.setAll(row, j -> random.nextDouble() < density ? (float) (centre + random.nextDouble(-1, 1)) : 0);
        }
        return x;
    }

    private static Dataset data(Matrix x) {
        SplittableRandom random = new SplittableRandom(5);
        return Dataset.of(
                x, Labels.of(List.of("no", "yes"), random.ints(N, 0, 2).toArray()));
    }

    private static List<Matrix> kinds() {
        double[][] sparse = rows(1, 0.2, 0);
        double[][] far = rows(2, 1, 1000);
        return List.of(
                Rows.sparse(sparse, P),
                Rows.dense(sparse, P),
                Rows.denseFloat(rows(3, 1, 0), P),
                Rows.dense(far, P),
                Rows.denseFloat(far, P));
    }

    private static Options tight() {
        return Options.defaults().withTolerance(1e-12).withSolver(SolverChoice.NEWTON_CHOLESKY);
    }

    @Test
    void aMatrixThatNoArrayHoldsIsRefusedByItsSize() {
        double[][] x = new double[N][50_000];
        for (int i = 0; i < N; i++) {
            x[i][i] = 1;
        }
        Dataset data = data(Rows.sparse(x, 50_000));
        Options plain = tight().withPenalty(PenaltyKind.NONE);
        assertThatThrownBy(() ->
                        LogisticRegression.withDefaults().withOptions(plain).fit(data))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("newton-cholesky needs a matrix of 50001 x 50001 numbers, 46340 x 46340 are possible;"
                        + " use auto or newton-cg");
    }

    @Test
    void coefficientsAreThoseOfConjugateGradientsAndTheFeaturesAreReadAFewTimes() {
        SplittableRandom random = new SplittableRandom(9);
        double[] weights = random.ints(N, 0, 3).asDoubleStream().toArray();
        double[] offset = random.doubles(N, -2, 2).toArray();
        for (Matrix x : kinds()) {
            for (boolean plain : new boolean[] {true, false}) {
                Dataset data = plain ? data(x) : data(x).withWeights(weights).withOffset(offset);
                Options options =
                        tight().withIntercept(!plain || !x.byFeature()).withStandardize(!plain);
                Fitted ours = Fitted.of(2, data, options);
                Fitted other = Fitted.of(2, data, options.withSolver(SolverChoice.NEWTON_CG));
                assertThat(ours.solution().converged()).isTrue();
                assertThat(ours.solution().solver()).isEqualTo("newton-cholesky");
                assertThat(ours.solution().passes()).isLessThanOrEqualTo(9);
                double optimum = other.solution().objective();
                OBJECTIVE.check(Math.abs(ours.solution().objective() - optimum) / optimum, "objective");
                for (int j = 0; j < P; j++) {
                    COEFFICIENT.check(Math.abs(ours.theta()[j] - other.theta()[j]), "coefficient " + j);
                }
            }
        }
    }

    @Test
    void columnsFarFromZeroAreFinishedOnTheFeaturesThemselvesWhereNoInterceptTakesThemUp() {
        Dataset data = data(Rows.dense(rows(2, 1, 1000), P));
        Solution solution = Fitted.of(2, data, tight().withIntercept(false)).solution();
        assertThat(solution.converged()).isTrue();
        assertThat(solution.passes()).isLessThanOrEqualTo(20);
    }

    @Test
    void theSameBitsFromAnyNumberOfThreads() {
        for (Matrix x : kinds()) {
            double[] one = Fitted.of(2, data(x), tight().withThreads(1)).theta();
            assertThat(Fitted.of(2, data(x), tight().withThreads(3)).theta()).containsExactly(one);
        }
    }

    @Test
    void nextToNoPenaltyStillCertifies() {
        for (Matrix x : kinds()) {
            Options options = tight().withTolerance(1e-6).withStrength(new Strength.Lambda(1e-9));
            Solution solution = Fitted.of(2, data(x), options).solution();
            assertThat(solution.converged()).as("%s", solution).isTrue();
            assertThat(solution.relativeGap()).isBetween(0.0, 1e-6);
        }
    }

    @Test
    void passesAllowedAreKept() {
        Dataset data = data(kinds().get(0));
        for (int most = 1; most < 12; most++) {
            Solution solution = Fitted.of(2, data, tight().withMaxPasses(most)).solution();
            assertThat(solution.passes()).isLessThanOrEqualTo(Math.max(most, 3));
            assertThat(solution.reason()).isIn(StopReason.CONVERGED, StopReason.MAX_PASSES);
        }
    }

    @Test
    void autoTakesItWhereRowsAreFew() {
        Options options = Options.defaults();
        assertThat(Fitted.of(2, data(kinds().get(1)), options).solution().solver())
                .isEqualTo("newton-cholesky");
    }

    @Test
    void aPathReadsTheRowsForTheirMatrixOnce() {
        Dataset data = data(kinds().get(1));
        Options options = tight().withTolerance(1e-9);
        LogisticRegression estimator = LogisticRegression.withDefaults().withOptions(options);
        List<PathPoint> points = new ArrayList<>();
        PathModel path = RegularizationPath.fit(
                        estimator, data, new LambdaGrid.Listed(1, 0.1, 0.01, 0.001), points::add)
                .model();
        for (int l = 0; l < points.size(); l++) {
            double lambda = points.get(l).lambda();
            Fit<LogisticModel> alone = LogisticRegression.withDefaults()
                    .withOptions(options.withStrength(new Strength.Lambda(lambda)))
                    .fit(data);
            // The matrix, the coefficients and their values, the certificate with an intercept; the first alone makes
            // it.
            assertThat(points.get(l).solution().passes())
                    .isLessThanOrEqualTo(alone.solution().passes() - (l > 0 ? 1 : 0));
            for (int j = 0; j < P; j++) {
                COEFFICIENT.check(
                        Math.abs(path.at(l).coefficient(0, j) - alone.model().coefficient(0, j)), "coefficient " + j);
            }
        }
    }

    /** The intercept of the fit before belongs to its coefficients, which are left behind: with it steps failed. */
    @Test
    void aPathToNextToNoPenaltyTakesFewPasses() {
        for (int seed = 0; seed < 40; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            double[][] x = new double[18][36];
            int[] y = new int[x.length];
            for (int i = 0; i < x.length; i++) {
                Arrays.setAll(x[i], j -> 5 + random.nextGaussian() * (j % 5 + 1));
                y[i] = i < 2 ? i : random.nextInt(3) == 0 ? random.nextInt(2) : x[i][35] > 5 ? 1 : 0;
            }
            Dataset data = Dataset.of(Rows.dense(x, 36), Labels.of(List.of("no", "yes"), y));
            double[] lambdas = new double[14];
            Arrays.setAll(lambdas, l -> 100 * Math.pow(4, -l));
            List<PathPoint> points = new ArrayList<>();
            LogisticRegression estimator = LogisticRegression.withDefaults().withOptions(tight().withTolerance(1e-7));
            RegularizationPath.fit(estimator, data, new LambdaGrid.Listed(lambdas), points::add);
            assertThat(points)
                    .allSatisfy(point -> assertThat(point.solution().passes())
                            .as("lambda %s", point.lambda())
                            .isLessThanOrEqualTo(20));
        }
    }
}
