package io.logits.tables;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class FormatsTest extends TableTest {
    private static final String[] LINES = {"n,c,y", "1,a,0", "2.5,b,1"};
    private static final double[][] ROWS = {{1, 1, 0}, {2.5, 0, 1}};

    private void assertRows(TableSource source) {
        LearntTable table = TableReader.learn(source, DEFAULTS);
        assertThat(rows(table.data())).isDeepEqualTo(ROWS);
        assertThat(table.data().labels().classes()).containsExactly("0", "1");
    }

    private Path duck(String name, String copy) throws SQLException {
        Path file = folder.resolve(name);
        try (Session session = Session.open()) {
            session.execute("copy (" + copy + ") to " + Session.literal(file.toString()));
        }
        return file;
    }

    @Test
    void separatedText() throws IOException {
        assertRows(TableSource.of(file("a.csv", LINES)));
        assertRows(TableSource.of(file("b.csv", String.join("\n", LINES).replace(',', ';'))));
        assertRows(TableSource.of(file("c.tsv", String.join("\n", LINES).replace(',', '\t'))));
        assertRows(TableSource.of(file("d.csv", "\uFEFF" + String.join("\r\n", LINES) + "\r")));
        assertRows(TableSource.of(file("e[1]*'.csv", LINES)));
        assertRows(TableSource.of(file("f.data", LINES), "csv"));
    }

    @Test
    void compressedText() throws IOException, SQLException {
        Path gz = folder.resolve("a.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gz))) {
            out.write(String.join("\n", LINES).getBytes(StandardCharsets.UTF_8));
        }
        assertRows(TableSource.of(gz));
        assertRows(TableSource.of(Files.move(gz, folder.resolve("b")), "csv.gz"));
        String select = "select 1.0 as n, 'a' as c, 0 as y union all select 2.5, 'b', 1";
        assertRows(TableSource.of(duck("a.csv.zst", select)));
        assertRows(TableSource.of(duck("a.jsonl.zst", select)));
    }

    @Test
    void json() throws IOException {
        assertRows(TableSource.of(file("a.jsonl", "{\"n\":1,\"c\":\"a\",\"y\":0}", "{\"n\":2.5,\"c\":\"b\",\"y\":1}")));
        assertRows(
                TableSource.of(file("a.json", "[{\"n\":1,\"c\":\"a\",\"y\":0},", " {\"n\":2.5,\"c\":\"b\",\"y\":1}]")));
        Path mixed = file("m.jsonl", "{\"n\":1,\"y\":0}", "{\"n\":\"a\",\"y\":1}", "{\"n\":{\"k\":1},\"y\":1}");
        assertMessage(
                "m.jsonl: column 'n' holds values of different kinds, numbers, truth values and text are allowed;"
                        + " --drop it, or take it apart with --sql",
                () -> learn(mixed, DEFAULTS));
        Path missing = file("n.jsonl", "{\"n\":1,\"y\":0}", "{\"y\":1}");
        assertMessage(
                "n.jsonl: row 2: column 'n' has 1 missing value; allowed with --missing mean, indicator or drop",
                () -> learn(missing, DEFAULTS));
        Path broken = file("b.json", "[{\"n\":1,", "]");
        assertMessage(
                "b.json: Malformed JSON, at byte 9 in record/value 2: unexpected character",
                () -> learn(broken, DEFAULTS));
    }

    @Test
    void everyNumberOfParquetIsADouble() throws SQLException {
        Path file = duck(
                "a.parquet",
                "select 1::tinyint as a, 2::ubigint as b, 3.5::decimal(9, 2) as c, 4::hugeint as d, 5.5::float as e,"
                        + " true as f, 'u'::enum('u', 'v') as g, 'l' as y");
        LearntTable table = learn(file, DEFAULTS);
        assertThat(table.data().encoding().featureNames()).containsExactly("a", "b", "c", "d", "e", "f", "g=u");
        assertThat(rows(table.data())).isDeepEqualTo(new double[][] {{1, 2, 3.5, 4, 5.5, 1, 1}});
        Path nested = duck("n.parquet", "select [1, 2] as l, 1 as y");
        assertMessage(
                "n.parquet: column 'l' holds values of type INTEGER[], numbers, truth values and text are allowed;"
                        + " --drop it, or take it apart with --sql",
                () -> learn(nested, DEFAULTS));
    }

    @Test
    void queriesOverTheTableAndOtherFiles() throws IOException {
        Path file = file("a.csv", "when,n,k,y", "2020-01-31,1,1,no", "2021-03-01,2,2,yes", "2022-05-05,9,1,no");
        Path other = file("b.csv", "k,c", "1,a", "2,b");
        String sql = "select year(\"when\") as year, n // 2 as half, c, y from data join '" + other
                + "' using (k) where n < 5 order by n desc -- the end";
        LearntTable table = TableReader.learn(TableSource.of(file).withSql(sql), DEFAULTS);
        assertThat(table.data().encoding().featureNames()).containsExactly("year", "half", "c=a", "c=b");
        assertThat(rows(table.data())).isDeepEqualTo(new double[][] {{2021, 1, 0, 1}, {2020, 0, 1, 0}});
        assertMessage(
                "--sql: Referenced column \"zz\" not found in FROM clause!",
                () -> TableReader.learn(TableSource.of(file).withSql("select zz from data"), DEFAULTS));
        assertMessage(
                "a.csv: row 1 of the query's result: column 'x' is Infinity, a finite number is needed",
                () -> TableReader.learn(
                        TableSource.of(file).withSql("select 'inf'::double as x, y from data"), DEFAULTS));
    }

    @Test
    void streamsAreKeptInATemporaryFile() throws IOException {
        byte[] bytes = String.join("\n", LINES).getBytes(StandardCharsets.UTF_8);
        Path kept;
        try (SpooledTable table = SpooledTable.of(new ByteArrayInputStream(bytes), "csv", "standard input")) {
            assertRows(table.source());
            kept = table.source().file();
            assertMessage(
                    "standard input: there is no column 'z', the columns are n, c, y",
                    () -> TableReader.learn(table.source(), DEFAULTS.withTarget("z")));
        }
        assertThat(kept).doesNotExist();
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        InputStream stream = new ByteArrayInputStream(packed.toByteArray());
        try (SpooledTable table = SpooledTable.of(stream, "csv", "standard input")) {
            assertRows(table.source());
        }
        assertMessage(
                "standard input: the format is not known, .csv .tsv .parquet .json .jsonl are tables, text also with"
                        + " .gz or .zst",
                () -> SpooledTable.of(new ByteArrayInputStream(bytes), "xls", "standard input"));
    }
}
