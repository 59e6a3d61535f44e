package io.logits.tables;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.data.Precision;
import io.logits.features.TableEncoding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ApplyTest extends TableTest {
    private TableEncoding encoding(MissingRule rule) throws IOException {
        Path file = file("fit.csv", "n,c,f,y", "1,01,true,no", "2,x,false,yes", "3,01,true,no");
        return encoding(learn(file, DEFAULTS.withMissing(rule)));
    }

    private AppliedTable apply(Path file, TableEncoding encoding, String target) {
        return TableReader.apply(TableSource.of(file), encoding, target, List.of(), Precision.FLOAT64);
    }

    @Test
    void columnsAreFoundByNameInAnyOrder() throws IOException {
        TableEncoding encoding = encoding(MissingRule.ERROR);
        AppliedTable table = apply(file("p.csv", "y,f,extra,c,n", "no,false,7,x,5", "?,TRUE,,01,6"), encoding, null);
        assertThat(rows(table.features())).isDeepEqualTo(new double[][] {{5, 0, 1, 0}, {6, 1, 0, 1}});
        assertThat(table.ignored()).containsExactly("y", "extra");
        assertThat(table.labels()).isNull();
        assertThat(table.unseen()).isEmpty();
    }

    @Test
    void levelsNeverSeenAreCounted() throws IOException {
        AppliedTable table =
                apply(file("u.csv", "n,c,f", "1,1,1", "2,1,0", "3,01,1"), encoding(MissingRule.ERROR), null);
        assertThat(rows(table.features())).isDeepEqualTo(new double[][] {{1, 0, 0, 1}, {2, 0, 0, 0}, {3, 1, 0, 1}});
        assertThat(table.unseen()).isEqualTo(Map.of("c", 2L));
    }

    @Test
    void labelsAreReadWhereAskedFor() throws IOException {
        AppliedTable table =
                apply(file("l.csv", "n,c,f,y", "1,x,true,yes", "2,x,true,no"), encoding(MissingRule.ERROR), "y");
        assertThat(table.labels().classes()).containsExactly("no", "yes");
        assertThat(table.labels().indices()).containsExactly(1, 0);
        assertThat(table.ignored()).isEmpty();
    }

    @Test
    void offsetsAreReadRowByRowAndMustBeThere() throws IOException {
        TableEncoding encoding = TableEncoding.ofNumbers(List.of("n"));
        Path file = file("o.csv", "b,n,a", "0.5,1,-1", "2,3,4");
        AppliedTable table =
                TableReader.apply(TableSource.of(file), encoding, null, List.of("a", "b"), Precision.FLOAT64);
        assertThat(table.offsets()).containsExactly(-1, 0.5, 4, 2);
        assertThat(table.ignored()).isEmpty();
        assertMessage(
                "o.csv: column 'c' is the offset of the model and is not there; --no-offset leaves it out",
                () -> TableReader.apply(TableSource.of(file), encoding, null, List.of("c"), Precision.FLOAT64));
    }

    @Test
    void missingValuesFollowTheRuleOfTheFit() throws IOException {
        Path file = file("m.csv", "n,c,f", "1,x,true", ",NA,");
        assertThat(rows(apply(file, encoding(MissingRule.MEAN), null).features()))
                .isDeepEqualTo(new double[][] {{1, 0, 1, 1}, {2, 1, 0, 2 / 3.0}});
        assertMessage(
                "m.csv:3:1: column 'n' has 1 missing value (also 'c' 1, 'f' 1); the model was fitted without --missing"
                        + " mean or indicator",
                () -> apply(file, encoding(MissingRule.DROP), null));
    }

    @Test
    void aTableWithoutRowsGivesNone() throws IOException {
        AppliedTable table = apply(file("0.csv", "n,c,f"), encoding(MissingRule.ERROR), null);
        assertThat(table.features().rows()).isZero();
        assertThat(table.features().cols()).isEqualTo(4);
    }

    @Test
    void columnsThatDoNotFitAreNamed() throws IOException {
        TableEncoding encoding = encoding(MissingRule.ERROR);
        assertMessage(
                "a.csv: column 'c' of the model is not there",
                () -> apply(file("a.csv", "n,f", "1,true"), encoding, null));
        assertMessage(
                "b.csv: column 'n' and 2 more of the model is not there",
                () -> apply(file("b.csv", "z", "1"), encoding, null));
        assertMessage(
                "c.csv:3:1: column 'n' has 'x', a number is needed; an empty cell or NA is a missing value",
                () -> apply(file("c.csv", "n,c,f", "1,x,true", "x,x,true"), encoding, null));
        assertMessage(
                "d.csv: there is no column 'y', the columns are n, c, f",
                () -> apply(file("d.csv", "n,c,f", "1,x,true"), encoding, "y"));
    }

    @Test
    void otherFormatsOfTheSameTableGiveTheSameRows() throws IOException {
        TableEncoding encoding = encoding(MissingRule.MEAN);
        Path json = file("p.jsonl", "{\"n\":5,\"c\":\"x\",\"f\":true}", "{\"c\":\"01\",\"f\":null,\"n\":null}");
        assertThat(rows(apply(json, encoding, null).features())).isDeepEqualTo(new double[][] {
            {5, 0, 1, 1}, {2, 1, 0, 2 / 3.0}
        });
        Path nulls = file("q.jsonl", "{\"n\":null,\"c\":null,\"f\":null}");
        assertThat(rows(apply(nulls, encoding, null).features())).isDeepEqualTo(new double[][] {{2, 1, 0, 2 / 3.0}});
    }

    @Test
    void numbersGoByTheirNameInACategory() throws IOException {
        TableEncoding encoding =
                encoding(learn(file("k.jsonl", "{\"k\":\"1\",\"y\":0}", "{\"k\":\"2\",\"y\":1}"), DEFAULTS));
        assertThat(encoding.featureNames()).isEqualTo(List.of("k=1", "k=2"));
        Path typed = file("t.jsonl", "{\"k\":2.0}", "{\"k\":1.0}");
        assertThat(rows(apply(typed, encoding, null).features())).isDeepEqualTo(new double[][] {{0, 1}, {1, 0}});
    }
}
