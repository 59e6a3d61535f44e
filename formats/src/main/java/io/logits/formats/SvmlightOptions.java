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
 */
public record SvmlightOptions(
        Precision precision, int threads, @Nullable IndexedEncoding expected) {
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

    /** Float32, all processors, features found out from the file. */
    public static SvmlightOptions defaults() {
        return new SvmlightOptions(Precision.FLOAT32, Runtime.getRuntime().availableProcessors(), null);
    }

    /** The same with values stored so. */
    public SvmlightOptions withPrecision(Precision newPrecision) {
        return new SvmlightOptions(newPrecision, threads, expected);
    }

    /** The same with this many threads. */
    public SvmlightOptions withThreads(int newThreads) {
        return new SvmlightOptions(precision, newThreads, expected);
    }

    /** The same for a model with these features. */
    public SvmlightOptions withExpected(@Nullable IndexedEncoding newExpected) {
        return new SvmlightOptions(precision, threads, newExpected);
    }
}
