package io.logits.estimator;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.data.CsrMatrix;
import io.logits.data.Dataset;
import io.logits.data.Labels;
import io.logits.solver.Solution;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rows of as many ones each, as those of one-hot categories are: an intercept is a sum of their columns. */
class InterceptOfCategoriesTest {
    private static final int ROWS = 20_000;
    private static final int COLUMNS = 2000;
    private static final int ONES = 8;

    /** Where intercepts were moved alone again and again, 1e-8 took 1,700. */
    private static final int MOST_PASSES = 120;

    /** The columns' frequencies fall as 1/c. */
    private static Dataset categories(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] truth = random.doubles(COLUMNS, -1, 1).toArray();
        int[] starts = new int[ROWS + 1];
        int[] columns = new int[ROWS * ONES];
        float[] ones = new float[ROWS * ONES];
        int[] y = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            int[] row = IntStream.generate(() -> (int) Math.pow(COLUMNS, random.nextDouble()) % COLUMNS)
                    .distinct()
                    .limit(ONES)
                    .sorted()
                    .toArray();
            double z = 0;
            for (int e = 0; e < ONES; e++) {
                columns[starts[i] + e] = row[e];
                ones[starts[i] + e] = 1;
                z += truth[row[e]];
            }
            starts[i + 1] = starts[i] + ONES;
            y[i] = random.nextDouble() < 1 / (1 + Math.exp(-z)) ? 1 : 0;
        }
        return Dataset.of(
                CsrMatrix.of(COLUMNS, CsrMatrix.Block.of(starts, columns, ones)), Labels.of(List.of("no", "yes"), y));
    }

    @Test
    void isFoundWithTheOtherCoefficients() {
        for (int seed = 1; seed <= 2; seed++) {
            Dataset data = categories(seed);
            for (double tolerance : new double[] {1e-5, 1e-6, 1e-7, 1e-8, 1e-9}) {
                Options options = Options.defaults()
                        .withStrength(new Strength.C(10))
                        .withSolver(SolverChoice.NEWTON_CG)
                        .withTolerance(tolerance);
                Solution solution = LogisticRegression.withDefaults()
                        .withOptions(options)
                        .fit(data)
                        .solution();
                assertThat(solution.converged()).isTrue();
                assertThat(solution.passes()).isLessThan(MOST_PASSES);
            }
        }
    }
}
