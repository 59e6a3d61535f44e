package io.logits.formats;

import io.logits.data.InputException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An array of numbers in a safetensors file, as the header lays it out.
 *
 * @param dtype F64, I64 or I32
 */
record Tensor(String name, String dtype, List<Long> shape) {
    long bytes() {
        return shape.stream().reduce(dtype.equals("I32") ? 4L : 8L, (a, b) -> a * b);
    }

    /** Adds it to a header, its bytes beginning at {@code from}. */
    void put(ObjectNode root, long from) {
        ObjectNode node = root.putObject(name).put("dtype", dtype);
        shape.forEach(node.putArray("shape")::add);
        node.putArray("data_offsets").add(from).add(from + bytes());
    }

    /**
     * Checks that a header has it so.
     *
     * @throws InputException if it is not there, or laid out in another way
     */
    void check(JsonNode root, long from, String file) {
        JsonNode found = root.path(name);
        expect(found.path("dtype").asString(""), dtype, "dtype", file);
        expect(longs(found.path("shape")), shape.toString(), "shape", file);
        expect(longs(found.path("data_offsets")), List.of(from, from + bytes()).toString(), "data_offsets", file);
        if (found.size() != 3) {
            throw new InputException(file, name + " has other keys than dtype, shape and data_offsets");
        }
    }

    private void expect(String found, String allowed, String key, String file) {
        if (!found.equals(allowed)) {
            throw new InputException(
                    file,
                    key + " of " + name + " is " + (found.isEmpty() ? "not there" : Quote.plain(found, 60)) + ", "
                            + allowed + " is needed");
        }
    }

    private static String longs(JsonNode array) {
        if (array.isMissingNode()) {
            return "";
        }
        List<Long> values = new ArrayList<>();
        for (JsonNode value : array) {
            if (!value.isIntegralNumber() || !value.canConvertToLong()) {
                return array.toString();
            }
            values.add(value.longValue());
        }
        return array.isArray() ? values.toString() : array.toString();
    }
}
