package io.logits.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.kernels.spec.Weight;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ScalarSelectionTest {
    private static final MathContext DIGITS = new MathContext(40);
    private static final BigDecimal LN_2 = new BigDecimal("0.6931471805599453094172321214581765680755");
    /** The bound that {@link SelectionKernels} states, for an exponent t that is itself exact. */
    private static final double RELATIVE_ERROR = 4.5e-15;

    private final SelectionKernels kernels = new ScalarSelection();

    /** {@code 2^t} for {@code |t| <= 1} by the exponential series. */
    private static BigDecimal exp2(double t) {
        BigDecimal x = new BigDecimal(t).multiply(LN_2, DIGITS);
        BigDecimal term = BigDecimal.ONE;
        BigDecimal sum = BigDecimal.ONE;
        for (int i = 1; i < 35; i++) {
            term = term.multiply(x, DIGITS).divide(BigDecimal.valueOf(i), DIGITS);
            sum = sum.add(term, DIGITS);
        }
        return sum;
    }

    @Test
    void powersOfTwoAreWithinTheirBound() {
        SplittableRandom random = new SplittableRandom(1);
        double worst = 0;
        for (int i = 0; i < 5000; i++) {
            double fraction = -random.nextDouble();
            int whole = random.nextInt(1000);
            double t = fraction - whole;
            BigDecimal truth = exp2(t + whole);
            double actual = Weight.of(t, 1) * Math.pow(2, whole);
            double error = new BigDecimal(actual)
                    .subtract(truth)
                    .divide(truth, DIGITS)
                    .abs()
                    .doubleValue();
            worst = Math.max(worst, error);
        }
        assertThat(worst).isLessThan(RELATIVE_ERROR).isGreaterThan(0);
    }

    @Test
    void theMaximumWeighsExactlyOneAndWhatIsFarBelowNothing() {
        assertThat(Weight.of(0, 1)).isEqualTo(1);
        assertThat(Weight.of(-1, 1)).isEqualTo(.5);
        assertThat(Weight.of(-1022, 1)).isEqualTo(Double.MIN_NORMAL);
        assertThat(Weight.of(Math.nextDown(-1022d), 1)).isZero();
        assertThat(Weight.of(Double.NEGATIVE_INFINITY, 1)).isZero();
    }

    @Test
    void blockSumsAreSumsOfWeights() {
        float[] z = {0, -1, -2, Float.NEGATIVE_INFINITY, -5};
        double[] sums = new double[1 + SelectionKernels.ROOM];
        kernels.blockSums(z, 0, z.length, Float.NEGATIVE_INFINITY, 0, SelectionKernels.LOG2_E, sums, 0);
        double truth = 1 + Math.exp(-1) + Math.exp(-2) + Math.exp(-5);
        assertThat(Math.abs(sums[0] - truth)).isLessThan(truth * RELATIVE_ERROR);
    }

    /** How far the coarse sum of one group is from the true one, relatively. */
    private double coarseError(float[] z, double max, double scale) {
        int blocks = (z.length + SelectionKernels.BLOCK - 1) / SelectionKernels.BLOCK;
        float[] maxima = new float[blocks];
        float largest = kernels.blockMaxima(z, 0, z.length, maxima, 0);
        double[] sums = new double[1 + SelectionKernels.ROOM];
        kernels.coarseSums(z, 0, z.length, maxima, 0, -largest, max, scale, sums, 0);
        double truth = 0;
        for (float logit : z) {
            truth += StrictMath.pow(2, (logit - max) * scale);
        }
        return Math.abs(sums[0] / truth - 1);
    }

    private static float max(float[] z) {
        float max = Float.NEGATIVE_INFINITY;
        for (float logit : z) {
            max = Math.max(max, logit);
        }
        return max;
    }

    /** Normal rows and constant ones, near and far from 0, hot and cold, with tokens that are impossible. */
    @Test
    void coarseSumsAreWithinTheirBound() {
        SplittableRandom random = new SplittableRandom(3);
        double worst = 0;
        for (int repeat = 0; repeat < 4000; repeat++) {
            float[] z = new float[1 + random.nextInt(SelectionKernels.GROUP * SelectionKernels.BLOCK)];
            double centre = random.nextGaussian() * Math.pow(10, random.nextInt(4));
            double deviation = repeat % 3 == 0 ? 0 : Math.pow(10, random.nextDouble(6) - 2);
            double scale = SelectionKernels.LOG2_E * Math.pow(10, random.nextDouble(2) - 1);
            for (int j = 0; j < z.length; j++) {
                z[j] = (float) (centre + deviation * random.nextGaussian());
            }
            if (repeat % 5 == 0) {
                z[random.nextInt(z.length)] = Float.NEGATIVE_INFINITY;
            }
            float largest = max(z);
            if (largest > Float.NEGATIVE_INFINITY) {
                worst = Math.max(worst, coarseError(z, largest + (float) (random.nextDouble(40) / scale), scale));
            }
        }
        assertThat(worst).isLessThan(SelectionKernels.COARSE).isGreaterThan(SelectionKernels.COARSE / 2);
    }

    /** The exponent at which a weight is farthest off, by itself and in all places. */
    @Test
    void coarseWeightsAreWithinTheirBoundWhereTheyAreFarthestOff() {
        for (int n : new int[] {1, SelectionKernels.GROUP * SelectionKernels.BLOCK}) {
            float[] z = new float[n];
            Arrays.fill(z, 0x1.b1ea9ap-2f);
            assertThat(coarseError(z, 1, 1)).isBetween(1.52e-7, 1.53e-7);
        }
    }

    /** Weights that are all off in the same direction, and sums of pairs just above a power of two, where most is rounded. */
    @Test
    void coarseSumsAreWithinTheirBoundWherePairsLoseMost() {
        double worst = 0;
        for (int step = -4000; step < 4000; step++) {
            float[] z = new float[32];
            float first = 0x1.b1ea9ap-2f + step * 0x1p-26f;
            Arrays.fill(z, 0, 16, first);
            Arrays.fill(z, 16, 32, first - 1);
            worst = Math.max(worst, coarseError(z, 1, 1));
        }
        assertThat(worst).isBetween(2e-7, SelectionKernels.COARSE);
    }

    /** In each lane one large weight that is far from a power of two, before small ones, each lost or halved beside it. */
    @Test
    void coarseSumsAreWithinTheirBoundWhereLanesLoseMost() {
        float[] z = new float[SelectionKernels.GROUP * SelectionKernels.BLOCK];
        for (float small : new float[] {-20.49f, -22.49f, -23.49f, -24.49f, -25.49f, -30f}) {
            for (int large : new int[] {1, 16}) {
                for (int j = 0; j < z.length; j++) {
                    z[j] = j < large ? -0.49f : small;
                }
                assertThat(coarseError(z, 0, 1)).isLessThan(SelectionKernels.COARSE);
            }
        }
    }

    @Test
    void coarseWeightsFarBelowAreNothingAndHugeScalesExact() {
        float[] z = {0, -1, -200, Float.NEGATIVE_INFINITY};
        float[] maxima = {0};
        double[] sums = new double[1 + SelectionKernels.ROOM];
        kernels.coarseSums(z, 0, z.length, maxima, 0, Float.NEGATIVE_INFINITY, 0, 1, sums, 0);
        assertThat(sums[0]).isEqualTo(1.5);
        kernels.coarseSums(z, 0, z.length, maxima, 0, Float.NEGATIVE_INFINITY, 0, 1e300, sums, 0);
        assertThat(sums[0]).isEqualTo(1);
        kernels.coarseSums(z, 0, z.length, maxima, 0, Float.NEGATIVE_INFINITY, 0, 0, sums, 0);
        assertThat(sums[0]).isEqualTo(3);
    }

    @Test
    void aGroupOfImpossibleTokensWeighsNothing() {
        float[] z = {Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY};
        double[] sums = new double[1 + SelectionKernels.ROOM];
        kernels.coarseSums(z, 0, 2, new float[] {z[0]}, 0, z[0], 700, 1, sums, 0);
        assertThat(sums[0]).isZero();
    }

    @Test
    void momentsGiveTheEntropy() {
        // Four equal logits and one that is impossible: two bits.
        float[] z = {3, 3, Float.NEGATIVE_INFINITY, 3, 3};
        double[] sums = new double[1 + SelectionKernels.ROOM];
        double[] moments = new double[1 + SelectionKernels.ROOM];
        kernels.blockMoments(z, 0, z.length, 4, 1, sums, moments, 0);
        assertThat(sums[0]).isEqualTo(2);
        assertThat(moments[0]).isEqualTo(-2);
    }

    @Test
    void halfPrecisionNumbersAreWidenedExactly() {
        short[] half = {0x3c00, (short) 0xc000, 0x0001, 0x7bff, 0x7c00, (short) 0xfc00, 0x7e00, (short) 0x8000, 0x3555};
        float[] out = new float[half.length];
        kernels.widenFloat16(half, 0, half.length, out, 0);
        assertThat(out)
                .containsExactly(
                        1f,
                        -2f,
                        0x1p-24f,
                        65504f,
                        Float.POSITIVE_INFINITY,
                        Float.NEGATIVE_INFINITY,
                        Float.NaN,
                        -0f,
                        0.333251953125f);
        short[] brain = {0x3f80, (short) 0xc000, 0x7f80, 0x0001};
        kernels.widenBfloat16(brain, 0, brain.length, out, 0);
        assertThat(out).startsWith(1f, -2f, Float.POSITIVE_INFINITY, Float.intBitsToFloat(0x10000));
    }
}
