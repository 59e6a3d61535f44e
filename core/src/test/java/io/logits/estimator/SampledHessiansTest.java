package io.logits.estimator;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.data.Dataset;
import io.logits.data.Labels;
import io.logits.data.Matrix;
import io.logits.kernels.Workers;
import io.logits.loss.LogisticLoss;
import io.logits.objective.CoefLayout;
import io.logits.objective.LinearObjective;
import io.logits.objective.TwiceSmoothObjective;
import io.logits.penalty.None;
import io.logits.reference.Fitted;
import io.logits.reference.Rows;
import io.logits.solver.Minimum;
import io.logits.solver.NewtonCholesky;
import io.logits.solver.StopRule;
import io.logits.testkit.Tolerance;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows so many that {@code newton-cholesky} takes second derivatives from some of them. */
class SampledHessiansTest {
    private static final int N = 40_000;
    private static final int P = 4;
    private static final Tolerance OBJECTIVE =
            Tolerance.relative(1e-9, "two objectives, each within a gap of 1e-9 of the optimum");
    private static final Tolerance ESTIMATE =
            Tolerance.relative(1e-8, "estimates of which the last Newton step squared an error of 1e-5");

    private static double[][] rows() {
        SplittableRandom random = new SplittableRandom(1);
        double[][] x = new double[N][P];
        for (double[] row : x) {
            Arrays.setAll(row, j -> random.nextDouble(-2, 2));
        }
        return x;
    }

    private static Dataset data(double[][] x, int classes) {
        SplittableRandom random = new SplittableRandom(2);
        int[] y = Arrays.stream(x)
                .mapToInt(row -> Math.floorMod((int) Math.floor(row[0] + random.nextDouble(-2, 2)), classes))
                .toArray();
        List<String> names = IntStream.range(0, classes).mapToObj(k -> "c" + k).toList();
        Matrix matrix = Rows.dense(x, P);
        double[] weights = random.ints(N, 0, 3).asDoubleStream().toArray();
        return Dataset.of(matrix, Labels.of(names, y)).withWeights(weights);
    }

    private static Options by(SolverChoice solver) {
        return Options.defaults().withTolerance(1e-9).withSolver(solver).withIntercept(false);
    }

    private static Fitted check(double[][] x, int classes) {
        return check(data(x, classes), classes);
    }

    private static Fitted check(Dataset data, int classes) {
        Fitted ours = Fitted.of(classes, data, by(SolverChoice.NEWTON_CHOLESKY));
        double optimum =
                Fitted.of(classes, data, by(SolverChoice.NEWTON_CG)).solution().objective();
        assertThat(ours.solution().converged()).isTrue();
        OBJECTIVE.check(Math.abs(ours.solution().objective() - optimum) / optimum, "objective");
        return ours;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void theOptimumIsThatOfConjugateGradientsAndNoPassIsForSecondDerivatives(int classes) {
        Fitted ours = check(rows(), classes);
        // A pass for each step, one for the start, and one more at most.
        assertThat(ours.solution().passes()).isLessThanOrEqualTo(ours.solution().iterations() + 2);
    }

    /** Tiles of which the sample tells nothing of rows that are far from the others, or of the last column. */
    @Test
    void aSampleThatMisleadsIsGivenUp() {
        double[][] far = rows();
        SplittableRandom random = new SplittableRandom(3);
        int[] y = new int[N];
        for (int i = 0; i < N; i++) {
            y[i] = far[i][0] + far[i][1] + random.nextDouble(-2, 2) > 0 ? 1 : 0;
            far[i][1] *= sampled(i) ? 1 : 100;
        }
        Dataset data = Dataset.of(Rows.dense(far, P), Labels.of(List.of("c0", "c1"), y));
        // 8; with the sample to the end there are 37.
        assertThat(check(data, 2).solution().iterations()).isLessThanOrEqualTo(12);
        check(far, 3);
        check(rare(), 2);
    }

    /** Whether a row is in a sample of one tile in 16: those of two classes are summed in four blocks of whole tiles. */
    private static boolean sampled(int row) {
        int block = 3;
        while (block * (N / 4) / 64 * 64 > row) {
            block--;
        }
        return (row - block * (N / 4) / 64 * 64) % 1024 < 64;
    }

    /** Rows of which the sample has zeros in the last column. */
    private static double[][] rare() {
        double[][] rare = rows();
        for (int i = 0; i < N; i++) {
            rare[i][P - 1] = sampled(i) || i % 97 > 0 ? 0 : rare[i][P - 1];
        }
        return rare;
    }

    @Test
    void aSampleInWhichColumnsDependOnEachOtherIsTakenOnce() {
        Dataset data = data(rare(), 2);
        int[] samples = new int[1];
        try (Workers workers = Workers.of(1)) {
            LinearObjective objective = new LinearObjective(
                    data.features(),
                    new LogisticLoss(data.labels().indices()),
                    new double[0],
                    new double[0],
                    new None(),
                    CoefLayout.of(data.features(), 1, false, false),
                    workers,
                    true);
            Object counted = Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {TwiceSmoothObjective.class}, (proxy, method, args) -> {
                        samples[0] += method.getName().equals("estimateHessian") ? 1 : 0;
                        return method.invoke(objective, args);
                    });
            Minimum minimum = new NewtonCholesky()
                    .minimize(
                            (TwiceSmoothObjective) counted,
                            new double[objective.size()],
                            new StopRule(1e-9, 100, progress -> {}));
            assertThat(minimum.solution().converged()).isTrue();
            assertThat(minimum.solution().iterations()).isGreaterThan(1);
        }
        assertThat(samples[0]).isEqualTo(1);
    }

    @Test
    void withoutAPenaltyEstimatesAreThoseOfConjugateGradients() {
        Dataset data = data(rows(), 2);
        double[] ours = Fitted.of(2, data, by(SolverChoice.NEWTON_CHOLESKY).withPenalty(PenaltyKind.NONE))
                .theta();
        double[] other = Fitted.of(
                        2,
                        data,
                        by(SolverChoice.NEWTON_CG).withPenalty(PenaltyKind.NONE).withTolerance(1e-20))
                .theta();
        for (int j = 0; j < P; j++) {
            ESTIMATE.check(Math.abs(ours[j] - other[j]) / Math.abs(other[j]), "estimate " + j);
        }
    }

    @Test
    void theBitsAreTheSameForAnyNumberOfThreads() {
        Dataset data = data(rows(), 3);
        Options options = by(SolverChoice.NEWTON_CHOLESKY);
        assertThat(Fitted.of(3, data, options.withThreads(3)).theta())
                .containsExactly(Fitted.of(3, data, options.withThreads(1)).theta());
    }
}
