package io.logits.cli;

import io.logits.data.InputException;
import io.logits.sampling.Logits;
import io.logits.sampling.SamplingParameters;
import io.logits.sampling.Sequence;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/**
 * A line of {@code logits sample}: a row of logits, its parameters and its history. It is read token by token, so that
 * a row of a large vocabulary is an array of floats and nothing else; the next line is read into the same array.
 */
final class SampleRow {
    private static final List<String> OWN_FIELDS = List.of("logits", "probs", "history", "position", "mirostat_mu");

    private final String file;
    private final Defaults defaults;
    private float[] values = new float[1024];
    private int size;

    private SamplingParameters parameters;
    private int[] history = {};
    private long position;
    private double mirostatMu;

    /**
     * What holds where a line says nothing else.
     *
     * @param position null for the number of the row
     */
    record Defaults(
            SamplingParameters parameters,
            int[] history,
            @Nullable Long position) {
        /** The start of row {@code number}. */
        Sequence sequence(long number) {
            return new Sequence(parameters).append(history).position(positionOf(number));
        }

        long positionOf(long number) {
            return position == null ? number : position;
        }
    }

    /**
     * A reader of lines.
     *
     * @param file as errors call it
     */
    SampleRow(String file, Defaults defaults) {
        this.file = file;
        this.defaults = defaults;
        parameters = defaults.parameters();
    }

    /**
     * Reads a line.
     *
     * @param number of the line, from 0, which is its position unless it says so
     * @throws InputException that says where in the line what is wrong
     */
    void read(byte[] line, long number) {
        parameters = defaults.parameters();
        history = defaults.history();
        position = defaults.positionOf(number);
        mirostatMu = Double.NaN;
        size = -1;
        try (JsonParser parser = JsonInput.parser(line)) {
            try {
                readObject(parser);
            } catch (JacksonException e) {
                int column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
                throw InputException.at(file, number + 1, column, "not JSON: " + JsonInput.reason(e));
            } catch (IllegalArgumentException e) {
                int column = parser.currentTokenLocation().getColumnNr();
                throw InputException.at(file, number + 1, column, String.valueOf(e.getMessage()));
            }
        }
    }

    private void readObject(JsonParser parser) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new IllegalArgumentException("the line starts with " + parser.getString() + ", an object is allowed");
        }
        String row = null;
        boolean ordered = false;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            SamplingField field = SamplingField.called(name);
            if (field == null && !OWN_FIELDS.contains(name)) {
                throw unknown(name);
            }
            if (parser.nextToken() == JsonToken.VALUE_NULL) {
                continue;
            }
            if (name.equals("logits") || name.equals("probs")) {
                if (row != null) {
                    throw new IllegalArgumentException("both " + row + " and " + name + " are given, one is allowed");
                }
                row = name;
                readRow(parser, name);
            } else if (field != null) {
                if (field == SamplingField.PRESET || field == SamplingField.ORDER) {
                    if (ordered) {
                        throw new IllegalArgumentException("both preset and order are given, one is allowed");
                    }
                    ordered = true;
                }
                readField(parser, field);
            } else {
                readOwn(parser, name);
            }
        }
        if (row == null) {
            throw new IllegalArgumentException("neither logits nor probs is given, one of them is needed");
        }
        if (parser.nextToken() != null) {
            throw new IllegalArgumentException("something follows the object, one object in a line is allowed");
        }
    }

    private static IllegalArgumentException unknown(String name) {
        List<String> known = Stream.concat(OWN_FIELDS.stream(), SamplingField.labels().stream())
                .toList();
        return new IllegalArgumentException(Near.unknownField(name, known, "sample"));
    }

    private void readField(JsonParser parser, SamplingField field) {
        parameters = field.set(parameters, value(parser));
    }

    private void readOwn(JsonParser parser, String name) {
        FieldValue value = new FieldValue(name, value(parser));
        switch (name) {
            case "history" -> history = value.ids();
            case "position" -> position = value.count();
            default -> {
                mirostatMu = value.number();
                if (!Double.isFinite(mirostatMu)) {
                    throw value.refuse("a finite number");
                }
            }
        }
    }

    /** The value the parser is at. */
    private static JsonNode value(JsonParser parser) {
        return parser.readValueAsTree();
    }

    private void readRow(JsonParser parser, String name) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw new IllegalArgumentException(name + " is " + parser.getString() + ", a list of numbers is allowed");
        }
        boolean areProbabilities = name.equals("probs");
        size = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            double value = number(parser, name);
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
            }
            values[size] = (float) (areProbabilities ? logarithm(parser, value) : value);
            size++;
        }
    }

    private double number(JsonParser parser, String name) {
        Double value = switch (parser.currentToken()) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_NULL -> name.equals("probs") ? 0 : Double.NEGATIVE_INFINITY;
            case VALUE_STRING -> named(parser.getString());
            default -> null;
        };
        if (value == null) {
            throw new IllegalArgumentException(name + "[" + size + "] is " + shown(parser)
                    + ", a number, null, \"NaN\", \"Infinity\" or \"-Infinity\" is allowed");
        }
        return value;
    }

    private static @Nullable Double named(String text) {
        return switch (text) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> null;
        };
    }

    private static String shown(JsonParser parser) {
        return parser.currentToken() == JsonToken.VALUE_STRING ? Json.quoted(parser.getString()) : parser.getString();
    }

    private double logarithm(JsonParser parser, double probability) {
        if (probability < 0) {
            throw new IllegalArgumentException("probs[" + size + "] is " + shown(parser) + ", 0 or more is allowed");
        }
        return StrictMath.log(probability);
    }

    /** The row; one without a token has nothing above -infinity, and is such a row. */
    Logits logits() {
        return size == 0 ? Logits.of(Float.NEGATIVE_INFINITY) : Logits.of(values, 0, size, size);
    }

    /** The row's parameters, history and position. */
    Sequence sequence() {
        return new Sequence(parameters).append(history).position(position).mirostatMu(mirostatMu);
    }
}
