package io.logits.formats;

import io.logits.data.InputException;
import io.logits.data.Precision;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * A text of numbers that becomes another text, row by row, in memory that does not grow with it.
 *
 * <ul>
 *   <li>A line is a row of numbers with blanks (spaces, tabs), or one comma and any blanks, between them. Rows may differ
 *       in length.
 *   <li>A number is decimal, or {@code inf}, {@code infinity}, {@code nan}, in any case, with a sign or without.
 *   <li>An empty line, a comma at an end, a decimal number beyond the largest one are faults. Lines may end in CRLF, the
 *       last one need not end. Gzip and Zstandard are unpacked.
 * </ul>
 *
 * @param shape what a row is
 * @param precision how numbers are stored; each is the nearest float or double of what the text says
 * @param threads at least 1; the result does not depend on it
 */
public record NumberText(Shape shape, Precision precision, int threads) {
    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if {@code threads < 1}
     */
    public NumberText {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + ", at least 1 is needed");
        }
    }

    /** What a row is. */
    public enum Shape {
        /** At least one number. */
        NUMBERS,
        /** 0 or 1, then one logit. */
        LABEL_AND_LOGIT,
        /** The number of a class from 0, then a logit for each class. */
        LABEL_AND_LOGITS
    }

    /** What becomes of rows. Each thread has one of its own. */
    @FunctionalInterface
    public interface Transform {
        /** The text for these rows, in whose arrays it may compute. */
        byte[] apply(NumberRows rows);
    }

    /**
     * Transforms a file.
     *
     * @param transforms is asked once a thread
     * @param out is left open; it has the text of all rows before a bad line's block
     * @return how many rows there were
     * @throws InputException if the file is not there or has a bad line; of several the first is named
     * @throws IOException if reading or writing fails
     */
    public long transform(Path file, Supplier<Transform> transforms, OutputStream out) throws IOException {
        try (InputStream in = ByteSource.open(file)) {
            return new NumberPipe(in, file.toString(), out).run(this, transforms);
        }
    }

    /**
     * Transforms a stream, as {@link #transform(Path, Supplier, OutputStream)} does a file.
     *
     * @param in is left open
     * @param name what messages call it
     */
    public long transform(InputStream in, String name, Supplier<Transform> transforms, OutputStream out)
            throws IOException {
        return new NumberPipe(ByteSource.unpacked(in, name), name, out).run(this, transforms);
    }
}
