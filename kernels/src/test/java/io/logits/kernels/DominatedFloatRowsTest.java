package io.logits.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.testkit.Seeds;
import io.logits.testkit.Tolerance;
import io.logits.testkit.Worst;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Float32 rows of one large logit and many small ones that are all alike, so that each addition of a sum is rounded the same
 * way. The truth is evaluated in float64, to 1e-15.
 */
class DominatedFloatRowsTest {
    private static final Tolerance TWO_ULPS =
            Tolerance.ulps(2, "1.5 for exponentials one-sidedly off, half for the result, little for the sums");

    private final FunctionKernels functions = new ScalarKernels("tested").functions();
    private final Worst softmax = new Worst("float softmax of dominated rows");
    private final Worst logSoftmax = new Worst("float logSoftmax of dominated rows");
    private final Worst logSumExp = new Worst("float logSumExp of dominated rows");
    private final Worst crossEntropy = new Worst("float cross-entropy of dominated rows and its gradient");

    @Test
    void sumsOfManyRoundingsAlikeKeepTheirDigits() {
        checkRow(4096, 0, 1.04f, -0x1.851de6p+3f);
        checkRow(4096, 0, 0, -0x1.b169ecp+3f);
        checkRow(4096, 0, 0, -17.331621f);
        SplittableRandom random = Seeds.random("dominated rows");
        for (int n : new int[] {17, 24, 100, 128, 129, 1000, 2063, 2064, 4096, 20_000}) {
            for (int round = 0; round < 120; round++) {
                float top = new float[] {0, 0, 1.04f, 20, 40, -11.5f, 700}[random.nextInt(7)];
                double least = round % 2 == 0 ? Math.log(n) + 8 : 26;
                checkRow(n, random.nextInt(n), top, top - (float) random.nextDouble(Math.log(n) - 1, least));
            }
        }
        checkWorst();
    }

    @Test
    void logSumExpNearZeroKeepsItsDigits() {
        for (float top : new float[] {0, 1e-12f, 1e-30f, Float.MIN_VALUE, 1e-7f, 9e-4f}) {
            float[] alone = {top, 0};
            functions.logSumExp(alone, 0, 1, 1, 1, alone, 1);
            assertThat(alone[1]).isEqualTo(top);
            for (int n : new int[] {2, 10, 128, 129}) {
                for (float small : new float[] {-7.5f, -16, -30, -60, -100, -500}) {
                    checkRow(n, n - 1, top, small);
                }
            }
        }
        checkWorst();
    }

    @Test
    void blocksOfEntriesFarBelowTheLargestKeepTheirDigits() {
        checkRow(1 << 20, 0, 40, 24.187729f);
        checkRow(1 << 20, 0, -12, -27.836567f);
        checkRow(1 << 17, 0, 40, 23.934374f);
        SplittableRandom random = Seeds.random("blocks far below");
        for (int round = 0; round < 60; round++) {
            float top = new float[] {0, 40, -12}[random.nextInt(3)];
            checkRow(1 << 17, random.nextInt(1 << 17), top, top - (float) random.nextDouble(10, 24));
        }
        checkWorst();
    }

    private void checkRow(int n, int at, float top, float small) {
        float[] z = new float[n];
        Arrays.fill(z, small);
        z[at] = top;
        int beside = at == 0 ? n - 1 : 0;
        double difference = (double) small - top;
        double exp = Math.exp(difference);
        double odds = (n - 1) * exp;
        double log = Math.log1p(odds);
        float[] out = new float[n];
        functions.softmax(z, 0, n, 1, n, out, 0, n);
        softmax.add(ulps(out[at], 1 / (1 + odds)), small);
        softmax.add(ulps(out[beside], exp / (1 + odds)), small);
        functions.logSoftmax(z, 0, n, 1, n, out, 0, n);
        logSoftmax.add(ulps(out[at], -log), small);
        logSoftmax.add(ulps(out[beside], difference - log), small);
        functions.logSumExp(z, 0, n, 1, n, out, 0);
        if (top >= 0) {
            logSumExp.add(ulps(out[0], top + log), small);
        }
        float[] loss = new float[1];
        functions.crossEntropy(z, n, new int[] {at}, 0, 1, n, loss, out);
        crossEntropy.add(ulps(loss[0], log), small);
        crossEntropy.add(ulps(out[at], -odds / (1 + odds)), small);
        crossEntropy.add(ulps(out[beside], exp / (1 + odds)), small);
        functions.crossEntropy(z, n, new int[] {beside}, 0, 1, n, loss, out);
        crossEntropy.add(ulps(loss[0], log - difference), small);
        crossEntropy.add(ulps(out[at], 1 / (1 + odds)), small);
    }

    private void checkWorst() {
        System.out.println(softmax + ", " + logSoftmax + ", " + logSumExp + ", " + crossEntropy);
        for (Worst worst : new Worst[] {softmax, logSoftmax, logSumExp, crossEntropy}) {
            worst.check(TWO_ULPS);
        }
    }

    /** Distance in ulps of float32 at the truth, the smaller ones at a power of two. */
    private static double ulps(float computed, double truth) {
        int exponent = Math.max(Math.getExponent(truth), Float.MIN_EXPONENT);
        return Math.abs(computed - truth) / Math.scalb(1.0, exponent - 23);
    }
}
