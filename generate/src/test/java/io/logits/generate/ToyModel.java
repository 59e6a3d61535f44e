package io.logits.generate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A model made for a test: a token's vector is the sum of one for its id and, perhaps, one for its position; the logits
 * after a token are linear in its vector plus the sum of the vectors of all tokens so far. All weights are small whole
 * numbers, so that every sum is exact in any order and in 16 bits. With a cache the vectors of the past are what is
 * cached.
 *
 * @param cache whether it takes past_key_values
 * @param mask whether it takes attention_mask
 * @param positions whether it takes position_ids
 * @param merged whether it takes use_cache_branch, and sees the past only if that is true
 * @param keepsOne whether it takes num_logits_to_keep
 * @param idType type of its integers
 * @param logitType type of its logits
 */
record ToyModel(
        boolean cache, boolean mask, boolean positions, boolean merged, boolean keepsOne, int idType, int logitType) {
    static final int VOCABULARY = 32;
    static final int CONTEXT = 24;
    private static final int WIDTH = 8;
    private static final int END = 0;

    /** Everything an export of today has. */
    static ToyModel full() {
        return new ToyModel(true, true, true, false, false, OnnxFile.INT64, OnnxFile.FLOAT);
    }

    private static float[] weights(int seed, int n) {
        Random random = new Random(seed);
        float[] weights = new float[n];
        for (int i = 0; i < n; i++) {
            weights[i] = random.nextInt(5) - 2;
        }
        return weights;
    }

    private static final float[] BY_ID = weights(1, VOCABULARY * WIDTH);
    private static final float[] BY_POSITION = weights(2, CONTEXT * WIDTH);
    private static final float[] OUT = weights(3, WIDTH * VOCABULARY);

    private OnnxFile graph() {
        OnnxFile file = new OnnxFile()
                .floats("by_id", BY_ID, VOCABULARY, WIDTH)
                .floats("by_position", BY_POSITION, CONTEXT, WIDTH)
                .floats("out", OUT, WIDTH, VOCABULARY)
                .integers("axis1", 1)
                .integers("axis2", 2)
                .integers("axes13", 1, 3)
                .integers("end", Long.MAX_VALUE);
        file.input("input_ids", idType, "batch", "sequence").node("Gather", "vectors_by_id", "by_id", "input_ids");
        String vectors = "vectors_by_id";
        if (positions) {
            file.input("position_ids", idType, "batch", "sequence")
                    .node("Gather", "vectors_by_position", "by_position", "position_ids")
                    .node("Add", "vectors", vectors, "vectors_by_position");
            vectors = "vectors";
        }
        file.node("Unsqueeze", "new", vectors, "axis1");
        String all = "new";
        if (cache) {
            all = "present.0.key";
            file.input("past_key_values.0.key", OnnxFile.FLOAT, "batch", 1, "past", WIDTH)
                    .output(all, OnnxFile.FLOAT, "batch", 1, "total", WIDTH);
            String past = "past_key_values.0.key";
            if (merged) {
                file.input("use_cache_branch", OnnxFile.BOOL, 1)
                        .node("Cast", "uses", "to", OnnxFile.FLOAT, "use_cache_branch")
                        .node("Mul", "seen", past, "uses");
                past = "seen";
            }
            file.node("Concat", all, "axis", 2, past, "new");
        }
        if (mask) {
            file.input("attention_mask", idType, "batch", "total")
                    .node("Cast", "mask", "to", OnnxFile.FLOAT, "attention_mask")
                    .node("Unsqueeze", "mask4", "mask", "axes13")
                    .node("Mul", "attended", all, "mask4");
            all = "attended";
        }
        file.node("ReduceSum", "sum", "keepdims", 0, all, "axis2").node("Add", "state", vectors, "sum");
        finish(file);
        return file;
    }

    private void finish(OnnxFile file) {
        String logits = "all_logits";
        file.node("MatMul", logits, "state", "out");
        if (keepsOne) {
            file.input("num_logits_to_keep", OnnxFile.INT64)
                    .node("Neg", "first", "num_logits_to_keep")
                    .node("Reshape", "first1", "first", "axis1")
                    .node("Slice", "last_logits", logits, "first1", "end", "axis1");
            logits = "last_logits";
        }
        file.node("Cast", "logits", "to", logitType, logits).output("logits", logitType, "batch", "kept", VOCABULARY);
    }

    /** Writes model.onnx and a tokenizer of the words w0, w1, ..., and a config.json with the context. */
    Path writeTo(Path folder) throws IOException {
        Files.write(folder.resolve("model.onnx"), graph().bytes());
        StringBuilder vocabulary = new StringBuilder();
        for (int id = 0; id < VOCABULARY; id++) {
            vocabulary
                    .append(id == 0 ? "" : ",")
                    .append("\"w")
                    .append(id)
                    .append("\":")
                    .append(id);
        }
        Files.writeString(folder.resolve("tokenizer.json"), """
                {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
                 "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null, "decoder": null,
                 "model": {"type": "WordLevel", "vocab": {%s}, "unk_token": "w1"}}
                """.formatted(vocabulary));
        Files.writeString(
                folder.resolve("config.json"), "{\"n_positions\": %d, \"eos_token_id\": %d}".formatted(CONTEXT, END));
        return folder;
    }

    /** The most probable tokens after a prompt, worked out by hand. */
    List<Integer> greedy(List<Integer> prompt, int tokens) {
        List<Integer> text = new ArrayList<>(prompt);
        while (text.size() < prompt.size() + tokens) {
            float[] state = new float[WIDTH];
            for (int position = 0; position < text.size(); position++) {
                int times = position == text.size() - 1 ? 2 : 1;
                for (int j = 0; j < WIDTH; j++) {
                    state[j] += times * BY_ID[text.get(position) * WIDTH + j];
                    state[j] += positions ? times * BY_POSITION[position * WIDTH + j] : 0;
                }
            }
            int best = 0;
            float largest = Float.NEGATIVE_INFINITY;
            for (int id = 0; id < VOCABULARY; id++) {
                float logit = 0;
                for (int j = 0; j < WIDTH; j++) {
                    logit += state[j] * OUT[j * VOCABULARY + id];
                }
                if (logit > largest) {
                    largest = logit;
                    best = id;
                }
            }
            text.add(best);
            if (best == END) {
                break;
            }
        }
        return text.subList(prompt.size(), text.size());
    }
}
