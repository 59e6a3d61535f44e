package io.logits.bench;

import java.util.Arrays;

/** Seconds that tasks take, and medians of them. */
final class Timing {
    private Timing() {}

    static double seconds(Runnable task) {
        long begun = System.nanoTime();
        task.run();
        return (System.nanoTime() - begun) / 1e9;
    }

    static double median(double[] numbers) {
        double[] sorted = numbers.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
