package io.logits.generate;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;

/** Makes inputs of the type that the session asks for. */
record Tensors(OrtEnvironment environment) {
    /** Whole numbers as whatever they are wanted. */
    OnnxTensor of(NodeInfo port, long[] values, long[] shape) throws OrtException {
        OnnxJavaType type = ((TensorInfo) port.getInfo()).type;
        return switch (type) {
            case INT64 -> OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape);
            case INT32 -> {
                int[] ints = new int[values.length];
                for (int i = 0; i < ints.length; i++) {
                    ints[i] = (int) values[i];
                }
                yield OnnxTensor.createTensor(environment, IntBuffer.wrap(ints), shape);
            }
            case BOOL, INT8, UINT8 -> {
                byte[] bytes = new byte[values.length];
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = (byte) values[i];
                }
                yield OnnxTensor.createTensor(environment, ByteBuffer.wrap(bytes), shape, type);
            }
            case FLOAT -> {
                float[] floats = new float[values.length];
                for (int i = 0; i < floats.length; i++) {
                    floats[i] = values[i];
                }
                yield OnnxTensor.createTensor(environment, FloatBuffer.wrap(floats), shape);
            }
            default ->
                throw new IllegalArgumentException(
                        "the input " + port.getName() + " is of type " + type + ", an integer type is known");
        };
    }

    /** A past without a token, for so many texts. */
    OnnxTensor empty(EmptyPast past, int rows) throws OrtException {
        long[] shape = past.shape().clone();
        shape[0] *= rows;
        return OnnxTensor.createTensor(environment, ByteBuffer.allocateDirect(0), shape, past.type());
    }

    /**
     * What the cache is before the first run.
     *
     * @param shape for one text
     */
    record EmptyPast(OnnxJavaType type, long[] shape) {}
}
