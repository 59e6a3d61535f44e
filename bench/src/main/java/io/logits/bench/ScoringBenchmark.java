package io.logits.bench;

import io.logits.data.DenseMatrix;
import io.logits.features.PlainEncoding;
import io.logits.model.LogisticModel;
import io.logits.model.Model;
import io.logits.model.Provenance;
import io.logits.model.SoftmaxModel;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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

/**
 * From features to probabilities, on one thread, nanoseconds a row of {@link #FEATURES} dense features: a float64 row alone, and
 * {@link #ROWS} float32 rows that no cache holds, beside a loop that only reads as many bytes.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 5,
        jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class ScoringBenchmark {
    static final int FEATURES = 30;
    static final int ROWS = 1_000_000;
    private static final int CLASSES = 10;
    /** Rows of a call: their logits and probabilities stay in the cache. A divisor of {@link #ROWS}. */
    private static final int BLOCK = 1_000;
    /** Rows that are scored alone, in turns; a power of two. */
    private static final int ALONE = 1_024;

    private final double[][] alone = new double[ALONE][FEATURES];
    private final int[] words = new int[ROWS * FEATURES];
    private final double[] z = new double[BLOCK * CLASSES];
    private final double[] p = new double[BLOCK * CLASSES];
    private final LogisticModel two;
    private final SoftmaxModel many;
    private DenseMatrix rows = DenseMatrix.of(0, FEATURES, new float[0]);
    private int next;

    /** Models with normal coefficients. */
    public ScoringBenchmark() {
        Random random = new Random(1);
        PlainEncoding encoding = PlainEncoding.numbered(FEATURES);
        two = new LogisticModel(
                List.of("0", "1"), encoding, normal(random, FEATURES), random.nextGaussian(), Provenance.unknown());
        List<String> classes =
                IntStream.range(0, CLASSES).mapToObj(Integer::toString).toList();
        many = new SoftmaxModel(
                classes, encoding, normal(random, CLASSES * FEATURES), normal(random, CLASSES), Provenance.unknown());
    }

    private static double[] normal(Random random, int n) {
        double[] values = new double[n];
        Arrays.setAll(values, i -> random.nextGaussian());
        return values;
    }

    /** Fills the rows. */
    @Setup
    public void fill() {
        Random random = new Random(2);
        float[] values = new float[ROWS * FEATURES];
        for (int e = 0; e < values.length; e++) {
            values[e] = (float) random.nextGaussian();
        }
        rows = DenseMatrix.of(ROWS, FEATURES, values);
        for (double[] row : alone) {
            Arrays.setAll(row, j -> random.nextGaussian());
        }
    }

    /** A row alone, two classes: a dot product and a sigmoid. */
    @Benchmark
    public double row() {
        next = (next + 1) & (ALONE - 1);
        return two.probability(alone[next]);
    }

    /** A row alone, ten classes. */
    @Benchmark
    public double[] rowOfTenClasses() {
        next = (next + 1) & (ALONE - 1);
        many.logits(alone[next], z);
        many.probabilitiesOfLogits(z, 1, p);
        return p;
    }

    /** All rows, two classes. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public double[] batch() {
        return score(two);
    }

    /** All rows, ten classes. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public double[] batchOfTenClasses() {
        return score(many);
    }

    private double[] score(Model model) {
        for (int from = 0; from < ROWS; from += BLOCK) {
            model.logits(rows, from, from + BLOCK, z);
            model.probabilitiesOfLogits(z, BLOCK, p);
        }
        return p;
    }

    /** As many bytes as the rows have, read only: a sum of integers, which the JVM makes a vector loop of. */
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public int read() {
        int sum = 0;
        for (int word : words) {
            sum += word;
        }
        return sum;
    }
}
