package io.logits.sampling;

import io.logits.kernels.Kernels;
import io.logits.kernels.ScalarKernels;
import io.logits.kernels.SelectionKernels;
import io.logits.kernels.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * On demand: median and least time a step takes for one row of 128,256 normal logits, and for a batch of 64 rows. Arguments:
 * {@code simd} or {@code scalar}, and the standard deviation of the logits.
 */
final class SamplingTimes {
    private static final int VOCABULARY = 128_256;
    private static final int ROWS = 64;

    private SamplingTimes() {}

    private static float[] normal(int n, double deviation, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] logits = new float[n];
        for (int i = 0; i < n; i++) {
            logits[i] = (float) (deviation * random.nextGaussian());
        }
        return logits;
    }

    /** Median and minimum of the second half of the runs. */
    private static double[] micros(int times, Runnable step) {
        double[] micros = new double[times];
        for (int i = 0; i < times; i++) {
            long start = System.nanoTime();
            step.run();
            micros[i] = (System.nanoTime() - start) / 1e3;
        }
        Arrays.sort(micros, times / 2, times);
        return new double[] {micros[times / 2 + times / 4], micros[times / 2]};
    }

    public static void main(String[] arguments) {
        boolean simd = arguments.length == 0 || arguments[0].equals("simd");
        double deviation = arguments.length < 2 ? 3 : Double.parseDouble(arguments[1]);
        SelectionKernels kernels = simd ? Kernels.best().selection() : new ScalarKernels("timed").selection();
        SamplingParameters none = SamplingParameters.defaults();
        SamplingParameters chain =
                none.withTopK(50).withTopP(.9).withMinP(.05).withTemperature(.8).withOrder(Order.llamaCpp());
        time("greedy", kernels, none.withTemperature(0), deviation);
        time("temperature .8", kernels, none.withTemperature(.8), deviation);
        time("top-k 50", kernels, none.withTopK(50), deviation);
        time("min-p .05", kernels, none.withMinP(.05), deviation);
        time("top-p .9", kernels, none.withTopP(.9), deviation);
        time("top-k, top-p, min-p, temperature", kernels, chain, deviation);
        time("repetition penalty, the same", kernels, chain.withRepetitionPenalty(1.1), deviation);
        time("greedy and its log-probability", kernels, none.withTemperature(0).withLogprobs(0), deviation);
        time("top-k 2000", kernels, none.withTopK(2000), deviation);
        time("typical .9", kernels, none.withTypicalP(.9), deviation);
        batch(kernels, none.withTemperature(.8), deviation);
        batch(kernels, chain, deviation);
    }

    private static void time(String name, SelectionKernels kernels, SamplingParameters parameters, double deviation) {
        Sampler sampler = new Sampler(kernels);
        Logits logits = Logits.of(normal(VOCABULARY, deviation, 1));
        SplittableRandom random = new SplittableRandom(2);
        Sequence sequence = new Sequence(parameters);
        for (int i = 0; i < 64; i++) {
            sequence.append(random.nextInt(VOCABULARY));
        }
        double[] micros = micros(parameters.typicalP() < 1 ? 200 : 4000, () -> {
            sampler.sample(logits, 0, sequence);
            sequence.position(sequence.position() + 1);
        });
        System.out.printf("%-36s %8.1f us, at best %8.1f us%n", name, micros[0], micros[1]);
    }

    private static void batch(SelectionKernels kernels, SamplingParameters parameters, double deviation) {
        float[] data = normal(VOCABULARY * ROWS, deviation, 3);
        Logits logits = Logits.of(data, 0, VOCABULARY, VOCABULARY);
        List<Sequence> sequences = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            sequences.add(new Sequence(parameters.withSeed(i)));
        }
        double[] micros = new double[2];
        for (int threads = 1; threads <= 2; threads++) {
            try (Workers workers = Workers.of(threads)) {
                BatchSampler sampler = new BatchSampler(workers, kernels);
                micros[threads - 1] = micros(200, () -> sampler.sample(logits, sequences))[0];
            }
        }
        System.out.printf(
                "batch of %d: %.0f us on one thread, %.0f us on two, ratio %.2f%n",
                ROWS, micros[0], micros[1], micros[1] / micros[0]);
    }
}
