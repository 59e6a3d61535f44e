package io.logits.kernels.simd;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.kernels.MatrixKernels;
import io.logits.kernels.ScalarKernels;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** The SIMD matrix kernels give the bits of the scalar ones, and write nowhere else. */
class SimdMatricesTest {
    private static final int REPEATS = 60;
    private static final int MARGIN = 5;

    private final MatrixKernels scalar = new ScalarKernels("the specification, for comparison").matrices();
    private final MatrixKernels simd = new SimdKernels(true).matrices();
    private final long seed = Long.getLong("logits.seed", System.nanoTime());
    private final Random random = new Random(seed);

    /** One call of a kernel that adds to {@code out}. */
    private interface Call {
        void on(MatrixKernels kernels, double[] out);
    }

    private void sameBits(int outSize, Call call) {
        double[] expected = doubles(outSize + MARGIN);
        double[] actual = expected.clone();
        call.on(scalar, expected);
        call.on(simd, actual);
        assertThat(actual).as("seed %d, %d bits", seed, Lanes.BITS).containsExactly(expected);
    }

    private double[] doubles(int n) {
        double[] a = new double[n];
        for (int i = 0; i < n; i++) {
            a[i] = random.nextGaussian() * Math.pow(2, random.nextInt(20) - 10);
        }
        return a;
    }

    private float[] floats(int n) {
        float[] a = new float[n];
        for (int i = 0; i < n; i++) {
            a[i] = (float) random.nextGaussian();
        }
        return a;
    }

    private int upTo(int most) {
        return random.nextInt(most + 1);
    }

    @RepeatedTest(REPEATS)
    void denseProductsOfFloats() {
        int rows = upTo(21);
        int cols = upTo(70);
        int logits = 1 + upTo(11);
        int offset = upTo(3);
        float[] x = floats(offset + rows * cols);
        double[] w = doubles(logits * cols);
        double[] r = doubles(2 + rows * logits);
        sameBits(3 + rows * logits, (k, z) -> k.multiplyAdd(x, offset, rows, cols, w, logits, z, 3));
        sameBits(logits * cols, (k, g) -> k.transposeMultiplyAdd(x, offset, rows, cols, r, 2, logits, g));
    }

    @RepeatedTest(REPEATS)
    void denseProductsInFloatArithmetic() {
        int rows = upTo(21);
        int cols = upTo(140);
        int logits = 1 + upTo(11);
        int offset = upTo(3);
        float[] x = floats(offset + rows * cols);
        float[] w = floats(logits * cols);
        float[] r = floats(2 + rows * logits);
        float[] expected = floats(3 + rows * logits + MARGIN);
        float[] actual = expected.clone();
        scalar.multiplyAdd(x, offset, rows, cols, w, logits, expected, 3);
        simd.multiplyAdd(x, offset, rows, cols, w, logits, actual, 3);
        assertThat(actual).as("seed %d", seed).containsExactly(expected);
        sameBits(logits * cols, (k, g) -> k.transposeMultiplyAdd(x, offset, rows, cols, r, 2, logits, g));
    }

    @RepeatedTest(REPEATS)
    void denseProductsOfDoubles() {
        int rows = upTo(21);
        int cols = upTo(70);
        int logits = 1 + upTo(11);
        int offset = upTo(3);
        double[] x = doubles(offset + rows * cols);
        double[] w = doubles(logits * cols);
        double[] r = doubles(2 + rows * logits);
        sameBits(3 + rows * logits, (k, z) -> k.multiplyAdd(x, offset, rows, cols, w, logits, z, 3));
        sameBits(logits * cols, (k, g) -> k.transposeMultiplyAdd(x, offset, rows, cols, r, 2, logits, g));
    }

    @RepeatedTest(REPEATS)
    void gramMatricesInTheLowerTriangle() {
        int rows = upTo(40);
        int cols = upTo(40);
        int stride = cols + upTo(3);
        float[] x = floats(rows * cols);
        double[] wide = new double[x.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = x[i];
        }
        double[] d = doubles(rows + 1);
        int size = 2 + cols * stride;
        sameBits(size, (k, h) -> {
            k.gramAdd(x, 0, rows, cols, d, 1, h, 2, stride);
            forgetUpper(h, cols, stride);
        });
        sameBits(size, (k, h) -> {
            k.gramAdd(wide, 0, rows, cols, d, 1, h, 2, stride);
            forgetUpper(h, cols, stride);
        });
    }

    @Test
    void whatLiesBeyondARowDoesNotCount() {
        int rows = 7;
        int cols = 30;
        float[] x = floats(rows * cols);
        Arrays.fill(x, 5 * cols, 6 * cols, Float.NaN);
        double[] wide = new double[x.length];
        Arrays.setAll(wide, e -> x[e]);
        double[] w = doubles(3 * cols);
        for (int logits = 1; logits <= 3; logits++) {
            double[] z = new double[rows * logits];
            simd.multiplyAdd(x, 0, rows, cols, w, logits, z, 0);
            simd.multiplyAdd(wide, 0, rows, cols, w, logits, z, 0);
            for (int e = 0; e < z.length; e++) {
                assertThat(Double.isNaN(z[e])).as("row %s", e / logits).isEqualTo(e / logits == 5);
            }
        }
    }

    /** Entries above the diagonal but within its 8 x 8 blocks are free to differ. */
    private static void forgetUpper(double[] h, int cols, int stride) {
        for (int a = 0; a < cols; a++) {
            for (int b = a + 1; b < Math.min(cols, a / 8 * 8 + 8); b++) {
                h[2 + a * stride + b] = 0;
            }
        }
    }

    @RepeatedTest(REPEATS)
    void sparseProducts() {
        int rows = upTo(12);
        int cols = 1 + upTo(60);
        int stride = random.nextInt(3) == 0 ? 1 : 4 * (1 + upTo(16));
        int[] rowStart = new int[rows + 1];
        int[] index = new int[rows * cols];
        int e = 0;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                if (random.nextInt(3) == 0) {
                    index[e++] = j;
                }
            }
            rowStart[i + 1] = e;
        }
        float[] narrow = floats(e);
        double[] wide = doubles(e);
        double[] w = doubles(cols * stride);
        double[] r = doubles(1 + rows * stride);
        double[] d = doubles(1 + rows);
        int from = Math.min(rows, 1);
        int zSize = 1 + rows * stride;
        sameBits(zSize, (k, z) -> k.multiplyAdd(rowStart, index, narrow, from, rows, w, stride, z, 1));
        sameBits(zSize, (k, z) -> k.multiplyAdd(rowStart, index, wide, from, rows, w, stride, z, 1));
        sameBits(cols * stride, (k, g) -> k.transposeMultiplyAdd(rowStart, index, narrow, from, rows, r, 1, stride, g));
        sameBits(cols * stride, (k, g) -> k.transposeMultiplyAdd(rowStart, index, wide, from, rows, r, 1, stride, g));
        sameBits(cols, (k, o) -> k.squaresAdd(rowStart, index, narrow, from, rows, d, 1, o));
        sameBits(cols, (k, o) -> k.squaresAdd(rowStart, index, wide, from, rows, d, 1, o));
    }

    @RepeatedTest(REPEATS)
    void choleskyFactorsAndSolutions() {
        int n = 1 + upTo(100);
        int columns = 1 + upTo(9);
        int dependent = upTo(3);
        double[] a = gramOf(n, dependent);
        double[] b = doubles(n * columns);
        double[] expected = a.clone();
        double[] actual = a.clone();
        boolean[] flags = new boolean[n];
        boolean[] simdFlags = new boolean[n];
        int found = scalar.cholesky(expected, n, 1e-10, flags);
        assertThat(simd.cholesky(actual, n, 1e-10, simdFlags)).isEqualTo(found);
        assertThat(simdFlags).containsExactly(flags);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                assertThat(actual[i * n + j])
                        .as("seed %d, entry %d,%d of %d", seed, i, j, n)
                        .isEqualTo(expected[i * n + j]);
            }
        }
        double[] first = new double[n];
        for (int i = 0; i < n; i++) {
            first[i] = b[i * columns];
        }
        double[] simdSolution = b.clone();
        scalar.choleskySolve(expected, n, flags, b, columns, columns);
        simd.choleskySolve(expected, n, flags, simdSolution, columns, columns);
        assertThat(simdSolution).as("seed %d", seed).containsExactly(b);
        scalar.choleskySolve(expected, n, flags, first, 1, 1);
        for (int i = 0; i < n; i++) {
            assertThat(first[i]).as("seed %d, row %d of one column", seed, i).isEqualTo(b[i * columns]);
        }
    }

    /** A Gram matrix of n columns of which some, anywhere, repeat earlier ones. */
    private double[] gramOf(int n, int repeated) {
        double[][] columns = new double[n][];
        for (int j = 0; j < n; j++) {
            columns[j] = doubles(n + 3);
        }
        for (int r = 0; r < repeated && n > 1; r++) {
            int j = 1 + upTo(n - 2);
            columns[j] = columns[upTo(j - 1)];
        }
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                for (int m = 0; m < n + 3; m++) {
                    a[i * n + j] += columns[i][m] * columns[j][m];
                }
            }
        }
        return a;
    }

    @RepeatedTest(REPEATS)
    void vectorsOfAnyLength() {
        int n = upTo(67);
        double[] x = doubles(n);
        double[] y = doubles(n);
        assertThat(simd.dot(x, y, n)).as("seed %d", seed).isEqualTo(scalar.dot(x, y, n));
        sameBits(n, (k, out) -> k.axpy(0.37, x, out, n));
    }
}
