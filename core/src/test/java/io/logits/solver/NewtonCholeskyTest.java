package io.logits.solver;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.data.Matrix;
import io.logits.kernels.Workers;
import io.logits.loss.LogisticLoss;
import io.logits.objective.CoefLayout;
import io.logits.objective.LinearObjective;
import io.logits.penalty.Ridge;
import io.logits.reference.Rows;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NewtonCholeskyTest {
    private static final int N = 500;
    private static final int P = 6;
    private static final StopRule RULE = new StopRule(1e-12, 100, progress -> {});

    private static LinearObjective objective(Workers workers) {
        SplittableRandom random = new SplittableRandom(2);
        double[][] x = new double[N][P];
        int[] y = new int[N];
        for (int i = 0; i < N; i++) {
            double z = 0;
            for (int j = 0; j < P; j++) {
                x[i][j] = random.nextDouble(-3, 3);
                z += x[i][j];
            }
            y[i] = z + random.nextDouble(-4, 4) > 1 ? 1 : 0;
        }
        Matrix matrix = Rows.dense(x, P);
        return new LinearObjective(
                matrix,
                new LogisticLoss(y),
                new double[0],
                new double[0],
                Ridge.of(1e-3, new double[0]),
                CoefLayout.of(matrix, 1, true, false),
                workers,
                true);
    }

    private static Solution solution(Workers workers, double enough) {
        LinearObjective objective = objective(workers);
        return new NewtonCholesky(enough)
                .minimize(objective, new double[objective.size()], RULE)
                .solution();
    }

    @ParameterizedTest
    @ValueSource(doubles = {3e-2, 1e-3, 1e-6})
    void aStepThatWouldGainLessThanEnoughIsNotTaken(double enough) {
        try (Workers workers = Workers.of(1)) {
            Solution whole = solution(workers, 0);
            Solution part = solution(workers, enough);
            assertThat(part.iterations()).isLessThan(whole.iterations());
            // Half the squared decrement is the gain to second order.
            assertThat(part.objective() - whole.objective()).isBetween(0.0, 1.5 * enough);
            // All points before promised more.
            for (Progress progress : part.trace().subList(0, part.iterations())) {
                assertThat(progress.objective() - whole.objective()).isGreaterThan(enough / 1.5);
            }
        }
    }

    @Test
    void withoutAnyThatIsEnoughItGoesToTheCertificate() {
        try (Workers workers = Workers.of(1)) {
            assertThat(solution(workers, 0).relativeGap()).isLessThanOrEqualTo(1e-12);
        }
    }
}
