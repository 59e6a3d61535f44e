package io.logits.estimator;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.data.Dataset;
import io.logits.data.Labels;
import io.logits.kernels.Workers;
import io.logits.loss.LogisticLoss;
import io.logits.objective.CoefLayout;
import io.logits.objective.LinearObjective;
import io.logits.objective.Sample;
import io.logits.penalty.Ridge;
import io.logits.reference.Fitted;
import io.logits.reference.Rows;
import io.logits.solver.Minimum;
import io.logits.solver.NewtonCholesky;
import io.logits.solver.StopRule;
import io.logits.testkit.Tolerance;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Rows so many that {@code newton-cholesky} starts where a sample of them leads. */
class SampledCholeskyTest {
    private static final int N = 300_000;
    private static final int P = 20;
    private static final Tolerance OBJECTIVE =
            Tolerance.relative(1e-9, "two objectives, each within a gap of 1e-9 of the optimum");

    private static Options by(SolverChoice solver) {
        return Options.defaults().withTolerance(1e-9).withSolver(solver);
    }

    /** Correlated columns, or of one-hot columns that rows of a sample have rarely. */
    private static Dataset data(boolean rare) {
        return data(rare, 4);
    }

    private static Dataset data(boolean rare, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] x = new double[N][P];
        int[] y = new int[N];
        double[] weights = new double[N];
        for (int i = 0; i < N; i++) {
            double common = random.nextDouble(-1, 1);
            double z = 0;
            for (int j = 0; j < P; j++) {
                x[i][j] = common + random.nextDouble(-1, 1);
                if (rare && j > 0) {
                    x[i][j] = random.nextInt(5000) == 0 ? 1 : 0;
                }
                z += (j % 3 - 1) * x[i][j];
            }
            y[i] = z + Math.log(1 / random.nextDouble() - 1) > 1 ? 1 : 0;
            weights[i] = i % 3;
        }
        return Dataset.of(Rows.dense(x, P), Labels.of(List.of("a", "b"), y)).withWeights(weights);
    }

    private static Fitted check(Dataset data) {
        Fitted ours = Fitted.of(2, data, by(SolverChoice.NEWTON_CHOLESKY));
        double optimum =
                Fitted.of(2, data, by(SolverChoice.NEWTON_CG)).solution().objective();
        assertThat(ours.solution().converged()).isTrue();
        OBJECTIVE.check(Math.abs(ours.solution().objective() - optimum) / optimum, "objective");
        return ours;
    }

    @Test
    void aFewPassesAreLeftWhereASampleLed() {
        // One for what the samples took, one for the point where they led, and one for each step.
        Options options = by(SolverChoice.NEWTON_CHOLESKY).withTolerance(1e-6);
        assertThat(Fitted.of(2, data(false), options).solution().passes()).isLessThanOrEqualTo(5);
        check(data(false));
    }

    /** By how much the minimum of a sample misses that of all rows is known about, and steps end where they gain less. */
    @Test
    void aSampleMissesTheMinimumByAboutItsExcess() {
        Dataset data = data(false).withWeights(null);
        StopRule rule = new StopRule(1e-9, 100, progress -> {});
        try (Workers workers = Workers.of(2)) {
            LinearObjective all = new LinearObjective(
                    data.features(),
                    new LogisticLoss(data.labels().indices()),
                    new double[0],
                    new double[0],
                    Ridge.of(1e-6, new double[0]),
                    CoefLayout.of(data.features(), 1, true, false),
                    workers,
                    true);
            Sample sample = all.ofSample().orElseThrow();
            double[] start = new double[all.size()];
            Minimum minimum = new NewtonCholesky().minimize(all, start, rule);
            Minimum ofSample = new NewtonCholesky().minimize(sample.objective(), start, rule);
            double missed =
                    all.evaluate(ofSample.point(), start) - minimum.solution().objective();
            assertThat(missed / (sample.excess() * (1 - sample.share()))).isBetween(0.5, 2.0);
        }
    }

    @Test
    void columnsThatASampleHardlyKnowsCostAFewPasses() {
        int passes = check(data(true, 4)).solution().passes();
        for (long seed = 5; seed < 10; seed++) {
            passes += Fitted.of(2, data(true, seed), by(SolverChoice.NEWTON_CHOLESKY))
                    .solution()
                    .passes();
        }
        assertThat(passes / 6.0).isLessThanOrEqualTo(14);
    }

    @Test
    void aWarmStartIsKept() {
        Dataset data = data(false);
        Options options = by(SolverChoice.NEWTON_CHOLESKY);
        Fit<?> first = LogisticRegression.withDefaults().withOptions(options).fit(data);
        Fit<?> again = LogisticRegression.withDefaults()
                .withOptions(options.withWarmStart(first.model()))
                .fit(data);
        assertThat(again.solution().iterations()).isZero();
        assertThat(again.solution().passes()).isLessThanOrEqualTo(2);
    }

    @Test
    void theBitsAreTheSameForAnyNumberOfThreads() {
        Dataset data = data(false);
        Options options = by(SolverChoice.NEWTON_CHOLESKY);
        assertThat(Fitted.of(2, data, options.withThreads(3)).theta())
                .containsExactly(Fitted.of(2, data, options.withThreads(1)).theta());
    }
}
