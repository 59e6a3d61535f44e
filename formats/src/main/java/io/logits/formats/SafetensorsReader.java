package io.logits.formats;

import io.logits.data.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import tools.jackson.databind.JsonNode;

/** Reads a safetensors file from its start to its end: the header, then numbers, as whoever knows the header asks for them. */
final class SafetensorsReader implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    private final FileChannel in;
    private final String file;
    private final JsonNode header;
    private final long dataBytes;

    private SafetensorsReader(FileChannel in, String file) throws IOException {
        this.in = in;
        this.file = file;
        long size = in.size();
        if (size < Long.BYTES) {
            throw new InputException(file, "this is no model file, it has " + size + " bytes");
        }
        ByteBuffer length = littleEndian(Long.BYTES);
        readFully(length);
        long headerBytes = length.flip().getLong();
        long largest = Math.min(size - Long.BYTES, ModelHeader.LONGEST);
        if (headerBytes < 2 || headerBytes > largest) {
            throw new InputException(
                    file,
                    "this is no whole model file: its first 8 bytes announce a header of "
                            + Long.toUnsignedString(headerBytes) + " bytes, 2 to " + largest + " are possible");
        }
        byte[] json = new byte[(int) headerBytes];
        readFully(ByteBuffer.wrap(json));
        header = JsonText.read(decoded(json), "the header", file);
        dataBytes = size - Long.BYTES - headerBytes;
    }

    /**
     * Opens a file and reads its header.
     *
     * @throws InputException if the file is not there, may not be read, or its header is none
     */
    static SafetensorsReader open(Path file) throws IOException {
        ByteSource.checkFile(file);
        try {
            FileChannel in = FileChannel.open(file, StandardOpenOption.READ);
            try {
                return new SafetensorsReader(in, file.toString());
            } catch (IOException | RuntimeException e) {
                in.close();
                throw e;
            }
        } catch (AccessDeniedException e) {
            throw new InputException(file.toString(), "the file may not be read");
        }
    }

    private String decoded(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InputException(file, "the header is not UTF-8");
        }
    }

    JsonNode header() {
        return header;
    }

    /** How many bytes follow the header. */
    long dataBytes() {
        return dataBytes;
    }

    /** The next numbers, which must be finite. */
    double[] doubles(int count, String tensor) throws IOException {
        double[] values = new double[count];
        ByteBuffer buffer = littleEndian(BUFFER);
        for (int done = 0; done < count; ) {
            int some = Math.min(count - done, BUFFER / Double.BYTES);
            fill(buffer, some * Double.BYTES).asDoubleBuffer().get(values, done, some);
            done += some;
        }
        for (int i = 0; i < count; i++) {
            if (!Double.isFinite(values[i])) {
                throw new InputException(
                        file, "entry " + i + " of " + tensor + " is " + values[i] + ", finite numbers are needed");
            }
        }
        return values;
    }

    /** The next numbers. */
    long[] longs(int count) throws IOException {
        long[] values = new long[count];
        ByteBuffer buffer = littleEndian(BUFFER);
        for (int done = 0; done < count; ) {
            int some = Math.min(count - done, BUFFER / Long.BYTES);
            fill(buffer, some * Long.BYTES).asLongBuffer().get(values, done, some);
            done += some;
        }
        return values;
    }

    /** The next numbers. */
    int[] ints(int count) throws IOException {
        int[] values = new int[count];
        ByteBuffer buffer = littleEndian(BUFFER);
        for (int done = 0; done < count; ) {
            int some = Math.min(count - done, BUFFER / Integer.BYTES);
            fill(buffer, some * Integer.BYTES).asIntBuffer().get(values, done, some);
            done += some;
        }
        return values;
    }

    private ByteBuffer fill(ByteBuffer buffer, int bytes) throws IOException {
        readFully(buffer.clear().limit(bytes));
        return buffer.flip();
    }

    private void readFully(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (in.read(buffer) < 0) {
                throw new InputException(file, "the file was cut short while it was read");
            }
        }
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
