package io.logits.cli;

import java.math.BigDecimal;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The short forms in which options spell what JSON has brackets for: {@code 1,2}, {@code 3;4,5}, {@code 7=-1.5}. */
final class OptionText {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private OptionText() {}

    static JsonNode text(String text) {
        return NODES.stringNode(text);
    }

    /** A number, or the text that is none: whoever reads it will say what it should be. */
    static JsonNode number(String text) {
        try {
            return NODES.numberNode(new BigDecimal(text.strip()));
        } catch (NumberFormatException e) {
            return NODES.stringNode(text);
        }
    }

    static JsonNode flag(String text) {
        return text.equals("true") || text.equals("false")
                ? NODES.booleanNode(Boolean.parseBoolean(text))
                : NODES.stringNode(text);
    }

    /** Numbers between commas. */
    static JsonNode ids(String text) {
        ArrayNode ids = NODES.arrayNode();
        if (!text.isBlank()) {
            for (String word : text.split(",", -1)) {
                ids.add(number(word));
            }
        }
        return ids;
    }

    /** Lists of numbers between semicolons. */
    static JsonNode idLists(String text) {
        ArrayNode lists = NODES.arrayNode();
        for (String list : text.split(";", -1)) {
            lists.add(ids(list));
        }
        return lists;
    }

    /** Numbers by ids, {@code ID=NUMBER} between commas. */
    static JsonNode numbersById(String text) {
        ObjectNode numbers = NODES.objectNode();
        for (String pair : text.split(",", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 0) {
                return NODES.stringNode(text);
            }
            numbers.set(pair.substring(0, equals).strip(), number(pair.substring(equals + 1)));
        }
        return numbers;
    }
}
