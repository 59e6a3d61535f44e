package io.logits.estimator;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.reference.Fitted;
import io.logits.reference.PlainProblem;
import io.logits.reference.Rows;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Newton's method by conjugate gradients where the penalty is weak and many rows can be fitted well, as texts can. */
class DampedStepsTest {
    private static final int ROWS = 2000;
    private static final int WORDS = 4000;
    private static final int CLASSES = 10;
    private static final double WORD = 1 / Math.sqrt(10);

    /** What it takes without damping is 178 and 163. */
    private static final int MOST_PASSES = 150;

    /** Families of five texts with many words in common, nearly all of one class, of which some are frequent, some rare. */
    private static PlainProblem texts(double odd) {
        SplittableRandom random = new SplittableRandom(3);
        double[][] x = new double[ROWS][WORDS];
        int[] y = new int[ROWS];
        int[] words = new int[8];
        int label = 0;
        for (int i = 0; i < ROWS; i++) {
            if (i % 5 == 0) {
                label = zipf(random, CLASSES);
                for (int w = 0; w < words.length; w++) {
                    int common = zipf(random, WORDS);
                    words[w] = random.nextDouble() < 0.3 ? (common * 31 + 7 * label) % WORDS : common;
                }
            }
            y[i] = i < CLASSES ? i : random.nextDouble() < odd ? random.nextInt(CLASSES) : label;
            for (int w : words) {
                x[i][w] = random.nextDouble() < 0.8 ? WORD : x[i][w];
            }
            x[i][random.nextInt(WORDS)] = WORD;
            x[i][random.nextInt(WORDS)] = WORD;
        }
        double[] ones = new double[ROWS];
        Arrays.fill(ones, 1);
        return new PlainProblem(x, y, ones, new double[0], CLASSES, true, new double[WORDS]);
    }

    private static int zipf(SplittableRandom random, int n) {
        return (int) Math.pow(n, random.nextDouble()) - 1;
    }

    private static Fitted fitted(PlainProblem plain, double tolerance, int threads) {
        Options options = Options.defaults()
                .withStrength(new Strength.C(1000))
                .withSolver(SolverChoice.NEWTON_CG)
                .withTolerance(tolerance)
                .withThreads(threads);
        return Fitted.of(plain, Rows.sparse(plain.x(), WORDS), options);
    }

    @Test
    void leadThereInFewPasses() {
        for (double odd : new double[] {0.02, 0.1}) {
            PlainProblem plain = texts(odd);
            Fitted fitted = fitted(plain, 1e-6, 2);
            assertThat(fitted.solution().converged()).isTrue();
            assertThat(fitted.solution().passes()).isLessThan(MOST_PASSES);
            assertThat(fitted.solution().objective())
                    .isLessThanOrEqualTo(
                            (1 + 1e-6) * fitted(plain, 1e-9, 2).solution().objective());
        }
    }

    @Test
    void areTheSameForAnyNumberOfThreads() {
        PlainProblem plain = texts(0.02);
        assertThat(fitted(plain, 1e-3, 3).theta())
                .isEqualTo(fitted(plain, 1e-3, 1).theta());
    }
}
