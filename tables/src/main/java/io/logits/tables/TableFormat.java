package io.logits.tables;

/** How a table is written. */
public enum TableFormat {
    /** Cells separated by commas (or by semicolons or tabs, if the header has these and no comma), with a header line. */
    CSV,
    /** Cells separated by tabs, with a header line. */
    TSV,
    /** Apache Parquet. */
    PARQUET,
    /** A JSON array of objects, or objects one after the other. */
    JSON,
    /** One JSON object a line. */
    JSONL
}
