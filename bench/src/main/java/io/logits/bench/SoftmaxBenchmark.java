package io.logits.bench;

import io.logits.kernels.FunctionKernels;
import io.logits.kernels.Kernels;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Softmax and log-softmax of a batch of rows of normal logits. A call is for {@link #entries} of them: 40,000 in rows of up to
 * 1000, which stay in the L2 cache, or one long row.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 5,
        jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class SoftmaxBenchmark {
    private static final int BATCH = 40_000;

    /** Classes. */
    @Param({"10", "100", "1000", "32000", "128256"})
    public int cols;

    private final FunctionKernels kernels = Kernels.best().functions();
    private int rows;
    private float[] z = new float[0];
    private float[] p = new float[0];
    private double[] wideZ = new double[0];
    private double[] wideP = new double[0];

    /** How many logits a call is for. */
    static int entries(int cols) {
        return Math.max(1, BATCH / cols) * cols;
    }

    /** Fills the arrays. */
    @Setup
    public void fill() {
        Random random = new Random(1);
        int n = entries(cols);
        rows = n / cols;
        z = new float[n];
        wideZ = new double[n];
        for (int i = 0; i < n; i++) {
            z[i] = (float) (3 * random.nextGaussian());
            wideZ[i] = z[i];
        }
        p = new float[n];
        wideP = new double[n];
    }

    /** Float32 softmax. */
    @Benchmark
    public float[] softmax() {
        kernels.softmax(z, 0, cols, rows, cols, p, 0, cols);
        return p;
    }

    /** Float32 log-softmax. */
    @Benchmark
    public float[] logSoftmax() {
        kernels.logSoftmax(z, 0, cols, rows, cols, p, 0, cols);
        return p;
    }

    /** Float64 softmax. */
    @Benchmark
    public double[] wideSoftmax() {
        kernels.softmax(wideZ, 0, cols, rows, cols, wideP, 0, cols);
        return wideP;
    }

    /** Float64 log-softmax. */
    @Benchmark
    public double[] wideLogSoftmax() {
        kernels.logSoftmax(wideZ, 0, cols, rows, cols, wideP, 0, cols);
        return wideP;
    }
}
