package io.logits.tables;

import io.logits.data.Labels;
import io.logits.data.Matrix;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table encoded as a model asks.
 *
 * @param features a row per row of the table, in its order
 * @param labels the labels, if they were asked for; their classes are those of this table alone
 * @param offsets the offsets, if they were asked for: those of each row, row after row
 * @param unseen by column, in how many rows its level was never seen in the fit
 * @param ignored columns that were not used, in their order; a label that was not asked for is among them
 */
public record AppliedTable(
        Matrix features,
        @Nullable Labels labels,
        double @Nullable [] offsets,
        Map<String, Long> unseen,
        List<String> ignored) {}
