package io.logits.generate;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.logits.sampling.Logits;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Memory that the session writes logits to and the sampler reads them from, so that they are never copied. It is kept
 * from step to step, and grows with the batch.
 */
final class LogitsBuffer implements AutoCloseable {
    private final OrtEnvironment environment;
    private final NodeInfo port;
    private final OnnxJavaType type;
    private final int vocabulary;
    private ByteBuffer memory = ByteBuffer.allocateDirect(0);
    private @Nullable OnnxTensor tensor;
    private int rows;
    private int positions;
    private Logits view = Logits.of(0);

    LogitsBuffer(OrtEnvironment environment, NodeInfo port, String file, JsonNode config) {
        this.environment = environment;
        this.port = port;
        TensorInfo info = (TensorInfo) port.getInfo();
        type = info.type;
        long[] shape = info.getShape();
        JsonNode said = config.get("vocab_size");
        long last = shape.length == 0 ? 0 : shape[shape.length - 1];
        vocabulary = (int) (last > 0 ? last : said != null && said.isIntegralNumber() ? said.longValue() : 0);
        if (vocabulary < 1 || shape.length != 3) {
            throw new IllegalArgumentException(file + ": the output logits is " + info
                    + ", [batch, sequence, vocabulary] is needed, the vocabulary by number, there or in config.json");
        }
        if (type != OnnxJavaType.FLOAT && type != OnnxJavaType.FLOAT16 && type != OnnxJavaType.BFLOAT16) {
            throw new IllegalArgumentException(
                    file + ": the output logits is of type " + type + ", float types are known");
        }
    }

    /** Runs the session with this memory as its output of logits. */
    OrtSession.Result run(
            OrtSession session, Map<String, OnnxTensorLike> inputs, Set<String> others, int newRows, int newPositions)
            throws OrtException {
        if (tensor == null || rows != newRows || positions != newPositions) {
            shape(newRows, newPositions);
        }
        return session.run(inputs, others, Map.of(port.getName(), tensor));
    }

    private void shape(int newRows, int newPositions) throws OrtException {
        close();
        long numbers = (long) newRows * newPositions * vocabulary;
        int bytes = type == OnnxJavaType.FLOAT ? Float.BYTES : Short.BYTES;
        if (numbers * bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("the logits of " + newRows + " prompts of " + newPositions
                    + " tokens take " + numbers * bytes + " bytes, up to 2 GB are allowed: let fewer share a batch");
        }
        if (memory.capacity() < numbers * bytes) {
            memory = ByteBuffer.allocateDirect((int) numbers * bytes);
        }
        memory.clear().limit((int) numbers * bytes);
        ByteBuffer used = memory.slice().order(ByteOrder.nativeOrder());
        tensor = OnnxTensor.createTensor(environment, used, new long[] {newRows, newPositions, vocabulary}, type);
        rows = newRows;
        positions = newPositions;
        int offset = (newPositions - 1) * vocabulary;
        int stride = newPositions * vocabulary;
        view = switch (type) {
            case FLOAT16 -> Logits.float16(used.asShortBuffer(), offset, stride, vocabulary);
            case BFLOAT16 -> Logits.bfloat16(used.asShortBuffer(), offset, stride, vocabulary);
            default -> Logits.of(used.asFloatBuffer(), offset, stride, vocabulary);
        };
    }

    /** The logits of the last position of each text. */
    Logits rows() {
        return view;
    }

    int vocabulary() {
        return vocabulary;
    }

    @Override
    public void close() {
        if (tensor != null) {
            tensor.close();
            tensor = null;
        }
    }
}
