package io.logits.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.testkit.BigMath;
import io.logits.testkit.Seeds;
import io.logits.testkit.Tolerance;
import io.logits.testkit.Ulps;
import io.logits.testkit.Worst;
import java.math.BigDecimal;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Float64 functions of one number against arbitrary precision. */
class AccuracyTest {
    private static final Tolerance ONE_ULP =
            Tolerance.ulps(1, "half for the final rounding, the rest for polynomial and rounding to a subnormal");

    private final FunctionKernels functions = new ScalarKernels("tested").functions();

    private interface Kernel {
        void apply(double[] in, int inOffset, int n, double[] out, int outOffset);
    }

    private static DoubleUnaryOperator single(Kernel kernel) {
        double[] in = new double[1];
        double[] out = new double[1];
        return x -> {
            in[0] = x;
            kernel.apply(in, 0, 1, out, 0);
            return out[0];
        };
    }

    private static void check(String name, Kernel kernel, UnaryOperator<BigDecimal> truth, double[] arguments) {
        DoubleUnaryOperator function = single(kernel);
        Worst worst = new Worst(name);
        for (double x : arguments) {
            worst.add(Ulps.of(function.applyAsDouble(x), truth.apply(BigMath.of(x))), x);
        }
        System.out.println(worst);
        worst.check(ONE_ULP);
    }

    /** Logits of every kind: uniform in ranges, of every magnitude, and about the places where formulas change. */
    static double[] logits(String test) {
        SplittableRandom random = Seeds.random(test);
        double[] edges = {
            0,
            0.34657359,
            0.69314718,
            0.8813736,
            18,
            33.3,
            36.7,
            37,
            40,
            41.6,
            700,
            708.4,
            709.78,
            744,
            745.13,
            745.2,
            746,
            800,
            1e4,
            1e300
        };
        double[] z = new double[4000 + 6 * edges.length];
        int n = 0;
        while (n < 4000) {
            double sign = random.nextBoolean() ? 1 : -1;
            z[n++] = sign * random.nextDouble(2);
            z[n++] = sign * random.nextDouble(50);
            z[n++] = sign * random.nextDouble(760);
            z[n++] = sign * Math.scalb(1 + random.nextDouble(), random.nextInt(-1074, 12));
        }
        for (double edge : edges) {
            for (double x : new double[] {edge, Math.nextUp(edge), Math.nextDown(edge)}) {
                z[n++] = x;
                z[n++] = -x;
            }
        }
        return z;
    }

    @Test
    void sigmoidIsWithinOneUlpSubnormalsIncluded() {
        check("sigmoid", functions::sigmoid, AccuracyTest::sigmoid, logits("sigmoid"));
    }

    private static BigDecimal sigmoid(BigDecimal x) {
        return BigMath.sigmoid(clamp(x));
    }

    private static BigDecimal clamp(BigDecimal x) {
        // Beyond 1e5 the exponential is no number of either format.
        return x.abs().compareTo(BigDecimal.valueOf(100_000)) > 0 ? BigDecimal.valueOf(x.signum() * 100_000L) : x;
    }

    private static BigDecimal softplus(BigDecimal x) {
        return clamp(x) == x ? BigMath.softplus(x) : x.max(BigDecimal.ZERO);
    }

    @Test
    void softplusIsWithinOneUlpSubnormalsIncluded() {
        check("softplus", functions::softplus, AccuracyTest::softplus, logits("softplus"));
    }

    @Test
    void logSigmoidIsWithinOneUlpSubnormalsIncluded() {
        check("logSigmoid", functions::logSigmoid, x -> softplus(x.negate()).negate(), logits("logSigmoid"));
    }

    @Test
    void logitIsWithinOneUlpNearOneHalfAndNearTheEnds() {
        SplittableRandom random = Seeds.random("logit");
        double[] p = new double[4000];
        for (int i = 0; i < p.length; i += 4) {
            p[i] = random.nextDouble(Double.MIN_VALUE, 1);
            p[i + 1] = 0.5 + random.nextDouble(-0.5, 0.5) * Math.scalb(1, -random.nextInt(50));
            p[i + 2] = Math.max(Double.MIN_VALUE, Math.scalb(random.nextDouble(), random.nextInt(-1074, 0)));
            p[i + 3] = 1 - Math.scalb(1 + random.nextDouble(), random.nextInt(-53, -1));
        }
        p[0] = Double.MIN_VALUE;
        p[1] = 1 - 0x1p-53;
        check(
                "logit",
                functions::logit,
                x -> x.compareTo(new BigDecimal("0.25")) > 0
                        ? BigMath.log1p(x.multiply(BigDecimal.valueOf(2))
                                .subtract(BigDecimal.ONE)
                                .divide(BigDecimal.ONE.subtract(x), BigMath.CONTEXT))
                        : BigMath.log(x).subtract(BigMath.log1p(x.negate()), BigMath.CONTEXT),
                p);
    }

    @Test
    void functionsOfOneNumberKeepTheirSpecialValues() {
        double inf = Double.POSITIVE_INFINITY;
        DoubleUnaryOperator sigmoid = single(functions::sigmoid);
        DoubleUnaryOperator logSigmoid = single(functions::logSigmoid);
        DoubleUnaryOperator softplus = single(functions::softplus);
        DoubleUnaryOperator logit = single(functions::logit);
        for (DoubleUnaryOperator f : new DoubleUnaryOperator[] {sigmoid, logSigmoid, softplus, logit}) {
            assertThat(f.applyAsDouble(Double.NaN)).isNaN();
        }
        assertThat(sigmoid.applyAsDouble(inf)).isEqualTo(1);
        assertThat(sigmoid.applyAsDouble(-inf)).isEqualTo(0);
        assertThat(sigmoid.applyAsDouble(0)).isEqualTo(0.5);
        assertThat(sigmoid.applyAsDouble(-0.0)).isEqualTo(0.5);
        assertThat(logSigmoid.applyAsDouble(inf)).isEqualTo(-0.0);
        assertThat(logSigmoid.applyAsDouble(-inf)).isEqualTo(-inf);
        assertThat(softplus.applyAsDouble(inf)).isEqualTo(inf);
        assertThat(softplus.applyAsDouble(-inf)).isEqualTo(0);
        assertThat(softplus.applyAsDouble(0)).isEqualTo(0.6931471805599453);
        assertThat(logit.applyAsDouble(0)).isEqualTo(-inf);
        assertThat(logit.applyAsDouble(1)).isEqualTo(inf);
        assertThat(logit.applyAsDouble(0.5)).isEqualTo(0);
        assertThat(logit.applyAsDouble(-1e-300)).isNaN();
        assertThat(logit.applyAsDouble(1.0000000000000002)).isNaN();
    }
}
