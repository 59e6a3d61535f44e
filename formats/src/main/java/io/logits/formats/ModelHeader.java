package io.logits.formats;

import io.logits.data.InputException;
import io.logits.features.Encoding;
import io.logits.model.Calibrator;
import io.logits.model.LogisticModel;
import io.logits.model.Model;
import io.logits.model.Provenance;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The header of a model file: all of a model but its numbers.
 *
 * @param binomial whether there is one logit for two classes
 * @param classes 2 if binomial, else 3 or more
 * @param hasMeans whether the mean row is known; version 1 began without it
 * @param calibrator null where logits are taken as they are; version 1 began without it
 */
record ModelHeader(
        boolean binomial,
        List<String> classes,
        Encoding encoding,
        Provenance provenance,
        boolean hasMeans,
        @Nullable Calibrator calibrator) {
    /** What the reference implementation of safetensors accepts. */
    static final int LONGEST = 100_000_000;

    private static final String FORMAT = "logits";
    private static final String VERSION = "1";
    private static final String COEFFICIENTS = "coefficients";
    private static final String INTERCEPTS = "intercepts";
    private static final String MEANS = "means";
    private static final String CALIBRATION = "calibration";
    private static final List<String> KEYS = List.of("__metadata__", COEFFICIENTS, INTERCEPTS, MEANS);

    static ModelHeader of(Model model) {
        return new ModelHeader(
                model instanceof LogisticModel,
                model.classes(),
                model.encoding(),
                model.provenance(),
                model.hasMeans(),
                model.calibrator());
    }

    /** Rows of the coefficients, entries of the intercepts. */
    int logits() {
        return binomial ? 1 : classes.size();
    }

    /** The arrays in the order of their bytes, each behind the one before. */
    private List<Tensor> tensors() {
        long features = encoding.size();
        List<Tensor> tensors = new ArrayList<>();
        tensors.add(new Tensor(COEFFICIENTS, "F64", List.of((long) logits(), features)));
        tensors.add(new Tensor(INTERCEPTS, "F64", List.of((long) logits())));
        if (hasMeans) {
            tensors.add(new Tensor(MEANS, "F64", List.of(features)));
        }
        return tensors;
    }

    /** Bytes of all tensors. */
    long dataBytes() {
        return tensors().stream().mapToLong(Tensor::bytes).sum();
    }

    /**
     * The header as JSON, filled up with spaces to a multiple of 8 bytes.
     *
     * @throws IllegalArgumentException if it is too long, or a name is no Unicode text
     */
    byte[] bytes() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ArrayNode names = JsonNodeFactory.instance.arrayNode();
        classes.forEach(names::add);
        ObjectNode metadata = root.putObject("__metadata__")
                .put("format", FORMAT)
                .put("format_version", VERSION)
                .put("family", binomial ? "binomial" : "multinomial")
                .put("classes", JsonText.write(names))
                .put("encoding", JsonText.write(EncodingJson.write(encoding)))
                .put("provenance", JsonText.write(json(provenance)));
        if (calibrator != null) {
            metadata.put(CALIBRATION, JsonText.write(CalibratorJson.write(calibrator)));
        }
        long from = 0;
        for (Tensor tensor : tensors()) {
            tensor.put(root, from);
            from += tensor.bytes();
        }
        return padded(root);
    }

    /** A header as bytes, filled up with spaces to a multiple of 8. */
    static byte[] padded(ObjectNode root) {
        byte[] json = encoded(JsonText.write(root));
        int length = (json.length + 7) / 8 * 8;
        if (length > LONGEST) {
            throw new IllegalArgumentException("classes, feature names and provenance take " + length
                    + " bytes, a model file has room for " + LONGEST);
        }
        byte[] padded = Arrays.copyOf(json, length);
        Arrays.fill(padded, json.length, length, (byte) ' ');
        return padded;
    }

    private static byte[] encoded(String json) {
        try {
            // A fresh encoder reports a lone surrogate, which getBytes would make a question mark.
            ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(json));
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            return copy;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    "a name of the model is no Unicode text: it has half a surrogate pair", e);
        }
    }

    static ObjectNode json(Provenance provenance) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("library", provenance.library()).put("kernels", provenance.kernels());
        provenance.data().forEach(node.putObject("data")::put);
        provenance.options().forEach(node.putObject("options")::put);
        provenance.solution().forEach(node.putObject("solution")::put);
        return node;
    }

    /**
     * Reads a header and checks that it says how all of the data is laid out.
     *
     * @param dataBytes how many bytes follow it
     * @throws InputException if it is no header of a model
     */
    static ModelHeader read(JsonNode root, long dataBytes, String file) {
        JsonNode metadata = root.path("__metadata__");
        if (PathHeader.isPath(root)) {
            throw new InputException(file, "this is a path of models, one for each lambda, not one model");
        }
        if (!metadata.path("format").asString("").equals(FORMAT)) {
            throw new InputException(
                    file, "this safetensors file is no model of Logits, its metadata has no format \"" + FORMAT + "\"");
        }
        for (String key : root.propertyNames()) {
            if (!KEYS.contains(key)) {
                throw new InputException(file, "the tensor " + Quote.of(key) + " is not one of a model");
            }
        }
        String version = text(metadata, "format_version", file);
        if (!version.equals(VERSION)) {
            throw new InputException(
                    file, "the model's format version is " + Quote.of(version) + ", \"" + VERSION + "\" is known");
        }
        String family = text(metadata, "family", file);
        if (!family.equals("binomial") && !family.equals("multinomial")) {
            throw new InputException(
                    file, "the family is " + Quote.of(family) + ", binomial or multinomial is allowed");
        }
        ModelHeader header = new ModelHeader(
                family.equals("binomial"),
                classes(nested(metadata, "classes", file), file),
                EncodingJson.read(nested(metadata, "encoding", file), file),
                provenance(nested(metadata, "provenance", file), file),
                root.has(MEANS),
                metadata.has(CALIBRATION) ? CalibratorJson.read(nested(metadata, CALIBRATION, file), file) : null);
        header.checkClasses(file);
        header.checkTensors(root, dataBytes, file);
        return header;
    }

    private void checkClasses(String file) {
        int k = classes.size();
        if (calibrator != null && calibrator.curves().size() != logits()) {
            throw new InputException(
                    file,
                    "the calibration has " + calibrator.curves().size() + " curves, one for each logit is needed, "
                            + logits());
        }
        if (binomial ? k != 2 : k < 3) {
            throw new InputException(
                    file, k + " classes, a " + (binomial ? "binomial model has 2" : "multinomial model has 3 or more"));
        }
    }

    private void checkTensors(JsonNode root, long dataBytes, String file) {
        long from = 0;
        for (Tensor tensor : tensors()) {
            tensor.check(root, from, file);
            from += tensor.bytes();
        }
        if (dataBytes != dataBytes()) {
            throw new InputException(
                    file, "the header is followed by " + dataBytes + " bytes, its tensors have " + dataBytes());
        }
        // The model keeps each feature's coefficients padded to whole vectors, in one array.
        long room = (logits() + 3L) / 4 * 4 * encoding.size();
        if (room > Integer.MAX_VALUE - 64) {
            throw new InputException(file, room + " coefficients, at most " + (Integer.MAX_VALUE - 64) + " fit");
        }
    }

    static List<String> classes(JsonNode array, String file) {
        List<String> classes = new ArrayList<>();
        Set<String> distinct = new HashSet<>();
        for (JsonNode name : array) {
            if (!array.isArray() || !name.isString() || !distinct.add(name.stringValue())) {
                throw new InputException(
                        file, "classes must be a list of distinct strings, found " + Quote.plain(name.toString(), 40));
            }
            classes.add(name.stringValue());
        }
        return classes;
    }

    static Provenance provenance(JsonNode node, String file) {
        return new Provenance(
                text(node, "library", file),
                text(node, "kernels", file),
                texts(node, "data", file),
                texts(node, "options", file),
                texts(node, "solution", file));
    }

    private static Map<String, String> texts(JsonNode node, String key, String file) {
        JsonNode object = node.path(key);
        if (!object.isObject()) {
            throw new InputException(file, "the metadata has no object \"" + key + "\"");
        }
        return texts(object, file);
    }

    static Map<String, String> texts(JsonNode object, String file) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (String name : object.propertyNames()) {
            texts.put(name, text(object, name, file));
        }
        return texts;
    }

    static String text(JsonNode node, String key, String file) {
        JsonNode value = node.path(key);
        if (!value.isString()) {
            throw new InputException(file, "the metadata has no text " + Quote.of(key));
        }
        return value.stringValue();
    }

    static JsonNode nested(JsonNode metadata, String key, String file) {
        return JsonText.read(text(metadata, key, file), key, file);
    }
}
