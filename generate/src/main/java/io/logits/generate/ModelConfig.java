package io.logits.generate;

import io.logits.sampling.SamplingParameters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a model says about itself and about how it wants to be sampled: {@code generation_config.json} and, where that
 * is silent, {@code config.json}. Nothing is taken for granted: a value that neither file has is not set.
 *
 * @param contextLength tokens of prompt and continuation together; {@link Integer#MAX_VALUE} if it is not said
 * @param samples whether tokens are to be drawn ({@code do_sample}); else the most probable ones are taken
 * @param sampled how tokens are drawn, if they are
 * @param start the token texts start with, if there is one
 * @param ends the tokens that end a text
 * @param pad the token that fills up short texts; the first end, or 0, if it is not said
 * @param maxNewTokens if it is said
 * @param maxLength of prompt and continuation together, if it is said
 * @param minNewTokens 0 if it is not said
 * @param stopStrings texts that end a continuation
 * @param ignored the settings that ask for what there is not, by name
 */
public record ModelConfig(
        int contextLength,
        boolean samples,
        SamplingParameters sampled,
        OptionalInt start,
        List<Integer> ends,
        int pad,
        OptionalInt maxNewTokens,
        OptionalInt maxLength,
        int minNewTokens,
        List<String> stopStrings,
        List<String> ignored) {
    private static final String[] CONTEXT = {
        "max_position_embeddings", "n_positions", "n_ctx", "max_seq_len", "max_sequence_length", "seq_length"
    };

    /** How a model wants to be sampled: the most probable token each time, if it does not say. */
    public SamplingParameters parameters() {
        return samples ? sampled : sampled.withTemperature(0);
    }

    static ModelConfig read(ModelFiles files) throws IOException {
        JsonNode model = files.json("config.json");
        JsonNode generation = files.json("generation_config.json");
        Reader own = new Reader(files.folder().resolve("generation_config.json").toString(), generation);
        Reader both = new Reader(own.file(), generation, model);
        List<Integer> ends = both.ids("eos_token_id");
        List<Integer> pads = both.ids("pad_token_id");
        List<Integer> starts = both.ids("bos_token_id");
        int pad = !pads.isEmpty() ? pads.get(0) : !ends.isEmpty() ? ends.get(0) : 0;
        int context = Integer.MAX_VALUE;
        Reader shape = new Reader(files.folder().resolve("config.json").toString(), model);
        for (String name : CONTEXT) {
            context = Math.min(context, shape.integer(name).orElse(Integer.MAX_VALUE));
        }
        return new ModelConfig(
                context,
                own.flag("do_sample"),
                own.parameters(),
                starts.isEmpty() ? OptionalInt.empty() : OptionalInt.of(starts.get(0)),
                ends,
                pad,
                own.integer("max_new_tokens"),
                own.integer("max_length"),
                own.integer("min_new_tokens").orElse(0),
                own.texts("stop_strings"),
                own.ignored());
    }

    /** Reads values by name from the first object that has them. */
    private record Reader(String file, JsonNode... objects) {
        private @Nullable JsonNode node(String name) {
            for (JsonNode object : objects) {
                JsonNode node = object.get(name);
                if (node != null && !node.isNull()) {
                    return node;
                }
            }
            return null;
        }

        private IllegalArgumentException refuse(String name, JsonNode node, String allowed) {
            return new IllegalArgumentException(file + ": " + name + " is " + node + ", " + allowed + " is allowed");
        }

        OptionalInt integer(String name) {
            JsonNode node = node(name);
            if (node == null) {
                return OptionalInt.empty();
            }
            if (!node.isIntegralNumber()) {
                throw refuse(name, node, "a whole number");
            }
            return OptionalInt.of((int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, node.longValue())));
        }

        boolean flag(String name) {
            JsonNode node = node(name);
            if (node != null && !node.isBoolean()) {
                throw refuse(name, node, "true or false");
            }
            return node != null && node.booleanValue();
        }

        private List<JsonNode> items(String name) {
            JsonNode node = node(name);
            if (node == null) {
                return List.of();
            }
            List<JsonNode> items = new ArrayList<>();
            if (node.isArray()) {
                node.forEach(items::add);
            } else {
                items.add(node);
            }
            return items;
        }

        List<Integer> ids(String name) {
            List<Integer> ids = new ArrayList<>();
            for (JsonNode item : items(name)) {
                if (!item.isIntegralNumber() || item.longValue() < 0 || item.longValue() > Integer.MAX_VALUE) {
                    throw refuse(name, item, "a token id or a list of them");
                }
                ids.add(item.intValue());
            }
            return ids;
        }

        List<String> texts(String name) {
            List<String> texts = new ArrayList<>();
            for (JsonNode item : items(name)) {
                if (!item.isString()) {
                    throw refuse(name, item, "a text or a list of them");
                }
                texts.add(item.stringValue());
            }
            return texts;
        }

        private SamplingParameters number(
                SamplingParameters parameters,
                String name,
                BiFunction<SamplingParameters, Double, SamplingParameters> setter) {
            JsonNode node = node(name);
            if (node == null) {
                return parameters;
            }
            if (!node.isNumber()) {
                throw refuse(name, node, "a number");
            }
            try {
                return setter.apply(parameters, node.doubleValue());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
            }
        }

        SamplingParameters parameters() {
            // The penalty of transformers is for all tokens so far.
            SamplingParameters p = SamplingParameters.defaults().withPenaltyLastN(-1);
            p = number(p, "temperature", SamplingParameters::withTemperature);
            p = number(p, "top_k", (q, value) -> q.withTopK(value.intValue()));
            p = number(p, "top_p", SamplingParameters::withTopP);
            p = number(p, "min_p", SamplingParameters::withMinP);
            p = number(p, "typical_p", SamplingParameters::withTypicalP);
            p = number(p, "epsilon_cutoff", SamplingParameters::withEpsilonCutoff);
            p = number(p, "eta_cutoff", SamplingParameters::withEtaCutoff);
            p = number(p, "repetition_penalty", SamplingParameters::withRepetitionPenalty);
            p = number(p, "no_repeat_ngram_size", (q, value) -> q.withNoRepeatNgramSize(value.intValue()));
            p = number(p, "min_length", (q, value) -> q.withMinLength(value.intValue()));
            return p.withBanned(
                    ids("suppress_tokens").stream().mapToInt(Integer::intValue).toArray());
        }

        List<String> ignored() {
            List<String> names = new ArrayList<>();
            for (String name : List.of("num_beams", "num_beam_groups", "guidance_scale")) {
                JsonNode node = node(name);
                if (node != null && node.asDouble(1) != 1) {
                    names.add(name);
                }
            }
            for (String name : List.of("penalty_alpha", "sequence_bias", "bad_words_ids", "begin_suppress_tokens")) {
                if (node(name) != null) {
                    names.add(name);
                }
            }
            return names;
        }
    }
}
