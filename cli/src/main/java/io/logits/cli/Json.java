package io.logits.cli;

import io.logits.formats.Digits;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Results as JSON. Numbers that JSON lacks (NaN, infinities) become null. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

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

    /** A text in quotes. */
    static String quoted(String text) {
        return MAPPER.writeValueAsString(text);
    }

    /** The shortest digits that read back as the same double, as {@link Digits} write them. */
    static String digits(double value) {
        return Digits.of(value);
    }
}
