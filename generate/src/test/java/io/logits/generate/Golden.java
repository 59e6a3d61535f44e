package io.logits.generate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A continuation that PyTorch 1.13 gave, greedy, in float32, of at most 24 tokens.
 *
 * @param promptIds with the start token
 * @param logprobs of the tokens, by the model, to six digits
 */
record Golden(String prompt, List<Integer> promptIds, List<Integer> tokens, List<Double> logprobs, String text) {
    static final Path MODEL = Path.of("src", "test", "resources", "debian-gpt");
    static final int MOST_TOKENS = 24;

    static List<Golden> read() throws IOException {
        JsonNode cases = JsonMapper.builder()
                .build()
                .readTree(Files.readAllBytes(MODEL.resolve("golden.json")))
                .get("cases");
        List<Golden> all = new ArrayList<>();
        for (JsonNode json : cases) {
            List<Integer> prompt = new ArrayList<>();
            json.get("prompt_ids").forEach(id -> prompt.add(id.asInt()));
            List<Integer> tokens = new ArrayList<>();
            json.get("tokens").forEach(id -> tokens.add(id.asInt()));
            List<Double> logprobs = new ArrayList<>();
            json.get("logprobs").forEach(value -> logprobs.add(value.asDouble()));
            all.add(new Golden(
                    json.get("prompt").asString(),
                    prompt,
                    tokens,
                    logprobs,
                    json.get("text").asString()));
        }
        return all;
    }
}
