package io.logits.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logits.testkit.Seeds;
import io.logits.testkit.Tolerance;
import io.logits.testkit.Worst;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What the public functions promise: properties, checks of arguments, the same bits from any number of threads. */
class LogitFunctionsTest {
    private static final Tolerance ONE_ULP = Tolerance.ulps(1, "two results of at most 0.8 ulp each, both below 1");
    private static final Tolerance TWO_ULPS_OF_ONE =
            Tolerance.ulps(2, "errors of the entries are independent and at most two of their own, smaller ulps");

    @Test
    void sigmoidsOfOppositeLogitsAddUpToOne() {
        SplittableRandom random = Seeds.random("oppositeLogits");
        Worst wide = new Worst("sigmoid(z) + sigmoid(-z) - 1");
        Worst narrow = new Worst("float sigmoid(z) + sigmoid(-z) - 1");
        for (int i = 0; i < 100_000; i++) {
            double z = random.nextDouble(-40, 40);
            wide.add(Math.abs(LogitFunctions.sigmoid(z) - 1 + LogitFunctions.sigmoid(-z)) / Math.ulp(1.0), z);
            float f = (float) z;
            narrow.add(
                    Math.abs((double) FloatLogitFunctions.sigmoid(f) - 1 + FloatLogitFunctions.sigmoid(-f))
                            / Math.ulp(1f),
                    f);
        }
        wide.check(ONE_ULP);
        narrow.check(ONE_ULP);
    }

    @Test
    void probabilitiesAddUpToOneForRowsOfAnyLengthAndSpread() {
        SplittableRandom random = Seeds.random("addUpToOne");
        Worst wide = new Worst("sum of softmax - 1");
        Worst narrow = new Worst("sum of float softmax - 1");
        for (int n : new int[] {1, 2, 3, 10, 33, 100, 1000, 30_000, 1_000_000}) {
            for (double spread : new double[] {0, 1, 30, 1e4}) {
                double[] z = new double[n];
                float[] f = new float[n];
                for (int k = 0; k < n; k++) {
                    z[k] = spread == 0 ? 1 : random.nextDouble(-spread, spread);
                    f[k] = (float) z[k];
                }
                LogitFunctions.softmax(z, z);
                FloatLogitFunctions.softmax(f, f);
                double error = -1;
                double lost = 0;
                double floatSum = -1;
                for (int k = 0; k < n; k++) {
                    double sum = error + z[k];
                    double part = sum - error;
                    lost += (error - (sum - part)) + (z[k] - part);
                    error = sum;
                    floatSum += f[k];
                }
                wide.add(Math.abs(error + lost) / Math.ulp(1.0), n);
                narrow.add(Math.abs(floatSum) / Math.ulp(1f), n);
            }
        }
        wide.check(TWO_ULPS_OF_ONE);
        narrow.check(TWO_ULPS_OF_ONE);
    }

    @Test
    void logSoftmaxIsNeverPositiveAndAgreesWithSoftmax() {
        SplittableRandom random = Seeds.random("neverPositive");
        Tolerance consistent = Tolerance.relative(
                1e-13, "exp magnifies the rounding of a logarithm of up to 60 sixtyfold, and both have a few ulps");
        for (int round = 0; round < 2000; round++) {
            int n = random.nextInt(1, 100);
            double spread = Math.scalb(1.0, random.nextInt(-4, 6));
            double[] z = random.doubles(n, -spread, spread).toArray();
            double[] p = new double[n];
            double[] log = new double[n];
            LogitFunctions.softmax(z, p);
            LogitFunctions.logSoftmax(z, log);
            for (int k = 0; k < n; k++) {
                assertThat(log[k]).isLessThanOrEqualTo(0);
                consistent.check(Math.abs(Math.exp(log[k]) - p[k]) / p[k], "entry " + k + " of " + n);
            }
        }
    }

    @Test
    void aConstantAddedToARowMultipliesNothing() {
        double[] z = {0.5, -3.25, 7, 0.125, 2};
        double[] p = new double[z.length];
        double[] shifted = new double[z.length];
        LogitFunctions.softmax(z, p);
        for (double c : new double[] {1024, -1024, 0x1p20, -0x1p30}) {
            double[] moved = z.clone();
            for (int k = 0; k < z.length; k++) {
                // Exact: the logits are multiples of 1/8.
                moved[k] += c;
            }
            LogitFunctions.softmax(moved, shifted);
            for (int k = 0; k < z.length; k++) {
                Tolerance.ulps(2, "two results of at most two ulps in the same binade")
                        .check(Math.abs(shifted[k] - p[k]) / Math.ulp(p[k]), "entry " + k);
            }
        }
    }

    @Test
    void severalThreadsGiveTheBitsOfOne() {
        SplittableRandom random = Seeds.random("severalThreads");
        Rows in = Rows.of(700, 130).withStride(131).withOffset(3);
        Rows out = Rows.of(700, 130);
        double[] z = random.doubles(3 + 700 * 131, -9, 9).toArray();
        float[] f = new float[z.length];
        for (int i = 0; i < z.length; i++) {
            f[i] = (float) z[i];
        }
        try (Workers workers = Workers.of(4)) {
            double[] one = new double[700 * 130];
            double[] many = new double[700 * 130];
            LogitFunctions.softmax(z, in, one, out);
            LogitFunctions.softmax(z, in, many, out, workers);
            assertThat(many).containsExactly(one);
            LogitFunctions.logSoftmax(z, in, one, out);
            LogitFunctions.logSoftmax(z, in, many, out, workers);
            assertThat(many).containsExactly(one);
            LogitFunctions.logSumExp(z, in, one);
            LogitFunctions.logSumExp(z, in, many, workers);
            assertThat(many).containsExactly(one);
            float[] oneF = new float[700 * 130];
            float[] manyF = new float[700 * 130];
            FloatLogitFunctions.softmax(f, in, oneF, out);
            FloatLogitFunctions.softmax(f, in, manyF, out, workers);
            assertThat(manyF).containsExactly(oneF);
        }
    }

    @Test
    void halfFloatRowsAreWidenedAndThenTaken() {
        // 1, -2, 0.5, 65504 in float16; 1, -2, 0.5, 3 in bfloat16
        short[] half = {0x3c00, (short) 0xc000, 0x3800, 0x7bff};
        short[] brain = {0x3f80, (short) 0xc000, 0x3f00, 0x4040};
        float[] p = new float[4];
        float[] expected = new float[4];
        Rows row = Rows.of(2, 2);
        FloatLogitFunctions.softmax(half, HalfFormat.FLOAT16, row, p, row);
        FloatLogitFunctions.softmax(new float[] {1, -2, 0.5f, 65504}, row, expected, row);
        assertThat(p).containsExactly(expected);
        FloatLogitFunctions.logSoftmax(brain, HalfFormat.BFLOAT16, row, p, row);
        FloatLogitFunctions.logSoftmax(new float[] {1, -2, 0.5f, 3}, row, expected, row);
        assertThat(p).containsExactly(expected);
    }

    @Test
    void singleValuesHaveTheBitsOfArrays() {
        SplittableRandom random = Seeds.random("singleValues");
        double[] z = random.doubles(100, -50, 50).toArray();
        double[] out = new double[100];
        LogitFunctions.logSigmoid(z, out);
        for (int i = 0; i < z.length; i++) {
            assertThat(LogitFunctions.logSigmoid(z[i])).isEqualTo(out[i]);
        }
        assertThat(LogitFunctions.logSumExp(new double[] {0, 0})).isEqualTo(0.6931471805599453);
    }

    @Test
    void wrongArgumentsAreNamed() {
        double[] z = new double[6];
        assertThatThrownBy(() -> LogitFunctions.softmax(new double[0], new double[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cols is 0: a row needs at least one entry");
        assertThatThrownBy(() -> LogitFunctions.softmax(z, Rows.of(2, 4), z, Rows.of(2, 4)))
                .hasMessage("z has 6 entries, 2 rows of 4 from 0 with stride 4 need 8");
        assertThatThrownBy(() -> LogitFunctions.softmax(z, Rows.of(2, 3), z, Rows.of(3, 2)))
                .hasMessage("the logits are 2 x 3, the output is 3 x 2");
        assertThatThrownBy(() -> LogitFunctions.softmax(z, Rows.of(2, 3), new double[5], Rows.of(2, 3)))
                .hasMessage("the output has 5 entries, 2 rows of 3 from 0 with stride 3 need 6");
        assertThatThrownBy(() -> LogitFunctions.sigmoid(z, new double[5])).hasMessage("out has 5 entries, z has 6");
        assertThatThrownBy(() -> LogitFunctions.logSumExp(z, Rows.of(2, 3), new double[1]))
                .hasMessage("out has 1 entries, the rows are 2");
        assertThatThrownBy(() -> LogitFunctions.crossEntropy(z, 2, 3, new int[] {0, 3}, new double[2], z))
                .hasMessage("y[1] is 3, 0 to 2 are allowed");
        assertThatThrownBy(() -> LogitFunctions.logLoss(z, new int[] {0, 1, 2, 0, 0, 0}, z.clone(), z))
                .hasMessage("y[2] is 2, 0 to 1 are allowed");
        assertThatThrownBy(() -> Rows.of(-1, 3)).hasMessage("count is -1, at least 0 is needed");
        assertThatThrownBy(() -> Rows.of(1, 3).withStride(2)).hasMessage("stride is 2, rows of 3 would overlap");
        assertThatThrownBy(() -> Rows.of(1, 3).withOffset(-1)).hasMessage("offset is -1, at least 0 is needed");
    }

    @Test
    void lossesOfRowsAnywhereHaveTheBitsOfRowsFromZeroForAnyNumberOfThreads() {
        SplittableRandom random = Seeds.random("lossesOfRows");
        for (int cols : new int[] {3, 700}) {
            int count = 1 + 200_000 / cols;
            Rows packed = Rows.of(count, cols);
            Rows apart = new Rows(count, cols, 5, cols + 2);
            float[] z = new float[count * cols];
            float[] spacedZ = new float[5 + count * (cols + 2)];
            int[] y = random.ints(count, 0, cols).toArray();
            for (int i = 0; i < count; i++) {
                for (int k = 0; k < cols; k++) {
                    z[packed.start(i) + k] = (float) random.nextDouble(-9, 9);
                    spacedZ[apart.start(i) + k] = z[packed.start(i) + k];
                }
            }
            double[] wideZ = widened(z);
            double[] spacedWideZ = widened(spacedZ);
            float[] loss = new float[count];
            float[] gradient = new float[z.length];
            double[] wideLoss = new double[count];
            double[] wideGradient = new double[z.length];
            FloatLogitFunctions.crossEntropy(z, packed, y, loss, gradient);
            LogitFunctions.crossEntropy(wideZ, packed, y, wideLoss, wideGradient);
            float[] otherLoss = new float[count];
            double[] otherWideLoss = new double[count];
            try (Workers workers = Workers.of(3)) {
                FloatLogitFunctions.crossEntropy(spacedZ, apart, y, otherLoss, spacedZ, workers);
                LogitFunctions.crossEntropy(spacedWideZ, apart, y, otherWideLoss, spacedWideZ, workers);
            }
            assertThat(otherLoss).isEqualTo(loss);
            assertThat(otherWideLoss).isEqualTo(wideLoss);
            for (int i = 0; i < count; i++) {
                for (int k = 0; k < cols; k++) {
                    assertThat(spacedZ[apart.start(i) + k]).isEqualTo(gradient[packed.start(i) + k]);
                    assertThat(spacedWideZ[apart.start(i) + k]).isEqualTo(wideGradient[packed.start(i) + k]);
                }
            }
        }
    }

    @Test
    void logLossHasTheSameBitsForAnyNumberOfThreads() {
        SplittableRandom random = Seeds.random("logLossByThreads");
        int n = 100_001;
        double[] z = random.doubles(n, -30, 30).toArray();
        int[] y = random.ints(n, 0, 2).toArray();
        double[] loss = new double[n];
        double[] gradient = new double[n];
        LogitFunctions.logLoss(z, y, loss, gradient);
        double[] otherLoss = new double[n];
        double[] otherGradient = new double[n];
        try (Workers workers = Workers.of(3)) {
            LogitFunctions.logLoss(z, y, otherLoss, otherGradient, workers);
        }
        assertThat(otherLoss).isEqualTo(loss);
        assertThat(otherGradient).isEqualTo(gradient);
    }

    @Test
    void sixteenBitLogitsHaveTheLossesOfTheirFloats() {
        SplittableRandom random = Seeds.random("sixteenBits");
        Rows rows = new Rows(7, 11, 3, 13);
        short[] z = new short[rows.start(7)];
        float[] wide = new float[z.length];
        for (int i = 0; i < z.length; i++) {
            wide[i] = random.nextInt(-40, 40) / 4f;
            z[i] = (short) (Float.floatToRawIntBits(wide[i]) >>> 16);
        }
        int[] y = random.ints(7, 0, 11).toArray();
        float[] loss = new float[7];
        float[] gradient = new float[z.length];
        float[] logSum = new float[7];
        FloatLogitFunctions.crossEntropy(z, HalfFormat.BFLOAT16, rows, y, loss, gradient);
        FloatLogitFunctions.logSumExp(z, HalfFormat.BFLOAT16, rows, logSum);
        float[] expectedLogSum = new float[7];
        FloatLogitFunctions.logSumExp(wide, rows, expectedLogSum);
        assertThat(logSum).isEqualTo(expectedLogSum);
        float[] expectedLoss = new float[7];
        float[] expectedGradient = new float[z.length];
        FloatLogitFunctions.crossEntropy(wide, rows, y, expectedLoss, expectedGradient);
        assertThat(loss).isEqualTo(expectedLoss);
        assertThat(gradient).isEqualTo(expectedGradient);
    }

    private static double[] widened(float[] z) {
        double[] wide = new double[z.length];
        for (int i = 0; i < z.length; i++) {
            wide[i] = z[i];
        }
        return wide;
    }
}
