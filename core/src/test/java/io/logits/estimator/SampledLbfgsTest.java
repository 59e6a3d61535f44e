package io.logits.estimator;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.data.Dataset;
import io.logits.data.DenseMatrix;
import io.logits.data.Labels;
import io.logits.features.PlainEncoding;
import io.logits.kernels.Workers;
import io.logits.reference.Fitted;
import io.logits.solver.Solution;
import io.logits.solver.StopReason;
import io.logits.testkit.Tolerance;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Rows so many, of many classes, that {@code lbfgs} starts where a sample of them leads. */
class SampledLbfgsTest {
    private static final int N = 24_000;
    private static final int P = 20;
    private static final int K = 4;
    private static final Tolerance OBJECTIVE =
            Tolerance.relative(1e-8, "two objectives, each within a gap of 1e-8 of the optimum");

    private static Options by(SolverChoice solver) {
        return Options.defaults().withTolerance(1e-8).withSolver(solver).withThreads(2);
    }

    /**
     * Correlated columns of unlike sizes.
     *
     * @param sorted whether rows come class by class
     * @param weighed whether tiles that a sample is made of have no weight
     */
    private static Dataset data(boolean sorted, boolean weighed) {
        return data(sorted, weighed, 0);
    }

    /**
     * The same.
     *
     * @param rare so many rows at the end of the second tile are all there is of another class; 0 for no such class
     */
    private static Dataset data(boolean sorted, boolean weighed, int rare) {
        SplittableRandom random = new SplittableRandom(5);
        float[] x = new float[N * P];
        int[] y = new int[N];
        double[] weights = new double[N];
        for (int i = 0; i < N; i++) {
            y[i] = sorted ? (int) ((long) i * K / N) : random.nextInt(K);
            double common = random.nextDouble(-1, 1);
            for (int j = 0; j < P; j++) {
                double centre = (y[i] * (j + 1)) % 7 / 7.0;
                x[i * P + j] = (float) ((common + centre + random.nextDouble(-1, 1)) * Math.pow(1.5, j % 9));
            }
            y[i] = i < 128 && i >= 128 - rare ? K : y[i];
            weights[i] = weighed && i / 64 % 5 == 0 ? 0 : 1;
        }
        return new Dataset(
                DenseMatrix.of(N, P, x),
                Labels.of(List.of("a", "b", "c", "d", "e").subList(0, rare > 0 ? K + 1 : K), y),
                weights,
                null,
                PlainEncoding.numbered(P));
    }

    private static Fitted check(Dataset data) {
        return check(K, data);
    }

    private static Fitted check(int classes, Dataset data) {
        Fitted ours = Fitted.of(classes, data, by(SolverChoice.LBFGS));
        double optimum = Fitted.of(classes, data, by(SolverChoice.NEWTON_CHOLESKY))
                .solution()
                .objective();
        assertThat(ours.solution().converged()).isTrue();
        assertThat(ours.solution().solver()).isEqualTo("lbfgs");
        OBJECTIVE.check((ours.solution().objective() - optimum) / optimum, "objective");
        return ours;
    }

    @Test
    void aFewPassesAreLeftWhereASampleLed() {
        assertThat(check(data(false, false)).solution().passes()).isLessThanOrEqualTo(16);
    }

    @Test
    void rowsInOrderOfTheirClassesAreNoWorse() {
        assertThat(check(data(true, false)).solution().passes()).isLessThanOrEqualTo(16);
    }

    private static boolean isSampled(Dataset data) {
        try (Workers workers = Workers.of(1)) {
            return new Problem(data, by(SolverChoice.LBFGS))
                    .objective(workers, false)
                    .ofCoupledSample()
                    .isPresent();
        }
    }

    @Test
    void aSampleWithoutWeightIsNotTaken() {
        Dataset data = data(false, true);
        assertThat(isSampled(data)).isFalse();
        check(data);
    }

    @Test
    void aSampleThatLacksMostOfTheWeightIsNotTaken() {
        Dataset data = data(false, true);
        double[] weights = Objects.requireNonNull(data.weights()).clone();
        Arrays.fill(weights, 0, 64, 1);
        Dataset weighed = data.withWeights(weights);
        assertThat(isSampled(weighed)).isFalse();
        check(weighed);
    }

    @Test
    void aSampleThatLacksAClassIsNotTaken() {
        Dataset data = data(false, false, 5);
        assertThat(isSampled(data)).isFalse();
        check(K + 1, data);
    }

    @Test
    void theSampleTakesAtMostHalfOfThePasses() {
        assertThat(isSampled(data(false, false))).isTrue();
        for (int most : new int[] {1, 2, 3, 6}) {
            Options few = by(SolverChoice.LBFGS).withTolerance(1e-12).withMaxPasses(most);
            Solution solution = Fitted.of(K, data(false, false), few).solution();
            assertThat(solution.reason()).isEqualTo(StopReason.MAX_PASSES);
            assertThat(solution.passes()).isBetween(most, most + 2);
        }
    }

    @Test
    void passesOfTheSampleCount() {
        Solution solution =
                Fitted.of(K, data(false, false), by(SolverChoice.LBFGS)).solution();
        // One pass of all rows and at least one for the sample, before the first step.
        assertThat(solution.trace().get(0).passes()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void aWarmStartIsKept() {
        Dataset data = data(false, false);
        Options options = by(SolverChoice.LBFGS);
        Fit<?> first = SoftmaxRegression.withDefaults().withOptions(options).fit(data);
        Fit<?> again = SoftmaxRegression.withDefaults()
                .withOptions(options.withWarmStart(first.model()))
                .fit(data);
        assertThat(again.solution().iterations()).isLessThanOrEqualTo(1);
    }

    @Test
    void theBitsAreTheSameForAnyNumberOfThreads() {
        Dataset data = data(false, false);
        Options options = by(SolverChoice.LBFGS);
        assertThat(Fitted.of(K, data, options.withThreads(2)).theta())
                .containsExactly(Fitted.of(K, data, options.withThreads(1)).theta());
    }
}
