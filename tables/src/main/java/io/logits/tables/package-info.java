/**
 * Tables to data: CSV, TSV, Parquet, JSON and SQL over them, read by DuckDB. {@link TableReader} learns an encoding from a
 * table or applies one; nothing here prints, and DuckDB's native library is loaded only when a table is read.
 *
 * <p>Rows are counted from 1, without the header. {@code field} is a column of the file, {@code column} one that the
 * encoding knows.
 */
@NullMarked
package io.logits.tables;

import org.jspecify.annotations.NullMarked;
