package io.logits.bench;

import io.logits.kernels.FunctionKernels;
import io.logits.kernels.Kernels;
import io.logits.kernels.Workers;
import java.util.Locale;

/**
 * Every one of the 2^32 float32 numbers through sigmoid, log-sigmoid and softplus: the worst error, and whether sigmoid ever
 * falls. Truth is the float64 function, whose own error (at most 0.8 ulp of float64, 1.5e-9 ulp of float32, measured against
 * arbitrary precision by the tests of {@code kernels}) is added to every error reported. Argument: the number of threads.
 */
public final class FloatSweep {
    private static final double TRUTH_ERROR = 1.5e-9;
    private static final int CHUNK = 1 << 14;
    private static final int TASKS = 1 << 10;
    private static final int POSITIVE = 0x7f800001;

    private final FunctionKernels kernels = Kernels.best().functions();

    private FloatSweep() {}

    private interface Narrow {
        void apply(float[] z, int zOffset, int n, float[] out, int outOffset);
    }

    private interface Wide {
        void apply(double[] z, int zOffset, int n, double[] out, int outOffset);
    }

    /** The worst of a part of the numbers. */
    private static final class Worst {
        private double ulps;
        private float at;
        private boolean falls;

        void add(float computed, double truth, float z) {
            float near = (float) truth;
            if ((Float.isNaN(near) && Float.isNaN(computed)) || (near == computed && Float.isInfinite(near))) {
                return;
            }
            float below = Math.abs((double) near) <= Math.abs(truth) ? near : Math.nextAfter(near, 0);
            double error = Math.abs(computed - truth) / Math.ulp(below) + TRUTH_ERROR;
            if (!(error <= ulps)) {
                ulps = error;
                at = z;
            }
        }
    }

    /** Sweeps. */
    public static void main(String[] arguments) {
        int threads = arguments.length == 0 ? 1 : Integer.parseInt(arguments[0]);
        FloatSweep sweep = new FloatSweep();
        try (Workers workers = Workers.of(threads)) {
            sweep.sweep("sigmoid", sweep.kernels::sigmoid, sweep.kernels::sigmoid, workers);
            sweep.sweep("log-sigmoid", sweep.kernels::logSigmoid, sweep.kernels::logSigmoid, workers);
            sweep.sweep("softplus", sweep.kernels::softplus, sweep.kernels::softplus, workers);
        }
    }

    private void sweep(String name, Narrow narrow, Wide wide, Workers workers) {
        Worst[] worst = new Worst[TASKS];
        long start = System.nanoTime();
        workers.run(TASKS, task -> {
            worst[task] = part(task, narrow, wide);
            if (task % 64 == 63) {
                System.err.printf(Locale.ROOT, "%s %.0f %%%n", name, 100.0 * (task + 1) / TASKS);
            }
        });
        Worst all = worst[0];
        boolean falls = false;
        for (Worst w : worst) {
            all = !(w.ulps <= all.ulps) ? w : all;
            falls |= w.falls;
        }
        System.out.printf(
                Locale.ROOT,
                "%s: at most %.4f ulp, at %s; %s over all floats; %.0f s%n",
                name,
                all.ulps,
                Float.toString(all.at),
                falls ? "NOT monotone" : "monotone",
                (System.nanoTime() - start) / 1e9);
    }

    /** Numbers in the order of their size: negative ones from -infinity up, then positive ones, NaN last. */
    private static float number(long rank) {
        int r = (int) rank;
        return rank < POSITIVE ? -Float.intBitsToFloat(POSITIVE - 1 - r) : Float.intBitsToFloat(r - POSITIVE);
    }

    private Worst part(int task, Narrow narrow, Wide wide) {
        Worst worst = new Worst();
        float[] z = new float[CHUNK];
        float[] value = new float[CHUNK];
        double[] wideZ = new double[CHUNK];
        double[] truth = new double[CHUNK];
        long each = (1L << 32) / TASKS;
        float last = Float.NaN;
        // One number before the part's own, so that no step between parts is missed.
        for (long from = Math.max(0, task * each - 1); from < (task + 1) * each; from += CHUNK) {
            int n = (int) Math.min(CHUNK, (task + 1) * each - from);
            for (int i = 0; i < n; i++) {
                z[i] = number(from + i);
                wideZ[i] = z[i];
            }
            narrow.apply(z, 0, n, value, 0);
            wide.apply(wideZ, 0, n, truth, 0);
            for (int i = 0; i < n; i++) {
                worst.falls |= value[i] < last;
                last = value[i];
                if (value[i] != truth[i]) {
                    worst.add(value[i], truth[i], z[i]);
                }
            }
        }
        return worst;
    }
}
