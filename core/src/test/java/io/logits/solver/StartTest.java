package io.logits.solver;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.data.DenseMatrix;
import io.logits.kernels.Workers;
import io.logits.loss.SoftmaxLoss;
import io.logits.objective.CoefLayout;
import io.logits.objective.LinearObjective;
import io.logits.objective.Sample;
import io.logits.objective.SmoothObjective;
import io.logits.penalty.Ridge;
import org.junit.jupiter.api.Test;

/** What a start has cost is part of what the fit costs. */
class StartTest {
    private static LinearObjective objective(Workers workers) {
        DenseMatrix x = DenseMatrix.ofRows(new double[][] {{1}, {2}, {4}, {3}});
        return new LinearObjective(
                x,
                new SoftmaxLoss(new int[] {0, 2, 1, 1}, 3),
                new double[0],
                new double[0],
                Ridge.of(0.05, new double[0]),
                CoefLayout.of(x, 3, true, false),
                workers,
                true);
    }

    @Test
    void passesAndSecondsBeforeCount() {
        try (Workers workers = Workers.of(1)) {
            LinearObjective objective = objective(workers);
            StopRule rule = new StopRule(1e-6, 100, progress -> {});
            double[] point = new double[objective.size()];
            Solution cold = new Lbfgs().minimize(objective, point, rule).solution();
            Start late = new Start(point, 7, System.nanoTime() - 50_000_000_000L);
            Solution solution = Lbfgs.minimize(objective(workers), late, rule, SmoothObjective::preconditioner)
                    .solution();
            assertThat(solution.passes()).isEqualTo(cold.passes() + 7);
            assertThat(solution.trace().get(0).passes())
                    .isEqualTo(cold.trace().get(0).passes() + 7);
            assertThat(solution.trace().get(0).seconds()).isGreaterThanOrEqualTo(50);
        }
    }

    @Test
    void aSampleTakesItsShareOfThePassesAllowedAtMost() {
        try (Workers workers = Workers.of(1)) {
            Sample sample = new Sample(objective(workers), 0.2);
            StopRule few = new StopRule(1e-6, 4, progress -> {});
            assertThat(Start.near(sample, 0.1, 100, few).maxPasses()).isEqualTo(10);
            assertThat(Start.near(sample, 0.1, 6, few).maxPasses()).isEqualTo(6);
            assertThat(sample.passes(6)).isEqualTo(2);
        }
    }
}
