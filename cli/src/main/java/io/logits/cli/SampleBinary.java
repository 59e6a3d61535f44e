package io.logits.cli;

import io.logits.data.InputException;
import io.logits.kernels.Workers;
import io.logits.sampling.BatchSampler;
import io.logits.sampling.Logits;
import io.logits.sampling.Sequence;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rows of logits as raw little-endian numbers, sampled a batch at a time where they lie. */
final class SampleBinary {
    private static final int MOST_BYTES = 32 << 20;
    private static final int MOST_ROWS = 1024;

    /** What a number is. */
    enum Type {
        F32(4),
        F16(2),
        BF16(2);

        private final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        private Logits view(ByteBuffer bytes, int vocabulary) {
            return switch (this) {
                case F32 -> Logits.of(bytes.asFloatBuffer(), 0, vocabulary, vocabulary);
                case F16 -> Logits.float16(bytes.asShortBuffer(), 0, vocabulary, vocabulary);
                case BF16 -> Logits.bfloat16(bytes.asShortBuffer(), 0, vocabulary, vocabulary);
            };
        }
    }

    private final String file;
    private final Type type;
    private final int vocabulary;
    private final long rowBytes;
    private final SampleRow.Defaults defaults;

    SampleBinary(String file, Type type, int vocabulary, SampleRow.Defaults defaults) {
        if (vocabulary < 1) {
            throw new IllegalArgumentException("--vocab is " + vocabulary + ", at least 1 is needed");
        }
        this.file = file;
        this.type = type;
        this.vocabulary = vocabulary;
        this.defaults = defaults;
        rowBytes = (long) vocabulary * type.bytes;
        if (rowBytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("--vocab is " + vocabulary + ", rows of up to 2 GB are allowed");
        }
    }

    /** Refuses a file, by its size, that does not hold whole rows. */
    void check(long bytes) {
        if (bytes % rowBytes != 0) {
            throw new InputException(
                    file,
                    "there are " + bytes + " bytes, whole rows of " + vocabulary + " " + type.label() + " numbers ("
                            + rowBytes + " bytes) are allowed");
        }
    }

    /** Samples all rows. */
    void run(ReadableByteChannel in, Workers workers, SampleSink sink) throws IOException {
        int atOnce = (int) Math.max(1, Math.min(MOST_ROWS, MOST_BYTES / rowBytes));
        ByteBuffer bytes = ByteBuffer.allocateDirect((int) (atOnce * rowBytes)).order(ByteOrder.LITTLE_ENDIAN);
        Logits view = type.view(bytes, vocabulary);
        BatchSampler sampler = new BatchSampler(workers);
        List<Sequence> sequences = new ArrayList<>();
        for (int i = 0; i < atOnce; i++) {
            sequences.add(defaults.sequence(i));
        }
        byte[][] texts = new byte[atOnce][];
        for (long row = 0; fill(in, bytes); ) {
            if (bytes.position() % rowBytes != 0) {
                check(row * rowBytes + bytes.position());
            }
            int rows = (int) (bytes.position() / rowBytes);
            for (int i = 0; i < rows; i++) {
                sequences.get(i).position(defaults.positionOf(row + i));
            }
            sample(sampler, view, sequences.subList(0, rows));
            workers.run(rows, i -> texts[i] = SampledText.of(sampler.result(i), sequences.get(i)));
            for (int i = 0; i < rows; i++) {
                sink.write(texts[i]);
            }
            sink.flush();
            row += rows;
        }
    }

    private void sample(BatchSampler sampler, Logits view, List<Sequence> sequences) {
        try {
            sampler.sample(view, sequences);
        } catch (IllegalArgumentException e) {
            throw new InputException(file, String.valueOf(e.getMessage()));
        }
    }

    /** Fills the buffer as far as there is something; false if there is nothing. */
    private static boolean fill(ReadableByteChannel in, ByteBuffer bytes) throws IOException {
        bytes.clear();
        int read = 0;
        while (bytes.hasRemaining() && read >= 0) {
            read = in.read(bytes);
        }
        return bytes.position() > 0;
    }
}
