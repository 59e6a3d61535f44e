package io.logits.cli;

import io.logits.data.Dataset;
import io.logits.model.Provenance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows read to learn from.
 *
 * @param data the rows
 * @param target the name of the label column, or null where labels have no name
 * @param offsets the names of the offset columns, none where there are none
 * @param groups a number for each row, the same for rows that belong together, or null if that was not asked for
 * @param origins the row of the file, from 0, that each row came from, or null where the rows are those of the file, or in
 *     no known order
 * @param remarks what the caller should know, a line each
 */
record Learnt(
        Dataset data,
        @Nullable String target,
        List<String> offsets,
        int @Nullable [] groups,
        int @Nullable [] origins,
        List<String> remarks) {
    /** Rows of a file that has features and labels alone. */
    static Learnt of(Dataset data) {
        return new Learnt(data, null, List.of(), null, null, List.of());
    }

    /**
     * A number for each row, the same for rows of one group of trials, or null where labels are given. What has no column of
     * labels, and rows that came from others, has counts.
     */
    int @Nullable [] trials() {
        return target == null ? origins : null;
    }

    /** A model's origin with the names of the columns that later data has beside its features. */
    Provenance remembered(Provenance provenance) {
        Provenance remembered = target == null ? provenance : provenance.withData(TabularSource.TARGET, target);
        return offsets.isEmpty() ? remembered : remembered.withData(TabularSource.OFFSET, String.join(",", offsets));
    }
}
