package io.logits.tables;

import io.logits.data.InputException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The table to use: its columns, what to write behind {@code from}, and where its cells are. */
final class Relation {
    /** Characters of a cell that a message repeats. */
    private static final int LONGEST_CELL = 40;

    private final Session session;
    private final TableSource source;
    private final String from;
    private final List<Field> fields;
    /** The file if the cells are those of a CSV file, else null. */
    private final @Nullable CsvFile csv;

    private Relation(Session session, TableSource source, String from, List<Field> fields, @Nullable CsvFile csv) {
        this.session = session;
        this.source = source;
        this.from = from;
        this.fields = fields;
        this.csv = csv;
    }

    /**
     * Opens a table. A CSV or Parquet file is read again by each query; JSON and the result of a query are held by DuckDB.
     *
     * @param asText names of columns that are text whatever a CSV file has in them
     * @param guess whether types of a CSV file may be guessed; then any query may throw {@link CsvFile.GuessRefuted}
     */
    static Relation open(Session session, TableSource source, Predicate<String> asText, boolean guess) {
        source.check();
        try {
            return source.sql() == null ? file(session, source, asText, guess) : query(session, source, source.sql());
        } catch (SQLException e) {
            throw Session.refused(source.name(), e);
        }
    }

    private static Relation file(Session session, TableSource source, Predicate<String> asText, boolean guess)
            throws SQLException {
        if (source.format() == TableFormat.CSV || source.format() == TableFormat.TSV) {
            CsvFile csv = CsvFile.open(session, source);
            try {
                List<Field> fields = guess ? csv.guess(asText) : csv.detect(asText);
                return new Relation(session, source, csv.typed(fields), fields, csv);
            } catch (SQLException e) {
                throw csv.explain(e);
            }
        }
        define(session, source);
        return new Relation(session, source, "data", session.describe("data"), null);
    }

    private static void define(Session session, TableSource source) throws SQLException {
        if (source.format() == TableFormat.PARQUET) {
            session.execute("create view data as select * from read_parquet(" + Session.path(source) + ")");
            return;
        }
        String layout = source.format() == TableFormat.JSONL ? "newline_delimited" : "auto";
        session.execute("create temp table data as select * from read_json(" + Session.path(source)
                + ", sample_size=-1, records=true, format='" + layout + "', compression='"
                + source.compression().duckName + "')");
    }

    private static Relation query(Session session, TableSource source, String sql) throws SQLException {
        if (source.format() == TableFormat.CSV || source.format() == TableFormat.TSV) {
            CsvFile csv = CsvFile.open(session, source);
            try {
                session.execute("create view data as " + csv.named(csv.detect(name -> false)));
            } catch (SQLException e) {
                throw csv.explain(e);
            }
        } else {
            define(session, source);
        }
        try {
            session.execute("create temp table result as select * from (" + sql + "\n)");
        } catch (SQLException e) {
            throw Session.refused("--sql", e);
        }
        return new Relation(session, source, "result", session.describe("result"), null);
    }

    List<Field> fields() {
        return fields;
    }

    String name() {
        return source.name();
    }

    /** Whether every cell was text to begin with. */
    boolean fromCsv() {
        return csv != null;
    }

    /** The field of that name, or null. */
    @Nullable
    Field find(String name) {
        return fields.stream()
                .filter(field -> !field.nameless() && field.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** The field of that name. */
    Field field(String name) {
        Field field = find(name);
        if (field == null) {
            throw refuse("there is no column '" + name + "', " + known());
        }
        return field;
    }

    private String known() {
        List<String> names = new ArrayList<>(
                fields.stream().map(Field::name).filter(n -> !n.isEmpty()).toList());
        int more = names.size() - 20;
        if (more > 0) {
            names.subList(20, names.size()).clear();
            names.add("... and " + more + " more");
        }
        return "the columns are " + String.join(", ", names);
    }

    /** The expression of a field whose values are wanted as text, or as numbers. */
    static String as(Field field, boolean text) {
        return "cast(" + field.sql() + " as " + (text ? "varchar" : "double") + ")";
    }

    /** A query over the table: {@code select WHAT from TABLE REST}. */
    List<@Nullable Object[]> rows(String what, String rest) {
        try {
            return session.rows("select " + what + " from " + from + " " + rest);
        } catch (SQLException e) {
            throw explain(e);
        }
    }

    /** The rows of the table in order. */
    void stream(Collection<String> what, String rest, Session.ChunkReader reader) {
        try {
            session.stream("select " + String.join(", ", what) + " from " + from + " " + rest, reader);
        } catch (SQLException e) {
            throw explain(e);
        }
    }

    /**
     * The levels of text columns: rows of column (its place in the list), level, how often it is there, how many levels
     * the column has, how many of them read as numbers. Of a column with more than {@code most} just its most frequent.
     */
    List<@Nullable Object[]> levels(List<Field> texts, String rest, int most) {
        String cells = IntStream.range(0, texts.size())
                .mapToObj(k -> as(texts.get(k), true) + " as \"" + k + "\"")
                .collect(Collectors.joining(", "));
        String names =
                IntStream.range(0, texts.size()).mapToObj(k -> "\"" + k + "\"").collect(Collectors.joining(", "));
        String counted = "select name, level, count(*) as n from (unpivot (select " + cells + " from " + from + " "
                + rest + ") on " + names + " into name name value level) group by all";
        String sql = "select cast(name as integer), level, n, k, numbers from (select *, "
                + "count(*) over (partition by name) as k, "
                + "count(try_cast(level as double)) over (partition by name) as numbers, "
                + "row_number() over (partition by name order by n desc, level) as place from (" + counted + "))"
                + " where k <= " + most + " or place = 1 order by cast(name as integer)";
        try {
            return session.rows(sql);
        } catch (SQLException e) {
            throw explain(e);
        }
    }

    private InputException explain(SQLException e) {
        return csv == null ? Session.refused(source.name(), e) : csv.explain(e);
    }

    /** An error about the table as a whole. */
    InputException refuse(String message) {
        return new InputException(source.name(), oneLine(message));
    }

    /** An error about a cell. */
    InputException refuse(long row, Field field, String message) {
        return new InputException(place(row, field), oneLine("column '" + field.name() + "' " + message));
    }

    /** Names and cells may hold line ends; a message is one line. */
    private static String oneLine(String message) {
        return message.replaceAll("\\p{Cntrl}", " ");
    }

    /** The beginning of a cell. */
    private static String cut(@Nullable Object cell) {
        String text = String.valueOf(cell);
        return text.length() <= LONGEST_CELL ? text : text.substring(0, LONGEST_CELL) + "...";
    }

    /** Where a cell is, as exactly as is known. */
    String place(long row, Field field) {
        if (csv != null) {
            return csv.place(row, field);
        }
        return source.name() + ": row " + row + (source.sql() == null ? "" : " of the query's result");
    }

    /** An error about the first cell of a CSV column that is no number, where others are. */
    InputException refuseText(Field field) {
        if (csv == null) {
            return refuse("column '" + field.name() + "' holds " + field.type().toLowerCase(Locale.ROOT)
                    + ", numbers are needed");
        }
        try {
            @Nullable Object[] first = csv.firstText(field);
            return refuse(
                    ((Number) Objects.requireNonNull(first[0])).longValue(),
                    field,
                    "has '" + cut(first[1]) + "', a number is needed; an empty cell or NA is a missing value");
        } catch (SQLException e) {
            return explain(e);
        }
    }
}
