package io.logits.tables;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each mistake is one line that says where it is. */
class BadTableTest extends TableTest {
    private void assertBad(String message, String... lines) throws IOException {
        Path file = file("d.csv", lines);
        assertMessage(message, () -> learn(file, DEFAULTS));
    }

    private void assertRefused(String message, TableOptions options) throws IOException {
        Path file = file("d.csv", "n,c,y", "1,a,0", "2,b,1");
        assertMessage(message, () -> learn(file, options));
    }

    @Test
    void filesThatCannotBeRead() throws IOException {
        assertMessage("none.csv: there is no such file", () -> learn(folder.resolve("none.csv"), DEFAULTS));
        Path inside = Files.createDirectory(folder.resolve("dir.csv"));
        assertMessage("dir.csv: is a directory, a file is needed", () -> learn(inside, DEFAULTS));
        assertMessage(
                "a.txt: the format is not known, .csv .tsv .parquet .json .jsonl are tables, text also with .gz or .zst",
                () -> TableSource.of(folder.resolve("a.txt")));
        assertMessage(
                "a.parquet.gz: a Parquet file is compressed inside, not as a whole",
                () -> TableSource.of(folder.resolve("a.parquet.gz")));
        Path parquet = file("bad.parquet", "this is no Parquet file, whatever its name says");
        assertMessage("bad.parquet: No magic bytes found at end of file 'bad.parquet'", () -> learn(parquet, DEFAULTS));
    }

    @Test
    void headers() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty.csv"));
        assertMessage(
                "empty.csv: the file is empty, a header line with column names is needed",
                () -> learn(empty, DEFAULTS));
        assertBad("d.csv: the table has no rows", "a,y");
        assertBad("d.csv:1:5: two columns are named 'a', names must differ", "a,b,a", "1,2,3");
        assertBad("d.csv:1: a line of numbers, a header line with column names is needed", "5.1,3.5,0", "4.9,3.0,1");
    }

    @Test
    void brokenLines() throws IOException {
        assertBad("d.csv:5: the line has 2 cells, the header has 3", "a,b,y", "1,2,0", "", "3,4,1", "5,6");
        assertBad("d.csv:2: the line has 4 cells, the header has 3", "a,b,y", "1,2,0,7");
        assertBad("d.csv:3:3: a quote is opened and never closed", "a,b,y", "1,2,0", "1,\"2,0", "1,2,0");
        assertBad(
                "d.csv:3:6: text after a closing quote; a quote in a quoted cell is doubled",
                "a,b,y",
                "1,2,0",
                "1,\"2\"x,0");
        assertBad(
                "d.csv: some lines end with a carriage return and some without, all must end alike",
                "a,y\r",
                "1,0\r",
                "2,1");
        Path latin = folder.resolve("latin.csv");
        Files.write(latin, "a,b,y\n1,x,0\n2,caf\u00e9,1\n".getBytes(StandardCharsets.ISO_8859_1));
        assertMessage("latin.csv:3: bytes that are not UTF-8, text in UTF-8 is needed", () -> learn(latin, DEFAULTS));
    }

    @Test
    void missingValues() throws IOException {
        assertBad(
                "d.csv:3:1: column 'a' has 2 missing values (also 'b' 1); allowed with --missing mean, indicator or drop",
                "a,b,y",
                "1,x,0",
                ",y,1",
                "NA,,1");
        assertBad(
                "d.csv:4:3: column 'y' is the label and has 1 missing value; --missing drop leaves such rows out",
                "a,y",
                "1,0",
                "2,1",
                "3,NA");
        Path empty = file("e.csv", "a,b,y", ",1,0", ",2,1");
        assertMessage(
                "e.csv: column 'a' has no value in any row, there is nothing to fill it with; --drop it",
                () -> learn(empty, DEFAULTS.withMissing(MissingRule.MEAN)));
        assertMessage(
                "e.csv: all 2 rows have missing values, none is left",
                () -> learn(empty, DEFAULTS.withMissing(MissingRule.DROP)));
    }

    @Test
    void valuesThatCannotBeFeatures() throws IOException {
        assertBad("d.csv:2:3: column 'b' is NaN, a finite number is needed", "a,b,y", "1,NaN,0");
        assertBad(
                "d.csv:5:1: column 'b' is -Infinity, a finite number is needed", "b,y", "1,\"0\"", "", "2,1", "-inf,1");
        assertBad(
                "d.csv: column 'd' holds dates or times (DATE), numbers, truth values and text are allowed; --drop it,"
                        + " or make numbers of it with --sql",
                "d,y",
                "2020-01-31,0",
                "2020-02-01,1");
        StringBuilder names = new StringBuilder("name,y");
        for (int i = 0; i < 101; i++) {
            names.append("\nn").append(i).append(",0");
        }
        assertBad(
                "d.csv: column 'name' has 101 different texts, a category may have 100; --drop it, or --text for its"
                        + " words",
                names.toString());
        Path huge = file("h.csv", "a,y", "1e39,0");
        assertMessage(
                "h.csv:2:1: column 'a' is 1.0E39, too large for float32; --precision double",
                () -> learn(huge, DEFAULTS.withPrecision(io.logits.data.Precision.FLOAT32)));
        assertBad(
                "d.csv:3:1: column 'line end' has 'x y', a number is needed; an empty cell or NA is a missing value",
                "\"line\nend\",y,z".replace(",z", ""),
                "\"x\ny\",0",
                "1,1\n2,1\n3,1\n4,1\n5,1\n6,1\n7,1\n8,1\n9,1");
    }

    @Test
    void weightsAndOffsetsMustBeThere() throws IOException {
        Path file = file("w.csv", "x,w,v,y", "1,1,,0", "2,-1,3,1");
        assertMessage(
                "w.csv:3:3: column 'w' is -1.0, a weight is a finite number >= 0",
                () -> learn(file, DEFAULTS.withWeights("w").withDrop(List.of("v"))));
        assertMessage(
                "w.csv:2:5: column 'v' has a missing value, weights must be there",
                () -> learn(file, DEFAULTS.withWeights("v")));
        Path zero = file("z.csv", "x,w,y", "1,0,0", "2,0,1");
        assertMessage(
                "z.csv: all weights are 0, one at least must be positive",
                () -> learn(zero, DEFAULTS.withWeights("w")));
    }

    @Test
    void namesThatAreNotThere() throws IOException {
        assertRefused("d.csv: there is no column 'z', the columns are n, c, y", DEFAULTS.withTarget("z"));
        assertRefused("d.csv: there is no column 'z', the columns are n, c, y", DEFAULTS.withDrop(List.of("z")));
        assertRefused("d.csv: no column is left for the features", DEFAULTS.withDrop(List.of("n", "c")));
        assertRefused("d.csv: column 'y' is named twice as label, weights or offset", DEFAULTS.withWeights("y"));
        assertRefused(
                "d.csv: column 'c' is named as a text, but is not among the features",
                DEFAULTS.withOnly(List.of("n")).withText(List.of("c")));
        assertRefused(
                "d.csv: column 'c' has no level 'z', its levels are a, b", DEFAULTS.withReferences(Map.of("c", "z")));
        assertRefused(
                "d.csv: a reference level is given for column 'n', which is no category",
                DEFAULTS.withReferences(Map.of("n", "1")));
        assertRefused(
                "d.csv: interaction 'n:z' does not name two feature columns, A:B is needed",
                DEFAULTS.withInteractions(List.of("n:z")));
        assertRefused(
                "d.csv:2:3: column 'c' has 'a', a number is needed; an empty cell or NA is a missing value",
                DEFAULTS.withOffsets(List.of("c")));
    }
}
