package io.logits.bench;

import io.logits.kernels.FunctionKernels;
import io.logits.kernels.Kernels;
import io.logits.testkit.BigMath;
import io.logits.testkit.Ulps;
import io.logits.testkit.Worst;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Worst errors against arbitrary precision ({@code errors}), or least times ({@code times}), a line a function with tabs
 * between its parts; {@code bench/tables.py accuracy} makes docs/accuracy.md of them.
 */
public final class Accuracy {
    private static final int POINTS = 4000;
    private static final int[] LENGTHS = {1, 2, 3, 8, 10, 31, 33, 100, 128, 129, 1000, 32_000, 1_000_000};
    private static final double[] SPREADS = {1e-3, 1, 10, 100, 1e4};

    private final FunctionKernels kernels = Kernels.best().functions();
    private final SplittableRandom random = new SplittableRandom(1);

    private Accuracy() {}

    private interface Wide {
        void apply(double[] z, int zOffset, int n, double[] out, int outOffset);
    }

    private interface Narrow {
        void apply(float[] z, int zOffset, int n, float[] out, int outOffset);
    }

    /** Prints errors or times. */
    public static void main(String[] arguments) {
        Accuracy accuracy = new Accuracy();
        if (arguments.length == 1 && arguments[0].equals("errors")) {
            accuracy.errors();
        } else if (arguments.length == 1 && arguments[0].equals("times")) {
            accuracy.times();
        } else {
            throw new IllegalArgumentException("one argument is needed, errors or times");
        }
    }

    private static void line(String function, String range, Worst worst) {
        System.out.printf(Locale.ROOT, "%s\t%s\t%.3f\t%s%n", function, range, worst.error(), worst.where());
    }

    private void errors() {
        String all = "-750 to 750, subnormal results too";
        number("sigmoid", all, kernels::sigmoid, kernels::sigmoid, BigMath::sigmoid);
        number(
                "log-sigmoid",
                all,
                kernels::logSigmoid,
                kernels::logSigmoid,
                x -> BigMath.softplus(x.negate()).negate());
        number("softplus", all, kernels::softplus, kernels::softplus, BigMath::softplus);
        number(
                "Math: 1/(1+exp(-x))",
                all,
                (z, a, n, out, b) -> {
                    for (int i = 0; i < n; i++) {
                        out[i] = 1 / (1 + Math.exp(-z[i]));
                    }
                },
                null,
                BigMath::sigmoid);
        number(
                "Math: log1p(exp(x))",
                all,
                (z, a, n, out, b) -> {
                    for (int i = 0; i < n; i++) {
                        out[i] = Math.log1p(Math.exp(z[i]));
                    }
                },
                null,
                BigMath::softplus);
        rows();
    }

    private void number(
            String name, String range, Wide wide, @Nullable Narrow narrow, UnaryOperator<BigDecimal> truth) {
        double[] z = new double[POINTS];
        float[] f = new float[POINTS];
        for (int i = 0; i < POINTS; i++) {
            double scale = new double[] {1e-3, 1, 30, 750}[i % 4];
            f[i] = (float) random.nextDouble(-scale, scale);
            z[i] = random.nextDouble(-scale, scale);
        }
        double[] out = new double[POINTS];
        wide.apply(z, 0, POINTS, out, 0);
        Worst worst = new Worst(name);
        for (int i = 0; i < POINTS; i++) {
            worst.add(Ulps.of(out[i], truth.apply(BigMath.of(z[i]))), z[i]);
        }
        line(name + (narrow == null ? "" : ", float64"), range, worst);
        if (narrow != null) {
            float[] outs = new float[POINTS];
            narrow.apply(f, 0, POINTS, outs, 0);
            Worst narrowWorst = new Worst(name);
            for (int i = 0; i < POINTS; i++) {
                narrowWorst.add(Ulps.ofFloat(outs[i], truth.apply(BigMath.of(f[i]))), f[i]);
            }
            line(name + ", float32", range, narrowWorst);
        }
    }

    private void rows() {
        String[] names = {"softmax", "log-softmax", "log-sum-exp"};
        Worst[] wide = {new Worst(names[0]), new Worst(names[1]), new Worst(names[2])};
        Worst[] narrow = {new Worst(names[0]), new Worst(names[1]), new Worst(names[2])};
        for (int n : LENGTHS) {
            for (double spread : SPREADS) {
                // Few distinct values, each an exact float, so that the truth of a million entries is soon had.
                float[] values = new float[30];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) random.nextDouble(-spread, spread);
                }
                float[] f = new float[n];
                double[] z = new double[n];
                for (int k = 0; k < n; k++) {
                    f[k] = values[random.nextInt(values.length)];
                    z[k] = f[k];
                }
                row(z, f, wide, narrow);
            }
        }
        String range = "1 to 1,000,000 entries, spread up to 1e4";
        for (int i = 0; i < names.length; i++) {
            line(names[i] + ", float64", range, wide[i]);
            line(names[i] + ", float32", range, narrow[i]);
        }
    }

    private void row(double[] z, float[] f, Worst[] wide, Worst[] narrow) {
        int n = z.length;
        double max = Double.NEGATIVE_INFINITY;
        Map<Double, Integer> counts = new HashMap<>();
        for (double x : z) {
            max = Math.max(max, x);
            counts.merge(x, 1, Integer::sum);
        }
        Map<Double, BigDecimal> exps = new HashMap<>();
        BigDecimal sum = BigDecimal.ZERO;
        for (var entry : counts.entrySet()) {
            BigDecimal shifted = BigMath.of(entry.getKey()).subtract(BigMath.of(max));
            BigDecimal exp = BigMath.exp(shifted.max(BigDecimal.valueOf(-30_000)));
            exps.put(entry.getKey(), exp);
            sum = sum.add(exp.multiply(BigDecimal.valueOf(entry.getValue())));
        }
        double[] p = new double[n];
        double[] log = new double[n];
        double[] total = new double[1];
        float[] narrowP = new float[n];
        float[] narrowLog = new float[n];
        float[] narrowTotal = new float[1];
        kernels.softmax(z, 0, n, 1, n, p, 0, n);
        kernels.logSoftmax(z, 0, n, 1, n, log, 0, n);
        kernels.logSumExp(z, 0, n, 1, n, total, 0);
        kernels.softmax(f, 0, n, 1, n, narrowP, 0, n);
        kernels.logSoftmax(f, 0, n, 1, n, narrowLog, 0, n);
        kernels.logSumExp(f, 0, n, 1, n, narrowTotal, 0);
        for (int k = 0; k < Math.min(n, 60); k++) {
            BigDecimal exp = Objects.requireNonNull(exps.get(z[k]));
            BigDecimal share = exp.divide(sum, BigMath.CONTEXT);
            wide[0].add(Ulps.of(p[k], share), z[k]);
            narrow[0].add(Ulps.ofFloat(narrowP[k], share), z[k]);
            BigDecimal odds = sum.subtract(exp).divide(exp, BigMath.CONTEXT);
            BigDecimal truth = odds.compareTo(BigDecimal.ONE) < 0
                    ? BigMath.log1p(odds).negate()
                    : BigMath.of(z[k]).subtract(BigMath.of(max)).subtract(BigMath.log(sum), BigMath.CONTEXT);
            wide[1].add(Ulps.of(log[k], truth), z[k]);
            narrow[1].add(Ulps.ofFloat(narrowLog[k], truth), z[k]);
        }
        BigDecimal truth = BigMath.of(max).add(BigMath.log(sum));
        double unit = Math.max(1, Math.abs(max));
        wide[2].add(Math.min(Ulps.of(total[0], truth), distance(total[0], truth) / Math.ulp(unit)), max);
        narrow[2].add(
                Math.min(Ulps.ofFloat(narrowTotal[0], truth), distance(narrowTotal[0], truth) / Math.ulp((float) unit)),
                max);
    }

    private static double distance(double computed, BigDecimal truth) {
        return BigMath.of(computed).subtract(truth).abs().doubleValue();
    }

    private void times() {
        int n = 32_000;
        double[] z = random.doubles(n, -9, 9).toArray();
        float[] f = new float[n];
        for (int i = 0; i < n; i++) {
            f[i] = (float) z[i];
        }
        double[] out = new double[n];
        float[] narrow = new float[n];
        time("sigmoid, float64", n, () -> kernels.sigmoid(z, 0, n, out, 0));
        time("sigmoid, float32", n, () -> kernels.sigmoid(f, 0, n, narrow, 0));
        time("log-sigmoid, float64", n, () -> kernels.logSigmoid(z, 0, n, out, 0));
        time("log-sigmoid, float32", n, () -> kernels.logSigmoid(f, 0, n, narrow, 0));
        time("softplus, float64", n, () -> kernels.softplus(z, 0, n, out, 0));
        time("softplus, float32", n, () -> kernels.softplus(f, 0, n, narrow, 0));
        time("softmax, float64", n, () -> kernels.softmax(z, 0, n, 1, n, out, 0, n));
        time("softmax, float32", n, () -> kernels.softmax(f, 0, n, 1, n, narrow, 0, n));
        time("log-softmax, float64", n, () -> kernels.logSoftmax(z, 0, n, 1, n, out, 0, n));
        time("log-softmax, float32", n, () -> kernels.logSoftmax(f, 0, n, 1, n, narrow, 0, n));
        time("log-sum-exp, float64", n, () -> kernels.logSumExp(z, 0, n, 1, n, out, 0));
        time("log-sum-exp, float32", n, () -> kernels.logSumExp(f, 0, n, 1, n, narrow, 0));
    }

    private static void time(String function, int n, Runnable call) {
        long best = Long.MAX_VALUE;
        long end = System.nanoTime() + 3_000_000_000L;
        while (System.nanoTime() < end) {
            long start = System.nanoTime();
            call.run();
            best = Math.min(best, System.nanoTime() - start);
        }
        System.out.printf(Locale.ROOT, "%s\t%.2f%n", function, best / (double) n);
    }
}
