package io.logits.estimator;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.reference.Fitted;
import io.logits.reference.PlainProblem;
import io.logits.reference.Rows;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Newton's method by conjugate gradients on sparse rows of counts, all of which grow together along their means. */
class CentredStepsTest {
    private static final int ROWS = 1500;
    private static final int WORDS = 300;

    /** Texts of 30 words, the first ones frequent; what they say of a class is faint. */
    private static PlainProblem counts(int classes, boolean intercept) {
        SplittableRandom random = new SplittableRandom(5);
        double[][] x = new double[ROWS][WORDS];
        int[] y = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            y[i] = i < classes ? i : random.nextInt(classes);
            for (int w = 0; w < 30; w++) {
                int word = (int) Math.pow(WORDS, random.nextDouble()) - 1;
                x[i][(word + (random.nextInt(8) == 0 ? y[i] : 0)) % WORDS]++;
            }
        }
        double[] ones = new double[ROWS];
        Arrays.fill(ones, 1);
        return new PlainProblem(x, y, ones, new double[0], classes, intercept, new double[WORDS]);
    }

    /** By the diagonal alone it takes 43, 31 and 97 passes. */
    @ParameterizedTest
    @CsvSource({"2,true,35", "2,false,25", "4,true,65"})
    void takeFewPasses(int classes, boolean intercept, int most) {
        PlainProblem plain = counts(classes, intercept);
        Options options = Options.defaults()
                .withStrength(new Strength.C(1))
                .withSolver(SolverChoice.NEWTON_CG)
                .withTolerance(1e-6)
                .withStandardize(false)
                .withIntercept(intercept);
        Fitted fitted = Fitted.of(plain, Rows.sparse(plain.x(), WORDS), options);
        assertThat(fitted.solution().converged()).isTrue();
        assertThat(fitted.solution().passes()).isLessThan(most);
    }
}
