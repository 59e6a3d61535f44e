package io.logits.generate;

import io.logits.kernels.Workers;
import io.logits.sampling.BatchSampler;
import io.logits.sampling.Logits;
import io.logits.sampling.Sampler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A model that continues prompts, alone or several at a time. A continuation depends on its request alone, as far as
 * the model's own arithmetic does: ONNX Runtime may add in another order for a batch than for a single text, which
 * moves logits by their last bits. Not safe for several threads at once.
 */
public final class Generator implements AutoCloseable {
    private static final int DEFAULT_NEW_TOKENS = 128;
    private static final int DEFAULT_BATCH = 8;

    private final ModelConfig config;
    private final Tokenizer tokenizer;
    private final Decoder decoder;
    private final Workers workers;
    private final BatchSampler sampler;
    private final int batchSize;
    private final Sampler probe = new Sampler();
    private final Logits anyRow;

    private Generator(ModelConfig config, Tokenizer tokenizer, Decoder decoder, int threads, int batchSize) {
        this.config = config;
        this.tokenizer = tokenizer;
        this.decoder = decoder;
        this.batchSize = batchSize;
        workers = Workers.of(threads);
        sampler = new BatchSampler(workers);
        anyRow = Logits.of(new float[decoder.vocabulary()]);
    }

    /**
     * Opens a folder with {@code model.onnx} and {@code tokenizer.json}; {@code config.json},
     * {@code generation_config.json} and {@code tokenizer_config.json} are read if they are there. Up to 8 texts share a
     * batch.
     *
     * @param threads that compute, 1 or more
     * @throws IOException if a file cannot be read
     * @throws IllegalArgumentException if one is not what it should be; the message is one line that names it
     */
    public static Generator open(Path folder, int threads) throws IOException {
        return open(folder, threads, DEFAULT_BATCH);
    }

    /**
     * Opens a folder.
     *
     * @param batchSize texts that share a batch at most, 1 or more
     */
    public static Generator open(Path folder, int threads, int batchSize) throws IOException {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + ", at least 1 is needed");
        }
        if (batchSize < 1) {
            throw new IllegalArgumentException("the batch size is " + batchSize + ", at least 1 is needed");
        }
        ModelFiles files = new ModelFiles(folder);
        files.check();
        ModelConfig config = ModelConfig.read(files);
        JsonNode shapes = files.json("config.json");
        Tokenizer tokenizer = Tokenizer.open(files, config.start());
        try {
            Decoder decoder = Decoder.open(files, shapes, threads);
            return new Generator(config, tokenizer, decoder, threads, batchSize);
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    /** What the model says about itself. */
    public ModelConfig config() {
        return config;
    }

    /** A request with what the model's files ask for; at most 128 tokens if they do not say. */
    public Request request(String prompt) {
        int most = config.maxNewTokens().orElse(DEFAULT_NEW_TOKENS);
        if (config.maxNewTokens().isEmpty() && config.maxLength().isPresent()) {
            most = Math.max(1, config.maxLength().getAsInt() - tokenizer.encode(prompt).length);
        }
        return new Request(
                prompt, config.parameters(), most, config.minNewTokens(), config.ends(), config.stopStrings());
    }

    /**
     * The tokens of a prompt, the start token included.
     *
     * @throws IllegalArgumentException if there are none, or no room for one more in the model's context
     */
    public int[] tokens(String prompt) {
        int[] tokens = tokenizer.encode(prompt);
        if (tokens.length == 0) {
            throw new IllegalArgumentException(
                    "the prompt is empty and the model has no start token, a text is needed");
        }
        if (tokens.length >= config.contextLength()) {
            throw new IllegalArgumentException(
                    "the prompt has " + tokens.length + " tokens, up to " + (config.contextLength() - 1)
                            + " are allowed: the model's context holds " + config.contextLength());
        }
        return tokens;
    }

    /**
     * Continues prompts.
     *
     * @param listener hears the text as it comes, of all texts of a batch in turn
     * @return a continuation for each request, in their order
     * @throws IllegalArgumentException if a prompt or a parameter does not fit the model; nothing was generated then
     */
    public List<Generation> generate(List<Request> requests, TextListener listener) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            try {
                rows.add(row(i, requests.get(i), listener));
            } catch (IllegalArgumentException e) {
                String which = requests.size() == 1 ? "" : "prompt " + (i + 1) + ": ";
                throw new IllegalArgumentException(which + e.getMessage(), e);
            }
        }
        for (List<Row> batch : batches(rows)) {
            new Batch(decoder, sampler, config).run(batch);
        }
        return rows.stream().map(Row::generation).toList();
    }

    /**
     * Says whether a request fits the model, before others that take long.
     *
     * @throws IllegalArgumentException if its prompt is too long, or a parameter names a token that the model lacks
     */
    public void check(Request request) {
        row(0, request, (index, text) -> {});
    }

    private Row row(int index, Request request, TextListener listener) {
        int[] tokens = tokens(request.prompt());
        Row row = new Row(index, request, tokens, config.contextLength(), tokenizer, listener);
        // Parameters speak of tokens; whether there are these, a step on any row tells.
        probe.sample(anyRow, 0, row.sequence());
        return row;
    }

    /** Texts that go together: in their order, or by length if the model cannot be told what fills up. */
    private List<List<Row>> batches(List<Row> rows) {
        List<Row> ordered = new ArrayList<>(rows);
        if (!decoder.hasMask()) {
            ordered.sort(Comparator.comparingInt(Row::length));
        }
        List<List<Row>> batches = new ArrayList<>();
        List<Row> batch = new ArrayList<>();
        for (Row row : ordered) {
            boolean fits = batch.isEmpty()
                    || (batch.size() < batchSize
                            && (decoder.hasMask() || batch.get(0).length() == row.length()));
            if (!fits) {
                batches.add(batch);
                batch = new ArrayList<>();
            }
            batch.add(row);
        }
        if (!batch.isEmpty()) {
            batches.add(batch);
        }
        return batches;
    }

    @Override
    public void close() {
        workers.close();
        decoder.close();
        tokenizer.close();
    }
}
