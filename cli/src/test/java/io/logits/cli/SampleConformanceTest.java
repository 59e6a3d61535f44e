package io.logits.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The known answers of the peers' tests, asked of the command: whatever its fields can say. */
class SampleConformanceTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final Path CASES = Path.of("..", "sampling", "src", "test", "resources", "sampling.jsonl");

    /** Parameters that are no fields of the command, and why. */
    private static final Map<String, String> WITHOUT_FIELD = Map.of(
            "top_h", "top-h is not among the truncations",
            "p_less", "p-less is not among the truncations",
            "guidance_scale", "guidance mixes two rows before there is anything to sample",
            "remove_invalid_values", "NaN is a status, never a number made up in its place",
            "sequence_bias", "a bias is for a token, not for a sequence of them",
            "bad_words_ids", "a ban is for a token, not for a sequence of them",
            "spec_tokens", "a line is one row, speculation needs several");

    private static final Map<Character, String> QUEUE = Map.of('k', "top_k", 'p', "top_p", 'm', "min_p");

    /** A case and what the command says to it; it prints as its name. */
    record Case(JsonNode json, JsonNode answer) {
        @Override
        public String toString() {
            return json.get("source").asString() + " " + json.get("name").asString();
        }
    }

    private static Stream<JsonNode> all() throws IOException {
        return Files.readAllLines(CASES).stream().map(MAPPER::readTree);
    }

    private static boolean canBeSaid(JsonNode json) {
        JsonNode exempt = json.get("params").get("xtc_special_tokens");
        return json.get("params").propertyNames().stream().noneMatch(WITHOUT_FIELD::containsKey)
                && (exempt == null || exempt.isEmpty());
    }

    static List<Case> cases() throws IOException {
        List<JsonNode> said = all().filter(SampleConformanceTest::canBeSaid).toList();
        StringBuilder lines = new StringBuilder();
        said.forEach(json -> lines.append(line(json)).append('\n'));
        Run run = Run.with(lines.toString(), 0, "sample", "--distribution");
        assertThat(run.err()).isEmpty();
        List<Case> cases = new ArrayList<>();
        for (int i = 0; i < said.size(); i++) {
            cases.add(new Case(said.get(i), MAPPER.readTree(run.lines().get(i))));
        }
        return cases;
    }

    @Test
    void threeInFourCasesCanBeSaid() throws IOException {
        assertThat(all().filter(SampleConformanceTest::canBeSaid)).hasSize(75);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithThePeer(Case test) {
        JsonNode json = test.json();
        JsonNode answer = test.answer();
        assertThat(answer.get("status").asString()).isEqualTo("ok");
        List<Integer> kept = new ArrayList<>();
        double[] p = new double[vocabulary(json)];
        for (JsonNode pair : answer.get("distribution")) {
            kept.add(pair.get(0).asInt());
            p[pair.get(0).asInt()] = pair.get(1).asDouble();
        }
        assertThat(answer.get("kept").asInt()).isEqualTo(kept.size());
        if (json.has("expected_token")) {
            assertThat(answer.get("token")).isEqualTo(json.get("expected_token"));
        }
        if (json.has("expected_size")) {
            assertThat(kept)
                    .hasSize(json.get("expected_size").asInt())
                    .startsWith(json.get("expected_min_kept_id").asInt())
                    .endsWith(json.get("expected_max_kept_id").asInt());
        }
        if (json.has("expected_kept")) {
            assertThat(MAPPER.<JsonNode>valueToTree(kept)).isEqualTo(json.get("expected_kept"));
        }
        if (json.has("expected_by_policy")) {
            assertThat(kept).isEqualTo(ours(json.get("name").asString()));
        }
        if (json.has("expected_probs")) {
            assertClose(p, numbers(json.get("expected_probs")), json);
        }
        if (json.has("expected_logits")) {
            assertClose(p, softmax(numbers(json.get("expected_logits"))), json);
        }
    }

    private static void assertClose(double[] actual, double[] expected, JsonNode json) {
        double tolerance = json.get("tol").asDouble();
        for (int id = 0; id < expected.length; id++) {
            assertThat(Math.abs(actual[id] - expected[id])).isLessThanOrEqualTo(tolerance);
        }
    }

    private static double[] numbers(JsonNode array) {
        return IntStream.range(0, array.size())
                .mapToDouble(i -> array.get(i).asDouble())
                .toArray();
    }

    private static double[] softmax(double[] logits) {
        double max = IntStream.range(0, logits.length)
                .mapToDouble(i -> logits[i])
                .max()
                .orElseThrow();
        double sum = 0;
        for (double logit : logits) {
            sum += Math.exp(logit - max);
        }
        double total = sum;
        return IntStream.range(0, logits.length)
                .mapToDouble(i -> Math.exp(logits[i] - max) / total)
                .toArray();
    }

    /** Where the peers disagree: exactly k with the lowest ids; p = 0 keeps the top token; the crossing token stays. */
    private static List<Integer> ours(String name) {
        return switch (name) {
            case "top_k_ties_three_policies" -> List.of(1, 2);
            case "top_p_zero" -> List.of(3);
            case "top_p_strictly_greater" -> List.of(0, 1);
            default -> throw new AssertionError(name);
        };
    }

    private static int vocabulary(JsonNode json) {
        return json.has("n_vocab")
                ? json.get("n_vocab").asInt()
                : json.get(json.has("logits") ? "logits" : "probs").size();
    }

    /** The case as a line of the command. */
    private static String line(JsonNode json) {
        ObjectNode line = MAPPER.createObjectNode();
        if (json.has("n_vocab")) {
            ArrayNode probs = line.putArray("probs");
            IntStream.range(0, vocabulary(json)).forEach(probs::add);
        } else {
            String row = json.has("logits") ? "logits" : "probs";
            line.set(row, json.get(row));
        }
        JsonNode params = json.get("params");
        for (Map.Entry<String, JsonNode> entry : params.properties()) {
            put(line, entry.getKey(), entry.getValue());
        }
        if (params.has("xtc_probability")) {
            line.put("xtc_probability", 1.0)
                    .set("order", MAPPER.createArrayNode().add("xtc"));
        } else if (!params.has("order")) {
            line.put("preset", json.get("source").asString().contains("llama.cpp") ? "llama.cpp" : "hf");
        }
        if (params.has("prompt_ignore_length")) {
            // The history is what the caller passes.
            ArrayNode rest = line.putArray("history");
            IntStream.range(
                            params.get("prompt_ignore_length").asInt(),
                            params.get("history").size())
                    .forEach(i -> rest.add(params.get("history").get(i)));
        }
        return MAPPER.writeValueAsString(line);
    }

    private static void put(ObjectNode line, String name, JsonNode value) {
        switch (name) {
            case "min_tokens_to_keep" -> line.set("min_keep", value);
            case "allowed_token_ids" -> line.set("allowed", value);
            case "eos_token_id" ->
                line.set(
                        "eos",
                        value.isArray() ? value : MAPPER.createArrayNode().add(value));
            case "min_length", "min_new_tokens", "prompt_length" -> {
                int before = line.has("min_length") ? line.get("min_length").asInt() : 0;
                line.put("min_length", before + value.asInt());
            }
            case "current_length" -> {
                ArrayNode history = line.putArray("history");
                IntStream.range(0, value.asInt()).forEach(i -> history.add(0));
            }
            case "order" -> {
                ArrayNode order = line.putArray("order");
                if (value.isString()) {
                    value.asString().chars().forEach(letter -> order.add(QUEUE.get((char) letter)));
                } else {
                    value.forEach(order::add);
                }
            }
            case "dry_sequence_breakers" -> line.putArray(name);
            default -> {
                if (!Set.of("assume_triggered", "xtc_special_tokens", "prompt_ignore_length", "renormalize_between")
                        .contains(name)) {
                    line.set(name, value);
                }
            }
        }
    }
}
