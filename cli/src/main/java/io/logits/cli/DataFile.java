package io.logits.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file of rows.
 *
 * @param given the name as it was given; {@code -} is standard input
 * @param format what is in it
 */
record DataFile(String given, DataFormat format) {
    /** The file that was named, its format by {@code --format} or else by its name. */
    static DataFile of(String given, @Nullable DataFormat asked) {
        return new DataFile(given, DataFormat.of(given, asked));
    }

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
}
