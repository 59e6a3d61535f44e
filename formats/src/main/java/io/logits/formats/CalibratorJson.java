package io.logits.formats;

import io.logits.data.InputException;
import io.logits.model.Calibrator;
import io.logits.model.Calibrator.Curve;
import io.logits.model.Calibrator.Line;
import io.logits.model.Calibrator.Steps;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A calibrator as JSON: {@code method}, {@code against_rest}, and {@code curves}, each with {@code slope} and
 * {@code shift}, or with {@code logits} and {@code probabilities}.
 */
final class CalibratorJson {
    private CalibratorJson() {}

    static ObjectNode write(Calibrator calibrator) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("method", calibrator.method()).put("against_rest", calibrator.againstRest());
        ArrayNode curves = node.putArray("curves");
        for (Curve curve : calibrator.curves()) {
            ObjectNode entry = curves.addObject();
            if (curve instanceof Line line) {
                entry.put("slope", line.slope()).put("shift", line.shift());
            } else if (curve instanceof Steps steps) {
                put(entry.putArray("logits"), steps.logits());
                put(entry.putArray("probabilities"), steps.probabilities());
            }
        }
        return node;
    }

    private static void put(ArrayNode array, double[] values) {
        for (double value : values) {
            array.add(value);
        }
    }

    /**
     * Reads one.
     *
     * @throws InputException if it is none
     */
    static Calibrator read(JsonNode node, String file) {
        List<Curve> curves = new ArrayList<>();
        for (JsonNode entry : node.path("curves")) {
            curves.add(
                    entry.has("slope")
                            ? new Line(number(entry.path("slope"), file), number(entry.path("shift"), file))
                            : steps(entry, file));
        }
        if (!node.path("method").isString() || !node.path("against_rest").isBoolean()) {
            throw new InputException(file, "the calibration has no method, or not whether it is against the rest");
        }
        try {
            return new Calibrator(
                    node.path("method").stringValue(), node.path("against_rest").booleanValue(), curves);
        } catch (IllegalArgumentException e) {
            throw new InputException(file, "the calibration does not fit: " + e.getMessage());
        }
    }

    private static Steps steps(JsonNode entry, String file) {
        try {
            return new Steps(numbers(entry.path("logits"), file), numbers(entry.path("probabilities"), file));
        } catch (IllegalArgumentException e) {
            throw new InputException(file, "the calibration does not fit: " + e.getMessage());
        }
    }

    private static double[] numbers(JsonNode array, String file) {
        double[] values = new double[array.isArray() ? array.size() : 0];
        for (int i = 0; i < values.length; i++) {
            values[i] = number(array.get(i), file);
        }
        return values;
    }

    private static double number(JsonNode node, String file) {
        double value = node.isNumber() ? node.doubleValue() : Double.NaN;
        if (!Double.isFinite(value)) {
            throw new InputException(
                    file, "the calibration has " + Quote.plain(node.toString(), 40) + ", a finite number is needed");
        }
        return value;
    }
}
