package io.logits.estimator;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.data.Matrix;
import io.logits.reference.Fitted;
import io.logits.reference.PlainProblem;
import io.logits.reference.Rows;
import io.logits.solver.Solution;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Features that are never negative, counts of words, grow together along their means; fits that know it need few passes. */
class CentredStepsTest {
    private static final int WORDS = 300;

    /** Texts of 30 words, the first ones frequent; what they say of a class is faint. */
    private static PlainProblem counts(int rows, int classes, boolean intercept) {
        SplittableRandom random = new SplittableRandom(5);
        double[][] x = new double[rows][WORDS];
        int[] y = new int[rows];
        for (int i = 0; i < rows; i++) {
            y[i] = i < classes ? i : random.nextInt(classes);
            for (int w = 0; w < 30; w++) {
                int word = (int) Math.pow(WORDS, random.nextDouble()) - 1;
                x[i][(word + (random.nextInt(8) == 0 ? y[i] : 0)) % WORDS]++;
            }
        }
        double[] ones = new double[rows];
        Arrays.fill(ones, 1);
        return new PlainProblem(x, y, ones, new double[0], classes, intercept, new double[WORDS]);
    }

    private static Solution solution(PlainProblem plain, Matrix x, Options options) {
        return Fitted.of(plain, x, options.withIntercept(plain.intercept())).solution();
    }

    private static Options options(SolverChoice solver) {
        return Options.defaults()
                .withStrength(new Strength.C(1))
                .withSolver(solver)
                .withTolerance(1e-6)
                .withStandardize(false);
    }

    /** By the diagonal alone it takes 43, 31 and 97 passes, and 21. */
    @ParameterizedTest
    @CsvSource({"2,true,NEWTON_CG,35", "2,false,NEWTON_CG,25", "4,true,NEWTON_CG,65", "2,false,LBFGS,16"})
    void takeFewPasses(int classes, boolean intercept, SolverChoice solver, int most) {
        PlainProblem plain = counts(1500, classes, intercept);
        Solution solution = solution(plain, Rows.sparse(plain.x(), WORDS), options(solver));
        assertThat(solution.converged()).isTrue();
        assertThat(solution.passes()).isLessThan(most);
    }

    /** Dense rows that are fewer than their features have no factor; by the diagonal alone it takes 45 passes. */
    @Test
    void takeFewPassesOfFewDenseRows() {
        PlainProblem plain = counts(200, 2, false);
        Solution solution = solution(plain, Rows.dense(plain.x(), WORDS), options(SolverChoice.NEWTON_CG));
        assertThat(solution.converged()).isTrue();
        assertThat(solution.passes()).isLessThan(37);
    }

    /** By the diagonal alone it takes 65 with an intercept; with means 39 without one. */
    @ParameterizedTest
    @CsvSource({"true,50", "false,38"})
    void takeFewPassesWhereFeaturesAreFarMoreThanRows(boolean intercept, int most) {
        SplittableRandom random = new SplittableRandom(6);
        double[][] x = new double[100][4000];
        int[] y = new int[x.length];
        for (int i = 0; i < x.length; i++) {
            Arrays.setAll(x[i], j -> random.nextDouble(-1, 1) + random.nextDouble(-1, 1));
            y[i] = Arrays.stream(x[i], 0, 20).sum() > 0 ? 1 : 0;
        }
        double[] ones = new double[x.length];
        Arrays.fill(ones, 1);
        PlainProblem plain = new PlainProblem(x, y, ones, new double[0], 2, intercept, new double[4000]);
        Options options = options(SolverChoice.NEWTON_CG).withStrength(new Strength.C(100));
        Solution solution = solution(plain, Rows.sparse(x, 4000), options);
        assertThat(solution.converged()).isTrue();
        assertThat(solution.passes()).isLessThan(most);
    }

    @Test
    void takeNoMorePassesThanAllowed() {
        PlainProblem plain = counts(300, 4, true);
        Matrix x = Rows.sparse(plain.x(), WORDS);
        for (int most = 4; most < 60; most++) {
            Options options = options(SolverChoice.NEWTON_CG).withStrength(new Strength.C(30));
            assertThat(solution(plain, x, options.withMaxPasses(most)).passes()).isLessThanOrEqualTo(most);
        }
    }
}
