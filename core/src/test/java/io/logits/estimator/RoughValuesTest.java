package io.logits.estimator;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.data.Dataset;
import io.logits.data.DenseMatrix;
import io.logits.data.Labels;
import io.logits.data.Precision;
import io.logits.solver.Solution;
import io.logits.testkit.Tolerance;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Float32 rows far from zero, of which float32 values and gaps tell little near the optimum. */
class RoughValuesTest {
    /** Where steps went on among values that could not be told apart, it took 158, and 10,000 for 1e-8. */
    private static final int MOST_PASSES = 100;

    private static final Tolerance ROUNDING = Tolerance.relative(1e-11, "a mean of losses, of margins near a hundred");

    private static final Tolerance OF_GAPS = Tolerance.absolute(1e-12, "squares of sums that cancel, over 2e-5");
    private static final double LAMBDA = 1e-5;

    private static Solution solution(int n, int p, int mean, Options options) {
        return LogisticRegression.withDefaults()
                .withOptions(options.withIntercept(false))
                .fit(data(n, p, mean))
                .solution();
    }

    private static Dataset data(int n, int p, int mean) {
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
        return Dataset.of(x.build(), Labels.of(List.of("no", "yes"), y));
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

    /**
     * However far from the optimum a fit may end, what it says of its end is float64's: the gradient of rough sums may vanish where
     * theirs does not.
     */
    @ParameterizedTest
    @EnumSource(names = {"AUTO", "LBFGS", "NEWTON_CG", "NEWTON_CHOLESKY"})
    void areNotWhatIsTold(SolverChoice solver) {
        for (double tolerance : new double[] {1e-1, 1e-4, 1e-6, 1e-9}) {
            Options options = Options.defaults()
                    .withIntercept(false)
                    .withSolver(solver)
                    .withTolerance(tolerance)
                    .withStrength(new Strength.Lambda(LAMBDA));
            checkTold(data(500, 4, 10), options);
            checkTold(data(559, 1, 418), options);
        }
    }

    private static void checkTold(Dataset data, Options options) {
        var fit = LogisticRegression.withDefaults().withOptions(options).fit(data);
        int n = data.features().rows();
        double[] w = fit.model().coefficients(1);
        double[] row = new double[w.length];
        double[] g = new double[w.length];
        double value = 0;
        for (int i = 0; i < n; i++) {
            data.features().copyRow(i, row);
            double z = 0;
            for (int j = 0; j < w.length; j++) {
                z += w[j] * row[j];
            }
            int y = data.labels().indices()[i];
            value += (Math.log1p(Math.exp(-Math.abs(z))) + Math.max(0, y == 1 ? -z : z)) / n;
            for (int j = 0; j < w.length; j++) {
                g[j] += (1 / (1 + Math.exp(-z)) - y) * row[j] / n;
            }
        }
        double gap = 0;
        for (int j = 0; j < w.length; j++) {
            value += LAMBDA / 2 * w[j] * w[j];
            gap += Math.pow(g[j] + LAMBDA * w[j], 2) / (2 * LAMBDA);
        }
        Solution told = fit.solution();
        ROUNDING.check(Math.abs(told.objective() - value) / value, "objective");
        OF_GAPS.check(Math.abs(told.relativeGap() - gap / value), "gap");
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
