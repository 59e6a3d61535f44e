package io.logits.tables;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

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

    /** The compression that the first bytes of a file of text say. */
    static Compression ofContent(Path file) throws IOException {
        byte[] first;
        try (InputStream in = Files.newInputStream(file)) {
            first = in.readNBytes(4);
        }
        if (first.length >= 2 && first[0] == 0x1f && first[1] == (byte) 0x8b) {
            return GZIP;
        }
        return Arrays.equals(first, new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd}) ? ZSTD : NONE;
    }

    /** The compression that the end of a name says; {@link #NONE} if it says nothing. */
    static Compression ofName(String name) {
        return name.endsWith(GZIP.ending) ? GZIP : name.endsWith(ZSTD.ending) ? ZSTD : NONE;
    }
}
