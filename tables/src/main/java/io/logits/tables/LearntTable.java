package io.logits.tables;

import io.logits.data.Dataset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table to learn from.
 *
 * @param data its encoding is a {@link io.logits.features.TableEncoding}
 * @param target the label column, or null where counts took its place
 * @param offsets the offset columns, in the order of the logits
 * @param groups a number for each row, the same where the column of groups has the same value, or null
 * @param origins the row of the table, from 0, that each row came from: successes and failures that were counted in one row
 *     came from the same; null where the rows are those of the table
 * @param rowsDropped rows left out because of missing values
 * @param ignored columns that have no name, as row numbers of R and pandas, and were not used
 */
public record LearntTable(
        Dataset data,
        @Nullable String target,
        List<String> offsets,
        int @Nullable [] groups,
        int @Nullable [] origins,
        long rowsDropped,
        List<String> ignored) {}
