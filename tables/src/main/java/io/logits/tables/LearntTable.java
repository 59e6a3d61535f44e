package io.logits.tables;

import io.logits.data.Dataset;
import java.util.List;

/**
 * A table to learn from.
 *
 * @param data its encoding is a {@link io.logits.features.TableEncoding}
 * @param target the label column
 * @param offsets the offset columns, in the order of the logits
 * @param rowsDropped rows left out because of missing values
 * @param ignored columns that have no name, as row numbers of R and pandas, and were not used
 */
public record LearntTable(Dataset data, String target, List<String> offsets, long rowsDropped, List<String> ignored) {}
