package io.logits.features;

/** What a column does where a value is missing. */
public enum Missing {
    /** It refuses the row. */
    ERROR,
    /** It takes the fill: the mean of a numeric column, the most frequent level of a category, no words of a text. */
    FILL,
    /**
     * A feature of its own says so: {@code column=missing} is 1. A numeric column takes its mean besides; for a category
     * it is one more level, and a text has no words.
     */
    INDICATOR
}
