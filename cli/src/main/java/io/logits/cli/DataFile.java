package io.logits.cli;

import io.logits.data.InputException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file of rows.
 *
 * @param given the name as it was given; {@code -} is standard input
 * @param format what is in it
 * @param sql a query over the table whose result is to be used, or null
 */
record DataFile(String given, DataFormat format, @Nullable String sql) {
    boolean isStandardInput() {
        return given.equals("-");
    }

    /** A path that can be opened. */
    Path path() {
        return Path.of(isStandardInput() ? "/dev/stdin" : given);
    }

    /** What messages call it. */
    String name() {
        return isStandardInput() ? "standard input" : given;
    }

    /** An exception that says why the file cannot be used. */
    InputException refuse(String text) {
        return new InputException(name(), text);
    }
}
