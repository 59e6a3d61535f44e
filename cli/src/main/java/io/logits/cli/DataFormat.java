package io.logits.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The formats of data files, by their names. */
enum DataFormat {
    CSV("csv"),
    TSV("tsv"),
    PARQUET("parquet"),
    JSON("json"),
    JSONL("jsonl"),
    SVMLIGHT("svmlight"),
    IDX("idx");

    private final String label;

    DataFormat(String label) {
        this.label = label;
    }

    /** The name as {@code --format} spells it. */
    String label() {
        return label;
    }

    /** Whether columns have names. */
    boolean isTable() {
        return compareTo(SVMLIGHT) < 0;
    }

    /**
     * The format of a file.
     *
     * @param asked what {@code --format} says, or null to go by the name
     * @throws IllegalArgumentException if neither says
     */
    static DataFormat of(String file, @Nullable DataFormat asked) {
        if (asked != null) {
            return asked;
        }
        if (file.equals("-")) {
            throw new IllegalArgumentException("standard input has no name to go by, say --format " + labels());
        }
        String name = file.toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|zst)$", "");
        if (name.matches(".*[-.]idx\\d-ubyte")) {
            return IDX;
        }
        String ending = name.substring(name.lastIndexOf('.') + 1);
        return switch (ending) {
            case "svm", "libsvm", "svmlight" -> SVMLIGHT;
            case "csv", "tsv", "parquet", "json", "jsonl" -> valueOf(ending.toUpperCase(Locale.ROOT));
            default ->
                throw new IllegalArgumentException(
                        file + ": the name ends in none of .csv, .tsv, .parquet, .json, .jsonl,"
                                + " .svm, .libsvm, .svmlight, -idx3-ubyte; say --format " + labels());
        };
    }

    private static String labels() {
        return Arrays.stream(values()).map(DataFormat::label).collect(Collectors.joining("|"));
    }
}
