package io.logits.kernels.simd;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.kernels.ScalarKernels;
import io.logits.kernels.SelectionKernels;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** The SIMD selection kernels give the bits of the scalar ones, and write nowhere else. */
class SimdSelectionTest {
    private static final int REPEATS = 60;
    private static final int MARGIN = SelectionKernels.ROOM + 3;

    private final SelectionKernels scalar = new ScalarKernels("the specification, for comparison").selection();
    private final SelectionKernels simd = new SimdKernels().selection();
    private final long seed = Long.getLong("logits.seed", System.nanoTime());
    private final Random random = new Random(seed);

    private final int n = random.nextInt(random.nextBoolean() ? 1500 : 5000);
    private final int offset = random.nextInt(9);
    private final int at = random.nextInt(5);
    private final int blocks = (n + SelectionKernels.BLOCK - 1) / SelectionKernels.BLOCK;
    private final float[] z = logits(n + offset + MARGIN);
    private final double max = max();
    private final float least = least();
    private final double scale = SelectionKernels.LOG2_E / (random.nextInt(4) == 0 ? .01 : 1);
    /** Near and far, and, now and then, beyond float32. */
    private final double anyScale = SelectionKernels.LOG2_E
            * Math.pow(10, random.nextInt(5) - 1)
            * (random.nextInt(9) == 0 ? 1e200 : .5 + random.nextDouble());

    /** Normal, rounded so that there are ties, with zeros of both signs and a few -infinity. */
    private float[] logits(int size) {
        float[] logits = new float[size];
        boolean possible = random.nextBoolean();
        for (int i = 0; i < size; i++) {
            float normal = Math.round(random.nextGaussian() * 300) / 64f;
            logits[i] = !possible && random.nextInt(20) == 0
                    ? Float.NEGATIVE_INFINITY
                    : random.nextInt(9) == 0 ? -0f : normal;
        }
        return logits;
    }

    private double max() {
        double max = 0;
        for (int i = 0; i < n; i++) {
            max = Math.max(max, z[offset + i]);
        }
        return max;
    }

    private float least() {
        float least = Float.POSITIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            least = Math.min(least, z[offset + i]);
        }
        return least;
    }

    private float largest() {
        float largest = 0;
        for (int i = 0; i < n; i++) {
            largest = Math.max(largest, Math.abs(z[offset + i]));
        }
        return largest;
    }

    private double[] canaries(int size) {
        double[] values = new double[size];
        Arrays.fill(values, 123);
        return values;
    }

    private void sameSums(double[] actual, double[] expected) {
        sameSums(actual, expected, blocks);
    }

    private void sameSums(double[] actual, double[] expected, int count) {
        // What is in the room behind the sums is unspecified.
        Arrays.fill(actual, at + count, Math.min(actual.length, at + count + SelectionKernels.ROOM), 0);
        Arrays.fill(expected, at + count, Math.min(actual.length, at + count + SelectionKernels.ROOM), 0);
        assertThat(actual).as("seed %d, %d bits", seed, Lanes.BITS).containsExactly(expected);
    }

    @RepeatedTest(REPEATS)
    void maxima() {
        float[] expected = new float[at + blocks + MARGIN];
        float[] actual = new float[at + blocks + MARGIN];
        if (random.nextBoolean()) {
            // Blocks of nothing but negative numbers, -0 perhaps among them.
            for (int i = 0; i < z.length; i++) {
                z[i] = -Math.abs(z[i]);
            }
        }
        float largest = scalar.blockMaxima(z, offset, n, expected, at);
        assertThat(largest).isEqualTo(largest());
        assertThat(simd.blockMaxima(z, offset, n, actual, at)).isEqualTo(largest);
        assertThat(actual).as("seed %d, %d bits", seed, Lanes.BITS).containsExactly(expected);
    }

    @RepeatedTest(REPEATS)
    void notANumberIsSeenWhereverItIsAndWhateverItsSign() {
        float[] maxima = new float[blocks + 1];
        if (n > 0) {
            int bits = random.nextBoolean() ? 0x7f800001 : 0xffc00000;
            z[offset + random.nextInt(n)] = Float.intBitsToFloat(bits);
            assertThat(simd.blockMaxima(z, offset, n, maxima, 0)).isNaN();
            assertThat(scalar.blockMaxima(z, offset, n, maxima, 0)).isNaN();
        }
    }

    @Test
    void infinityIsANumber() {
        float[] row = new float[SelectionKernels.BLOCK];
        row[3] = Float.POSITIVE_INFINITY;
        row[4] = Float.NEGATIVE_INFINITY;
        float[] maxima = new float[1];
        assertThat(simd.blockMaxima(row, 0, row.length, maxima, 0)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(maxima[0]).isEqualTo(Float.POSITIVE_INFINITY);
    }

    @RepeatedTest(REPEATS)
    void sums() {
        double[] expected = canaries(at + blocks + MARGIN);
        double[] actual = canaries(at + blocks + MARGIN);
        scalar.blockSums(z, offset, n, least, max, scale, expected, at);
        simd.blockSums(z, offset, n, least, max, scale, actual, at);
        sameSums(actual, expected);
    }

    @RepeatedTest(REPEATS)
    void coarseSums() {
        double[] expected = canaries(at + blocks + MARGIN);
        double[] actual = canaries(at + blocks + MARGIN);
        float lower = random.nextBoolean() ? least : Float.NEGATIVE_INFINITY;
        float[] maxima = new float[at + blocks];
        scalar.blockMaxima(z, offset, n, maxima, at);
        scalar.coarseSums(z, offset, n, maxima, at, least, max, anyScale, expected, at);
        simd.coarseSums(z, offset, n, maxima, at, lower, max, anyScale, actual, at);
        int groups = (blocks + SelectionKernels.GROUP - 1) / SelectionKernels.GROUP;
        sameSums(actual, expected, groups);
    }

    @RepeatedTest(REPEATS)
    void sumsAboveABound() {
        float bound = n == 0 ? 0 : z[offset + random.nextInt(n)];
        double[] expected = canaries(at + blocks + MARGIN);
        double[] actual = canaries(at + blocks + MARGIN);
        double[] expectedAbove = canaries(at + blocks + MARGIN);
        double[] actualAbove = canaries(at + blocks + MARGIN);
        scalar.blockSumsAbove(z, offset, n, least, max, scale, bound, expected, expectedAbove, at);
        simd.blockSumsAbove(z, offset, n, least, max, scale, bound, actual, actualAbove, at);
        sameSums(actual, expected);
        sameSums(actualAbove, expectedAbove);
    }

    @RepeatedTest(REPEATS)
    void moments() {
        double[] expected = canaries(at + blocks + MARGIN);
        double[] actual = canaries(at + blocks + MARGIN);
        double[] expectedMoments = canaries(at + blocks + MARGIN);
        double[] actualMoments = canaries(at + blocks + MARGIN);
        scalar.blockMoments(z, offset, n, max, scale, expected, expectedMoments, at);
        simd.blockMoments(z, offset, n, max, scale, actual, actualMoments, at);
        sameSums(actual, expected);
        sameSums(actualMoments, expectedMoments);
    }

    @RepeatedTest(REPEATS)
    void weights() {
        double[] expected = canaries(at + n + MARGIN);
        double[] actual = canaries(at + n + MARGIN);
        scalar.weights(z, offset, n, max, scale, expected, at);
        simd.weights(z, offset, n, max, scale, actual, at);
        assertThat(actual).as("seed %d, %d bits", seed, Lanes.BITS).containsExactly(expected);
    }

    @RepeatedTest(REPEATS)
    void massFromABound() {
        float bound = n == 0 ? 0 : z[offset + random.nextInt(n)];
        float[] logits = Arrays.copyOfRange(z, offset, offset + n);
        double[] weights = random.doubles(n).toArray();
        double[] expected = canaries(at + 1 + MARGIN);
        double[] actual = canaries(at + 1 + MARGIN);
        scalar.massFrom(logits, weights, n, bound, expected, at);
        simd.massFrom(logits, weights, n, bound, actual, at);
        sameSums(actual, expected, 1);
        double mass = 0;
        for (int i = 0; i < n; i++) {
            mass += logits[i] >= bound ? weights[i] : 0;
        }
        assertThat(Math.abs(actual[at] - mass)).isLessThanOrEqualTo(n * Math.ulp(mass));
    }

    @RepeatedTest(REPEATS)
    void collected() {
        // From all down to none.
        float low = (float) random.nextGaussian() * 5;
        float high = random.nextBoolean() ? Float.POSITIVE_INFINITY : low + random.nextFloat() * 5;
        if (random.nextInt(5) == 0) {
            low = 0;
        }
        if (n > 0 && random.nextInt(5) == 0) {
            z[offset + random.nextInt(n)] = Float.POSITIVE_INFINITY;
        }
        int[] expectedIds = new int[at + n + SelectionKernels.ROOM];
        int[] actualIds = new int[at + n + SelectionKernels.ROOM];
        float[] expected = new float[at + n + SelectionKernels.ROOM];
        float[] actual = new float[at + n + SelectionKernels.ROOM];
        int count = scalar.collect(z, offset, n, low, high, 7, expectedIds, expected, at);
        assertThat(simd.collect(z, offset, n, low, high, 7, actualIds, actual, at))
                .isEqualTo(count);
        assertThat(Arrays.copyOf(actualIds, count))
                .as("seed %d", seed)
                .containsExactly(Arrays.copyOf(expectedIds, count));
        assertThat(Arrays.copyOf(actual, count)).containsExactly(Arrays.copyOf(expected, count));
    }

    /** Bounds are told from elements by a difference, however small it is, and where it would not be a number. */
    @RepeatedTest(REPEATS)
    void collectedAtTheEndsOfTheNumbers() {
        float[] ends = {
            0, Float.MIN_VALUE, Float.MIN_NORMAL, 1, Math.nextUp(1f), Float.MAX_VALUE, Float.POSITIVE_INFINITY
        };
        float[] row = new float[n];
        for (int i = 0; i < n; i++) {
            row[i] = anyOf(ends);
        }
        float low = anyOf(ends);
        float high = random.nextBoolean() ? Float.POSITIVE_INFINITY : anyOf(ends);
        int[] expectedIds = new int[n + SelectionKernels.ROOM];
        int[] actualIds = new int[n + SelectionKernels.ROOM];
        float[] expected = new float[n + SelectionKernels.ROOM];
        float[] actual = new float[n + SelectionKernels.ROOM];
        int count = scalar.collect(row, 0, n, low, high, 0, expectedIds, expected, 0);
        assertThat(simd.collect(row, 0, n, low, high, 0, actualIds, actual, 0))
                .as("seed %d, from %s to %s", seed, low, high)
                .isEqualTo(count);
        assertThat(Arrays.copyOf(actualIds, count)).containsExactly(Arrays.copyOf(expectedIds, count));
        assertThat(Arrays.copyOf(actual, count)).containsExactly(Arrays.copyOf(expected, count));
    }

    private float anyOf(float[] magnitudes) {
        float magnitude = magnitudes[random.nextInt(magnitudes.length)];
        return random.nextBoolean() ? magnitude : -magnitude;
    }

    @Test
    void everyHalfPrecisionNumberIsWidenedAlike() {
        short[] all = new short[1 << 16];
        for (int i = 0; i < all.length; i++) {
            all[i] = (short) i;
        }
        float[] expected = new float[all.length];
        float[] actual = new float[all.length];
        scalar.widenFloat16(all, 0, all.length, expected, 0);
        simd.widenFloat16(all, 0, all.length, actual, 0);
        assertThat(actual).containsExactly(expected);
        scalar.widenBfloat16(all, 1, all.length - 1, expected, 0);
        simd.widenBfloat16(all, 1, all.length - 1, actual, 0);
        assertThat(actual).containsExactly(expected);
    }
}
