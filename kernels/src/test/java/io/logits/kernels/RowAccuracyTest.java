package io.logits.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.testkit.BigMath;
import io.logits.testkit.Seeds;
import io.logits.testkit.Tolerance;
import io.logits.testkit.Ulps;
import io.logits.testkit.Worst;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Float64 row functions and losses against arbitrary precision. */
class RowAccuracyTest {
    private static final Tolerance TWO_ULPS =
            Tolerance.ulps(2, "one for the stored exponential, half for the quotient, little for the sum in two words");
    private static final Tolerance TWO_ULPS_OR_ONE_OF_MAX = Tolerance.ulps(
            2, "of the value, or one ulp of max(1, |max|) where the largest logit and the logarithm cancel");

    private final FunctionKernels functions = new ScalarKernels("tested").functions();

    /** The exact softmax of a row, each distinct logit computed once. */
    static final class Truth {
        final double[] z;
        final double max;
        final BigDecimal sum;
        final Map<Double, BigDecimal> exps = new HashMap<>();
        private final BigDecimal shift;

        Truth(double[] z) {
            this.z = z;
            double largest = Double.NEGATIVE_INFINITY;
            for (double x : z) {
                largest = Math.max(largest, x);
            }
            max = largest;
            shift = BigMath.of(max);
            Map<Double, Integer> counts = new HashMap<>();
            for (double x : z) {
                counts.merge(x, 1, Integer::sum);
            }
            BigDecimal total = BigDecimal.ZERO;
            for (var entry : counts.entrySet()) {
                BigDecimal exp = shifted(entry.getKey());
                exps.put(entry.getKey(), exp);
                total = total.add(exp.multiply(BigDecimal.valueOf(entry.getValue())));
            }
            sum = total;
        }

        private BigDecimal shifted(double x) {
            BigDecimal d = BigMath.of(x).subtract(shift);
            return BigMath.exp(d.max(BigDecimal.valueOf(-100_000)));
        }

        BigDecimal softmax(int k) {
            return exps.get(z[k]).divide(sum, BigMath.CONTEXT);
        }

        /** The sum of the others over the exponential of {@code k}. */
        BigDecimal odds(int k) {
            return sum.subtract(exps.get(z[k])).divide(exps.get(z[k]), BigMath.CONTEXT);
        }

        BigDecimal logSoftmax(int k) {
            BigDecimal odds = odds(k);
            return odds.compareTo(BigDecimal.ONE) < 0
                    ? BigMath.log1p(odds).negate()
                    : BigMath.of(z[k]).subtract(shift).subtract(BigMath.log(sum), BigMath.CONTEXT);
        }

        BigDecimal logSumExp() {
            return shift.add(BigMath.log(sum));
        }
    }

    /** Rows short and long, flat and steep, with ties, far from zero, and dominated by one entry. */
    static List<double[]> rows(SplittableRandom random) {
        List<double[]> rows = new ArrayList<>();
        for (int n : new int[] {1, 2, 3, 5, 8, 10, 31, 32, 33, 40, 47, 64, 100, 257}) {
            for (double spread : new double[] {1e-3, 1, 10, 100, 1500, 1e4}) {
                double[] centres = {0, 1, -100, 1533, -1540, 1e6, -1e15};
                double centre = centres[random.nextInt(centres.length)];
                double[] z = new double[n];
                for (int k = 0; k < n; k++) {
                    z[k] = centre + random.nextDouble(-spread, spread);
                }
                rows.add(z);
            }
        }
        for (int i = 0; i < 300; i++) {
            int n = random.nextInt(1, 70);
            double[] z = new double[n];
            double top = random.nextDouble(-20, 20);
            for (int k = 0; k < n; k++) {
                z[k] = top - Math.scalb(1 + random.nextDouble(), random.nextInt(-20, 10));
            }
            z[random.nextInt(n)] = top;
            if (i % 3 == 0) {
                z[random.nextInt(n)] = top;
            }
            rows.add(z);
        }
        rows.add(tiled(random, 20, 100_000, 30));
        rows.add(tiled(random, 50, 1_000_000, 5));
        double[] needle = tiled(random, 10, 300_001, 1e-3);
        needle[200_000] = 45;
        rows.add(needle);
        rows.add(new double[] {0, -800, -1e300, 1e-300});
        rows.add(new double[] {1e300, -1e300, 1e300});
        return rows;
    }

    /** A long row of few distinct values. */
    private static double[] tiled(SplittableRandom random, int distinct, int n, double spread) {
        double[] values = random.doubles(distinct, -spread, spread).toArray();
        double[] z = new double[n];
        for (int k = 0; k < n; k++) {
            z[k] = values[random.nextInt(distinct)];
        }
        return z;
    }

    @Test
    void softmaxIsWithinTwoUlpsForAnyLengthAndSpread() {
        Worst worst = new Worst("softmax");
        for (double[] z : rows(Seeds.random("softmax"))) {
            Truth truth = new Truth(z);
            double[] p = new double[z.length];
            functions.softmax(z, 0, z.length, 1, z.length, p, 0, z.length);
            for (int k = 0; k < z.length; k += step(z)) {
                worst.add(Ulps.of(p[k], truth.softmax(k)), z[k]);
            }
        }
        System.out.println(worst);
        worst.check(TWO_ULPS);
    }

    /** Of long rows a sample is compared. */
    private static int step(double[] z) {
        return 1 + z.length / 300;
    }

    @Test
    void logSoftmaxIsWithinTwoUlpsTheLargestEntryIncluded() {
        Worst worst = new Worst("logSoftmax");
        Worst atMax = new Worst("logSoftmax of the largest entry");
        for (double[] z : rows(Seeds.random("logSoftmax"))) {
            Truth truth = new Truth(z);
            double[] log = new double[z.length];
            functions.logSoftmax(z, 0, z.length, 1, z.length, log, 0, z.length);
            for (int k = 0; k < z.length; k++) {
                if (z[k] == truth.max && k % step(z) != 0) {
                    atMax.add(Ulps.of(log[k], truth.logSoftmax(k)), z[k]);
                } else if (k % step(z) == 0) {
                    worst.add(Ulps.of(log[k], truth.logSoftmax(k)), z[k]);
                }
            }
        }
        System.out.println(worst + ", " + atMax);
        worst.check(TWO_ULPS);
        atMax.check(TWO_ULPS);
    }

    @Test
    void logSumExpIsWithinTwoUlpsOrOneUlpOfTheMaximum() {
        Worst worst = new Worst("logSumExp");
        double[] out = new double[1];
        for (double[] z : rows(Seeds.random("logSumExp"))) {
            Truth truth = new Truth(z);
            functions.logSumExp(z, 0, z.length, 1, z.length, out, 0);
            BigDecimal value = truth.logSumExp();
            double ulps = Ulps.of(out[0], value);
            double absolute = Math.abs(BigMath.of(out[0]).subtract(value).doubleValue())
                    / Math.ulp(Math.max(1, Math.abs(truth.max)));
            worst.add(Math.min(ulps, 2 * absolute), out[0]);
        }
        System.out.println(worst);
        worst.check(TWO_ULPS_OR_ONE_OF_MAX);
    }

    @Test
    void crossEntropyAndItsGradientAreWithinTwoUlpsForAnyLabel() {
        Worst loss = new Worst("cross-entropy");
        Worst gradient = new Worst("gradient of the cross-entropy");
        SplittableRandom random = Seeds.random("crossEntropy");
        for (double[] z : rows(random)) {
            if (z.length > 1000) {
                continue;
            }
            Truth truth = new Truth(z);
            int label = random.nextInt(z.length);
            double[] l = new double[1];
            double[] g = new double[z.length];
            functions.crossEntropy(z, z.length, new int[] {label}, 0, 1, z.length, l, g);
            loss.add(Ulps.of(l[0], truth.logSoftmax(label).negate()), z[label]);
            for (int k = 0; k < z.length; k++) {
                BigDecimal p = k == label
                        ? truth.sum
                                .subtract(truth.exps.get(z[k]))
                                .divide(truth.sum, BigMath.CONTEXT)
                                .negate()
                        : truth.softmax(k);
                gradient.add(Ulps.of(g[k], p), z[k]);
            }
        }
        System.out.println(loss + ", " + gradient);
        loss.check(TWO_ULPS);
        gradient.check(TWO_ULPS);
    }

    @Test
    void logLossIsTheSoftplusOfTheWrongMargin() {
        double[] z = {3, -3, 1e4, -1e4, 1e300, -1e300, 0, -745};
        int[] y = {1, 1, 1, 1, 0, 0, 0, 0};
        double[] loss = new double[z.length];
        double[] gradient = new double[z.length];
        functions.logLoss(z, 0, y, 0, z.length, loss, gradient);
        for (int i = 0; i < z.length; i++) {
            double against = y[i] == 1 ? -z[i] : z[i];
            double[] expected = new double[1];
            functions.softplus(new double[] {against}, 0, 1, expected, 0);
            assertThat(loss[i]).isFinite().isEqualTo(expected[0]);
            functions.sigmoid(new double[] {against}, 0, 1, expected, 0);
            assertThat(gradient[i]).isEqualTo(y[i] == 1 ? -expected[0] : expected[0]);
        }
    }

    @Test
    void crossEntropyIsFiniteForMarginsOfAnySize() {
        for (double size : new double[] {1e4, 1e300}) {
            double[] z = {size, -size, 0};
            for (int label = 0; label < 3; label++) {
                double[] loss = new double[1];
                double[] gradient = new double[3];
                functions.crossEntropy(z, 3, new int[] {label}, 0, 1, 3, loss, gradient);
                assertThat(loss[0]).isEqualTo(label == 0 ? 0 : label == 1 ? 2 * size : size);
                assertThat(gradient).containsExactly(label == 0 ? -0.0 : 1, label == 1 ? -1 : 0, label == 2 ? -1 : 0);
            }
        }
    }

    private double[] softmax(double... z) {
        double[] p = new double[z.length];
        functions.softmax(z, 0, z.length, 1, z.length, p, 0, z.length);
        return p;
    }

    private double[] logSoftmax(double... z) {
        double[] p = new double[z.length];
        functions.logSoftmax(z, 0, z.length, 1, z.length, p, 0, z.length);
        return p;
    }

    private double logSumExp(double... z) {
        double[] out = new double[1];
        functions.logSumExp(z, 0, z.length, 1, z.length, out, 0);
        return out[0];
    }

    @Test
    void infiniteLogitsShareTheRowAndNanSpreads() {
        double inf = Double.POSITIVE_INFINITY;
        double nan = Double.NaN;
        double ln2 = 0.6931471805599453;
        assertThat(softmax(0.3)).containsExactly(1);
        assertThat(softmax(0, inf, -inf)).containsExactly(0, 1, 0);
        assertThat(softmax(inf, 3, inf)).containsExactly(0.5, 0, 0.5);
        assertThat(softmax(0, -inf, 0)).containsExactly(0.5, 0, 0.5);
        assertThat(softmax(-inf, -inf)).containsExactly(nan, nan);
        assertThat(softmax(1, nan, 2)).containsExactly(nan, nan, nan);
        assertThat(softmax(inf, nan, -inf)).containsExactly(nan, nan, nan);
        assertThat(logSoftmax(0, inf, -inf)).containsExactly(-inf, -0.0, -inf);
        assertThat(logSoftmax(inf, 3, inf)).containsExactly(-ln2, -inf, -ln2);
        assertThat(logSoftmax(0, -inf, 0)).containsExactly(-ln2, -inf, -ln2);
        assertThat(logSoftmax(-inf, -inf)).containsExactly(nan, nan);
        assertThat(logSoftmax(-inf, nan, 2)).containsExactly(nan, nan, nan);
        assertThat(logSumExp(0, inf)).isEqualTo(inf);
        assertThat(logSumExp(-inf, -inf)).isEqualTo(-inf);
        assertThat(logSumExp(-inf, nan)).isNaN();
        assertThat(logSumExp(inf, nan)).isNaN();
        assertThat(logSumExp(1, nan)).isNaN();
    }

    @Test
    void crossEntropyOfAnUndefinedRowIsNan() {
        double inf = Double.POSITIVE_INFINITY;
        for (double[] z : new double[][] {{1, Double.NaN}, {1, inf}, {-inf, -inf}}) {
            double[] loss = new double[1];
            double[] gradient = new double[2];
            functions.crossEntropy(z, 2, new int[] {0}, 0, 1, 2, loss, gradient);
            assertThat(loss[0]).isNaN();
            assertThat(gradient).containsOnly(Double.NaN);
        }
        double[] loss = new double[1];
        double[] gradient = new double[2];
        functions.crossEntropy(new double[] {-inf, 1}, 2, new int[] {0}, 0, 1, 2, loss, gradient);
        assertThat(loss[0]).isEqualTo(inf);
        assertThat(gradient).containsExactly(-1, 1);
    }
}
