package io.logits.formats;

import io.logits.data.InputException;
import io.logits.features.Column;
import io.logits.features.Interaction;
import io.logits.features.Missing;
import io.logits.features.TableEncoding;
import io.logits.features.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Encodings of tables as JSON: {@code columns}, each with {@code type} (numeric, category or text), {@code name},
 * {@code missing} (error, fill or indicator) and what its type needs, and {@code interactions}, pairs of names.
 */
final class TableEncodingJson {
    private final String where;

    private TableEncodingJson(String where) {
        this.where = where;
    }

    /** Puts an encoding into an object. */
    static void write(TableEncoding encoding, ObjectNode node) {
        ArrayNode columns = node.put("kind", "table").putArray("columns");
        for (Column column : encoding.columns()) {
            write(column, columns.addObject());
        }
        ArrayNode interactions = node.putArray("interactions");
        for (Interaction interaction : encoding.interactions()) {
            interactions.addArray().add(interaction.first()).add(interaction.second());
        }
    }

    private static void write(Column column, ObjectNode node) {
        node.put("name", column.name()).put("missing", column.missing().name().toLowerCase(Locale.ROOT));
        if (column instanceof Column.Numeric numeric) {
            node.put("type", "numeric").put("fill", numeric.fill());
        } else if (column instanceof Column.Category category) {
            node.put("type", "category").put("reference", category.reference()).put("fill", category.fill());
            category.levels().forEach(node.putArray("levels")::add);
        } else if (column instanceof Column.Text text) {
            Vocabulary vocabulary = text.vocabulary();
            node.put("type", "text")
                    .put("sublinear", text.sublinear())
                    .put("documents", vocabulary.documents())
                    .put("bucket_count", vocabulary.bucketCount());
            vocabulary.terms().forEach(node.putArray("terms")::add);
            Arrays.stream(vocabulary.buckets()).forEach(node.putArray("buckets")::add);
            Arrays.stream(vocabulary.documentFrequencies()).forEach(node.putArray("document_frequencies")::add);
        }
    }

    /**
     * Reads an encoding.
     *
     * @throws InputException if a part is not there or of another type
     * @throws IllegalArgumentException if the parts do not fit
     */
    static TableEncoding read(JsonNode node, String where) {
        TableEncodingJson json = new TableEncodingJson(where);
        List<Column> columns = new ArrayList<>();
        for (JsonNode column : json.array(node, "columns")) {
            columns.add(json.column(column));
        }
        List<Interaction> interactions = new ArrayList<>();
        for (JsonNode pair : json.array(node, "interactions")) {
            interactions.add(new Interaction(json.string(pair.path(0)), json.string(pair.path(1))));
        }
        return new TableEncoding(columns, interactions);
    }

    private Column column(JsonNode node) {
        String name = string(node.path("name"));
        Missing missing = missing(node);
        String type = string(node.path("type"));
        return switch (type) {
            case "numeric" -> new Column.Numeric(name, missing, number(node.path("fill")));
            case "category" ->
                new Column.Category(
                        name,
                        strings(node, "levels"),
                        optional(node.path("reference")),
                        missing,
                        optional(node.path("fill")));
            case "text" -> new Column.Text(name, vocabulary(node), truth(node.path("sublinear")), missing);
            default -> throw bad("a column's type is " + Quote.of(type) + "; numeric, category or text are known");
        };
    }

    private Missing missing(JsonNode node) {
        String word = string(node.path("missing"));
        for (Missing missing : Missing.values()) {
            if (missing.name().toLowerCase(Locale.ROOT).equals(word)) {
                return missing;
            }
        }
        throw bad("a column's missing is " + Quote.of(word) + "; error, fill or indicator are known");
    }

    private Vocabulary vocabulary(JsonNode node) {
        int[] frequencies = integers(node, "document_frequencies");
        int documents = integer(node.path("documents"));
        int buckets = integer(node.path("bucket_count"));
        return buckets == 0
                ? Vocabulary.of(strings(node, "terms"), frequencies, documents)
                : Vocabulary.ofBuckets(integers(node, "buckets"), buckets, frequencies, documents);
    }

    private JsonNode array(JsonNode node, String key) {
        JsonNode value = node.path(key);
        if (!value.isArray()) {
            throw bad("a list of " + key + " is needed");
        }
        return value;
    }

    private List<String> strings(JsonNode node, String key) {
        List<String> strings = new ArrayList<>();
        for (JsonNode value : array(node, key)) {
            strings.add(string(value));
        }
        return strings;
    }

    private int[] integers(JsonNode node, String key) {
        JsonNode values = array(node, key);
        int[] integers = new int[values.size()];
        for (int j = 0; j < integers.length; j++) {
            integers[j] = integer(values.path(j));
        }
        return integers;
    }

    private String string(JsonNode value) {
        if (!value.isString()) {
            throw found(value, "a string");
        }
        return value.stringValue();
    }

    private @Nullable String optional(JsonNode value) {
        return value.isNull() ? null : string(value);
    }

    private int integer(JsonNode value) {
        if (!value.isInt()) {
            throw found(value, "an integer");
        }
        return value.intValue();
    }

    private double number(JsonNode value) {
        if (!value.isNumber()) {
            throw found(value, "a number");
        }
        return value.doubleValue();
    }

    private boolean truth(JsonNode value) {
        if (!value.isBoolean()) {
            throw found(value, "true or false");
        }
        return value.booleanValue();
    }

    private InputException found(JsonNode value, String needed) {
        return bad("found " + Quote.plain(value.toString(), 40) + " where " + needed + " is needed");
    }

    private InputException bad(String text) {
        return new InputException(where, "the encoding's columns: " + text);
    }
}
