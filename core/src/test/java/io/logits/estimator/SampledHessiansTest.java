package io.logits.estimator;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.data.Dataset;
import io.logits.data.Labels;
import io.logits.data.Matrix;
import io.logits.reference.Fitted;
import io.logits.reference.Rows;
import io.logits.testkit.Tolerance;
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
        Dataset data = data(x, classes);
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

    /** Tiles of which the sample tells nothing of the last column, or of rows that are far from the others. */
    @Test
    void aSampleThatMisleadsIsGivenUp() {
        double[][] rare = rows();
        double[][] far = rows();
        for (int i = 0; i < N; i++) {
            rare[i][P - 1] = i % 1024 < 64 || i % 97 > 0 ? 0 : rare[i][P - 1];
            far[i][1] *= i % 1024 < 64 ? 1 : 100;
        }
        check(rare, 2);
        check(far, 2);
        check(far, 3);
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
