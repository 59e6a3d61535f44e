package io.logits.generate;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.logits.sampling.Logits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An exported decoder and the cache of the batch it is at. What one run gives as {@code present.*} is what the next one
 * takes as {@code past_key_values.*}: the same tensors, in the memory of ONNX Runtime, which are let go only after that
 * next run. The logits are written to a buffer of ours, where the sampler reads them.
 */
final class Decoder implements AutoCloseable {
    private final OrtSession session;
    private final DecoderPorts ports;
    private final Tensors tensors = new Tensors(environment());
    private final LogitsBuffer logits;
    private OrtSession.@Nullable Result past;
    private int pastLength;

    private Decoder(OrtSession session, String file, JsonNode config) throws OrtException {
        this.session = session;
        ports = DecoderPorts.of(session, file, config);
        logits = new LogitsBuffer(environment(), ports.logits(), file, config);
    }

    /** That of the process; what it has to say it says by exceptions. */
    private static OrtEnvironment environment() {
        return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "logits");
    }

    /**
     * Opens an export.
     *
     * @param threads that compute
     * @throws IllegalArgumentException if it is none, or takes what a decoder does not
     */
    static Decoder open(ModelFiles files, JsonNode config, int threads) {
        String file = files.model().toString();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            OrtSession session = environment().createSession(file, options);
            try {
                return new Decoder(session, file, config);
            } catch (IllegalArgumentException e) {
                session.close();
                throw e;
            }
        } catch (OrtException e) {
            throw new IllegalArgumentException(file + ": no model that ONNX Runtime can run: " + e.getMessage(), e);
        }
    }

    /** Whether a run takes up where the last one ended; else all tokens are to be given each time. */
    boolean hasCache() {
        return !ports.past().isEmpty();
    }

    /** Whether texts of different lengths can share a batch. */
    boolean hasMask() {
        return ports.find(DecoderPorts.MASK).isPresent();
    }

    /** Tokens that logits are given for. */
    int vocabulary() {
        return logits.vocabulary();
    }

    /** Forgets the batch. */
    void reset() {
        if (past != null) {
            past.close();
            past = null;
        }
        pastLength = 0;
    }

    /**
     * Runs a batch over its next tokens.
     *
     * @param ids [rows x length], the tokens that the cache does not know
     * @param mask [rows x total], 1 for tokens and 0 for what fills up, of all tokens so far
     * @param positions [rows x length], of the tokens in their texts
     * @return the logits after the last token: row i is that of text i; the next run overwrites them
     */
    Logits run(int rows, long[] ids, long[] mask, long[] positions) {
        int length = ids.length / rows;
        List<OnnxTensor> made = new ArrayList<>();
        try {
            Map<String, OnnxTensorLike> inputs = inputs(rows, length, ids, mask, positions, made);
            Set<String> wanted = new LinkedHashSet<>(ports.past().values());
            OrtSession.Result result = logits.run(session, inputs, wanted, rows, ports.keepsOne() ? 1 : length);
            if (past != null) {
                past.close();
            }
            past = result;
            pastLength += hasCache() ? length : 0;
            return logits.rows();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime: " + e.getMessage(), e);
        } finally {
            made.forEach(OnnxTensor::close);
        }
    }

    private Map<String, OnnxTensorLike> inputs(
            int rows, int length, long[] ids, long[] mask, long[] positions, List<OnnxTensor> made)
            throws OrtException {
        Map<String, OnnxTensorLike> inputs = new LinkedHashMap<>();
        long[] shape = {rows, length};
        put(inputs, made, DecoderPorts.IDS, ids, shape);
        put(inputs, made, DecoderPorts.MASK, mask, rows, mask.length / rows);
        put(inputs, made, DecoderPorts.POSITIONS, positions, shape);
        put(inputs, made, DecoderPorts.TYPES, new long[ids.length], shape);
        put(inputs, made, DecoderPorts.USES_CACHE, new long[] {past == null ? 0 : 1}, 1);
        for (String keep : DecoderPorts.KEEP) {
            put(inputs, made, keep, new long[] {1});
        }
        for (Map.Entry<String, String> port : ports.past().entrySet()) {
            String input = port.getKey();
            if (past == null) {
                OnnxTensor empty = tensors.empty(ports.emptyPast(input), rows);
                made.add(empty);
                inputs.put(input, empty);
            } else {
                Optional<OnnxValue> present = past.get(port.getValue());
                inputs.put(input, (OnnxTensor) present.orElseThrow());
            }
        }
        return inputs;
    }

    private void put(
            Map<String, OnnxTensorLike> inputs, List<OnnxTensor> made, String name, long[] values, long... shape)
            throws OrtException {
        Optional<NodeInfo> port = ports.find(name);
        if (port.isPresent()) {
            OnnxTensor tensor = tensors.of(port.get(), values, shape);
            made.add(tensor);
            inputs.put(name, tensor);
        }
    }

    /** Tokens of each text that the cache holds, those that fill up included. */
    int pastLength() {
        return pastLength;
    }

    @Override
    public void close() {
        reset();
        logits.close();
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime: " + e.getMessage(), e);
        }
    }
}
