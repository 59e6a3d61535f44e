package io.logits.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logits.data.InputException;
import io.logits.features.Column;
import io.logits.features.Encoding;
import io.logits.features.ImageEncoding;
import io.logits.features.IndexedEncoding;
import io.logits.features.Interaction;
import io.logits.features.Missing;
import io.logits.features.PlainEncoding;
import io.logits.features.TableEncoding;
import io.logits.features.Vocabulary;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class EncodingJsonTest {
    private static final JsonMapper JSON = new JsonMapper();

    private static void assertJson(Encoding encoding, String json) {
        assertThat(EncodingJson.write(encoding)).hasToString(json);
        assertThat(EncodingJson.read(JSON.readTree(json), "m")).isEqualTo(encoding);
    }

    private static void assertMessage(String json, String message) {
        assertThatThrownBy(() -> EncodingJson.read(JSON.readTree(json), "m"))
                .isInstanceOf(InputException.class)
                .hasMessage("m: " + message);
    }

    private static void assertColumnMessage(String column, String message) {
        assertMessage("{\"kind\":\"table\",\"columns\":[" + column + "],\"interactions\":[]}", message);
    }

    @Test
    void encodingsComeBackTheSame() {
        assertJson(new IndexedEncoding(61_672, 0), "{\"kind\":\"indexed\",\"size\":61672,\"base\":0}");
        assertJson(new ImageEncoding(28, 29), "{\"kind\":\"image\",\"height\":28,\"width\":29}");
        assertJson(new PlainEncoding(List.of("a", "")), "{\"kind\":\"plain\",\"names\":[\"a\",\"\"]}");
        assertJson(new PlainEncoding(List.of()), "{\"kind\":\"plain\",\"names\":[]}");
    }

    @Test
    void tablesComeBackTheSame() {
        Column fare = Column.Numeric.of("fare");
        Column age = new Column.Numeric("age", Missing.FILL, 0.1 + 0.2);
        Column port = new Column.Category("port", List.of("B", "C\n"), "B", Missing.FILL, "C\n");
        Column sex = new Column.Category("sex", List.of("f"), null, Missing.INDICATOR, null);
        assertJson(
                new TableEncoding(List.of(fare, age, port, sex), List.of(new Interaction("fare", "port"))),
                "{\"kind\":\"table\",\"columns\":[{\"type\":\"numeric\",\"name\":\"fare\",\"missing\":\"error\"},"
                        + "{\"type\":\"numeric\",\"name\":\"age\",\"missing\":\"fill\",\"fill\":0.30000000000000004},"
                        + "{\"type\":\"category\",\"name\":\"port\",\"missing\":\"fill\",\"levels\":[\"B\",\"C\\n\"],"
                        + "\"reference\":\"B\",\"fill\":\"C\\n\"},"
                        + "{\"type\":\"category\",\"name\":\"sex\",\"missing\":\"indicator\",\"levels\":[\"f\"]}],"
                        + "\"interactions\":[[\"fare\",\"port\"]]}");
    }

    @Test
    void vocabulariesComeBackTheSame() {
        Vocabulary terms = Vocabulary.of(List.of("a", "a b"), new int[] {3, 2}, 4);
        Vocabulary buckets = Vocabulary.ofBuckets(new int[] {0, 7}, 8, new int[] {1, 4}, 4);
        assertJson(
                new TableEncoding(
                        List.of(
                                new Column.Text("s", terms, true, Missing.ERROR),
                                new Column.Text("t", buckets, false, Missing.FILL)),
                        List.of()),
                "{\"kind\":\"table\",\"columns\":[{\"type\":\"text\",\"name\":\"s\",\"missing\":\"error\","
                        + "\"sublinear\":true,\"documents\":4,\"terms\":[\"a\",\"a b\"],"
                        + "\"document_frequencies\":[3,2]},"
                        + "{\"type\":\"text\",\"name\":\"t\",\"missing\":\"fill\",\"sublinear\":false,\"documents\":4,"
                        + "\"bucket_count\":8,\"buckets\":[0,7],\"document_frequencies\":[1,4]}],\"interactions\":[]}");
    }

    @Test
    void otherJsonIsRefused() {
        assertMessage("{}", "the encoding has no 'kind', text is needed");
        assertMessage("[1]", "the encoding has no 'kind', text is needed");
        assertMessage("{\"kind\":1}", "'kind' of the encoding is not text");
        assertMessage("{\"kind\":\"x\"}", "the encoding is of kind 'x', plain, indexed, image and table are known");
        assertMessage("{\"kind\":\"plain\"}", "the encoding has no 'names', a list is needed");
        assertMessage("{\"kind\":\"plain\",\"names\":{\"a\":\"b\"}}", "'names' of the encoding is not a list");
        assertMessage("{\"kind\":\"plain\",\"names\":[null]}", "'names' of the encoding is not a list of texts");
        assertMessage("{\"kind\":\"plain\",\"names\":[\"a\",\"a\"]}", "'names' of the encoding has a name twice");
        assertMessage(
                "{\"kind\":\"image\",\"height\":0,\"width\":1}",
                "the encoding does not fit: images of 0 x 1 pixels, 1 x 1 at least");
        assertMessage(
                "{\"kind\":\"image\",\"height\":65536,\"width\":65536}",
                "the encoding does not fit: images of 65536 x 65536 pixels are too large");
        assertMessage(
                "{\"kind\":\"indexed\",\"size\":99999999999,\"base\":1}",
                "'size' of the encoding is not a whole number");
        assertMessage(
                "{\"kind\":\"indexed\",\"size\":-1,\"base\":1}",
                "the encoding does not fit: size -1 and base 1: size >= 0, base 0 or 1");
    }

    @Test
    void tablesThatDoNotFitAreRefused() {
        assertMessage("{\"kind\":\"table\",\"columns\":[]}", "the encoding has no 'interactions', a list is needed");
        assertMessage(
                "{\"kind\":\"table\",\"columns\":[],\"interactions\":[[\"a\"]]}",
                "an interaction of the encoding is not a pair of names");
        assertColumnMessage("3", "the encoding has no 'type', text is needed");
        assertColumnMessage(
                "{\"type\":\"date\",\"name\":\"d\\n\",\"missing\":\"error\"}",
                "a column is of type 'date', numeric, category and text are known");
        assertColumnMessage(
                "{\"type\":\"numeric\",\"name\":\"d\",\"missing\":\"drop\"}",
                "'missing' of a column is 'drop', error, fill and indicator are known");
        assertColumnMessage(
                "{\"type\":\"numeric\",\"name\":\"d\",\"missing\":\"fill\"}",
                "the encoding has no 'fill', a number is needed");
        assertColumnMessage(
                "{\"type\":\"category\",\"name\":\"d\\n\",\"missing\":\"error\",\"levels\":[\"a\",\"a\"]}",
                "the encoding does not fit: column 'd ' has a level twice");
        assertColumnMessage(
                "{\"type\":\"text\",\"name\":\"d\",\"missing\":\"error\",\"sublinear\":false,\"documents\":2,"
                        + "\"terms\":[\"a\"],\"document_frequencies\":[3]}",
                "the encoding does not fit: a term of the vocabulary is in 3 of 2 texts");
        assertColumnMessage(
                "{\"type\":\"text\",\"name\":\"d\",\"missing\":\"error\",\"sublinear\":0,\"documents\":2,"
                        + "\"terms\":[\"a\"],\"document_frequencies\":[1]}",
                "'sublinear' of the encoding is not true or false");
    }
}
