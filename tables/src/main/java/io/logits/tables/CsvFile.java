package io.logits.tables;

import io.logits.data.InputException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A CSV file. Nothing is guessed from a sample: the header line gives the names, every cell counts for the type of its
 * column. An empty cell and {@code NA} are missing values.
 */
final class CsvFile {
    /** Cells from which types are guessed, unless that is fewer or more rows than the next two say. */
    private static final int FIRST_CELLS = 1_000_000;

    private static final int LEAST_FIRST_ROWS = 1_000;
    private static final int MOST_FIRST_ROWS = 10_000;

    /** The type of a column without any value. */
    private static final String EMPTY = "FLOAT";

    private final Session session;
    private final TableSource source;
    private final char delimiter;
    private final List<String> names;
    /** Whether the types are those of the first rows only. */
    private boolean guessed;

    private CsvFile(Session session, TableSource source, char delimiter, List<String> names) {
        this.session = session;
        this.source = source;
        this.delimiter = delimiter;
        this.names = names;
    }

    static CsvFile open(Session session, TableSource source) {
        char delimiter = source.format() == TableFormat.TSV ? '\t' : ',';
        List<CsvRecords.Cell> header = header(session, source, delimiter);
        if (source.format() == TableFormat.CSV && header.size() == 1) {
            String only = header.get(0).text();
            delimiter = only.contains(";") ? ';' : only.contains("\t") ? '\t' : ',';
            header = header(session, source, delimiter);
        }
        checkNames(source.name(), header);
        return new CsvFile(
                session,
                source,
                delimiter,
                header.stream().map(CsvRecords.Cell::text).toList());
    }

    private static List<CsvRecords.Cell> header(Session session, TableSource source, char delimiter) {
        List<CsvRecords.Cell> header = new ArrayList<>();
        scan(session, source, new CsvRecords(source.name(), delimiter, 0, (number, cells) -> {
            header.addAll(cells);
            return false;
        }));
        if (header.isEmpty()) {
            throw new InputException(source.name(), "the file is empty, a header line with column names is needed");
        }
        return header;
    }

    private static void checkNames(String file, List<CsvRecords.Cell> header) {
        Set<String> seen = new HashSet<>();
        boolean numbers = true;
        for (CsvRecords.Cell cell : header) {
            if (!cell.text().isEmpty() && !seen.add(cell.text())) {
                throw new InputException(
                        file + ":" + cell.line() + ":" + cell.column(),
                        "two columns are named '" + cell.text() + "', names must differ");
            }
            numbers &= isNumber(cell.text());
        }
        if (numbers) {
            throw new InputException(
                    file + ":" + header.get(0).line(), "a line of numbers, a header line with column names is needed");
        }
    }

    private static boolean isNumber(String text) {
        try {
            return !Double.isNaN(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** Gives all lines to the records, through DuckDB: it knows the compression. */
    private static void scan(Session session, TableSource source, CsvRecords records) {
        boolean[] more = {true};
        try {
            session.stream("select line from " + readLines(source), chunk -> {
                for (long i = 0; i < chunk.rowCount() && more[0]; i++) {
                    @Nullable String line = chunk.vector(0).getString(i);
                    more[0] = records.line(line == null ? "" : line);
                }
                return more[0];
            });
        } catch (SQLException e) {
            throw notText(source.name(), e);
        }
        if (more[0]) {
            records.end();
        }
    }

    private static InputException notText(String file, SQLException e) {
        String message = String.valueOf(e.getMessage());
        if (!message.contains("utf-8")) {
            return Session.refused(file, e);
        }
        String line = message.replaceFirst("(?s)^.*?CSV Error on Line: (\\d+).*$", "$1");
        return new InputException(
                line.length() < 20 ? file + ":" + line : file, "bytes that are not UTF-8, text in UTF-8 is needed");
    }

    /** The lines as they are. */
    private static String readLines(TableSource source) {
        return readCsv(source, "header=false, delim='', quote='', escape='', strict_mode=false", "'line':'VARCHAR'");
    }

    private static String readCsv(TableSource source, String dialect, String columns) {
        return "read_csv(" + Session.path(source) + ", auto_detect=false, buffer_size=4194304, " + dialect
                + ", compression='" + source.compression().duckName + "', columns={" + columns + "})";
    }

    private String read(List<String> types) {
        String columns = IntStream.range(0, names.size())
                .mapToObj(j -> "'c" + j + "':'" + types.get(j) + "'")
                .collect(Collectors.joining(", "));
        String dialect =
                "header=true, delim='" + delimiter + "', quote='\"', escape='\"', nullstr=['', 'NA'], strict_mode=true";
        return readCsv(source, dialect, columns);
    }

    private String raw() {
        return read(names.stream().map(name -> "VARCHAR").toList());
    }

    /** The columns as {@code c0}, {@code c1}, ...; DuckDB would not tell {@code x} from {@code X}. */
    String typed(List<Field> fields) {
        return read(fields.stream()
                .map(field -> field.kind() == Field.Kind.NUMBER ? "DOUBLE" : "VARCHAR")
                .toList());
    }

    /** Says that a cell further down does not fit the type that the first rows gave its column. */
    static final class GuessRefuted extends RuntimeException {
        private static final long serialVersionUID = 1L;

        GuessRefuted(SQLException cause) {
            super(cause);
        }
    }

    /**
     * The columns with what the first rows hold, or by all rows those that are empty or times there. A column that is text
     * in the first rows is text; one that is not text further down makes DuckDB stop, and then {@link #explain} throws
     * {@link GuessRefuted}. This spares most files a pass.
     *
     * @param asText as for {@link #detect}
     */
    List<Field> guess(Predicate<String> asText) throws SQLException {
        int rows = Math.max(LEAST_FIRST_ROWS, Math.min(MOST_FIRST_ROWS, FIRST_CELLS / names.size()));
        String lines = cellsOfLines(rows);
        List<Field> fields = detect(asText, lines == null ? cells("(from " + raw() + " limit " + rows + ")") : lines);
        int[] open = IntStream.range(0, names.size())
                .filter(j -> fields.get(j).kind() == Field.Kind.TIME
                        || fields.get(j).type().equals(EMPTY))
                .toArray();
        if (open.length > 0) {
            String columns = Arrays.stream(open).mapToObj(j -> "c" + j).collect(Collectors.joining(", "));
            List<Field> ofAll = detect(asText, cells("(select " + columns + " from " + raw() + ")"));
            Arrays.stream(open).forEach(j -> fields.set(j, ofAll.get(j)));
        }
        guessed = true;
        return fields;
    }

    /**
     * The columns with what they hold, by all their cells.
     *
     * @param asText names of columns that are text whatever they hold
     */
    List<Field> detect(Predicate<String> asText) throws SQLException {
        guessed = false;
        return detect(asText, cells(raw()));
    }

    /** The cells that are not missing, a row each: {@code k}, the place of the column from 0 on, and {@code cell}. */
    private String cells(String from) {
        return "(select cast(name[2:] as integer) as k, cell from (unpivot (from " + from
                + ") on columns(*) into name name value cell))";
    }

    /**
     * The same of the first lines, cut at the delimiter, which spares DuckDB an expression for each of thousands of columns.
     *
     * @return null where that is not the same: a line has a quotation mark, or not as many cells as there are columns
     */
    private @Nullable String cellsOfLines(int rows) throws SQLException {
        String lines = "(select line, string_split(line, '" + delimiter + "') as cells from " + readLines(source)
                + " limit " + rows + " offset 1)";
        @Nullable
        Object plain = session.rows(
                        "select bool_and(not contains(line, '\"') and len(cells) = " + names.size() + ") from " + lines)
                .get(0)[0];
        return Boolean.TRUE.equals(plain)
                ? "(select k, cell from (select generate_subscripts(cells, 1) - 1 as k, unnest(cells) as cell from "
                        + lines + ") where cell not in ('', 'NA'))"
                : null;
    }

    private List<Field> detect(Predicate<String> asText, String cells) throws SQLException {
        long[] count = new long[names.size()];
        long[] numbers = new long[names.size()];
        for (@Nullable
        Object[] column :
                session.rows("select k, count(*), count(try_cast(cell as double)) from " + cells + " group by k")) {
            count[(int) number(column[0])] = number(column[1]);
            numbers[(int) number(column[0])] = number(column[2]);
        }
        List<Field> fields = new ArrayList<>();
        for (int j = 0; j < names.size(); j++) {
            boolean number = count[j] == numbers[j] && !asText.test(names.get(j));
            fields.add(new Field(
                    names.get(j),
                    "c" + j,
                    number ? Field.Kind.NUMBER : Field.Kind.TEXT,
                    !number ? "VARCHAR" : count[j] == 0 ? EMPTY : "DOUBLE"));
        }
        String open = IntStream.range(0, names.size())
                .filter(j -> fields.get(j).kind() == Field.Kind.TEXT && !asText.test(names.get(j)))
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(", "));
        if (!open.isEmpty()) {
            detectOther(fields, "(from " + cells + " where k in (" + open + "))");
        }
        return fields;
    }

    private void detectOther(List<Field> fields, String cells) throws SQLException {
        for (@Nullable
        Object[] column : session.rows("select k, count(*), count(*) filter (lower(cell) in ('true', 'false')),"
                + " count(try_cast(cell as timestamp)), count(try_cast(cell as time)), max(length(cell)) from " + cells
                + " group by k")) {
            int j = (int) number(column[0]);
            long count = number(column[1]);
            if (number(column[2]) == count) {
                fields.set(j, new Field(names.get(j), flag("c" + j), Field.Kind.FLAG, "BOOLEAN"));
            } else if (number(column[3]) == count) {
                String type = number(column[5]) <= 10 ? "DATE" : "TIMESTAMP";
                fields.set(j, fields.get(j).withKind(Field.Kind.TIME, type));
            } else if (number(column[4]) == count) {
                fields.set(j, fields.get(j).withKind(Field.Kind.TIME, "TIME"));
            }
        }
    }

    /** A cell as a truth value; other text makes DuckDB stop. Its own type for CSV knows lower case alone. */
    private static String flag(String cell) {
        return "(case lower(CELL) when 'true' then true when 'false' then false else cast('not ' || CELL as boolean) end)"
                .replace("CELL", cell);
    }

    /** The columns by their names and types, whole numbers as such, as a query over {@code data} wants them. */
    String named(List<Field> fields) throws SQLException {
        String whole = fields.stream()
                .map(field -> field.kind() == Field.Kind.NUMBER
                        ? "coalesce(bool_and(CELL = floor(CELL) and abs(CELL) < 9e15), false)"
                                .replace("CELL", field.sql())
                        : "false")
                .collect(Collectors.joining(", "));
        @Nullable
        Object[] row =
                session.rows("select " + whole + " from " + typed(fields)).get(0);
        String columns = IntStream.range(0, fields.size())
                .filter(j -> !fields.get(j).nameless())
                .mapToObj(j -> "cast(" + fields.get(j).sql() + " as "
                        + (Boolean.TRUE.equals(row[j])
                                ? "BIGINT"
                                : fields.get(j).type()) + ") as "
                        + Session.identifier(names.get(j)))
                .collect(Collectors.joining(", "));
        return "select " + columns + " from " + typed(fields);
    }

    /** Where a cell is: {@code FILE:LINE:COLUMN}. */
    String place(long row, Field field) {
        int j = names.indexOf(field.name());
        String[] place = {source.name()};
        scan(session, source, new CsvRecords(source.name(), delimiter, names.size(), (number, cells) -> {
            if (number == row && j < cells.size()) {
                place[0] += ":" + cells.get(j).line() + ":" + cells.get(j).column();
            }
            return number < row;
        }));
        return place[0];
    }

    /** The first cell of a column that is no number: its row and text. */
    @Nullable
    Object[] firstText(Field field) throws SQLException {
        return session.rows("select row, cell from (select row_number() over () as row, " + field.sql()
                        + " as cell from " + raw() + ") where cell is not null and try_cast(cell as double) is null"
                        + " order by row limit 1")
                .get(0);
    }

    /** Why DuckDB could not read the file, with the right place. */
    InputException explain(SQLException e) {
        if (guessed && String.valueOf(e.getMessage()).startsWith("Conversion Error")) {
            throw new GuessRefuted(e);
        }
        try {
            scan(session, source, new CsvRecords(source.name(), delimiter, names.size(), (number, cells) -> {
                if (cells.size() != names.size()) {
                    throw new InputException(
                            source.name() + ":" + cells.get(0).line(),
                            "the line has " + cells.size() + (cells.size() == 1 ? " cell" : " cells")
                                    + ", the header has " + names.size());
                }
                return true;
            }));
        } catch (InputException found) {
            return found;
        }
        if (String.valueOf(e.getMessage()).contains("invalid state")) {
            return new InputException(
                    source.name(), "some lines end with a carriage return and some without, all must end alike");
        }
        return Session.refused(source.name(), e);
    }

    private static long number(@Nullable Object count) {
        return count instanceof Number n ? n.longValue() : 0;
    }
}
