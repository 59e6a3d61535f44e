package io.logits.cli;

import io.logits.data.Dataset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows read to learn from.
 *
 * @param data the rows
 * @param target the name of the label column, or null where labels have no name
 * @param offsets the names of the offset columns, none where there are none
 * @param remarks what the caller should know, a line each
 */
record Learnt(Dataset data, @Nullable String target, List<String> offsets, List<String> remarks) {}
