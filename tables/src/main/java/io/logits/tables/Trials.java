package io.logits.tables;

import java.util.List;

/**
 * Columns of counts that take the place of labels: each row stands for trials with the same features, some of which
 * succeeded. It becomes a row for the successes and one for the failures, next to each other, their counts as weights; a
 * count of 0 gives no row.
 *
 * @param successes the column of successes
 * @param trials the column of trials, at least as many
 */
public record Trials(String successes, String trials) {
    /** The classes of such rows. */
    public static final List<String> CLASSES = List.of("failure", "success");
}
