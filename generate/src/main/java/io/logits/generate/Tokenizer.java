package io.logits.generate;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/** Text to tokens and back, by the model's own {@code tokenizer.json}. */
final class Tokenizer implements AutoCloseable {
    private final HuggingFaceTokenizer tokenizer;
    /** The token to put before a text that does not start with it; none if the tokenizer does that itself. */
    private final OptionalInt start;

    private Tokenizer(HuggingFaceTokenizer tokenizer, OptionalInt start) {
        this.tokenizer = tokenizer;
        this.start = start;
    }

    /**
     * Opens it. Texts start with the model's start token if {@code tokenizer_config.json} says {@code add_bos_token},
     * or if it says nothing and the tokenizer has no post-processor that would know.
     */
    static Tokenizer open(ModelFiles files, OptionalInt start) throws IOException {
        Path file = files.tokenizer();
        JsonNode said = files.json("tokenizer_config.json").get("add_bos_token");
        boolean adds = !files.hasPostProcessor();
        if (said != null && said.isBoolean()) {
            adds = said.booleanValue();
        }
        return new Tokenizer(load(file), adds ? start : OptionalInt.empty());
    }

    private static HuggingFaceTokenizer load(Path file) throws IOException {
        try {
            return HuggingFaceTokenizer.builder()
                    .optTokenizerPath(file)
                    .optTruncation(false)
                    .optPadding(false)
                    .build();
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(file + ": no tokenizer: " + e.getMessage(), e);
        }
    }

    int[] encode(String text) {
        long[] ids = tokenizer.encode(text, true, false).getIds();
        int[] tokens = Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
        if (start.isEmpty() || (tokens.length > 0 && tokens[0] == start.getAsInt())) {
            return tokens;
        }
        int[] started = new int[tokens.length + 1];
        started[0] = start.getAsInt();
        System.arraycopy(tokens, 0, started, 1, tokens.length);
        return started;
    }

    /** The text of tokens {@code from} to {@code to}; where they cut a character, U+FFFD stands for the part. */
    String decode(int[] tokens, int from, int to) {
        long[] ids = new long[to - from];
        for (int i = from; i < to; i++) {
            ids[i - from] = tokens[i];
        }
        return tokenizer.decode(ids, true);
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
