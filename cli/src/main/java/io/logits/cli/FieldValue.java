package io.logits.cli;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * The value of a field of {@code logits sample}, read as what the field holds. What does not fit is an
 * {@link IllegalArgumentException} that names the field, what was found and what is allowed.
 *
 * @param name as errors call it
 * @param node never null in JSON's sense
 */
record FieldValue(String name, JsonNode node) {
    private static final int MOST_QUOTED = 40;

    IllegalArgumentException refuse(String allowed) {
        String found = node.toString();
        String shown = found.length() <= MOST_QUOTED ? found : found.substring(0, MOST_QUOTED) + "…";
        return new IllegalArgumentException(name + " is " + shown + ", " + allowed + " is allowed");
    }

    /** A number; NaN and the infinities may be spelt out in quotes, and null is -Infinity. */
    double number() {
        if (node.isNumber()) {
            return node.doubleValue();
        }
        if (node.isNull()) {
            return Double.NEGATIVE_INFINITY;
        }
        return switch (node.isString() ? node.stringValue() : "") {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> throw refuse("a number");
        };
    }

    private BigInteger whole() {
        if (node.isIntegralNumber()) {
            return node.bigIntegerValue();
        }
        double value = node.isNumber() ? node.doubleValue() : Double.NaN;
        if (!(Math.rint(value) == value && Math.abs(value) < 0x1p62)) {
            throw refuse("a whole number");
        }
        return BigInteger.valueOf((long) value);
    }

    /** A whole number; beyond what an int holds it is the nearest int. */
    int integer() {
        BigInteger value = whole();
        return value.bitLength() < Integer.SIZE
                ? value.intValue()
                : value.signum() < 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE;
    }

    /** A whole number of 64 bits, with a sign or without. */
    long bits() {
        BigInteger value = whole();
        if (value.bitLength() > (value.signum() < 0 ? Long.SIZE - 1 : Long.SIZE)) {
            throw refuse("a whole number of 64 bits");
        }
        return value.longValue();
    }

    /** A whole number {@code >= 0} that a long holds. */
    long count() {
        BigInteger value = whole();
        if (value.signum() < 0 || value.bitLength() >= Long.SIZE) {
            throw refuse("0 or more");
        }
        return value.longValue();
    }

    boolean flag() {
        if (!node.isBoolean()) {
            throw refuse("true or false");
        }
        return node.booleanValue();
    }

    String text() {
        if (!node.isString()) {
            throw refuse("a name");
        }
        return node.stringValue();
    }

    private List<FieldValue> items(String allowed) {
        if (!node.isArray()) {
            throw refuse(allowed);
        }
        return IntStream.range(0, node.size())
                .mapToObj(i -> new FieldValue(name + "[" + i + "]", node.get(i)))
                .toList();
    }

    /** Names, as a list or between commas or blanks. */
    List<String> texts() {
        return node.isString()
                ? Arrays.stream(node.stringValue().split("[,\\s]+"))
                        .filter(name -> !name.isEmpty())
                        .toList()
                : items("a list of names").stream().map(FieldValue::text).toList();
    }

    /** A text or a list of them, as they are. */
    List<String> oneOrMoreTexts() {
        return node.isString()
                ? List.of(node.stringValue())
                : items("a list of texts").stream().map(FieldValue::text).toList();
    }

    /** A token. */
    int id() {
        int id = node.isNumber() ? integer() : -1;
        if (id < 0) {
            throw refuse("a token id, 0 or more,");
        }
        return id;
    }

    int[] ids() {
        return items("a list of token ids").stream().mapToInt(FieldValue::id).toArray();
    }

    List<int[]> idLists() {
        return items("a list of lists of token ids").stream()
                .map(FieldValue::ids)
                .toList();
    }

    /** Numbers by token. */
    Map<Integer, Double> numbersById() {
        if (!node.isObject()) {
            throw refuse("an object of numbers by token id");
        }
        Map<Integer, Double> numbers = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            String key = entry.getKey();
            if (!key.matches("\\d{1,9}")) {
                throw new IllegalArgumentException(name + " has the key \"" + key + "\", a token id is allowed");
            }
            numbers.put(Integer.valueOf(key), new FieldValue(name + "." + key, entry.getValue()).number());
        }
        return numbers;
    }
}
