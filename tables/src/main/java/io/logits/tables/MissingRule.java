package io.logits.tables;

/** What to do with missing values in features. */
public enum MissingRule {
    /** Refuse the table. */
    ERROR,
    /** Take the mean of a numeric column, the most frequent level of a category, no words for a text. */
    MEAN,
    /**
     * As {@link #MEAN}, and columns that have missing values in the fit get a feature {@code column=missing}; for a
     * category it is a level of its own.
     */
    INDICATOR,
    /** Leave such rows out of the fit; rows to predict must have no missing values. */
    DROP
}
