package io.logits.formats;

import io.logits.data.InputException;
import io.logits.features.Column;
import io.logits.features.Encoding;
import io.logits.features.ImageEncoding;
import io.logits.features.IndexedEncoding;
import io.logits.features.Interaction;
import io.logits.features.Missing;
import io.logits.features.PlainEncoding;
import io.logits.features.TableEncoding;
import io.logits.features.Vocabulary;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Encodings as JSON, as they are in a model file. An object with {@code kind}: {@code plain} with {@code names},
 * {@code indexed} with {@code size} and {@code base}, {@code image} with {@code height} and {@code width}, or
 * {@code table} with {@code columns} and {@code interactions}. The same encoding gives the same JSON, keys in the same
 * order.
 */
public final class EncodingJson {
    private EncodingJson() {}

    /** The encoding as JSON. */
    public static ObjectNode write(Encoding encoding) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        if (encoding instanceof PlainEncoding plain) {
            out.put("kind", "plain");
            strings(out.putArray("names"), plain.featureNames());
        } else if (encoding instanceof IndexedEncoding indexed) {
            out.put("kind", "indexed").put("size", indexed.size()).put("base", indexed.base());
        } else if (encoding instanceof ImageEncoding image) {
            out.put("kind", "image").put("height", image.height()).put("width", image.width());
        } else if (encoding instanceof TableEncoding table) {
            out.put("kind", "table");
            ArrayNode columns = out.putArray("columns");
            table.columns().forEach(column -> write(column, columns.addObject()));
            ArrayNode interactions = out.putArray("interactions");
            table.interactions().forEach(i -> strings(interactions.addArray(), List.of(i.first(), i.second())));
        }
        return out;
    }

    private static void write(Column column, ObjectNode out) {
        boolean fill = column.missing() == Missing.FILL;
        if (column instanceof Column.Numeric numeric) {
            common(out, "numeric", column);
            if (column.missing() != Missing.ERROR) {
                out.put("fill", numeric.fill());
            }
        } else if (column instanceof Column.Category category) {
            common(out, "category", column);
            strings(out.putArray("levels"), category.levels());
            if (category.reference() != null) {
                out.put("reference", category.reference());
            }
            if (fill) {
                out.put("fill", category.fill());
            }
        } else if (column instanceof Column.Text text) {
            common(out, "text", column);
            out.put("sublinear", text.sublinear());
            write(text.vocabulary(), out);
        }
    }

    private static void common(ObjectNode out, String type, Column column) {
        out.put("type", type)
                .put("name", column.name())
                .put("missing", column.missing().name().toLowerCase(Locale.ROOT));
    }

    private static void write(Vocabulary vocabulary, ObjectNode out) {
        out.put("documents", vocabulary.documents());
        if (vocabulary.hashed()) {
            out.put("bucket_count", vocabulary.bucketCount());
            integers(out.putArray("buckets"), vocabulary.buckets());
        } else {
            strings(out.putArray("terms"), vocabulary.terms());
        }
        integers(out.putArray("document_frequencies"), vocabulary.documentFrequencies());
    }

    private static void strings(ArrayNode out, List<String> values) {
        values.forEach(out::add);
    }

    private static void integers(ArrayNode out, int[] values) {
        for (int value : values) {
            out.add(value);
        }
    }

    /**
     * Reads what {@link #write} writes.
     *
     * @param where what errors call the place, such as a file
     * @throws InputException if the JSON is not that of an encoding
     */
    public static Encoding read(JsonNode node, String where) {
        Reader in = new Reader(node, where);
        String kind = in.string("kind");
        try {
            return switch (kind) {
                case "plain" -> new PlainEncoding(distinct(in, "names"));
                case "indexed" -> new IndexedEncoding(in.integer("size"), in.integer("base"));
                case "image" -> image(in.integer("height"), in.integer("width"));
                case "table" -> table(in);
                default ->
                    throw in.error("the encoding is of kind '" + kind + "', plain, indexed, image and table are known");
            };
        } catch (InputException e) {
            throw e;
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw in.error("the encoding does not fit: " + e.getMessage());
        }
    }

    private static List<String> distinct(Reader in, String key) {
        List<String> names = in.strings(key);
        if (new HashSet<>(names).size() != names.size()) {
            throw in.error("'" + key + "' of the encoding has a name twice");
        }
        return names;
    }

    private static ImageEncoding image(int height, int width) {
        ImageEncoding image = new ImageEncoding(height, width);
        if ((long) height * width > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("images of " + height + " x " + width + " pixels are too large");
        }
        return image;
    }

    private static TableEncoding table(Reader in) {
        List<Column> columns = new ArrayList<>();
        for (JsonNode column : in.array("columns")) {
            columns.add(column(new Reader(column, in.where)));
        }
        List<Interaction> interactions = new ArrayList<>();
        for (JsonNode pair : in.array("interactions")) {
            if (!pair.isArray()
                    || pair.size() != 2
                    || !pair.get(0).isString()
                    || !pair.get(1).isString()) {
                throw in.error("an interaction of the encoding is not a pair of names");
            }
            interactions.add(
                    new Interaction(pair.get(0).stringValue(), pair.get(1).stringValue()));
        }
        return new TableEncoding(columns, interactions);
    }

    private static Column column(Reader in) {
        String type = in.string("type");
        String name = in.string("name");
        Missing missing = in.missing();
        return switch (type) {
            case "numeric" -> new Column.Numeric(name, missing, missing == Missing.ERROR ? 0 : in.number("fill"));
            case "category" ->
                new Column.Category(
                        name,
                        in.strings("levels"),
                        in.optionalString("reference"),
                        missing,
                        missing == Missing.FILL ? in.string("fill") : null);
            case "text" -> new Column.Text(name, vocabulary(in), in.flag("sublinear"), missing);
            default -> throw in.error("a column is of type '" + type + "', numeric, category and text are known");
        };
    }

    private static Vocabulary vocabulary(Reader in) {
        int[] frequencies = in.integers("document_frequencies");
        int documents = in.integer("documents");
        return in.node.has("buckets")
                ? Vocabulary.ofBuckets(in.integers("buckets"), in.integer("bucket_count"), frequencies, documents)
                : Vocabulary.of(in.strings("terms"), frequencies, documents);
    }

    /** Takes values of known types out of an object. */
    private record Reader(JsonNode node, String where) {
        InputException error(String message) {
            return new InputException(where, message.replaceAll("\\p{Cntrl}", " "));
        }

        private JsonNode get(String key, String type) {
            @Nullable JsonNode value = node.get(key);
            if (value == null) {
                throw error("the encoding has no '" + key + "', " + type + " is needed");
            }
            return value;
        }

        private InputException wrong(String key, String type) {
            return error("'" + key + "' of the encoding is not " + type);
        }

        String string(String key) {
            JsonNode value = get(key, "text");
            if (!value.isString()) {
                throw wrong(key, "text");
            }
            return value.stringValue();
        }

        @Nullable
        String optionalString(String key) {
            return node.has(key) ? string(key) : null;
        }

        int integer(String key) {
            JsonNode value = get(key, "a whole number");
            if (!value.isIntegralNumber() || !value.canConvertToInt()) {
                throw wrong(key, "a whole number");
            }
            return value.intValue();
        }

        double number(String key) {
            JsonNode value = get(key, "a number");
            if (!value.isNumber()) {
                throw wrong(key, "a number");
            }
            return value.doubleValue();
        }

        boolean flag(String key) {
            JsonNode value = get(key, "true or false");
            if (!value.isBoolean()) {
                throw wrong(key, "true or false");
            }
            return value.booleanValue();
        }

        JsonNode array(String key) {
            JsonNode value = get(key, "a list");
            if (!value.isArray()) {
                throw wrong(key, "a list");
            }
            return value;
        }

        List<String> strings(String key) {
            List<String> values = new ArrayList<>();
            for (JsonNode value : array(key)) {
                if (!value.isString()) {
                    throw wrong(key, "a list of texts");
                }
                values.add(value.stringValue());
            }
            return values;
        }

        int[] integers(String key) {
            JsonNode list = array(key);
            int[] values = new int[list.size()];
            for (int i = 0; i < values.length; i++) {
                JsonNode value = list.get(i);
                if (!value.isIntegralNumber() || !value.canConvertToInt()) {
                    throw wrong(key, "a list of whole numbers");
                }
                values[i] = value.intValue();
            }
            return values;
        }

        Missing missing() {
            String name = string("missing");
            for (Missing missing : Missing.values()) {
                if (missing.name().toLowerCase(Locale.ROOT).equals(name)) {
                    return missing;
                }
            }
            throw error("'missing' of a column is '" + name + "', error, fill and indicator are known");
        }
    }
}
