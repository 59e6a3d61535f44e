package io.logits.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableEncodingTest {
    private static final Column AGE = new Column.Numeric("age", Missing.INDICATOR, 40.5);
    private static final Column FARE = Column.Numeric.of("fare");
    private static final Column PORT = new Column.Category("port", List.of("B", "C", "Q"), null, Missing.FILL, "C");
    private static final Column SEX = new Column.Category("sex", List.of("f", "m", "x"), "m", Missing.INDICATOR, null);
    private static final TableEncoding ENCODING = new TableEncoding(
            List.of(AGE, FARE, PORT, SEX),
            List.of(new Interaction("age", "fare"), new Interaction("sex", "fare"), new Interaction("port", "sex")));

    private static Map<String, Object> row(Object age, Object fare, Object port, Object sex) {
        Map<String, Object> row = new HashMap<>();
        row.put("age", age);
        row.put("fare", fare);
        row.put("port", port);
        row.put("sex", sex);
        return row;
    }

    /** The features that are not 0, by name. */
    private static Map<String, Double> encode(TableEncoding encoding, Map<String, ?> row) {
        double[] out = new double[encoding.size()];
        encoding.encode(row, out);
        Map<String, Double> named = new HashMap<>();
        for (int j = 0; j < out.length; j++) {
            if (out[j] != 0) {
                named.put(encoding.featureNames().get(j), out[j]);
            }
        }
        return named;
    }

    @Test
    void featuresAreNamedInOrderOfColumns() {
        assertThat(ENCODING.featureNames())
                .containsExactly(
                        "age",
                        "age=missing",
                        "fare",
                        "port=B",
                        "port=C",
                        "port=Q",
                        "sex=f",
                        "sex=x",
                        "sex=missing",
                        "age:fare",
                        "sex=f:fare",
                        "sex=x:fare",
                        "sex=missing:fare",
                        "port=B:sex=f",
                        "port=B:sex=x",
                        "port=B:sex=missing",
                        "port=C:sex=f",
                        "port=C:sex=x",
                        "port=C:sex=missing",
                        "port=Q:sex=f",
                        "port=Q:sex=x",
                        "port=Q:sex=missing");
    }

    @Test
    void eachKindOfColumnFillsItsBlock() {
        assertThat(encode(ENCODING, row(20, 7.5, "Q", "x")))
                .isEqualTo(Map.of(
                        "age",
                        20.0,
                        "fare",
                        7.5,
                        "port=Q",
                        1.0,
                        "sex=x",
                        1.0,
                        "age:fare",
                        150.0,
                        "sex=x:fare",
                        7.5,
                        "port=Q:sex=x",
                        1.0));
        assertThat(encode(ENCODING, row(20, 7.5, "Q", "m")))
                .isEqualTo(Map.of("age", 20.0, "fare", 7.5, "port=Q", 1.0, "age:fare", 150.0));
    }

    @Test
    void missingValuesFollowTheRuleOfTheirColumn() {
        assertThat(encode(ENCODING, row(null, 2L, null, null)))
                .isEqualTo(Map.of(
                        "age",
                        40.5,
                        "age=missing",
                        1.0,
                        "fare",
                        2.0,
                        "port=C",
                        1.0,
                        "sex=missing",
                        1.0,
                        "age:fare",
                        81.0,
                        "sex=missing:fare",
                        2.0,
                        "port=C:sex=missing",
                        1.0));
        assertThatThrownBy(() -> encode(ENCODING, row(1, null, "B", "f")))
                .hasMessage("column 'fare' has a missing value, and no rule for missing values was chosen in the fit");
    }

    @Test
    void aMissingTextHasNoWords() {
        VocabularyLearner learner = new VocabularyLearner();
        learner.add("missing");
        Column text = new Column.Text("t", learner.learn(1), false, Missing.INDICATOR);
        TableEncoding encoding = new TableEncoding(List.of(text), List.of());
        assertThat(encoding.featureNames()).containsExactly("t[missing]", "t=missing");
        Map<String, Object> row = new HashMap<>();
        row.put("t", null);
        assertThat(encode(encoding, row)).isEqualTo(Map.of("t=missing", 1.0));
    }

    @Test
    void aLevelNeverSeenGivesZerosAndIsCounted() {
        double[] out = new double[ENCODING.size()];
        assertThat(ENCODING.encode(row(1, 1, "Z", "f"), out)).isEqualTo(Map.of("port", 1L));
        assertThat(encode(ENCODING, row(1, 1, "Z", "f")))
                .isEqualTo(Map.of("age", 1.0, "fare", 1.0, "sex=f", 1.0, "age:fare", 1.0, "sex=f:fare", 1.0));
        RowEncoder encoder = new RowEncoder(ENCODING);
        for (int i = 0; i < 3; i++) {
            encoder.number(0, 1);
            encoder.number(1, 1);
            encoder.text(2, "Z");
            encoder.text(3, i == 0 ? "W" : "m");
            encoder.encode();
        }
        assertThat(encoder.unseen()).isEqualTo(Map.of("port", 3L, "sex", 1L));
    }

    @Test
    void truthValuesAreZeroAndOneOrLevels() {
        TableEncoding encoding = new TableEncoding(
                List.of(FARE, new Column.Category("c", List.of("1", "true"), null, Missing.ERROR, null)), List.of());
        assertThat(encode(encoding, Map.of("fare", true, "c", true))).isEqualTo(Map.of("fare", 1.0, "c=true", 1.0));
        assertThat(encode(encoding, Map.of("fare", false, "c", 1.0))).isEqualTo(Map.of("c=1", 1.0));
    }

    @Test
    void rowsThatDoNotFitAreRefused() {
        double[] out = new double[ENCODING.size()];
        assertThatThrownBy(() -> ENCODING.encode(Map.of("age", 1), out)).hasMessage("the row has no column 'fare'");
        assertThatThrownBy(() -> ENCODING.encode(row("old", 1, "B", "f"), out))
                .hasMessage("column 'age' is 'old', a number is needed");
        assertThatThrownBy(() -> ENCODING.encode(row(Double.NaN, 1, "B", "f"), out))
                .hasMessage("column 'age' is NaN, a finite number is needed");
        assertThatThrownBy(() -> ENCODING.encode(row(1e200, 1e200, "B", "f"), out))
                .hasMessage("the product of columns 'age' and 'fare' is Infinity");
        assertThatThrownBy(() -> ENCODING.encode(row(1, 1, "B", "f"), new double[3]))
                .hasMessage("out has 3 entries, the encoding has 22");
    }

    @Test
    void namesMustNotClash() {
        Column twin = Column.Numeric.of("port=B");
        assertThatThrownBy(() -> new TableEncoding(List.of(PORT, twin), List.of()))
                .hasMessage("two features would be named 'port=B', rename a column");
        assertThatThrownBy(() -> new TableEncoding(List.of(FARE, FARE), List.of()))
                .hasMessage("two columns are named 'fare'");
    }

    @Test
    void columnsCheckTheirParts() {
        List<String> levels = List.of("a", "b");
        assertThatThrownBy(() -> new Column.Category("c", levels, "z", Missing.ERROR, null))
                .hasMessage("column 'c' has no level 'z' to be its reference");
        assertThatThrownBy(() -> new Column.Category("c", levels, null, Missing.FILL, "z"))
                .hasMessage("column 'c' has no level 'z' to fill with");
        assertThatThrownBy(() -> new Column.Category("c", levels, null, Missing.FILL, null))
                .hasMessage("column 'c' needs a fill for missing values if, and only if, they are filled");
        assertThatThrownBy(() -> new Column.Category("c", List.of("a", "a"), null, Missing.ERROR, null))
                .hasMessage("column 'c' has a level twice");
        assertThatThrownBy(() -> new Column.Numeric("c", Missing.FILL, Double.NaN))
                .hasMessage("the fill of column 'c' is NaN, not finite");
    }

    @Test
    void interactionsAreReadByTheNamesOfColumns() {
        assertThat(Interaction.parse("a:b", List.of("a", "b"))).isEqualTo(new Interaction("a", "b"));
        assertThat(Interaction.parse("a:b:c", List.of("a:b", "c", "x"))).isEqualTo(new Interaction("a:b", "c"));
        assertThatThrownBy(() -> Interaction.parse("a:b:c", List.of("a:b", "c", "a", "b:c")))
                .hasMessage("interaction 'a:b:c' can be read in two ways");
        assertThatThrownBy(() -> Interaction.parse("a:z", List.of("a", "b")))
                .hasMessage("interaction 'a:z' does not name two feature columns, A:B is needed");
        assertThatThrownBy(() -> new TableEncoding(List.of(FARE), List.of(new Interaction("fare", "z"))))
                .hasMessage("an interaction names 'z', which is no feature column");
    }

    @Test
    void wideRowsOfFewEntriesAreSparse() {
        List<String> levels =
                java.util.stream.IntStream.range(0, 99).mapToObj(i -> "l" + i).toList();
        Column wide = new Column.Category("w", levels, null, Missing.ERROR, null);
        assertThat(new TableEncoding(List.of(wide), List.of()).sparse()).isFalse();
        assertThat(new TableEncoding(List.of(wide, FARE), List.of()).sparse()).isTrue();
        assertThat(ENCODING.sparse()).isFalse();
    }
}
