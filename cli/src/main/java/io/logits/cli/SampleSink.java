package io.logits.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Where the objects of {@code logits sample} go: a line each, or all of them in one object. */
final class SampleSink {
    private final OutputStream out;
    private final boolean whole;
    private long count;

    SampleSink(OutputStream out, boolean whole) throws IOException {
        this.out = out;
        this.whole = whole;
        if (whole) {
            print("{\"rows\":[");
        }
    }

    /** Writes an object. */
    void write(byte[] object) throws IOException {
        if (whole && count > 0) {
            out.write(',');
        }
        out.write(object);
        if (!whole) {
            out.write('\n');
        }
        count++;
    }

    void flush() throws IOException {
        out.flush();
    }

    /** Writes what ends it: how many objects there were. */
    long end() throws IOException {
        if (whole) {
            print("]}\n");
        }
        out.flush();
        return count;
    }

    private void print(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
