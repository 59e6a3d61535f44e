package io.logits.estimator;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.reference.Fitted;
import io.logits.reference.PlainProblem;
import io.logits.reference.RandomProblem;
import io.logits.solver.Solution;
import io.logits.solver.StopReason;
import io.logits.testkit.Tolerance;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

/**
 * Three hundred small problems of every mixture of options: each solver reaches the optimum that a plain Newton method
 * finds, and its certificate tells the truth. {@code -Dlogits.test.seed=N} moves on to other problems.
 */
class RandomProblemsTest {
    private static final int PROBLEMS = 300;
    private static final long FIRST = Long.getLong("logits.test.seed", 0);

    private static final Tolerance ROUNDING =
            new Tolerance("difference of objectives", 1e-12, "means of at most 100 losses, summed in another order");

    /** L-BFGS has one model of the curvature for all rows: where nearly all are fitted it may say that it got nowhere. */
    private static final double NEARLY_SEPARABLE = 1e-4;

    @Test
    void everySolverReachesTheOptimumAndCertifiesIt() {
        for (long seed = FIRST; seed < FIRST + PROBLEMS; seed++) {
            RandomProblem problem = RandomProblem.of(seed);
            double optimum = problem.plain().value(problem.plain().minimum());
            for (SolverChoice solver : EnumSet.allOf(SolverChoice.class)) {
                check(problem, optimum, solver);
            }
        }
    }

    private static void check(RandomProblem problem, double optimum, SolverChoice solver) {
        PlainProblem plain = problem.plain();
        String about = solver + " on " + problem;
        Fitted fitted = Fitted.of(problem.data(), problem.x(), problem.options().withSolver(solver));
        Solution solution = fitted.solution();
        double value = plain.value(fitted.theta());
        double rounding = ROUNDING.bound() * value + 1e-14;
        assertThat(Math.abs(solution.objective() - value)).as(about).isLessThanOrEqualTo(rounding);
        assertThat(solution.dual()).as("dual, %s", about).isLessThanOrEqualTo(optimum + rounding);
        if (solver == SolverChoice.LBFGS && optimum < NEARLY_SEPARABLE && !solution.converged()) {
            assertThat(solution.relativeGap())
                    .as(about)
                    .isGreaterThan(problem.options().tolerance());
            return;
        }
        assertThat(solution.reason()).as(about).isEqualTo(StopReason.CONVERGED);
        assertThat(solution.relativeGap())
                .as("gap, %s", about)
                .isLessThanOrEqualTo(problem.options().tolerance());
        assertThat(value - optimum)
                .as("distance from the optimum, %s", about)
                .isBetween(-rounding, solution.relativeGap() * value + rounding);
    }
}
