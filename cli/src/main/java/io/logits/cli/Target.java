package io.logits.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the labels of rows are.
 *
 * @param wanted whether labels are needed at all
 * @param column the column of a table, or null for the one that the model was fitted on
 * @param file the label file of images, or null
 */
record Target(
        boolean wanted, @Nullable String column, @Nullable Path file) {
    /** No labels. */
    static Target none() {
        return new Target(false, null, null);
    }
}
