package io.logits.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.features.PlainEncoding;
import io.logits.model.LogisticModel;
import io.logits.model.Provenance;
import io.logits.model.SoftmaxModel;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** One model serves many threads, and a prepared row costs no memory. */
class ScoringTest {
    private static final int ROWS = 20_000;
    private static final int ROUNDS = 8;
    private static final int WIDE = 30;
    private static final PlainEncoding TWO = PlainEncoding.numbered(2);

    private final double[][] x = {{1, 2}, {0, -3}};
    private final double[] wide = new Random(1).doubles(WIDE).toArray();
    private final LogisticModel logistic =
            new LogisticModel(List.of("a", "b"), PlainEncoding.numbered(WIDE), wide, 0.25, Provenance.unknown());
    private final SoftmaxModel softmax = new SoftmaxModel(
            List.of("a", "b", "c"),
            TWO,
            new double[] {1, 2, -1, 0.5, 0, 1},
            new double[] {0.1, 0.2, -0.3},
            Provenance.unknown());

    @Test
    void aRowIsScoredByManyThreadsWithoutAllocating() throws Exception {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Long>> work = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                double[] row = x[t % 2];
                double[] z = new double[3];
                double[] p = new double[3];
                double sure = logistic.probability(wide);
                double[] many = softmax.probabilities(row);
                work.add(() -> {
                    // Vectors are boxed until the compiler is done with a loop: the least of several rounds counts.
                    long least = Long.MAX_VALUE;
                    for (int round = 0; round < ROUNDS; round++) {
                        long before = threads.getCurrentThreadAllocatedBytes();
                        for (int i = 0; i < ROWS; i++) {
                            softmax.logits(row, z);
                            softmax.probabilitiesOfLogits(z, 1, p);
                            if (logistic.probability(wide) != sure || !Arrays.equals(p, many)) {
                                return Long.MAX_VALUE;
                            }
                        }
                        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
                    }
                    return least;
                });
            }
            for (Future<Long> allocated : pool.invokeAll(work)) {
                // The measurement itself may allocate.
                assertThat(allocated.get()).isLessThan(ROWS / 10);
            }
        } finally {
            pool.shutdown();
        }
    }
}
