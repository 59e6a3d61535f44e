package io.logits.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the file of rows is opened: what every command that reads rows shares. */
final class InputOptions {
    @Option(
            names = "--format",
            paramLabel = "KIND",
            converter = Word.OfFormat.class,
            description = "What DATA is, where its name does not say: csv, tsv, parquet, json, jsonl, svmlight, idx.")
    private @Nullable DataFormat format;

    @Option(
            names = "--sql",
            paramLabel = "QUERY",
            description = "Use the result of this query over the table, which it calls data.")
    private @Nullable String sql;

    /** The file that was named. */
    DataFile file(String given) {
        DataFile file = new DataFile(given, DataFormat.of(given, format), sql);
        if (sql != null && !file.format().isTable()) {
            throw file.refuse("--sql is for tables, this is " + file.format().label());
        }
        return file;
    }
}
