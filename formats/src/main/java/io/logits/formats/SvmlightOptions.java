package io.logits.formats;

import io.logits.data.Precision;
import io.logits.features.IndexedEncoding;
import org.jspecify.annotations.Nullable;

/**
 * How an svmlight file is read.
 *
 * @param precision how values are stored; each is the nearest float or double of what the file says
 * @param threads at least 1; the result does not depend on it
 * @param expected the features of the model that the rows are for, or null to find out from the file. With it the matrix
 *     has the model's columns, features the model does not know are counted and left out, and any word is a label
 * @param byLength whether rows and their labels come, in each block of about half a MB, in order of how many features the
 *     rows have, up and down in turns: a processor then foresees where a row ends, and fits of short rows take a fifth less time
 */
public record SvmlightOptions(
        Precision precision, int threads, @Nullable IndexedEncoding expected, boolean byLength) {
    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if {@code threads < 1}
     */
    public SvmlightOptions {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + ", at least 1 is needed");
        }
    }

    /** Float32, all processors, features found out from the file, rows as they are there. */
    public static SvmlightOptions defaults() {
        return new SvmlightOptions(Precision.FLOAT32, Runtime.getRuntime().availableProcessors(), null, false);
    }

    /** The same with values stored so. */
    public SvmlightOptions withPrecision(Precision newPrecision) {
        return new SvmlightOptions(newPrecision, threads, expected, byLength);
    }

    /** The same with this many threads. */
    public SvmlightOptions withThreads(int newThreads) {
        return new SvmlightOptions(precision, newThreads, expected, byLength);
    }

    /** The same for a model with these features. */
    public SvmlightOptions withExpected(@Nullable IndexedEncoding newExpected) {
        return new SvmlightOptions(precision, threads, newExpected, byLength);
    }

    /** The same with rows by length, for fits, or not: which row of the file one was is then not known any more. */
    public SvmlightOptions withByLength(boolean newByLength) {
        return new SvmlightOptions(precision, threads, expected, newByLength);
    }
}
