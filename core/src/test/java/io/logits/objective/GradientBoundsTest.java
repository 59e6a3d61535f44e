package io.logits.objective;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.testkit.Tolerance;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GradientBoundsTest {
    private static final int ROWS = 12;
    private static final int COLUMNS = 30;

    private static final Tolerance CLOSE =
            Tolerance.absolute(1e-9, "a bound adds 1e-10 of a column's norm, which is below 3");

    private final SplittableRandom random = new SplittableRandom(7);
    private final double[][] x = new double[COLUMNS][ROWS];
    private final double[] shares = new double[ROWS];
    private final double[] residuals = new double[ROWS];
    private final GradientBounds bounds;

    GradientBoundsTest() {
        Arrays.setAll(shares, i -> random.nextInt(4));
        double total = Arrays.stream(shares).sum();
        Arrays.setAll(shares, i -> shares[i] / total);
        double[] squares = new double[COLUMNS];
        for (int j = 0; j < COLUMNS; j++) {
            Arrays.setAll(x[j], i -> random.nextDouble(-3, 3));
            for (int i = 0; i < ROWS; i++) {
                squares[j] += shares[i] * x[j][i] * x[j][i];
            }
        }
        bounds = new GradientBounds(shares, squares);
        Arrays.setAll(residuals, i -> random.nextDouble(-1, 1));
        bounds.follow(residuals);
    }

    private double derivative(int j) {
        double sum = 0;
        for (int i = 0; i < ROWS; i++) {
            sum += shares[i] * residuals[i] * x[j][i];
        }
        return sum;
    }

    private void knowAll() {
        for (int j = 0; j < COLUMNS; j++) {
            bounds.know(j, derivative(j));
        }
    }

    @Test
    void nothingIsKnownAtFirst() {
        assertThat(bounds.bound(3)).isInfinite();
    }

    @Test
    void noDerivativeIsLargerThanItsBound() {
        knowAll();
        for (int point = 0; point < 300; point++) {
            double turn = Math.pow(10, random.nextDouble(-6, -0.5));
            double shrink = random.nextDouble(0.8, 1.02);
            Arrays.setAll(
                    residuals, i -> Math.max(-1, Math.min(1, shrink * residuals[i] + turn * random.nextDouble(-1, 1))));
            bounds.follow(residuals);
            for (int j = 0; j < COLUMNS; j++) {
                assertThat(Math.abs(derivative(j))).isLessThanOrEqualTo(bounds.bound(j));
                if (random.nextInt(10) == 0) {
                    bounds.know(j, derivative(j));
                    CLOSE.check(Math.abs(bounds.bound(j) - Math.abs(derivative(j))), "bound");
                }
            }
        }
    }

    @Test
    void whereResidualsOnlyShrinkBoundsAreWhatDerivativesAre() {
        knowAll();
        for (int point = 0; point < 5; point++) {
            Arrays.setAll(residuals, i -> 0.7 * residuals[i]);
            bounds.follow(residuals);
        }
        for (int j = 0; j < COLUMNS; j++) {
            CLOSE.check(Math.abs(bounds.bound(j) - Math.abs(derivative(j))), "bound");
        }
    }

    @Test
    void whereResidualsTurnBackOrVanishNothingIsKnown() {
        knowAll();
        Arrays.setAll(residuals, i -> -residuals[i]);
        bounds.follow(residuals);
        assertThat(bounds.bound(0)).isInfinite();
        knowAll();
        Arrays.fill(residuals, 0);
        bounds.follow(residuals);
        bounds.follow(residuals);
        assertThat(bounds.bound(0)).isInfinite();
    }

    @Test
    void noStepToTheInterceptsBestIsLargerThanItsBound() {
        for (int draw = 0; draw < 50; draw++) {
            checkSteps();
        }
    }

    private void checkSteps() {
        CoefLayout layout = new CoefLayout(COLUMNS, 1, true, false, false, 1);
        double[][] sums = new double[2][COLUMNS + 1];
        int[] y = random.ints(ROWS, 0, 2).toArray();
        double[] gradient = new double[COLUMNS + 1];
        double[] norms = new double[COLUMNS];
        Arrays.setAll(residuals, i -> random.nextDouble() - y[i]);
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j <= COLUMNS; j++) {
                double value = j == COLUMNS ? 1 : x[j][i];
                sums[y[i]][j] += shares[i] * value;
                gradient[j] += shares[i] * residuals[i] * value;
            }
        }
        for (int j = 0; j < COLUMNS; j++) {
            for (int i = 0; i < ROWS; i++) {
                norms[j] += shares[i] * x[j][i] * x[j][i];
            }
        }
        InterceptDual.Move move = new InterceptDual(layout, sums[1], sums[0], 0).move(gradient);
        double[] step = new double[1];
        for (int j = 0; j < COLUMNS; j++) {
            move.steps(j, new double[] {gradient[j]}, step);
            assertThat(Math.abs(step[0])).isLessThanOrEqualTo(move.mostStep(Math.sqrt(norms[j])));
        }
    }
}
