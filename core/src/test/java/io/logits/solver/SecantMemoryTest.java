package io.logits.solver;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.data.DenseMatrix;
import io.logits.kernels.Workers;
import io.logits.loss.SoftmaxLoss;
import io.logits.objective.CoefLayout;
import io.logits.objective.LinearObjective;
import io.logits.objective.Preconditioner;
import io.logits.penalty.Ridge;
import org.junit.jupiter.api.Test;

class SecantMemoryTest {
    @Test
    void eachGradientIsPreconditionedOnce() {
        try (Workers workers = Workers.of(1)) {
            DenseMatrix x = DenseMatrix.ofRows(new double[][] {{1}, {2}, {4}, {3}});
            LinearObjective objective = new LinearObjective(
                    x,
                    new SoftmaxLoss(new int[] {0, 2, 1, 1}, 3),
                    new double[0],
                    new double[0],
                    Ridge.of(0.05, new double[0]),
                    CoefLayout.of(x, 3, false, false),
                    workers,
                    false);
            StopRule rule = new StopRule(1e-12, 100, progress -> {});
            int[] applied = new int[1];
            Solution solution = Lbfgs.minimize(objective, Start.at(new double[objective.size()]), rule, of -> {
                        Preconditioner inverse = of.preconditioner();
                        return (r, out) -> {
                            applied[0]++;
                            inverse.apply(r, out);
                        };
                    })
                    .solution();
            assertThat(solution.converged()).isTrue();
            assertThat(solution.iterations()).isGreaterThan(3);
            assertThat(applied[0]).isEqualTo(solution.iterations() + 1);
        }
    }
}
