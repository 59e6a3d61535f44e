package io.logits.tables;

import static org.assertj.core.api.Assertions.assertThat;

import io.logits.data.CsrMatrix;
import io.logits.data.Dataset;
import io.logits.data.DenseMatrix;
import io.logits.data.Labels;
import io.logits.data.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LearnTest extends TableTest {
    private static final Path PENGUINS = Path.of("..", "examples", "penguins.csv");

    @Test
    void numbersTruthValuesAndTextBecomeFeatures() throws IOException {
        LearntTable table =
                learn(file("a.csv", "n,f,c,y", "1,TRUE,b,no", "2.5,false,a,yes", "-1e3,True,b,no"), DEFAULTS);
        assertThat(table.data().encoding().featureNames()).containsExactly("n", "f", "c=a", "c=b");
        assertThat(rows(table.data())).isDeepEqualTo(new double[][] {{1, 1, 0, 1}, {2.5, 0, 1, 0}, {-1000, 1, 0, 1}});
        assertThat(table.data().labels().classes()).containsExactly("no", "yes");
        assertThat(table.data().labels().indices()).containsExactly(0, 1, 0);
        assertThat(table.target()).isEqualTo("y");
        assertThat(table.data().features()).isInstanceOf(DenseMatrix.class);
        assertThat(table.data().features().precision()).isEqualTo(Precision.FLOAT64);
    }

    @Test
    void labelsAreNamedByValue() throws IOException {
        assertThat(learn(file("n.csv", "x,y", "1,10", "2,9.0", "3,10"), DEFAULTS)
                        .data()
                        .labels()
                        .classes())
                .containsExactly("9", "10");
        assertThat(learn(file("f.csv", "x,y", "1,TRUE", "2,FALSE"), DEFAULTS)
                        .data()
                        .labels()
                        .classes())
                .containsExactly("false", "true");
        TableOptions first = DEFAULTS.withTarget("y");
        assertThat(learn(file("t.csv", "y,x", "b,1", "a,2"), first)
                        .data()
                        .labels()
                        .classes())
                .containsExactly("a", "b");
    }

    @Test
    void penguinsWithMissingValuesDropped() {
        LearntTable table = learn(PENGUINS, DEFAULTS.withMissing(MissingRule.DROP));
        assertThat(table.rowsDropped()).isEqualTo(11);
        assertThat(table.data().features().rows()).isEqualTo(333);
        assertThat(table.data().labels().classes()).containsExactly("Adelie", "Chinstrap", "Gentoo");
        assertThat(table.data().encoding().featureNames())
                .containsExactly(
                        "island=Biscoe",
                        "island=Dream",
                        "island=Torgersen",
                        "bill_length_mm",
                        "bill_depth_mm",
                        "flipper_length_mm",
                        "body_mass_g",
                        "sex=female",
                        "sex=male",
                        "year");
        assertThat(rows(table.data())[3]).containsExactly(0, 0, 1, 36.7, 19.3, 193, 3450, 1, 0, 2007);
    }

    @Test
    void missingValuesAreFilledOrMarked() throws IOException {
        Path file = file("m.csv", "n,c,d,y", "1,b,u,0", ",a,u,1", "4,NA,v,0", "NA,a,u,1");
        LearntTable mean = learn(file, DEFAULTS.withMissing(MissingRule.MEAN));
        assertThat(mean.data().encoding().featureNames()).containsExactly("n", "c=a", "c=b", "d=u", "d=v");
        assertThat(rows(mean.data()))
                .isDeepEqualTo(new double[][] {{1, 0, 1, 1, 0}, {2.5, 1, 0, 1, 0}, {4, 1, 0, 0, 1}, {2.5, 1, 0, 1, 0}});
        LearntTable indicator = learn(file, DEFAULTS.withMissing(MissingRule.INDICATOR));
        assertThat(indicator.data().encoding().featureNames())
                .containsExactly("n", "n=missing", "c=a", "c=b", "c=missing", "d=u", "d=v");
        assertThat(rows(indicator.data())).isDeepEqualTo(new double[][] {
            {1, 0, 0, 1, 0, 1, 0}, {2.5, 1, 1, 0, 0, 1, 0}, {4, 0, 0, 0, 1, 0, 1}, {2.5, 1, 1, 0, 0, 1, 0}
        });
    }

    @Test
    void referenceLevelsHaveNoFeature() throws IOException {
        Path file = file("r.csv", "c,d,y", "b,u,0", "a,v,1");
        assertThat(learn(file, DEFAULTS.withDropReference(true))
                        .data()
                        .encoding()
                        .featureNames())
                .containsExactly("c=b", "d=v");
        TableOptions named = DEFAULTS.withReferences(Map.of("c", "b"));
        assertThat(learn(file, named).data().encoding().featureNames()).containsExactly("c=a", "d=u", "d=v");
        assertThat(learn(file, named.withDropReference(true)).data().encoding().featureNames())
                .containsExactly("c=a", "d=v");
    }

    @Test
    void columnsAreChosenByName() throws IOException {
        Path file = file("o.csv", "a,b,c,y", "1,2,3,0", "4,5,6,1");
        assertThat(learn(file, DEFAULTS.withDrop(List.of("b")))
                        .data()
                        .encoding()
                        .featureNames())
                .containsExactly("a", "c");
        assertThat(learn(file, DEFAULTS.withOnly(List.of("c", "a")))
                        .data()
                        .encoding()
                        .featureNames())
                .containsExactly("a", "c");
        assertThat(learn(file, DEFAULTS.withInteractions(List.of("a:c")))
                        .data()
                        .encoding()
                        .featureNames())
                .containsExactly("a", "b", "c", "a:c");
    }

    @Test
    void weightsAndOffsetsAreTakenFromColumns() throws IOException {
        Path file = file("w.csv", "x,w,o,p,q,y", "1,2,.5,7,8,a", "2,0,-1,6,5,b", "3,1,0,4,3,c", "4,,9,9,9,a");
        TableOptions options =
                DEFAULTS.withWeights("w").withOffsets(List.of("o", "p", "q")).withMissing(MissingRule.DROP);
        LearntTable three = learn(file, options);
        assertThat(three.data().encoding().featureNames()).containsExactly("x");
        assertThat(three.data().weights()).containsExactly(2, 0, 1);
        assertThat(three.data().offset()).containsExactly(.5, 7, 8, -1, 6, 5, 0, 4, 3);
        assertMessage(
                "w.csv: 1 offset column is named, 3 classes need 3",
                () -> learn(file, options.withOffsets(List.of("o"))));
    }

    @Test
    void wordsOfATextAreSparseFeatures() throws IOException {
        Path file = file("t.csv", "n,t,y", "1,\"Red, red green\",0", "0,GREEN blue,1", "2,,0");
        TableOptions options =
                DEFAULTS.withText(List.of("t")).withMissing(MissingRule.MEAN).withPrecision(Precision.FLOAT32);
        LearntTable table = learn(file, options);
        assertThat(table.data().features()).isInstanceOf(CsrMatrix.class);
        assertThat(table.data().features().precision()).isEqualTo(Precision.FLOAT32);
        assertThat(table.data().encoding().featureNames()).containsExactly("n", "t[green]");
        assertThat(rows(table.data())).isDeepEqualTo(new double[][] {{1, 1}, {0, 1}, {2, 0}});
        assertThat(learn(file, options.withMinDf(1)).data().encoding().featureNames())
                .containsExactly("n", "t[blue]", "t[green]", "t[green blue]", "t[red]", "t[red green]", "t[red red]");
        assertMessage(
                "t.csv: column 't' has no word that is in 4 rows or more; lower --min-df, or --drop it",
                () -> learn(file, options.withMinDf(4)));
    }

    @Test
    void columnsThatDifferInCaseAloneAreTwo() throws IOException {
        assertThat(rows(learn(file("c.csv", "x,X,y", "1,2,0", "3,4,1"), DEFAULTS)
                        .data()))
                .isDeepEqualTo(new double[][] {{1, 2}, {3, 4}});
    }

    @Test
    void columnsWithoutANameAreIgnored() throws IOException {
        LearntTable table = learn(file("i.csv", "\"\",x,y", "0,5,a", "1,6,b"), DEFAULTS);
        assertThat(table.ignored()).containsExactly("column 1");
        assertThat(table.data().encoding().featureNames()).containsExactly("x");
    }

    @Test
    void everyCellCountsForTheType() throws IOException {
        StringBuilder text = new StringBuilder("a,b,y\n");
        for (int i = 0; i < 12_000; i++) {
            text.append(i % 3).append(',').append(i).append(',').append(i % 2).append('\n');
        }
        Path late = file("late.csv", text + "other,1,0");
        assertThat(learn(late, DEFAULTS).data().encoding().featureNames())
                .containsExactly("a=0", "a=1", "a=2", "a=other", "b");
        Path typo = file("typo.csv", text + "1,1x,0");
        assertMessage(
                "typo.csv:12002:3: column 'b' has '1x', a number is needed; an empty cell or NA is a missing value",
                () -> learn(typo, DEFAULTS));
    }

    /** A column each of numbers, of words, of truth values, of gaps and one number, and so on fifty times. */
    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n"})
    void hundredsOfColumnsHaveTheTypesOfFew(String ending) throws IOException {
        String[] header = new String[200];
        String[] cells = {
            "1.5e-3", "red", "TRUE", "NA", "-2", " blue", "false", "7", "+.5", "red", "True", "", "0", "NA", "NA", "8"
        };
        StringBuilder text = new StringBuilder();
        for (int j = 0; j < header.length; j++) {
            header[j] = "c" + j;
        }
        text.append(String.join(",", header)).append(",y").append(ending);
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < header.length; j++) {
                text.append(cells[4 * i + j % 4]).append(',');
            }
            text.append(i % 2).append(ending);
        }
        Path plain = Files.writeString(folder.resolve("wide.csv"), text);
        Path quoted =
                Files.writeString(folder.resolve("quoted.csv"), text.toString().replace("7", "\"7\""));
        TableOptions options = DEFAULTS.withMissing(MissingRule.MEAN);
        Dataset wide = learn(plain, options).data();
        assertThat(wide.encoding().featureNames().subList(0, 5))
                .containsExactly("c0", "c1= blue", "c1=red", "c2", "c3");
        assertThat(wide.encoding().featureNames()).hasSize(250);
        double[][] rows = rows(wide);
        assertThat(rows(learn(quoted, options).data())).isDeepEqualTo(rows);
        assertThat(Arrays.copyOf(rows[2], 5)).containsExactly(.5, 0, 1, 1, 7.5);
    }

    @Test
    void textAfterMegabytesOfNumbersLosesNoRow() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int j = 0; j < 1000; j++) {
            text.append('c').append(j).append(',');
        }
        text.append("y\n");
        for (int i = 0; i < 2500; i++) {
            for (int j = 0; j < 1000; j++) {
                int number = j == 7 ? i % 3 : 1000 + (i * 7 + j) % 9000;
                text.append(j == 7 && i == 2400 ? "late" : String.valueOf(number))
                        .append(',');
            }
            text.append(i % 2).append('\n');
        }
        Dataset data = learn(Files.writeString(folder.resolve("late.csv"), text), DEFAULTS)
                .data();
        assertThat(data.features().rows()).isEqualTo(2500);
        assertThat(data.encoding().featureNames()).hasSize(1003).contains("c7=0", "c7=late");
    }

    @Test
    void rowsKeepTheirOrder() throws IOException {
        StringBuilder text = new StringBuilder("x,y\n");
        for (int i = 0; i < 300_000; i++) {
            text.append(i).append(',').append(i % 2).append('\n');
        }
        Path file = Files.writeString(folder.resolve("order.csv"), text);
        double[][] rows = rows(learn(file, DEFAULTS).data());
        assertThat(rows).hasDimensions(300_000, 1);
        for (int i = 0; i < rows.length; i++) {
            if (rows[i][0] != i) {
                assertThat(rows[i][0]).as("row %d", i).isEqualTo(i);
            }
        }
    }

    @Test
    void aQuantityIsNoLabel() throws IOException {
        StringBuilder text = new StringBuilder("x,price");
        for (int i = 0; i < 101; i++) {
            text.append("\n1,").append(i + .5);
        }
        Path file = file("q.csv", text.toString());
        assertMessage(
                "q.csv: label column 'price' has 101 different numbers, not all whole: a quantity, where classes are"
                        + " needed",
                () -> learn(file, DEFAULTS));
        Labels codes = learn(
                        Files.writeString(
                                folder.resolve("k.csv"), text.toString().replace(".5", "")),
                        DEFAULTS)
                .data()
                .labels();
        assertThat(codes.classes()).hasSize(101);
    }

    @Test
    void aRowOfCountsIsARowForEachOutcome() throws IOException {
        Path file = file("counts.csv", "w,g,x,good,all", "2,a,1,3,4", "1,b,2,0,5", "1,a,3,2,2");
        TableOptions options =
                DEFAULTS.withTrials(new Trials("good", "all")).withWeights("w").withGroups("g");
        LearntTable table = learn(file, options);
        assertThat(table.target()).isNull();
        assertThat(table.data().labels().classes()).containsExactly("failure", "success");
        assertThat(table.data().labels().indices()).containsExactly(0, 1, 0, 1);
        assertThat(table.data().weights()).containsExactly(2, 6, 5, 2);
        assertThat(table.origins()).containsExactly(0, 0, 1, 2);
        assertThat(table.groups()).containsExactly(0, 0, 1, 0);
        assertThat(table.data().encoding().featureNames()).containsExactly("x");
    }

    @Test
    void rowsRememberWhichOfTheTableTheyCameFrom() throws IOException {
        Path counts = file("zeros.csv", "x,good,all", "1,0,0", "2,1,2", "3,0,0", "4,3,3");
        assertThat(learn(counts, DEFAULTS.withTrials(new Trials("good", "all"))).origins())
                .containsExactly(1, 1, 3);
        Path gaps = file("gaps.csv", "x,y", "1,a", ",b", "3,b");
        assertThat(learn(gaps, DEFAULTS.withMissing(MissingRule.DROP)).origins())
                .containsExactly(0, 2);
        assertThat(learn(gaps, DEFAULTS.withMissing(MissingRule.MEAN)).origins())
                .isNull();
    }

    @Test
    void groupsAreNumbersOrTexts() throws IOException {
        Path file = file("groups.csv", "g,x,y", "7.5,1,a", "2,2,b", "7.5,3,a");
        assertThat(learn(file, DEFAULTS.withGroups("g")).groups()).containsExactly(0, 1, 0);
        assertThat(learn(file, DEFAULTS).groups()).isNull();
    }
}
