package io.logits.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logits.reference.Fitted;
import io.logits.reference.RandomProblem;
import io.logits.solver.Solution;
import io.logits.testkit.Tolerance;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Without a penalty, small problems of every mixture are refused if, and only if, a linear programme separates them. */
class UnpenalisedProblemsTest {
    private static final Tolerance SAME_OPTIMUM = Tolerance.relative(2e-6, "twice the tolerance of the fits");
    /** Fits that may end undecided: classes separate so barely, or so nearly, that rounding hides it. */
    private static final int MOST_UNDECIDED = 3;

    private static String truth() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                UnpenalisedProblemsTest.class.getResourceAsStream("/separable/seeds-0-299.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .collect(Collectors.joining());
        }
    }

    private static Solution solution(long seed, SolverChoice solver) {
        RandomProblem problem = RandomProblem.of(seed);
        Options options = problem.options()
                .withPenalty(PenaltyKind.NONE)
                .withSolver(solver)
                .withMaxPasses(2000);
        return Fitted.of(problem.data(), problem.x(), options).solution();
    }

    @Test
    void separableProblemsAreRefusedAndOthersFitted() throws IOException {
        String truth = truth();
        List<String> undecided = new ArrayList<>();
        for (int seed = 0; seed < truth.length(); seed++) {
            double[] objective = {Double.NaN, Double.NaN};
            for (int s = 0; s < 2; s++) {
                SolverChoice solver = s == 0 ? SolverChoice.NEWTON_CHOLESKY : SolverChoice.NEWTON_CG;
                boolean refused = false;
                try {
                    Solution solution = solution(seed, solver);
                    if (solution.converged()) {
                        objective[s] = solution.objective();
                    } else {
                        undecided.add(solver + " on seed " + seed + ": " + solution.reason());
                        continue;
                    }
                } catch (SeparationException separable) {
                    refused = true;
                }
                assertThat(refused).as("%s refuses seed %d", solver, seed).isEqualTo(truth.charAt(seed) == 's');
            }
            if (objective[0] > 0 && objective[1] > 0) {
                SAME_OPTIMUM.check(Math.abs(objective[0] / objective[1] - 1), "seed " + seed);
            }
        }
        assertThat(undecided).hasSizeLessThanOrEqualTo(MOST_UNDECIDED);
    }

    /** Separable only in part, and hidden by offsets or weights that fit many rows to the last digit. */
    private enum Hidden {
        SEED_371(371),
        SEED_971(971),
        SEED_1263(1263),
        SEED_1597(1597),
        SEED_2451(2451),
        SEED_2539(2539);

        private final long seed;

        Hidden(long seed) {
            this.seed = seed;
        }
    }

    @ParameterizedTest
    @EnumSource(Hidden.class)
    void separationIsFoundBehindWeightsAndOffsets(Hidden hidden) {
        for (SolverChoice solver : List.of(SolverChoice.NEWTON_CHOLESKY, SolverChoice.NEWTON_CG)) {
            assertThatThrownBy(() -> solution(hidden.seed, solver))
                    .as("%s", solver)
                    .isInstanceOf(SeparationException.class);
        }
    }
}
