package io.logits.cli;

import io.logits.data.InputException;
import io.logits.kernels.Workers;
import io.logits.sampling.Sampler;
import io.logits.sampling.Sequence;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Lines of JSON, each a row of its own vocabulary, sampled some at a time. Reading a row of numbers takes longer than
 * sampling it, so each thread does a whole line. What comes out of a line depends on nothing but the line.
 */
final class SampleLines {
    private final String file;
    private final Workers workers;
    private final Sampler[] samplers;
    private final SampleRow[] rows;

    SampleLines(String file, SampleRow.Defaults defaults, Workers workers) {
        this.file = file;
        this.workers = workers;
        samplers = new Sampler[workers.threads()];
        rows = new SampleRow[workers.threads()];
        for (int i = 0; i < samplers.length; i++) {
            samplers[i] = new Sampler();
            rows[i] = new SampleRow(file, defaults);
        }
    }

    /** Samples all lines. Those before a bad one are written before it is told. */
    void run(InputStream in, SampleSink sink) throws IOException {
        WaitingLines lines = new WaitingLines(in);
        List<byte[]> block = new ArrayList<>();
        long first = 0;
        while (lines.next(block)) {
            Outcome[] outcomes = sample(block, first);
            for (Outcome outcome : outcomes) {
                if (outcome.failure() != null) {
                    throw outcome.failure();
                }
                if (outcome.text() != null) {
                    sink.write(outcome.text());
                }
            }
            sink.flush();
            first += block.size();
        }
    }

    /** A line's result, or why there is none; neither for a line that is empty. */
    private record Outcome(byte @Nullable [] text, @Nullable RuntimeException failure) {}

    private Outcome[] sample(List<byte[]> block, long first) {
        Outcome[] outcomes = new Outcome[block.size()];
        AtomicInteger next = new AtomicInteger();
        workers.run(Math.min(samplers.length, block.size()), thread -> {
            for (int i = next.getAndIncrement(); i < outcomes.length; i = next.getAndIncrement()) {
                try {
                    outcomes[i] = new Outcome(sample(thread, block.get(i), first + i), null);
                } catch (IllegalArgumentException e) {
                    outcomes[i] = new Outcome(null, e);
                }
            }
        });
        return outcomes;
    }

    private byte @Nullable [] sample(int thread, byte[] line, long number) {
        if (isBlank(line)) {
            return null;
        }
        SampleRow row = rows[thread];
        row.read(line, number);
        try {
            Sequence sequence = row.sequence();
            return SampledText.of(samplers[thread].sample(row.logits(), 0, sequence), sequence);
        } catch (IllegalArgumentException e) {
            throw InputException.at(file, number + 1, 0, String.valueOf(e.getMessage()));
        }
    }

    private static boolean isBlank(byte[] line) {
        for (byte b : line) {
            if (b > ' ' || b < 0) {
                return false;
            }
        }
        return true;
    }
}
