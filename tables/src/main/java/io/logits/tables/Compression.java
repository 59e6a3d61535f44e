package io.logits.tables;

/** How a file of text is compressed. */
public enum Compression {
    /** Not at all. */
    NONE("", "none"),
    /** gzip, {@code .gz}. */
    GZIP(".gz", "gzip"),
    /** Zstandard, {@code .zst}. */
    ZSTD(".zst", "zstd");

    final String ending;
    final String duckName;

    Compression(String ending, String duckName) {
        this.ending = ending;
        this.duckName = duckName;
    }

    /** The compression that the end of a name says; {@link #NONE} if it says nothing. */
    static Compression ofName(String name) {
        return name.endsWith(GZIP.ending) ? GZIP : name.endsWith(ZSTD.ending) ? ZSTD : NONE;
    }
}
