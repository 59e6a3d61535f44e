package io.logits.tables;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A table that came as a stream, such as standard input, kept in a temporary file until it is closed. Text may be packed. */
public final class SpooledTable implements AutoCloseable {
    private final Path file;
    private final TableSource source;

    private SpooledTable(Path file, TableSource source) {
        this.file = file;
        this.source = source;
    }

    /**
     * Copies a stream to its end.
     *
     * @param format as for {@link TableSource#of(Path, String)}
     * @param name what messages call it
     * @throws io.logits.data.InputException if there is no such format
     * @throws IOException if the stream cannot be read or there is no room
     */
    public static SpooledTable of(InputStream in, String format, String name) throws IOException {
        Path file = Files.createTempFile("logits", ".table");
        try {
            TableSource source = TableSource.of(file, format, name);
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            if (source.format() != TableFormat.PARQUET && source.compression() == Compression.NONE) {
                source = source.withCompression(Compression.ofContent(file));
            }
            return new SpooledTable(file, source);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** The table; readable until this is closed. */
    public TableSource source() {
        return source;
    }

    /** Deletes the temporary file. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
