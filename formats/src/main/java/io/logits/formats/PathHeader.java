package io.logits.formats;

import io.logits.data.InputException;
import io.logits.features.Encoding;
import io.logits.model.PathModel;
import io.logits.model.Provenance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The header of a file of a path: all but its numbers.
 *
 * @param provenance of all models
 * @param solutions how the fit at each lambda ended
 * @param entries coefficients that are not 0, of all lambdas
 */
record PathHeader(
        List<String> classes,
        Encoding encoding,
        Provenance provenance,
        List<Map<String, String>> solutions,
        int entries) {
    static final String FORMAT = "logits-path";
    private static final String VERSION = "1";
    private static final String METADATA = "__metadata__";

    static final String LAMBDAS = "lambdas";
    static final String VALUES = "coefficient_values";

    static PathHeader of(PathModel path) {
        long entries =
                path.points().stream().mapToLong(point -> point.value().length).sum();
        if (entries > Integer.MAX_VALUE - 64) {
            throw new IllegalArgumentException(
                    entries + " coefficients, a file of a path has room for " + (Integer.MAX_VALUE - 64));
        }
        return new PathHeader(
                path.classes(),
                path.encoding(),
                path.provenance(),
                path.points().stream().map(PathModel.Point::solution).toList(),
                (int) entries);
    }

    int lambdas() {
        return solutions.size();
    }

    int logits() {
        return classes.size() == 2 ? 1 : classes.size();
    }

    /** The arrays in the order of their bytes, each behind the one before. */
    List<Tensor> tensors() {
        long lambdas = lambdas();
        List<Tensor> tensors = new ArrayList<>();
        tensors.add(new Tensor(LAMBDAS, "F64", List.of(lambdas)));
        tensors.add(new Tensor("intercepts", "F64", List.of(lambdas, (long) logits())));
        tensors.add(new Tensor("means", "F64", List.of((long) encoding.size())));
        tensors.add(new Tensor("coefficient_starts", "I64", List.of(lambdas + 1)));
        tensors.add(new Tensor(VALUES, "F64", List.of((long) entries)));
        tensors.add(new Tensor("coefficient_indices", "I32", List.of((long) entries)));
        return tensors;
    }

    byte[] bytes() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ArrayNode names = JsonNodeFactory.instance.arrayNode();
        classes.forEach(names::add);
        ArrayNode ends = JsonNodeFactory.instance.arrayNode();
        solutions.forEach(solution -> solution.forEach(ends.addObject()::put));
        root.putObject(METADATA)
                .put("format", FORMAT)
                .put("format_version", VERSION)
                .put("family", classes.size() == 2 ? "binomial" : "multinomial")
                .put("classes", JsonText.write(names))
                .put("encoding", JsonText.write(EncodingJson.write(encoding)))
                .put("provenance", JsonText.write(ModelHeader.json(provenance)))
                .put("solutions", JsonText.write(ends));
        long from = 0;
        for (Tensor tensor : tensors()) {
            tensor.put(root, from);
            from += tensor.bytes();
        }
        return ModelHeader.padded(root);
    }

    /** Whether the header is that of a path, and not of a model or of anything else. */
    static boolean isPath(JsonNode root) {
        return root.path(METADATA).path("format").asString("").equals(FORMAT);
    }

    /**
     * Reads a header and checks that it says how all of the data is laid out.
     *
     * @param dataBytes how many bytes follow it
     * @throws InputException if it is no header of a path
     */
    static PathHeader read(JsonNode root, long dataBytes, String file) {
        JsonNode metadata = root.path(METADATA);
        if (!isPath(root)) {
            throw new InputException(file, "this is no path of models, its metadata has no format \"" + FORMAT + "\"");
        }
        String version = ModelHeader.text(metadata, "format_version", file);
        if (!version.equals(VERSION)) {
            throw new InputException(
                    file, "the path's format version is " + Quote.of(version) + ", \"" + VERSION + "\" is known");
        }
        List<String> classes = ModelHeader.classes(ModelHeader.nested(metadata, "classes", file), file);
        if (classes.size() < 2) {
            throw new InputException(file, classes.size() + " classes, a path has 2 or more");
        }
        PathHeader header = new PathHeader(
                classes,
                EncodingJson.read(ModelHeader.nested(metadata, "encoding", file), file),
                ModelHeader.provenance(ModelHeader.nested(metadata, "provenance", file), file),
                solutions(ModelHeader.nested(metadata, "solutions", file), file),
                entries(root, dataBytes, file));
        header.checkTensors(root, dataBytes, file);
        return header;
    }

    private static List<Map<String, String>> solutions(JsonNode array, String file) {
        List<Map<String, String>> solutions = new ArrayList<>();
        for (JsonNode solution : array) {
            if (!array.isArray() || !solution.isObject()) {
                throw new InputException(file, "solutions must be a list of objects");
            }
            solutions.add(ModelHeader.texts(solution, file));
        }
        if (solutions.isEmpty()) {
            throw new InputException(file, "the path has no solutions, 1 at least is needed");
        }
        return solutions;
    }

    private static int entries(JsonNode root, long dataBytes, String file) {
        JsonNode count = root.path(VALUES).path("shape").path(0);
        if (!count.isIntegralNumber()
                || !count.canConvertToInt()
                || count.intValue() < 0
                || count.intValue() > dataBytes / 12) {
            throw new InputException(
                    file,
                    "shape of " + VALUES + " is " + Quote.plain(count.toString(), 60) + ", 0 to " + dataBytes / 12
                            + " are possible");
        }
        return count.intValue();
    }

    private void checkTensors(JsonNode root, long dataBytes, String file) {
        long from = 0;
        List<Tensor> tensors = tensors();
        for (Tensor tensor : tensors) {
            tensor.check(root, from, file);
            from += tensor.bytes();
        }
        for (String key : root.propertyNames()) {
            if (!key.equals(METADATA)
                    && tensors.stream().noneMatch(tensor -> tensor.name().equals(key))) {
                throw new InputException(file, "the tensor " + Quote.of(key) + " is not one of a path");
            }
        }
        if (dataBytes != from) {
            throw new InputException(
                    file, "the header is followed by " + dataBytes + " bytes, its tensors have " + from);
        }
        // A model of one lambda keeps each feature's coefficients padded to whole vectors, in one array.
        long room = (logits() + 3L) / 4 * 4 * encoding.size();
        if (room > Integer.MAX_VALUE - 64) {
            throw new InputException(file, room + " coefficients, at most " + (Integer.MAX_VALUE - 64) + " fit");
        }
    }
}
