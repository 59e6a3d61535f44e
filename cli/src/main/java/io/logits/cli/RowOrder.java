package io.logits.cli;

/** In what order rows are read. */
enum RowOrder {
    /** That of the file. */
    FILE,
    /** The one in which fits are fastest, for what does not depend on it but for rounding. */
    ANY
}
