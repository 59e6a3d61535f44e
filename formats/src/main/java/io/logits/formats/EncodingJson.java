package io.logits.formats;

import io.logits.data.InputException;
import io.logits.features.Encoding;
import io.logits.features.ImageEncoding;
import io.logits.features.IndexedEncoding;
import io.logits.features.PlainEncoding;
import io.logits.features.TableEncoding;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Encodings as JSON: {@code {"kind":"plain","names":[...]}}, {@code {"kind":"indexed","size":p,"base":1}},
 * {@code {"kind":"image","height":h,"width":w}}, {@code {"kind":"table","columns":[...],"interactions":[...]}}.
 */
public final class EncodingJson {
    private EncodingJson() {}

    /** An encoding as JSON. */
    public static ObjectNode write(Encoding encoding) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        if (encoding instanceof IndexedEncoding indexed) {
            node.put("kind", "indexed").put("size", indexed.size()).put("base", indexed.base());
        } else if (encoding instanceof ImageEncoding image) {
            node.put("kind", "image").put("height", image.height()).put("width", image.width());
        } else if (encoding instanceof TableEncoding table) {
            TableEncodingJson.write(table, node);
        } else {
            ArrayNode names = node.put("kind", "plain").putArray("names");
            encoding.featureNames().forEach(names::add);
        }
        return node;
    }

    /**
     * An encoding from JSON.
     *
     * @param where how messages call the place, a file's name
     * @throws InputException if it is none
     */
    public static Encoding read(JsonNode node, String where) {
        String kind = node.path("kind").asString("");
        try {
            return switch (kind) {
                case "indexed" -> new IndexedEncoding(integer(node, "size", where), integer(node, "base", where));
                case "image" -> image(integer(node, "height", where), integer(node, "width", where), where);
                case "plain" -> plain(node.path("names"), where);
                case "table" -> TableEncodingJson.read(node, where);
                default ->
                    throw new InputException(
                            where,
                            "the encoding's kind is " + Quote.of(kind) + "; plain, indexed, image or table are known");
            };
        } catch (InputException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new InputException(where, "the encoding is out of range: " + e.getMessage());
        }
    }

    private static ImageEncoding image(int height, int width, String where) {
        if ((long) height * width > Integer.MAX_VALUE) {
            throw new InputException(where, "the encoding is out of range: images of " + height + " x " + width);
        }
        return new ImageEncoding(height, width);
    }

    private static PlainEncoding plain(JsonNode array, String where) {
        List<String> names = new ArrayList<>(array.size());
        Set<String> distinct = new HashSet<>();
        for (JsonNode name : array) {
            if (!name.isString() || !distinct.add(name.stringValue())) {
                throw new InputException(
                        where,
                        "the encoding's names must be distinct strings, found " + Quote.plain(name.toString(), 40));
            }
            names.add(name.stringValue());
        }
        if (!array.isArray()) {
            throw new InputException(where, "the encoding has no list of names");
        }
        return new PlainEncoding(names);
    }

    private static int integer(JsonNode node, String key, String where) {
        JsonNode value = node.path(key);
        if (!value.isInt()) {
            throw new InputException(where, "the encoding's " + key + " must be an integer");
        }
        return value.intValue();
    }
}
