package io.logits.cli;

import io.logits.formats.Digits;
import io.logits.formats.JsonText;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Results as JSON. Numbers that JSON lacks (NaN, infinities) become null. */
final class Json {
    private static final JsonFactory FACTORY = JsonFactory.builder().build();

    private Json() {}

    /** An empty object. Keys keep the order in which they are put. */
    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
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
        return JsonText.write(object) + "\n";
    }

    /** Writes an object piece by piece. */
    static JsonGenerator generator(OutputStream out) {
        return FACTORY.createGenerator(ObjectWriteContext.empty(), out);
    }

    /** A text in quotes. */
    static String quoted(String text) {
        return JsonText.write(JsonNodeFactory.instance.stringNode(text));
    }

    /** The shortest digits that read back as the same double, as {@link Digits} write them. */
    static String digits(double value) {
        return Digits.of(value);
    }
}
