package io.logits.generate;

import io.logits.sampling.BatchSampler;
import io.logits.sampling.Logits;
import io.logits.sampling.SamplingParameters;
import io.logits.sampling.Sequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Texts that are continued together. Shorter ones are filled up on the left, which the mask tells the model, so that
 * the last token of each is in the same place. Those that have ended stay in the batch, for the cache has their rows;
 * they are given a token that nobody reads.
 */
final class Batch {
    /** Stands for a text that has ended: the first of the largest logits, at no cost. */
    private static final SamplingParameters IDLE = SamplingParameters.defaults().withTemperature(0);

    private final Decoder decoder;
    private final BatchSampler sampler;
    private final ModelConfig config;

    Batch(Decoder decoder, BatchSampler sampler, ModelConfig config) {
        this.decoder = decoder;
        this.sampler = sampler;
        this.config = config;
    }

    /** Continues the texts until all have ended. */
    void run(List<Row> texts) {
        List<Row> rows = texts;
        try {
            while (!rows.isEmpty()) {
                decoder.reset();
                runUntilFull(rows);
                rows = rows.stream().filter(Row::isLive).toList();
            }
        } finally {
            decoder.reset();
        }
    }

    /**
     * Continues them until all have ended, or until what fills up the short ones takes room in the context that they
     * need: then they are to start anew, without those that have ended.
     */
    private void runUntilFull(List<Row> rows) {
        int longest = rows.stream().mapToInt(Row::length).max().orElse(0);
        int[] filled = rows.stream().mapToInt(row -> longest - row.length()).toArray();
        List<Sequence> sequences = new ArrayList<>();
        rows.forEach(row -> sequences.add(row.sequence()));
        for (int total = longest; rows.stream().anyMatch(Row::isLive); total++) {
            if (total > config.contextLength()) {
                return;
            }
            int known = decoder.pastLength();
            sampler.sample(run(rows, filled, known, total), sequences);
            for (int i = 0; i < filled.length; i++) {
                Row row = rows.get(i);
                if (row.isLive()) {
                    row.accept(sampler.result(i));
                    if (!row.isLive()) {
                        sequences.set(i, new Sequence(IDLE));
                    }
                }
            }
        }
    }

    /** Runs the decoder over the tokens {@code known} to {@code total} of each row. */
    private Logits run(List<Row> rows, int[] filled, int known, int total) {
        int length = total - known;
        long[] ids = new long[filled.length * length];
        long[] positions = new long[ids.length];
        long[] mask = new long[filled.length * total];
        for (int i = 0; i < filled.length; i++) {
            Sequence text = rows.get(i).sequence();
            Arrays.fill(mask, i * total + filled[i], (i + 1) * total, 1);
            for (int j = 0; j < length; j++) {
                int position = known + j - filled[i];
                boolean isText = position >= 0 && position < text.length();
                ids[i * length + j] = isText ? text.token(position) : config.pad();
                positions[i * length + j] = Math.max(0, position);
            }
        }
        return decoder.run(filled.length, ids, mask, positions);
    }
}
