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
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Functions of one float32 or float64 number over an array in the cache, in ns a number, beside a plain copy. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(SigmoidBenchmark.N)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 5,
        jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class SigmoidBenchmark {
    static final int N = 32_768;

    private final FunctionKernels kernels = Kernels.best().functions();
    private final float[] z = new float[N];
    private final float[] p = new float[N];
    private final double[] wideZ = new double[N];
    private final double[] wideP = new double[N];

    /** Fills the arrays. */
    @Setup
    public void fill() {
        Random random = new Random(1);
        for (int i = 0; i < N; i++) {
            z[i] = (float) (3 * random.nextGaussian());
            wideZ[i] = z[i];
        }
    }

    /** A copy. */
    @Benchmark
    public float[] copy() {
        System.arraycopy(z, 0, p, 0, N);
        return p;
    }

    /** Float32 sigmoid. */
    @Benchmark
    public float[] sigmoid() {
        kernels.sigmoid(z, 0, N, p, 0);
        return p;
    }

    /** Float32 softplus. */
    @Benchmark
    public float[] softplus() {
        kernels.softplus(z, 0, N, p, 0);
        return p;
    }

    /** Float64 sigmoid. */
    @Benchmark
    public double[] wideSigmoid() {
        kernels.sigmoid(wideZ, 0, N, wideP, 0);
        return wideP;
    }

    /** Float64 softplus. */
    @Benchmark
    public double[] wideSoftplus() {
        kernels.softplus(wideZ, 0, N, wideP, 0);
        return wideP;
    }

    /** Float64 sigmoid as it is usually written. */
    @Benchmark
    public double[] mathSigmoid() {
        for (int i = 0; i < N; i++) {
            wideP[i] = 1 / (1 + Math.exp(-wideZ[i]));
        }
        return wideP;
    }
}
