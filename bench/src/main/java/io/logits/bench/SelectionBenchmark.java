package io.logits.bench;

import io.logits.kernels.Kernels;
import io.logits.kernels.SelectionKernels;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Passes over a row of 128,256 normal float32 logits. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 5,
        jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class SelectionBenchmark {
    private static final int N = SamplingBenchmark.VOCABULARY;
    private static final double SCALE = SelectionKernels.LOG2_E;

    private final SelectionKernels selection = Kernels.best().selection();
    private final float[] row = new float[N];
    private final float[] maxima = new float[N / SelectionKernels.BLOCK + 1];
    private final double[] sums = new double[maxima.length + SelectionKernels.ROOM];
    private float least;
    private double max = Double.NEGATIVE_INFINITY;

    /** Fills the row. */
    @Setup
    public void fill() {
        Random random = new Random(1);
        for (int i = 0; i < N; i++) {
            row[i] = (float) (3 * random.nextGaussian());
            max = Math.max(max, row[i]);
        }
        least = -selection.blockMaxima(row, 0, N, maxima, 0);
    }

    /** Maxima of blocks. */
    @Benchmark
    public float blockMaxima() {
        return selection.blockMaxima(row, 0, N, maxima, 0);
    }

    /** Float64 sums of blocks. */
    @Benchmark
    public double[] blockSums() {
        selection.blockSums(row, 0, N, least, max, SCALE, sums, 0);
        return sums;
    }

    /** Coarse sums of groups of blocks. */
    @Benchmark
    public double[] coarseSums() {
        selection.coarseSums(row, 0, N, maxima, 0, least, max, SCALE, sums, 0);
        return sums;
    }
}
