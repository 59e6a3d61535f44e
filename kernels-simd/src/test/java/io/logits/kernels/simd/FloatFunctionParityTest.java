package io.logits.kernels.simd;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.kernels.FunctionKernels;
import io.logits.kernels.ScalarKernels;
import io.logits.testkit.Seeds;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The SIMD functions give the scalar specification's bits, and write nowhere else. */
class FloatFunctionParityTest {
    /** What memory that is not to be written holds: a NaN that no function returns. */
    private static final float CANARY = Float.intBitsToFloat(0x7fc0dead);

    private final FunctionKernels scalar = new ScalarKernels("the oracle").functions();
    private final FunctionKernels simd = new SimdKernels().functions();

    private interface Call {
        void on(FunctionKernels kernels, float[] out, float[] second);
    }

    private void check(String what, int size, Call call) {
        float[][] expected = {canaries(size), canaries(size)};
        float[][] actual = {canaries(size), canaries(size)};
        call.on(scalar, expected[0], expected[1]);
        call.on(simd, actual[0], actual[1]);
        for (int a = 0; a < 2; a++) {
            for (int i = 0; i < size; i++) {
                if (bits(expected[a][i]) != bits(actual[a][i])) {
                    throw new AssertionError(what + ": [" + i + "] is " + actual[a][i] + " in vectors, "
                            + expected[a][i] + " in plain loops");
                }
            }
        }
    }

    /** The bits, all NaN alike but the canary. */
    private static int bits(float x) {
        return Float.floatToRawIntBits(x) == Float.floatToRawIntBits(CANARY)
                ? Float.floatToRawIntBits(x)
                : Float.floatToIntBits(x);
    }

    private static float[] canaries(int size) {
        float[] a = new float[size];
        Arrays.fill(a, CANARY);
        return a;
    }

    /** Logits of every size, now and then a special one. */
    static float[] logits(SplittableRandom random, int n) {
        float[] special = {
            0,
            -0f,
            3e38f,
            -3e38f,
            103.9f,
            -103.98f,
            40,
            -41.6f,
            Float.MIN_VALUE,
            511.9f,
            -512,
            0.8813736f,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            Float.NaN,
            1,
            0.5f
        };
        float[] z = new float[n];
        float spread = Math.scalb(1f, random.nextInt(-3, 11));
        float centre = random.nextInt(3) == 0 ? (float) random.nextDouble(-1500, 1500) : 0;
        int rarity = random.nextInt(4) == 0 ? 20 : 100_000;
        for (int i = 0; i < n; i++) {
            z[i] = random.nextInt(rarity) == 0
                    ? special[random.nextInt(special.length)]
                    : centre + spread * ((float) random.nextDouble() - 0.5f);
        }
        return z;
    }

    @Test
    void functionsOfOneNumberHaveTheScalarBitsAtEveryOffsetAndLength() {
        SplittableRandom random = Seeds.random("functionsOfOneNumber");
        for (int n = 0; n <= 67; n++) {
            for (int offset = 0; offset < 9; offset++) {
                int zOffset = offset;
                int outOffset = random.nextInt(9);
                int length = n;
                float[] z = logits(random, n + offset);
                float[] p = new float[n + offset];
                for (int i = 0; i < p.length; i++) {
                    int kind = random.nextInt(8);
                    p[i] = (float) random.nextDouble();
                    p[i] = kind == 0 ? Math.scalb(p[i], -random.nextInt(150)) : kind == 1 ? z[i] : p[i];
                }
                int size = n + outOffset + 9;
                String where = " of " + n + " at " + zOffset + " to " + outOffset;
                check("sigmoid" + where, size, (k, out, b) -> k.sigmoid(z, zOffset, length, out, outOffset));
                check("logSigmoid" + where, size, (k, out, b) -> k.logSigmoid(z, zOffset, length, out, outOffset));
                check("softplus" + where, size, (k, out, b) -> k.softplus(z, zOffset, length, out, outOffset));
                check("logit" + where, size, (k, out, b) -> k.logit(p, zOffset, length, out, outOffset));
                int[] y = random.ints(n + offset, 0, 2).toArray();
                check("logLoss" + where, size, (k, a, b) -> k.logLoss(z, zOffset, y, zOffset, length, a, b));
            }
        }
    }

    @Test
    void specialLogitsHaveTheScalarBits() {
        SplittableRandom random = Seeds.random("specialLogits");
        for (int round = 0; round < 200; round++) {
            int n = 256;
            float[] z = logits(random, n);
            for (int i = 0; i < n; i += 3) {
                z[i] = Float.intBitsToFloat(random.nextInt());
            }
            check("sigmoid", n, (k, out, b) -> k.sigmoid(z, 0, n, out, 0));
            check("logSigmoid", n, (k, out, b) -> k.logSigmoid(z, 0, n, out, 0));
            check("softplus", n, (k, out, b) -> k.softplus(z, 0, n, out, 0));
            check("logit", n, (k, out, b) -> k.logit(z, 0, n, out, 0));
        }
    }

    @Test
    void rowsHaveTheScalarBitsForAnyShape() {
        SplittableRandom random = Seeds.random("rows");
        for (int round = 0; round < 3000; round++) {
            boolean blocks = round % 100 == 0;
            int cols = blocks
                    ? random.nextInt(3000, 9000)
                    : round % 10 == 0 ? random.nextInt(1, 500) : random.nextInt(1, 70);
            // Batches and tiles have up to 512 rows.
            int rows = random.nextInt(0, blocks ? 4 : round % 25 == 1 ? 600 : 12);
            int zStride = cols + random.nextInt(3) * random.nextInt(9);
            int outStride = cols + random.nextInt(3) * random.nextInt(9);
            int zOffset = random.nextInt(9);
            int outOffset = random.nextInt(9);
            float[] z = logits(random, Math.max(zOffset, zOffset + (rows - 1) * zStride + cols));
            int size = outOffset + rows * outStride + rows + 9;
            String where = " of " + rows + " x " + cols + ", strides " + zStride + " and " + outStride;
            check(
                    "softmax" + where,
                    size,
                    (k, out, b) -> k.softmax(z, zOffset, zStride, rows, cols, out, outOffset, outStride));
            check(
                    "logSoftmax" + where,
                    size,
                    (k, out, b) -> k.logSoftmax(z, zOffset, zStride, rows, cols, out, outOffset, outStride));
            check(
                    "logSumExp" + where,
                    size,
                    (k, out, b) -> k.logSumExp(z, zOffset, zStride, rows, cols, out, outOffset));
            float[] scores = logits(random, rows == 0 ? 0 : (rows - 1) * zStride + cols);
            int[] y = random.ints(rows + 2, 0, cols).toArray();
            check(
                    "crossEntropy" + where,
                    rows * zStride + rows + 9,
                    (k, loss, gradient) -> k.crossEntropy(scores, zStride, y, 2, rows, cols, loss, gradient));
        }
    }

    /** Batches follow each other, some with rows that are far away, masked or peaked, some without. */
    @Test
    void batchesOfLongerRowsHaveTheScalarBits() {
        SplittableRandom random = Seeds.random("batches");
        for (int round = 0; round < 150; round++) {
            int cols = round % 3 == 0 ? random.nextInt(2030, 2070) : random.nextInt(129, 2100);
            int rows = 3 * (6144 / cols) + 1;
            int stride = cols + random.nextInt(3);
            float[] z = new float[rows * stride];
            for (int i = 0; i < rows; i++) {
                float centre = random.nextInt(9) == 0 ? random.nextInt(-40, 60) : 0;
                for (int k = 0; k < cols; k++) {
                    z[i * stride + k] = centre + (float) random.nextDouble(-9, 3);
                }
                if (random.nextInt(9) == 0) {
                    float[] rare = {25, 20, 31, 33, -150, Float.NEGATIVE_INFINITY, Float.NaN};
                    z[i * stride + random.nextInt(cols)] = rare[random.nextInt(rare.length)];
                }
            }
            check(
                    "logSoftmax of " + rows + " x " + cols,
                    rows * stride + 9,
                    (k, out, b) -> k.logSoftmax(z, 0, stride, rows, cols, out, 3, stride));
        }
    }

    /** Rows that need a shift from some block on, hold logits whose exponentials vanish, or end within a vector. */
    @Test
    void longRowsHaveTheScalarBitsWhereverTheyTurnOutToBeFarAway() {
        SplittableRandom random = Seeds.random("longRows");
        float[] rare = {
            -11.1f,
            -11,
            31,
            31.1f,
            -150,
            -1e7f,
            -2.95e6f,
            -1e9f,
            -3e38f,
            Float.NEGATIVE_INFINITY,
            Float.POSITIVE_INFINITY,
            512,
            Float.NaN,
            -Float.NaN
        };
        for (int round = 0; round < 400; round++) {
            int cols =
                    round % 4 == 0 ? 2048 * random.nextInt(1, 5) + random.nextInt(-20, 20) : random.nextInt(129, 300);
            int at = random.nextInt(1, 9);
            int size = at + cols + 9;
            float[] z = new float[at + cols];
            float centre = random.nextInt(3) == 0 ? (float) random.nextDouble(-20, 40) : 0;
            for (int k = at; k < at + cols; k++) {
                z[k] = centre + (float) random.nextDouble(-9, 3);
            }
            for (int many = random.nextInt(3); many > 0; many--) {
                z[at + random.nextInt(cols)] = rare[random.nextInt(rare.length)];
            }
            check("softmax", size, (k, out, b) -> k.softmax(z, at, cols, 1, cols, out, at, cols));
            check("softmax in place", size, (k, out, b) -> {
                System.arraycopy(z, at, out, at, cols);
                k.softmax(out, at, cols, 1, cols, out, at, cols);
                k.softmax(z, at, cols, 1, cols, b, at, cols);
                assertThat(out).isEqualTo(b);
            });
            check("logSoftmax", size, (k, out, b) -> k.logSoftmax(z, at, cols, 1, cols, out, at, cols));
            check("logSumExp", size, (k, out, b) -> k.logSumExp(z, at, cols, 1, cols, out, at));
            int[] y = {random.nextInt(cols)};
            check("crossEntropy", size, (k, out, b) -> k.crossEntropy(z, at, cols, y, 0, 1, cols, b, 0, out));
        }
    }

    @Test
    void rowsInPlaceHaveTheBitsOfRowsElsewhere() {
        SplittableRandom random = Seeds.random("rowsInPlace");
        for (int round = 0; round < 500; round++) {
            int cols = random.nextInt(1, round % 10 == 0 ? 9000 : 100);
            int rows = random.nextInt(1, round % 10 == 5 ? 300 : 20);
            int stride = cols + random.nextInt(8);
            float[] z = logits(random, rows * stride);
            int[] y = random.ints(rows, 0, cols).toArray();
            float[] out = z.clone();
            simd.softmax(z, 0, stride, rows, cols, out, 0, stride);
            float[] inPlace = z.clone();
            simd.softmax(inPlace, 0, stride, rows, cols, inPlace, 0, stride);
            assertThat(inPlace).isEqualTo(out);

            out = z.clone();
            simd.logSoftmax(z, 0, stride, rows, cols, out, 0, stride);
            inPlace = z.clone();
            simd.logSoftmax(inPlace, 0, stride, rows, cols, inPlace, 0, stride);
            assertThat(inPlace).isEqualTo(out);

            out = z.clone();
            float[] loss = new float[rows];
            float[] lossInPlace = new float[rows];
            simd.crossEntropy(z, stride, y, 0, rows, cols, loss, out);
            inPlace = z.clone();
            simd.crossEntropy(inPlace, stride, y, 0, rows, cols, lossInPlace, inPlace);
            assertThat(inPlace).isEqualTo(out);
            assertThat(lossInPlace).isEqualTo(loss);
        }
    }

    @Test
    void halfFloatsAreWidenedToTheScalarBits() {
        SplittableRandom random = Seeds.random("halfFloats");
        for (int n = 0; n <= 67; n++) {
            int offset = random.nextInt(9);
            int length = n;
            short[] z = new short[n + offset];
            for (int i = 0; i < z.length; i++) {
                z[i] = (short) random.nextInt();
            }
            check("float16", n + offset + 9, (k, out, b) -> k.fromFloat16(z, offset, length, out, offset));
            check("bfloat16", n + offset + 9, (k, out, b) -> k.fromBfloat16(z, offset, length, out, offset));
        }
    }
}
