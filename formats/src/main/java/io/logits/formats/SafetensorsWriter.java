package io.logits.formats;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/** Writes a safetensors file from its start to its end: the header, then numbers, little-endian. */
final class SafetensorsWriter {
    private static final int BUFFER = 1 << 16;

    private final FileChannel out;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);

    /** A writer that has written a header; {@link #flush} must be the last call. */
    SafetensorsWriter(FileChannel out, byte[] header) throws IOException {
        this.out = out;
        put(header.length);
        flush();
        ByteBuffer all = ByteBuffer.wrap(header);
        while (all.hasRemaining()) {
            out.write(all);
        }
    }

    void put(long value) throws IOException {
        room(Long.BYTES);
        buffer.putLong(value);
    }

    void put(double value) throws IOException {
        room(Double.BYTES);
        buffer.putDouble(value);
    }

    void put(double[] values) throws IOException {
        for (int from = 0; from < values.length; ) {
            room(Double.BYTES);
            int count = Math.min(values.length - from, buffer.remaining() / Double.BYTES);
            buffer.asDoubleBuffer().put(values, from, count);
            buffer.position(buffer.position() + count * Double.BYTES);
            from += count;
        }
    }

    void put(int[] values) throws IOException {
        for (int value : values) {
            room(Integer.BYTES);
            buffer.putInt(value);
        }
    }

    private void room(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            flush();
        }
    }

    void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
        buffer.clear();
    }
}
