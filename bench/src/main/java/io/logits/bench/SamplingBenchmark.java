package io.logits.bench;

import io.logits.kernels.Workers;
import io.logits.sampling.BatchSampler;
import io.logits.sampling.Logits;
import io.logits.sampling.Order;
import io.logits.sampling.Sampler;
import io.logits.sampling.SamplingParameters;
import io.logits.sampling.Sequence;
import java.util.ArrayList;
import java.util.List;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One row of 128,256 normal float32 logits to a token, by chain; a batch of 64 such rows; and what others do instead. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 5,
        jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class SamplingBenchmark {
    static final int VOCABULARY = 128_256;
    private static final int ROWS = 64;

    private final SamplingParameters none = SamplingParameters.defaults();
    private final SamplingParameters chain =
            none.withTopK(50).withTopP(.9).withMinP(.05).withTemperature(.8).withOrder(Order.llamaCpp());
    private final Sampler sampler = new Sampler();
    private final SortingSamplers others = new SortingSamplers(VOCABULARY);
    private final Random random = new Random(1);
    private float[] row = new float[0];
    private Logits logits = Logits.of(0);

    /** Fills the row. */
    @Setup
    public void fill() {
        row = normal(VOCABULARY, random);
        logits = Logits.of(row);
    }

    private static float[] normal(int n, Random random) {
        float[] z = new float[n];
        for (int i = 0; i < n; i++) {
            z[i] = (float) (3 * random.nextGaussian());
        }
        return z;
    }

    /** Names of chains, and their parameters. */
    @State(Scope.Thread)
    public static class Chain {
        /** Which. */
        @Param({
            "greedy",
            "temperature",
            "top-k",
            "min-p",
            "top-p",
            "chain",
            "chain with penalty",
            "log-probability",
            "typical-p"
        })
        public String name = "";

        private Sequence sequence = new Sequence(SamplingParameters.defaults());

        /** Makes the sequence, with 64 tokens of history. */
        @Setup
        public void make(SamplingBenchmark benchmark) {
            SamplingParameters none = benchmark.none;
            sequence = new Sequence(
                    switch (name) {
                        case "greedy" -> none.withTemperature(0);
                        case "temperature" -> none.withTemperature(.8);
                        case "top-k" -> none.withTopK(50);
                        case "min-p" -> none.withMinP(.05);
                        case "top-p" -> none.withTopP(.9);
                        case "chain" -> benchmark.chain;
                        case "chain with penalty" -> benchmark.chain.withRepetitionPenalty(1.1);
                        case "log-probability" -> none.withTemperature(0).withLogprobs(0);
                        case "typical-p" -> none.withTypicalP(.9);
                        default -> throw new IllegalArgumentException(name);
                    });
            for (int i = 0; i < 64; i++) {
                sequence.append(benchmark.random.nextInt(VOCABULARY));
            }
        }
    }

    /** One row by a chain of ours. */
    @Benchmark
    public int step(Chain chain) {
        chain.sequence.position(chain.sequence.position() + 1);
        return sampler.sample(logits, 0, chain.sequence).token();
    }

    /** Top-p .9 by softmax, a cutoff, and a heap of the candidates above it. */
    @Benchmark
    public int heapTopP() {
        return others.heap(row, .9f, random.nextFloat());
    }

    /** Top-p .9 by softmax and a sort of the vocabulary. */
    @Benchmark
    public int sortTopP() {
        return others.sort(row, .9f, random.nextFloat());
    }

    /** 64 rows and threads for them. */
    @State(Scope.Thread)
    public static class Batch {
        /** How many threads. */
        @Param({"1", "2"})
        public int threads;

        private Logits rows = Logits.of(0);
        private final List<Sequence> sequences = new ArrayList<>();
        private Workers workers = Workers.of(1);
        private BatchSampler batch = new BatchSampler(workers);

        /** Fills the rows. */
        @Setup
        public void fill() {
            rows = Logits.of(normal(ROWS * VOCABULARY, new Random(2)), 0, VOCABULARY, VOCABULARY);
            workers = Workers.of(threads);
            batch = new BatchSampler(workers);
            for (int i = 0; i < ROWS; i++) {
                sequences.add(new Sequence(
                        SamplingParameters.defaults().withTemperature(.8).withSeed(i)));
            }
        }

        /** Ends the threads. */
        @TearDown
        public void close() {
            workers.close();
        }
    }

    /** 64 rows at temperature .8. */
    @Benchmark
    public int batchOf64(Batch batch) {
        batch.batch.sample(batch.rows, batch.sequences);
        return batch.batch.result(0).token();
    }
}
