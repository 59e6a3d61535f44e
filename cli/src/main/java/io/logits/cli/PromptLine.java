package io.logits.cli;

import io.logits.data.InputException;
import io.logits.sampling.SamplingParameters;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JsonNode;

/**
 * A prompt of {@code logits generate}, and what is asked for it alone.
 *
 * @param where it was found, as errors say it; empty for an option
 * @param prompt the text
 * @param fields what a line of JSON says besides
 */
record PromptLine(String where, String prompt, Map<String, JsonNode> fields) {
    static final String MAX_NEW_TOKENS = "max_new_tokens";
    static final String MIN_NEW_TOKENS = "min_new_tokens";
    static final String STOP = "stop";
    static final String STOP_TOKEN = "stop_token";

    private static final String PROMPT = "prompt";
    /** End tokens are the model's; others are stop tokens. */
    private static final List<String> FIELDS = Stream.concat(
                    Stream.of(PROMPT, MAX_NEW_TOKENS, MIN_NEW_TOKENS, STOP, STOP_TOKEN),
                    SamplingField.labels().stream().filter(name -> !name.equals(SamplingField.EOS.label())))
            .toList();

    /** A prompt of the command line. */
    static PromptLine ofOption(String prompt) {
        return new PromptLine("", prompt, Map.of());
    }

    /** The prompts of a file: a line each, or an object of JSON in each line. Empty lines are left out. */
    static List<PromptLine> read(InputStream in, String file, boolean json) throws IOException {
        List<PromptLine> prompts = new ArrayList<>();
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
        int number = 0;
        try {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (!line.isBlank()) {
                    prompts.add(
                            json ? ofJson(line, file, number) : new PromptLine(file + ":" + number, line, Map.of()));
                }
            }
        } catch (CharacterCodingException e) {
            throw InputException.at(file, number + 1, 0, "bytes that are not UTF-8");
        }
        return prompts;
    }

    private static PromptLine ofJson(String line, String file, int number) {
        JsonNode node;
        try (JsonParser parser = JsonInput.parser(line.getBytes(StandardCharsets.UTF_8))) {
            parser.nextToken();
            node = parser.readValueAsTree();
        } catch (JacksonException e) {
            int column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
            throw InputException.at(file, number, column, "not JSON: " + JsonInput.reason(e));
        }
        JsonNode prompt = node.get(PROMPT);
        if (prompt == null || !prompt.isString()) {
            throw InputException.at(file, number, 0, "an object with a text named prompt is needed");
        }
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            String name = entry.getKey();
            if (!FIELDS.contains(name)) {
                throw InputException.at(file, number, 0, Near.unknownField(name, FIELDS, "generate"));
            }
            if (!name.equals(PROMPT) && !entry.getValue().isNull()) {
                fields.put(name, entry.getValue());
            }
        }
        return new PromptLine(file + ":" + number, prompt.stringValue(), fields);
    }

    /** Whether it asks for tokens to be drawn. */
    boolean isStochastic() {
        return fields.keySet().stream()
                .map(SamplingField::called)
                .anyMatch(field -> field != null && field.isStochastic());
    }

    /** The parameters with what it says. */
    SamplingParameters apply(SamplingParameters parameters) {
        SamplingParameters changed = parameters;
        for (Map.Entry<String, JsonNode> entry : fields.entrySet()) {
            SamplingField field = SamplingField.called(entry.getKey());
            changed = field == null ? changed : field.set(changed, entry.getValue());
        }
        return changed;
    }

    /** A field that is not of sampling, or null. */
    @Nullable
    FieldValue find(String name) {
        JsonNode node = fields.get(name);
        return node == null ? null : new FieldValue(name, node);
    }
}
