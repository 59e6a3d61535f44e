package io.logits.tables;

import io.logits.data.InputException;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.duckdb.DuckDBChunkedResult;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBDriver;
import org.duckdb.DuckDBPreparedStatement;
import org.jspecify.annotations.Nullable;

/** A DuckDB in memory: loads no extension, writes no file. Closing it forgets everything. */
final class Session implements AutoCloseable {
    private final Connection connection;

    private Session(Connection connection) {
        this.connection = connection;
    }

    /**
     * A new one.
     *
     * @throws InputException if there is no native library for this platform, or it cannot be loaded
     */
    static Session open() {
        Properties settings = new Properties();
        settings.setProperty("autoinstall_known_extensions", "false");
        settings.setProperty("autoload_known_extensions", "false");
        settings.setProperty("temp_directory", "");
        DriverLibrary.load();
        try {
            // Not through DriverManager, which would look for drivers in every jar of the class path.
            return new Session(new DuckDBDriver().connect("jdbc:duckdb:", settings));
        } catch (LinkageError e) {
            throw DriverLibrary.unusable("DuckDB", e);
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB does not start: " + e.getMessage(), e);
        }
    }

    /** Takes rows in chunks; says whether it wants more. */
    @FunctionalInterface
    interface ChunkReader {
        boolean read(DuckDBDataChunkReader chunk);
    }

    /** Gives the rows of a query in order, a chunk at a time; they are never all in memory. */
    void stream(String sql, ChunkReader reader) throws SQLException {
        try (DuckDBPreparedStatement statement =
                        connection.prepareStatement(sql).unwrap(DuckDBPreparedStatement.class);
                DuckDBChunkedResult result = statement.query()) {
            while (result.nextChunk()) {
                if (!reader.read(result.chunk())) {
                    return;
                }
            }
            checkComplete(result);
        }
    }

    /**
     * Says what ended a result before its last row. The driver asks that itself before the first chunk alone: where an error
     * comes later it has no next chunk, as after the last row, and its question is not public.
     */
    private static void checkComplete(DuckDBChunkedResult result) throws SQLException {
        try {
            Method check = DuckDBChunkedResult.class.getDeclaredMethod("checkError");
            check.setAccessible(true);
            check.invoke(result);
        } catch (ReflectiveOperationException e) {
            if (e.getCause() instanceof SQLException refused) {
                throw refused;
            }
            throw new IllegalStateException("DuckDB does not say whether its result is complete", e);
        }
    }

    /** The rows of a query with a small result, as Java's own types. */
    List<@Nullable Object[]> rows(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<@Nullable Object[]> rows = new ArrayList<>();
            int width = result.getMetaData().getColumnCount();
            while (result.next()) {
                @Nullable Object[] row = new Object[width];
                for (int j = 0; j < width; j++) {
                    row[j] = result.getObject(j + 1);
                }
                rows.add(row);
            }
            return rows;
        }
    }

    /** Runs a statement without a result. */
    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The names and types of a table or view. */
    List<Field> describe(String table) throws SQLException {
        List<Field> fields = new ArrayList<>();
        for (@Nullable Object[] row : rows("describe select * from " + table)) {
            fields.add(Field.of(String.valueOf(row[0]), String.valueOf(row[1])));
        }
        return fields;
    }

    /** What DuckDB says, in one line and without its class of errors. */
    static InputException refused(String where, SQLException e) {
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("cannot be read");
        if (message.contains("Unexpected end of GZIP stream")) {
            return new InputException(where, "the gzip data ends early");
        }
        if (message.contains("Input is not a GZIP stream")) {
            return new InputException(where, "this is no gzip, though its name ends in .gz");
        }
        String plain = message.replaceFirst("^[A-Z][A-Za-z ]* Error: ", "")
                .replaceFirst("^(Malformed JSON|JSON transform error) in file .*?(, at byte|, in line|: )", "$1$2")
                .replaceFirst("[. ]+$", "");
        return new InputException(where, plain);
    }

    /** A text as an SQL literal. */
    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** A name as an SQL identifier. */
    static String identifier(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    /** A file name as a literal, the characters of patterns taken literally. */
    static String path(TableSource source) {
        return literal(source.file().toString().replaceAll("([\\[*?])", "[$1]"));
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB does not close: " + e.getMessage(), e);
        }
    }
}
