package io.logits.tables;

import io.logits.data.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A table to read.
 *
 * @param file where it is
 * @param format how it is written
 * @param compression how it is compressed; Parquet never is as a whole
 * @param name what messages call it
 * @param sql a query over the table {@code data}, and over other files by their quoted paths, whose result is the table
 *     to use; null for the file as it is
 */
public record TableSource(
        Path file,
        TableFormat format,
        Compression compression,
        String name,
        @Nullable String sql) {
    private static final String ALLOWED = ".csv .tsv .parquet .json .jsonl are tables, text also with .gz or .zst";

    /**
     * A file whose name says how it is written.
     *
     * @throws InputException if it does not
     */
    public static TableSource of(Path file) {
        String name = file.toString();
        String lower = name.toLowerCase(Locale.ROOT);
        Compression compression = Compression.ofName(lower);
        String stem = lower.substring(0, lower.length() - compression.ending.length());
        return named(file, stem.substring(stem.lastIndexOf('.') + 1), compression, name);
    }

    /**
     * A file of the format given, whatever its name.
     *
     * @param format {@code csv}, {@code tsv}, {@code parquet}, {@code json} or {@code jsonl}; text with {@code .gz} or
     *     {@code .zst} behind, which also the end of the file's name may say
     * @throws InputException if there is no such format
     */
    public static TableSource of(Path file, String format) {
        return of(file, format, file.toString());
    }

    static TableSource of(Path file, String format, String name) {
        String lower = format.toLowerCase(Locale.ROOT);
        Compression said = Compression.ofName(lower);
        String stem = lower.substring(0, lower.length() - said.ending.length());
        Compression byName = Compression.ofName(file.toString().toLowerCase(Locale.ROOT));
        return named(file, stem, said == Compression.NONE ? byName : said, name);
    }

    private static TableSource named(Path file, String format, Compression compression, String name) {
        for (TableFormat known : TableFormat.values()) {
            if (known.name().toLowerCase(Locale.ROOT).equals(format)) {
                if (known == TableFormat.PARQUET && compression != Compression.NONE) {
                    throw new InputException(name, "a Parquet file is compressed inside, not as a whole");
                }
                return new TableSource(file, known, compression, name, null);
            }
        }
        throw new InputException(name, "the format is not known, " + ALLOWED);
    }

    /** Whether a file's name ends as that of a table. */
    public static boolean isTable(Path file) {
        try {
            of(file);
            return true;
        } catch (InputException e) {
            return false;
        }
    }

    /** The result of a query over this table, which the query calls {@code data}. */
    public TableSource withSql(@Nullable String newSql) {
        return new TableSource(file, format, compression, name, newSql);
    }

    /** The same table, packed in another way. */
    TableSource withCompression(Compression newCompression) {
        return new TableSource(file, format, newCompression, name, sql);
    }

    /** Checks that the file can be read, which DuckDB's own messages do not say well. */
    void check() {
        if (!Files.exists(file)) {
            throw new InputException(name, "there is no such file");
        }
        if (Files.isDirectory(file)) {
            throw new InputException(name, "is a directory, a file is needed");
        }
        if (!Files.isReadable(file)) {
            throw new InputException(name, "may not be read, its permissions do not allow it");
        }
        if (compression == Compression.ZSTD) {
            ZstdFrames.check(this);
        }
    }
}
