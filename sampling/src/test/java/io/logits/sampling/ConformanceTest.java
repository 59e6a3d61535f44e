package io.logits.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The cases with known answers that the tests of llama.cpp, transformers, mlx-lm and others hold. */
class ConformanceTest {
    /** Parameters of the peers that have no counterpart here, and why. Others outside our list are {@link PeerSteps}. */
    private static final Map<String, String> WITHOUT_COUNTERPART =
            Map.of("remove_invalid_values", "NaN is a status here, never a number made up in its place");

    private static final Map<Character, Steps> QUEUE = Map.of('k', Steps.TOP_K, 'p', Steps.TOP_P, 'm', Steps.MIN_P);

    private final Sampler sampler = new Sampler();

    /** A case that prints as its name. */
    record Case(JsonNode json) {
        @Override
        public String toString() {
            return json.get("source").asString() + " " + json.get("name").asString();
        }

        JsonNode params() {
            return json.get("params");
        }
    }

    static Stream<Case> cases() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        List<Case> cases = new ArrayList<>();
        try (InputStream in = ConformanceTest.class.getResourceAsStream("/sampling.jsonl");
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                cases.add(new Case(mapper.readTree(line)));
            }
        }
        assertThat(cases).hasSize(88);
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithThePeer(Case test) {
        for (Map.Entry<String, JsonNode> entry : test.params().properties()) {
            assumeTrue(!WITHOUT_COUNTERPART.containsKey(entry.getKey()), () -> WITHOUT_COUNTERPART.get(entry.getKey()));
        }
        if (test.params().has("spec_tokens")) {
            agreesOnGreedyRejection(test);
        } else {
            agreesOnARow(test);
        }
    }

    private void agreesOnARow(Case test) {
        Sequence sequence = sequence(test);
        float[] row = row(test.json());
        Sampled sampled = sampler.sample(Logits.of(row), 0, sequence);
        assertThat(sampled.status()).isEqualTo(Status.OK);
        Distribution actual = sampled.distribution();
        JsonNode json = test.json();
        if (json.has("expected_token")) {
            assertThat(sampled.token()).isEqualTo(json.get("expected_token").asInt());
        }
        if (json.has("expected_size")) {
            assertThat(sampled.kept()).isEqualTo(json.get("expected_size").asInt());
            assertThat(actual.id(0)).isEqualTo(json.get("expected_min_kept_id").asInt());
            assertThat(actual.id(actual.size() - 1))
                    .isEqualTo(json.get("expected_max_kept_id").asInt());
        }
        if (json.has("expected_kept")) {
            assertThat(ids(actual)).containsExactly(ints(json.get("expected_kept")));
        }
        if (json.has("expected_by_policy")) {
            assertThat(ids(actual)).containsExactly(ours(json.get("name").asString()));
        }
        double tolerance = json.has("tol") ? json.get("tol").asDouble() : 0;
        if (json.has("expected_probs")) {
            for (int id = 0; id < row.length; id++) {
                double expected = json.get("expected_probs").get(id).asDouble();
                assertThat(Math.abs(actual.probabilityOf(id) - expected)).isLessThanOrEqualTo(tolerance);
            }
        }
        if (json.has("expected_logits")) {
            Candidates candidates = sampler.process(Logits.of(row), 0, sequence);
            for (int id = 0; id < row.length; id++) {
                double expected = json.get("expected_logits").get(id).asDouble();
                double logit = candidates.logit(id);
                // ORT GenAI writes the lowest float for what is banned.
                assertThat(
                                expected == -Float.MAX_VALUE
                                        ? logit == Double.NEGATIVE_INFINITY
                                        : Math.abs(logit - expected) <= tolerance)
                        .isTrue();
            }
        }
    }

    /** Where the peers disagree: exactly k with the lowest ids; p = 0 keeps the top token; the crossing token stays. */
    private static int[] ours(String name) {
        return switch (name) {
            case "top_k_ties_three_policies" -> new int[] {1, 2};
            case "top_p_zero" -> new int[] {3};
            case "top_p_strictly_greater" -> new int[] {0, 1};
            default -> throw new AssertionError(name);
        };
    }

    private void agreesOnGreedyRejection(Case test) {
        int next = 0;
        int[] argmax = ints(test.params().get("target_argmax"));
        for (int text = 0; text < test.params().get("spec_tokens").size(); text++) {
            int[] draft = ints(test.params().get("spec_tokens").get(text));
            int vocabulary = 10;
            float[] rows = new float[(draft.length + 1) * vocabulary];
            for (int i = 0; i <= draft.length; i++) {
                rows[i * vocabulary + argmax[next++]] = 1;
            }
            Sequence sequence = new Sequence(SamplingParameters.defaults().withTemperature(0));
            new SpeculativeSampler()
                    .accept(
                            Logits.of(rows, 0, vocabulary, vocabulary),
                            0,
                            draft,
                            new Distribution[draft.length],
                            sequence);
            int[] expected = ints(test.json().get("expected_tokens").get(text));
            assertThat(sequence.tokens())
                    .containsExactly(
                            IntStream.of(expected).filter(id -> id >= 0).toArray());
        }
    }

    private static int[] ids(Distribution distribution) {
        return IntStream.range(0, distribution.size()).map(distribution::id).toArray();
    }

    private static int[] ints(JsonNode array) {
        return IntStream.range(0, array.size()).map(i -> array.get(i).asInt()).toArray();
    }

    private static float[] row(JsonNode json) {
        if (json.has("n_vocab")) {
            float[] row = new float[json.get("n_vocab").asInt()];
            for (int i = 0; i < row.length; i++) {
                row[i] = (float) Math.log(i);
            }
            return row;
        }
        boolean logits = json.has("logits");
        JsonNode values = json.get(logits ? "logits" : "probs");
        float[] row = new float[values.size()];
        for (int i = 0; i < row.length; i++) {
            double value = values.get(i).asDouble();
            row[i] = (float) (logits ? value : Math.log(value));
        }
        return row;
    }

    private static Sequence sequence(Case test) {
        SamplingParameters parameters = SamplingParameters.defaults()
                .withOrder(order(test))
                .withReportKept(true)
                .withReportDistribution(true);
        int minLength = 0;
        int[] history = {};
        for (Map.Entry<String, JsonNode> entry : test.params().properties()) {
            JsonNode value = entry.getValue();
            switch (entry.getKey()) {
                // The history is what the caller passes: a prompt to be ignored is left out.
                case "history" ->
                    history = Arrays.copyOfRange(
                            ints(value),
                            test.params().path("prompt_ignore_length").asInt(0),
                            value.size());
                case "current_length" -> history = new int[value.asInt()];
                case "min_length", "min_new_tokens", "prompt_length" -> minLength += value.asInt();
                case "assume_triggered" -> parameters = parameters.withXtcProbability(1);
                default -> parameters = with(parameters, entry.getKey(), value);
            }
        }
        return new Sequence(parameters.withMinLength(minLength)).append(history);
    }

    private static Order order(Case test) {
        Step added = PeerSteps.of(test.params());
        if (added != null) {
            return Order.of(added);
        }
        JsonNode named = test.params().get("order");
        if (named != null && named.isString()) {
            return new Order(named.asString()
                    .chars()
                    .mapToObj(letter -> (Step) QUEUE.get((char) letter))
                    .toList());
        }
        if (named != null) {
            return Order.parse(IntStream.range(0, named.size())
                    .mapToObj(i -> named.get(i).asString())
                    .toList());
        }
        if (test.params().has("xtc_probability")) {
            return Order.of(Steps.XTC);
        }
        return test.toString().contains("llama.cpp") ? Order.llamaCpp() : Order.hf();
    }

    private static SamplingParameters with(SamplingParameters p, String name, JsonNode value) {
        return switch (name) {
            case "temperature" -> p.withTemperature(value.asDouble());
            case "dynatemp_range" -> p.withDynatempRange(value.asDouble());
            case "dynatemp_exponent" -> p.withDynatempExponent(value.asDouble());
            case "top_k" -> p.withTopK(value.asInt());
            case "top_p" -> p.withTopP(value.asDouble());
            case "min_p" -> p.withMinP(value.asDouble());
            case "typical_p" -> p.withTypicalP(value.asDouble());
            case "top_n_sigma" -> p.withTopNSigma(value.asDouble());
            case "epsilon_cutoff" -> p.withEpsilonCutoff(value.asDouble());
            case "eta_cutoff" -> p.withEtaCutoff(value.asDouble());
            case "xtc_probability" -> p.withXtcProbability(1);
            case "xtc_threshold" -> p.withXtcThreshold(value.asDouble());
            case "min_keep", "min_tokens_to_keep" -> p.withMinKeep(value.asInt());
            case "repetition_penalty" -> p.withRepetitionPenalty(value.asDouble());
            case "presence_penalty" -> p.withPresencePenalty(value.asDouble());
            case "frequency_penalty" -> p.withFrequencyPenalty(value.asDouble());
            case "penalty_last_n" -> p.withPenaltyLastN(value.asInt());
            case "dry_multiplier" -> p.withDryMultiplier(value.asDouble());
            case "dry_base" -> p.withDryBase(value.asDouble());
            case "dry_allowed_length" -> p.withDryAllowedLength(value.asInt());
            case "dry_penalty_last_n" -> p.withDryPenaltyLastN(value.asInt());
            case "dry_sequence_breakers" -> p.withDrySequenceBreakers(List.of());
            case "no_repeat_ngram_size" -> p.withNoRepeatNgramSize(value.asInt());
            case "allowed_token_ids" -> p.withAllowed(ints(value));
            case "eos_token_id" -> p.withEos(value.isArray() ? ints(value) : new int[] {value.asInt()});
            case "seed" -> p.withSeed(value.asLong());
            case "order", "renormalize_between", "prompt_ignore_length" -> p;
            case "top_h", "p_less", "guidance_scale", "uncond_logits" -> p;
            case "sequence_bias", "bad_words_ids", "xtc_special_tokens" -> p;
            default -> throw new AssertionError("unknown parameter " + name);
        };
    }
}
