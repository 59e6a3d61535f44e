package io.logits.bench;

import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;
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
 * A tile of dense rows times coefficients and back, in float64 and float32 arithmetic. One tile of 32 rows of 784 features
 * and 10 logits is 0.5 MFLOP: {@code microseconds = 500 / (GFLOP/s)}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(
        value = 5,
        jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class MatrixBenchmark {
    private static final int ROWS = 32;

    /** Features. */
    @Param({"50", "784"})
    public int cols;

    /** Logits. */
    @Param({"1", "10"})
    public int logits;

    private final MatrixKernels kernels = Kernels.best().matrices();
    private double[] x = new double[0];
    private float[] narrowX = new float[0];
    private double[] w = new double[0];
    private float[] narrowW = new float[0];
    private double[] z = new double[0];
    private float[] narrowZ = new float[0];
    private double[] g = new double[0];
    private double[] h = new double[0];
    private double[] d = new double[0];

    /** Fills the arrays. */
    @Setup
    public void fill() {
        Random random = new Random(1);
        x = random.doubles((long) ROWS * cols).toArray();
        w = random.doubles((long) logits * cols).toArray();
        z = random.doubles((long) ROWS * logits).toArray();
        d = random.doubles(ROWS).toArray();
        g = new double[logits * cols];
        h = new double[cols * cols];
        narrowX = narrow(x);
        narrowW = narrow(w);
        narrowZ = narrow(z);
    }

    private static float[] narrow(double[] a) {
        float[] out = new float[a.length];
        for (int i = 0; i < a.length; i++) {
            out[i] = (float) a[i];
        }
        return out;
    }

    /** Margins in float64. */
    @Benchmark
    public double[] multiply() {
        kernels.multiplyAdd(x, 0, ROWS, cols, w, logits, z, 0);
        return z;
    }

    /** Gradient in float64. */
    @Benchmark
    public double[] transposeMultiply() {
        kernels.transposeMultiplyAdd(x, 0, ROWS, cols, z, 0, logits, g);
        return g;
    }

    /** Margins in float32. */
    @Benchmark
    public float[] floatMultiply() {
        kernels.multiplyAdd(narrowX, 0, ROWS, cols, narrowW, logits, narrowZ, 0);
        return narrowZ;
    }

    /** Gradient, sums of the rows in float32. */
    @Benchmark
    public double[] floatTransposeMultiply() {
        kernels.transposeMultiplyAdd(narrowX, 0, ROWS, cols, narrowZ, 0, logits, g);
        return g;
    }

    /** Weighted Gram matrix: {@code ROWS*cols^2} FLOP. */
    @Benchmark
    public double[] gram() {
        kernels.gramAdd(x, 0, ROWS, cols, d, 0, h, 0, cols);
        return h;
    }
}
