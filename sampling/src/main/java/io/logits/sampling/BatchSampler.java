package io.logits.sampling;

import io.logits.kernels.Kernels;
import io.logits.kernels.SelectionKernels;
import io.logits.kernels.Workers;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * A batch of rows, each with its own parameters, seed, position and history. What comes out for a row depends on
 * nothing else: not on its neighbours, the size of the batch, the number of threads or the kernels.
 */
public final class BatchSampler {
    private final Workers workers;
    private final Sampler[] samplers;
    private final AtomicInteger nextRow = new AtomicInteger();
    private final IntConsumer task = this::work;
    private Sampled[] results = {};
    private Logits logits = Logits.of(0);
    private List<Sequence> sequences = List.of();

    /** A sampler on these threads and the kernels of this process. */
    public BatchSampler(Workers workers) {
        this(workers, Kernels.best().selection());
    }

    /** A sampler on these threads and kernels. */
    public BatchSampler(Workers workers, SelectionKernels kernels) {
        this.workers = workers;
        samplers = new Sampler[workers.threads()];
        for (int i = 0; i < samplers.length; i++) {
            samplers[i] = new Sampler(kernels);
        }
    }

    /**
     * Samples row {@code i} of the logits for sequence {@code i}. The sequences are not changed:
     * {@link Sequence#accept} takes a token over. A sequence must not stand in the list twice.
     *
     * @throws IllegalArgumentException if the logits have fewer rows, or a row names a token it does not have; the
     *     message says which row
     */
    public void sample(Logits rows, List<Sequence> texts) {
        if (results.length < texts.size()) {
            int before = results.length;
            results = Arrays.copyOf(results, texts.size());
            for (int i = before; i < results.length; i++) {
                results[i] = new Sampled();
            }
        }
        logits = rows;
        sequences = texts;
        nextRow.set(0);
        workers.run(Math.min(samplers.length, texts.size()), task);
    }

    private void work(int thread) {
        int rows = sequences.size();
        for (int row = nextRow.getAndIncrement(); row < rows; row = nextRow.getAndIncrement()) {
            try {
                samplers[thread].sample(logits, row, sequences.get(row), results[row]);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("row " + row + ": " + e.getMessage(), e);
            }
        }
    }

    /** The outcome for a row of the last batch, which the next one overwrites. */
    public Sampled result(int row) {
        return results[row];
    }
}
