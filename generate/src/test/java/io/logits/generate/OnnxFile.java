package io.logits.generate;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes small ONNX models: the few messages of onnx.proto3 that they need, field by field. */
final class OnnxFile {
    static final int FLOAT = 1;
    static final int INT32 = 6;
    static final int INT64 = 7;
    static final int BOOL = 9;
    static final int FLOAT16 = 10;

    private static final int OPSET = 13;
    private static final int IR_VERSION = 8;

    private final Message graph = new Message();

    /** A message of protocol buffers in the making. */
    private static final class Message {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        private void varint(long value) {
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                bytes.write((int) (rest & 0x7f | 0x80));
                rest >>>= 7;
            }
            bytes.write((int) rest);
        }

        Message number(int field, long value) {
            varint((long) field << 3);
            varint(value);
            return this;
        }

        Message bytes(int field, byte[] value) {
            varint((long) field << 3 | 2);
            varint(value.length);
            bytes.writeBytes(value);
            return this;
        }

        Message text(int field, String value) {
            return bytes(field, value.getBytes(StandardCharsets.UTF_8));
        }

        Message message(int field, Message value) {
            return bytes(field, value.bytes.toByteArray());
        }
    }

    private static Message valueInfo(String name, int type, Object... shape) {
        Message dims = new Message();
        for (Object dim : shape) {
            Message one = new Message();
            dims.message(1, dim instanceof Integer n ? one.number(1, n) : one.text(2, dim.toString()));
        }
        Message tensor = new Message().number(1, type).message(2, dims);
        return new Message().text(1, name).message(2, new Message().message(1, tensor));
    }

    /** An input; a dimension is a number or a name. */
    OnnxFile input(String name, int type, Object... shape) {
        graph.message(11, valueInfo(name, type, shape));
        return this;
    }

    /** An output. */
    OnnxFile output(String name, int type, Object... shape) {
        graph.message(12, valueInfo(name, type, shape));
        return this;
    }

    /** A constant of float32. */
    OnnxFile floats(String name, float[] values, int... shape) {
        ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(values);
        return constant(name, FLOAT, raw.array(), shape);
    }

    /** A list of whole numbers. */
    OnnxFile integers(String name, long... values) {
        ByteBuffer raw = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        raw.asLongBuffer().put(values);
        return constant(name, INT64, raw.array(), values.length);
    }

    private OnnxFile constant(String name, int type, byte[] raw, int... shape) {
        Message tensor = new Message();
        for (int dim : shape) {
            tensor.number(1, dim);
        }
        graph.message(5, tensor.number(2, type).text(8, name).bytes(9, raw));
        return this;
    }

    /** An operation of one output, without attributes. */
    OnnxFile node(String operation, String output, String... inputs) {
        return node(operation, output, "", 0, inputs);
    }

    /** An operation of one output, with an attribute that is a whole number. */
    OnnxFile node(String operation, String output, String attribute, long value, String... inputs) {
        Message node = new Message();
        for (String input : inputs) {
            node.text(1, input);
        }
        node.text(2, output).text(4, operation);
        if (!attribute.isEmpty()) {
            node.message(5, new Message().text(1, attribute).number(3, value).number(20, 2));
        }
        graph.message(1, node);
        return this;
    }

    /** The file. */
    byte[] bytes() {
        Message opset = new Message().text(1, "").number(2, OPSET);
        return new Message()
                .number(1, IR_VERSION)
                .message(7, graph.text(2, "toy"))
                .message(8, opset)
                .bytes
                .toByteArray();
    }
}
