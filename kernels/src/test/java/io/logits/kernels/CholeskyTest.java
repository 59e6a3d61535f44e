package io.logits.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** The tiled loops of a factor against the three of the textbook, one entry after the other. */
class CholeskyTest {
    @RepeatedTest(300)
    void factorsAreThoseOfPlainLoops(RepetitionInfo info) {
        SplittableRandom random = new SplittableRandom(info.getCurrentRepetition());
        int n = random.nextInt(41);
        double tolerance = random.nextBoolean() ? 0 : 1e-10;
        double[] expected = matrix(random, n);
        double[] actual = expected.clone();
        boolean[] expectedFlags = new boolean[n];
        boolean[] flags = new boolean[n];
        Arrays.fill(flags, random.nextBoolean());
        int found = textbook(expected, n, tolerance, expectedFlags);
        assertThat(new ScalarMatrices().cholesky(actual, n, tolerance, flags)).isEqualTo(found);
        assertThat(flags).containsExactly(expectedFlags);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                assertThat(actual[i * n + j]).as("entry %d,%d of %d", i, j, n).isEqualTo(expected[i * n + j]);
            }
        }
    }

    /** A Gram matrix whose columns, some of them zero or nearly those before, have sizes far apart; NaN above the diagonal. */
    private static double[] matrix(SplittableRandom random, int n) {
        double[][] columns = new double[n][n + 3];
        for (int j = 0; j < n; j++) {
            double size = Math.pow(10, random.nextInt(-3, 4));
            int like = j > 0 && random.nextInt(4) == 0 ? random.nextInt(j) : -1;
            boolean zero = random.nextInt(12) == 0;
            for (int m = 0; m < n + 3; m++) {
                double own = random.nextDouble(-1, 1) * size;
                columns[j][m] = zero ? 0 : like >= 0 ? columns[like][m] + 1e-6 * own : own;
            }
        }
        double[] a = new double[n * n];
        Arrays.fill(a, Double.NaN);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                a[i * n + j] = 0;
                for (int m = 0; m < n + 3; m++) {
                    a[i * n + j] += columns[i][m] * columns[j][m];
                }
            }
        }
        return a;
    }

    private static int textbook(double[] a, int n, double tolerance, boolean[] dependent) {
        int found = 0;
        for (int i = 0; i < n; i++) {
            double diagonal = a[i * n + i];
            for (int j = 0; j <= i; j++) {
                double s = a[i * n + j];
                for (int k = 0; k < j; k++) {
                    s = Math.fma(-a[i * n + k], a[j * n + k], s);
                }
                if (j < i) {
                    a[i * n + j] = dependent[j] ? 0 : s / a[j * n + j];
                } else {
                    dependent[i] = !(s > tolerance * diagonal && s > 0);
                    a[i * n + i] = dependent[i] ? 1 : Math.sqrt(s);
                }
            }
            if (dependent[i]) {
                found++;
                Arrays.fill(a, i * n, i * n + i, 0);
            }
        }
        return found;
    }
}
