package io.logits.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.logits.kernels.RowAccuracyTest.Truth;
import io.logits.kernels.spec.Pointwise;
import io.logits.testkit.BigMath;
import io.logits.testkit.Seeds;
import io.logits.testkit.Tolerance;
import io.logits.testkit.Ulps;
import io.logits.testkit.Worst;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Float32 functions: of one number against the float64 ones, which have their own test; rows against arbitrary precision. */
class FloatAccuracyTest {
    private static final Tolerance HALF_AN_ULP = Tolerance.ulps(
            0.503,
            "evaluated in float64 to 1.6e-10, up to 0.0027 ulp, and rounded once; the oracle's own error is 1e-9 ulp");
    private static final Tolerance TWO_ULPS =
            Tolerance.ulps(2, "1.2 for the stored exponential, 0.25 for the sum, half for the quotient");
    private static final Tolerance TWO_ULPS_OR_ONE_OF_MAX = Tolerance.ulps(
            2, "of the value, or one ulp of max(1, |max|) where the largest logit and the logarithm cancel");

    private final FunctionKernels functions = new ScalarKernels("tested").functions();

    private interface Kernel {
        void apply(float[] in, int inOffset, int n, float[] out, int outOffset);
    }

    private static void check(String name, Kernel kernel, DoubleUnaryOperator truth, float[] arguments) {
        float[] out = new float[arguments.length];
        kernel.apply(arguments, 0, arguments.length, out, 0);
        Worst worst = new Worst("float " + name);
        for (int i = 0; i < out.length; i++) {
            double exact = truth.applyAsDouble(arguments[i]);
            if (!(Double.isNaN(exact) && Float.isNaN(out[i])) && exact != out[i]) {
                worst.add(FastUlps.ofFloat(out[i], exact), arguments[i]);
            }
        }
        System.out.println(worst);
        worst.check(HALF_AN_ULP);
    }

    /** Every {@code step}-th float, from a random start: all of them with -Dlogits.exhaustive=true. */
    private static void sweep(String name, Kernel kernel, DoubleUnaryOperator truth) {
        int step = Boolean.getBoolean("logits.exhaustive") ? 1 : 16_411;
        int start = Seeds.random(name).nextInt(step);
        float[] arguments = new float[4096];
        long bits = start;
        Worst worst = new Worst("float " + name);
        float[] out = new float[arguments.length];
        while (bits < 1L << 32) {
            int n = 0;
            for (; n < arguments.length && bits < 1L << 32; bits += step) {
                arguments[n++] = Float.intBitsToFloat((int) bits);
            }
            kernel.apply(arguments, 0, n, out, 0);
            for (int i = 0; i < n; i++) {
                double exact = truth.applyAsDouble(arguments[i]);
                if (!(Double.isNaN(exact) && Float.isNaN(out[i])) && exact != out[i]) {
                    worst.add(FastUlps.ofFloat(out[i], exact), arguments[i]);
                }
            }
        }
        System.out.println(worst);
        worst.check(HALF_AN_ULP);
    }

    /** {@link Ulps} in double arithmetic, for millions of floats. */
    private static final class FastUlps {
        static double ofFloat(float computed, double truth) {
            float near = (float) truth;
            if (Float.isInfinite(near) || !(Math.abs(computed) <= Float.MAX_VALUE)) {
                return near == computed ? 0 : Double.POSITIVE_INFINITY;
            }
            float below = Math.abs((double) near) <= Math.abs(truth) ? near : Math.nextAfter(near, 0);
            return Math.abs(computed - truth) / Math.ulp(below);
        }
    }

    @Test
    void sigmoidIsRoundedOnceOverAllFloats() {
        sweep("sigmoid", functions::sigmoid, Pointwise::sigmoid);
    }

    @Test
    void softplusIsRoundedOnceOverAllFloats() {
        sweep("softplus", functions::softplus, Pointwise::softplus);
    }

    @Test
    void logSigmoidIsRoundedOnceOverAllFloats() {
        sweep("logSigmoid", functions::logSigmoid, x -> -Pointwise.softplus(-x));
    }

    @Test
    void logitIsRoundedOnceOverAllFloats() {
        sweep("logit", functions::logit, Pointwise::logit);
    }

    @Test
    void sigmoidRisesOverAllFloats() {
        int step = Boolean.getBoolean("logits.exhaustive") ? 1 : 1021;
        float[] z = new float[1];
        float[] p = new float[1];
        float last = 0;
        // From -infinity to +infinity in the order of the numbers.
        for (long rank = -(0x7f800000L); rank <= 0x7f800000L; rank += step) {
            z[0] = rank < 0 ? -Float.intBitsToFloat((int) -rank) : Float.intBitsToFloat((int) rank);
            functions.sigmoid(z, 0, 1, p, 0);
            assertThat(p[0] >= last).as("sigmoid falls at %s", z[0]).isTrue();
            last = p[0];
        }
        assertThat(last).isEqualTo(1);
    }

    private static float[][] rows(SplittableRandom random) {
        return RowAccuracyTest.rows(random).stream()
                .map(row -> {
                    float[] z = new float[row.length];
                    for (int k = 0; k < z.length; k++) {
                        z[k] = (float) Math.max(-1e38, Math.min(1e38, row[k]));
                    }
                    return z;
                })
                .toArray(float[][]::new);
    }

    private static Truth truth(float[] z) {
        double[] wide = new double[z.length];
        for (int k = 0; k < z.length; k++) {
            wide[k] = z[k];
        }
        return new Truth(wide);
    }

    private static int step(float[] z) {
        return 1 + z.length / 300;
    }

    @Test
    void softmaxIsWithinTwoUlpsForAnyLengthAndSpread() {
        Worst worst = new Worst("float softmax");
        for (float[] z : rows(Seeds.random("float softmax"))) {
            Truth truth = truth(z);
            float[] p = new float[z.length];
            functions.softmax(z, 0, z.length, 1, z.length, p, 0, z.length);
            for (int k = 0; k < z.length; k += step(z)) {
                worst.add(Ulps.ofFloat(p[k], truth.softmax(k)), z[k]);
            }
        }
        System.out.println(worst);
        worst.check(TWO_ULPS);
    }

    @Test
    void softmaxOfTailsIsWithinTwoUlpsDownToTheLeastSubnormal() {
        SplittableRandom random = Seeds.random("tails");
        Worst worst = new Worst("float softmax in the tails");
        for (int round = 0; round < 60; round++) {
            float[] z = new float[40];
            for (int k = 0; k < z.length; k++) {
                z[k] = (float) random.nextDouble(-106, -85);
            }
            z[random.nextInt(z.length)] = 0;
            Truth truth = truth(z);
            float[] p = new float[z.length];
            functions.softmax(z, 0, z.length, 1, z.length, p, 0, z.length);
            for (int k = 0; k < z.length; k++) {
                worst.add(Ulps.ofFloat(p[k], truth.softmax(k)), z[k]);
            }
        }
        System.out.println(worst);
        worst.check(TWO_ULPS);
    }

    @Test
    void softmaxIsWithinTwoUlpsWhereItIsNextToSubnormal() {
        SplittableRandom random = Seeds.random("next to subnormal");
        Worst worst = new Worst("float softmax next to subnormal");
        for (int n : new int[] {3, 16, 100, 128, 129, 300}) {
            for (int round = 0; round < 200; round++) {
                float[] z = new float[n];
                Arrays.fill(z, (float) random.nextDouble(8, 20));
                double sum = z[0] + Math.log(n - 1);
                for (int k = 0; k < 3 && k < n - 2; k++) {
                    z[k] = (float) (sum - random.nextDouble(125, 127) * Math.log(2));
                }
                Truth truth = truth(z);
                float[] p = new float[n];
                functions.softmax(z, 0, n, 1, n, p, 0, n);
                for (int k = 0; k < 3; k++) {
                    worst.add(Ulps.ofFloat(p[k], truth.softmax(k)), z[k]);
                }
            }
        }
        System.out.println(worst);
        worst.check(TWO_ULPS);
    }

    @Test
    void logSoftmaxIsWithinTwoUlpsTheLargestEntryIncluded() {
        Worst worst = new Worst("float logSoftmax");
        for (float[] z : rows(Seeds.random("float logSoftmax"))) {
            Truth truth = truth(z);
            float[] log = new float[z.length];
            functions.logSoftmax(z, 0, z.length, 1, z.length, log, 0, z.length);
            for (int k = 0; k < z.length; k++) {
                if (k % step(z) == 0 || z[k] == truth.max) {
                    worst.add(Ulps.ofFloat(log[k], truth.logSoftmax(k)), z[k]);
                }
            }
        }
        System.out.println(worst);
        worst.check(TWO_ULPS);
    }

    /** Rows on both sides of where no shift is needed, whose entries differ by up to all that a result can hold. */
    @Test
    void rowsAreWithinTwoUlpsWhereverTheirLargestLogitIs() {
        SplittableRandom random = Seeds.random("long rows");
        Worst worst = new Worst("float softmax of long rows");
        Worst worstLog = new Worst("float logSoftmax of long rows");
        for (float most : new float[] {-11.01f, -11, -10.99f, 0, 12, 30.99f, 31, 31.01f, 100}) {
            for (int n : new int[] {17, 100, 129, 145, 4111, 4112, 8200}) {
                float[] z = new float[n];
                for (int k = 0; k < n; k++) {
                    z[k] = most
                            - (float) (random.nextInt(8) == 0 ? random.nextDouble(0, 106) : random.nextDouble(90, 106));
                }
                z[random.nextInt(n)] = most;
                checkRow(z, worst, worstLog);
                Arrays.fill(z, most);
                checkRow(z, worst, worstLog);
                Arrays.fill(z, 0, n / 2, most - 20);
                checkRow(z, worst, worstLog);
            }
        }
        System.out.println(worst + ", " + worstLog);
        worst.check(TWO_ULPS);
        worstLog.check(TWO_ULPS);
    }

    private void checkRow(float[] z, Worst worst, Worst worstLog) {
        Truth truth = truth(z);
        float[] p = new float[z.length];
        float[] log = new float[z.length];
        functions.softmax(z, 0, z.length, 1, z.length, p, 0, z.length);
        functions.logSoftmax(z, 0, z.length, 1, z.length, log, 0, z.length);
        int first = 0;
        while (z[first] != truth.max) {
            first++;
        }
        for (int k = 0; k < z.length; k++) {
            if (k % (1 + z.length / 50) == 0 || k == first) {
                worst.add(Ulps.ofFloat(p[k], truth.softmax(k)), z[k]);
                worstLog.add(Ulps.ofFloat(log[k], truth.logSoftmax(k)), z[k]);
            }
        }
    }

    @Test
    void logSumExpIsWithinTwoUlpsOrOneUlpOfTheMaximum() {
        Worst worst = new Worst("float logSumExp");
        float[] out = new float[1];
        for (float[] z : rows(Seeds.random("float logSumExp"))) {
            Truth truth = truth(z);
            functions.logSumExp(z, 0, z.length, 1, z.length, out, 0);
            BigDecimal value = truth.logSumExp();
            double ulps = Ulps.ofFloat(out[0], value);
            // Log(sum), shifted by max, is not negative: it cancels with a negative max only.
            if (truth.max < 0) {
                double absolute = Math.abs(BigMath.of(out[0]).subtract(value).doubleValue())
                        / Math.ulp((float) Math.max(1, Math.abs(truth.max)));
                ulps = Math.min(ulps, 2 * absolute);
            }
            worst.add(ulps, out[0]);
        }
        System.out.println(worst);
        worst.check(TWO_ULPS_OR_ONE_OF_MAX);
    }

    /** Of as many equal logits the log-sum-exp is next to 0, and the others outweigh the largest. */
    @Test
    void logSumExpOfManyThatCancelIsWithinAnUlpOfOne() {
        float[] out = new float[1];
        for (int n = 1; n <= 300; n++) {
            for (double off : new double[] {0, 1e-3, -1e-3, 1e-6, 0.01}) {
                float[] z = new float[n];
                Arrays.fill(z, (float) (off - Math.log(n)));
                functions.logSumExp(z, 0, n, 1, n, out, 0);
                assertThat((double) out[0]).as("%d logits of %s", n, z[0]).isCloseTo(z[0] + Math.log(n), within((double)
                        Math.ulp(Math.max(1f, Math.abs(z[0])))));
            }
        }
    }

    @Test
    void crossEntropyAndItsGradientAreWithinTwoUlpsForAnyLabel() {
        Worst loss = new Worst("float cross-entropy");
        Worst gradient = new Worst("gradient of the float cross-entropy");
        SplittableRandom random = Seeds.random("float crossEntropy");
        for (float[] z : rows(random)) {
            if (z.length > 1000) {
                continue;
            }
            Truth truth = truth(z);
            int label = random.nextInt(z.length);
            float[] l = new float[1];
            float[] g = new float[z.length];
            functions.crossEntropy(z, z.length, new int[] {label}, 0, 1, z.length, l, g);
            loss.add(Ulps.ofFloat(l[0], truth.logSoftmax(label).negate()), z[label]);
            for (int k = 0; k < z.length; k++) {
                BigDecimal p = k == label
                        ? truth.odds(k)
                                .multiply(truth.softmax(k), BigMath.CONTEXT)
                                .negate()
                        : truth.softmax(k);
                gradient.add(Ulps.ofFloat(g[k], p), z[k]);
            }
        }
        System.out.println(loss + ", " + gradient);
        loss.check(TWO_ULPS);
        gradient.check(TWO_ULPS);
    }

    @Test
    void functionsOfOneNumberMatchArbitraryPrecisionDirectly() {
        float[] z = {-103.9f, -103.98f, -87.5f, -16, -1, -0.1f, 0, 1e-30f, 0.5f, 17, 100, 3e38f};
        check(
                "softplus of a few",
                functions::softplus,
                x -> BigMath.softplus(BigMath.of(Math.min(x, 1e6)))
                        .add(BigMath.of(Math.max(0, x - 1e6)))
                        .doubleValue(),
                z);
        check(
                "sigmoid of a few",
                functions::sigmoid,
                x -> BigMath.sigmoid(BigMath.of(Math.min(x, 1e6))).doubleValue(),
                z);
    }

    @Test
    void everyFloat16AndBfloat16NumberIsWidenedExactly() {
        short[] all = new short[1 << 16];
        for (int i = 0; i < all.length; i++) {
            all[i] = (short) i;
        }
        float[] wide = new float[all.length];
        functions.fromFloat16(all, 0, all.length, wide, 0);
        for (int i = 0; i < all.length; i++) {
            int exponent = i >> 10 & 31;
            int fraction = i & 1023;
            double magnitude = exponent == 0
                    ? fraction * 0x1p-24
                    : exponent == 31
                            ? (fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN)
                            : (1024 + fraction) * Math.scalb(1.0, exponent - 25);
            assertThat(Double.doubleToLongBits(wide[i]))
                    .isEqualTo(Double.doubleToLongBits(i < 1 << 15 ? magnitude : -magnitude));
        }
        functions.fromBfloat16(all, 0, all.length, wide, 0);
        for (int i = 0; i < all.length; i++) {
            assertThat(Float.floatToIntBits(wide[i])).isEqualTo(Float.floatToIntBits(Float.intBitsToFloat(i << 16)));
        }
    }

    @Test
    void infiniteLogitsShareTheRowAndNanSpreads() {
        float inf = Float.POSITIVE_INFINITY;
        float nan = Float.NaN;
        float ln2 = 0.6931472f;
        assertThat(softmax(0.3f)).containsExactly(1);
        assertThat(softmax(0, inf, -inf)).containsExactly(0, 1, 0);
        assertThat(softmax(inf, 3, inf)).containsExactly(0.5f, 0, 0.5f);
        assertThat(softmax(-inf, -inf)).containsExactly(nan, nan);
        assertThat(softmax(1, nan, 2)).containsExactly(nan, nan, nan);
        assertThat(softmax(inf, nan)).containsExactly(nan, nan);
        assertThat(logSoftmax(0, inf, -inf)).containsExactly(-inf, -0f, -inf);
        assertThat(logSoftmax(inf, 3, inf)).containsExactly(-ln2, -inf, -ln2);
        assertThat(logSoftmax(0, -inf, 0)).containsExactly(-ln2, -inf, -ln2);
        assertThat(logSoftmax(-inf, nan, 2)).containsExactly(nan, nan, nan);
    }

    private float[] softmax(float... z) {
        float[] p = new float[z.length];
        functions.softmax(z, 0, z.length, 1, z.length, p, 0, z.length);
        return p;
    }

    private float[] logSoftmax(float... z) {
        float[] p = new float[z.length];
        functions.logSoftmax(z, 0, z.length, 1, z.length, p, 0, z.length);
        return p;
    }
}
