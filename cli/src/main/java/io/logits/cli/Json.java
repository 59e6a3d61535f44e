package io.logits.cli;

import io.logits.formats.Digits;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Results as JSON. Numbers that JSON lacks (NaN, infinities) become null. */
final class Json {
    /** Reads no field twice, and NaN and Infinity without quotes too, as Python writes them. */
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .build())
            .build();

    private Json() {}

    /** An empty object. Keys keep the order in which they are put. */
    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** The value, or null if JSON lacks it. */
    static @Nullable Double number(double value) {
        return Double.isFinite(value) ? value : null;
    }

    /** Puts a list of texts. */
    static void put(ObjectNode object, String key, List<String> texts) {
        texts.forEach(object.putArray(key)::add);
    }

    /** The object in one line, and its end. */
    static String line(ObjectNode object) {
        return MAPPER.writeValueAsString(object) + "\n";
    }

    /** Reads a line of input; a field that comes twice is refused. */
    static JsonParser parser(byte[] line) {
        return MAPPER.createParser(line);
    }

    /** Why a text is not JSON, without what Jackson adds in brackets about itself. */
    static String reason(JacksonException thrown) {
        return thrown.getOriginalMessage().replaceFirst("(?s) \\((start marker|was expecting|JSON String).*", "");
    }

    /** Writes an object piece by piece. */
    static JsonGenerator generator(OutputStream out) {
        return MAPPER.createGenerator(out);
    }

    /** A text in quotes. */
    static String quoted(String text) {
        return MAPPER.writeValueAsString(text);
    }

    /** The shortest digits that read back as the same double, as {@link Digits} write them. */
    static String digits(double value) {
        return Digits.of(value);
    }
}
