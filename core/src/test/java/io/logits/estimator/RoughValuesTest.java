package io.logits.estimator;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.data.Dataset;
import io.logits.data.DenseMatrix;
import io.logits.data.Labels;
import io.logits.data.Precision;
import io.logits.solver.Solution;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Float32 rows far from zero, of which float32 values and gaps tell little near the optimum. */
class RoughValuesTest {
    /** Where steps went on among values that could not be told apart, it took 158, and 10,000 for 1e-8. */
    private static final int MOST_PASSES = 100;

    private static Solution solution(int n, int p, int mean, Options options) {
        SplittableRandom random = new SplittableRandom(3);
        DenseMatrix.Builder x = new DenseMatrix.Builder(p, Precision.FLOAT32);
        int[] y = new int[n];
        for (int i = 0; i < n; i++) {
            double[] row = new double[p];
            for (int j = 0; j < p; j++) {
                row[j] = mean + random.nextGaussian();
            }
            x.addRow(row);
            y[i] = row[0] - mean + 2 * random.nextGaussian() > 0 ? 1 : 0;
        }
        Dataset data = Dataset.of(x.build(), Labels.of(List.of("no", "yes"), y));
        return LogisticRegression.withDefaults()
                .withOptions(options.withIntercept(false))
                .fit(data)
                .solution();
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "LBFGS", "NEWTON_CG"})
    void giveWayToAccurateOnes(SolverChoice solver) {
        for (double tolerance : new double[] {1e-6, 1e-7, 1e-8}) {
            for (double c : new double[] {1e2, 1e3, 1e4, 1e5}) {
                Options options = Options.defaults()
                        .withSolver(solver)
                        .withTolerance(tolerance)
                        .withStrength(new Strength.C(c));
                Solution solution = solution(100, 3, 100, options);
                assertThat(solution.converged()).isTrue();
                assertThat(solution.passes()).isLessThanOrEqualTo(MOST_PASSES);
            }
        }
    }

    @Test
    void doSoForALoneFeature() {
        for (double c : new double[] {1e3, 1e4, 2.5e4, 1e5}) {
            Options options = Options.defaults().withTolerance(1e-8).withStrength(new Strength.C(c));
            Solution solution = solution(66, 1, 10, options);
            assertThat(solution.converged()).isTrue();
            assertThat(solution.passes()).isLessThanOrEqualTo(MOST_PASSES);
        }
    }
}
