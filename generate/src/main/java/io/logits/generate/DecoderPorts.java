package io.logits.generate;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What a session takes and gives, by the names that exports use.
 *
 * @param inputs by name, those of the cache left out
 * @param past the output that each input of the cache comes from; empty if there is no cache
 * @param emptyPasts what each input of the cache is at first
 * @param logits the output of logits
 */
record DecoderPorts(
        Map<String, NodeInfo> inputs,
        Map<String, String> past,
        Map<String, Tensors.EmptyPast> emptyPasts,
        NodeInfo logits) {
    static final String IDS = "input_ids";
    static final String MASK = "attention_mask";
    static final String POSITIONS = "position_ids";
    static final String TYPES = "token_type_ids";
    static final String USES_CACHE = "use_cache_branch";
    /** How many of the last positions are to give logits. */
    static final List<String> KEEP = List.of("num_logits_to_keep", "logits_to_keep");

    private static final String LOGITS = "logits";
    private static final List<String> KNOWN =
            List.of(IDS, MASK, POSITIONS, TYPES, USES_CACHE, KEEP.get(0), KEEP.get(1));

    static DecoderPorts of(OrtSession session, String file, JsonNode config) throws OrtException {
        Map<String, NodeInfo> outputs = session.getOutputInfo();
        Map<String, NodeInfo> inputs = new LinkedHashMap<>();
        Map<String, String> past = new LinkedHashMap<>();
        Map<String, Tensors.EmptyPast> emptyPasts = new LinkedHashMap<>();
        for (NodeInfo input : session.getInputInfo().values()) {
            String name = input.getName();
            Optional<String> present = presentOf(name, outputs.keySet());
            if (present.isPresent()) {
                past.put(name, present.get());
                emptyPasts.put(name, emptyPast(input, file, config));
            } else if (KNOWN.contains(name)) {
                inputs.put(name, input);
            } else {
                throw new IllegalArgumentException(file + ": the model takes " + name + ", a decoder takes "
                        + String.join(", ", KNOWN) + " and past_key_values.* with their present.*");
            }
        }
        NodeInfo logits = outputs.get(LOGITS);
        if (logits == null || !inputs.containsKey(IDS)) {
            throw new IllegalArgumentException(file + ": the model takes " + session.getInputNames() + " and gives "
                    + outputs.keySet() + ", a decoder takes " + IDS + " and gives " + LOGITS);
        }
        return new DecoderPorts(inputs, past, emptyPasts, logits);
    }

    /** The output that is the next run's input of this name. */
    private static Optional<String> presentOf(String input, Set<String> outputs) {
        List<String> names = new ArrayList<>();
        for (String before : List.of("past_key_values", "past")) {
            if (input.startsWith(before)) {
                names.add("present" + input.substring(before.length()));
                names.add("present_key_values" + input.substring(before.length()));
            }
        }
        return names.stream().filter(outputs::contains).findFirst();
    }

    /** The shape of a past without a token: [1, heads, 0, size], or whatever the session fixes of it. */
    private static Tensors.EmptyPast emptyPast(NodeInfo input, String file, JsonNode config) {
        TensorInfo info = (TensorInfo) input.getInfo();
        long[] shape = info.getShape().clone();
        long heads = first(config, "num_key_value_heads", "num_attention_heads", "n_head");
        long width = first(config, "hidden_size", "n_embd");
        long allHeads = first(config, "num_attention_heads", "n_head");
        long size = Math.max(first(config, "head_dim"), allHeads > 0 ? width / allHeads : 0);
        for (int axis = 0; axis < shape.length; axis++) {
            if (axis == 0) {
                shape[axis] = Math.max(shape[axis], 1);
            } else if (shape[axis] < 0) {
                boolean four = shape.length == 4;
                shape[axis] = four && axis == 1 ? heads : four && axis == 3 ? size : 0;
                if (four && axis != 2 && shape[axis] <= 0) {
                    throw new IllegalArgumentException(
                            file + ": neither the model nor config.json says how large " + input.getName() + " is");
                }
            }
        }
        return new Tensors.EmptyPast(info.type, shape);
    }

    private static long first(JsonNode config, String... names) {
        for (String name : names) {
            JsonNode node = config.get(name);
            if (node != null && node.isIntegralNumber()) {
                return node.longValue();
            }
        }
        return 0;
    }

    /** An input, if the session asks for it. */
    Optional<NodeInfo> find(String name) {
        return Optional.ofNullable(inputs.get(name));
    }

    /** Whether logits are of the last position alone, because that can be asked for. */
    boolean keepsOne() {
        return KEEP.stream().anyMatch(inputs::containsKey);
    }

    /** What an input of the cache is at first. */
    Tensors.EmptyPast emptyPast(String input) {
        Tensors.EmptyPast empty = emptyPasts.get(input);
        if (empty == null) {
            throw new IllegalStateException(input + " is no input of the cache");
        }
        return empty;
    }
}
