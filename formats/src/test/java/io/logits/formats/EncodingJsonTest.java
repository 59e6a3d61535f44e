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
    private static void assertJson(Encoding encoding, String json) {
        assertThat(EncodingJson.write(encoding)).hasToString(json);
        assertThat(EncodingJson.read(new JsonMapper().readTree(json), "m")).isEqualTo(encoding);
    }

    private static void assertMessage(String json, String message) {
        assertThatThrownBy(() -> EncodingJson.read(new JsonMapper().readTree(json), "m"))
                .isInstanceOf(InputException.class)
                .hasMessage("m: " + message);
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
        assertJson(
                new TableEncoding(
                        List.of(
                                Column.Numeric.of("a"),
                                new Column.Numeric("b", Missing.INDICATOR, 0.1),
                                new Column.Category("c", List.of("x", "y"), "x", Missing.FILL, "y"),
                                new Column.Text(
                                        "t",
                                        Vocabulary.of(List.of("no", "yes"), new int[] {2, 1}, 3),
                                        true,
                                        Missing.ERROR),
                                new Column.Text(
                                        "h",
                                        Vocabulary.ofBuckets(new int[] {3}, 8, new int[] {2}, 3),
                                        false,
                                        Missing.FILL)),
                        List.of(new Interaction("a", "c"))),
                """
                {"kind":"table","columns":[\
                {"name":"a","missing":"error","type":"numeric","fill":0.0},\
                {"name":"b","missing":"indicator","type":"numeric","fill":0.1},\
                {"name":"c","missing":"fill","type":"category","reference":"x","fill":"y","levels":["x","y"]},\
                {"name":"t","missing":"error","type":"text","sublinear":true,"documents":3,"bucket_count":0,\
                "terms":["no","yes"],"buckets":[],"document_frequencies":[2,1]},\
                {"name":"h","missing":"fill","type":"text","sublinear":false,"documents":3,"bucket_count":8,\
                "terms":[],"buckets":[3],"document_frequencies":[2]}],"interactions":[["a","c"]]}""");
    }

    @Test
    void brokenTablesAreRefused() {
        String columns = "the encoding's columns: ";
        assertMessage("{\"kind\":\"table\"}", columns + "a list of columns is needed");
        assertMessage(table("{\"name\":1}"), columns + "found 1 where a string is needed");
        assertMessage(
                table("{\"name\":\"a\",\"missing\":\"x\"}"),
                columns + "a column's missing is \"x\"; error, fill or indicator are known");
        assertMessage(
                table("{\"name\":\"a\",\"missing\":\"error\",\"type\":\"x\"}"),
                columns + "a column's type is \"x\"; numeric, category or text are known");
        assertMessage(
                table("{\"name\":\"a\",\"missing\":\"error\",\"type\":\"numeric\",\"fill\":\"x\"}"),
                columns + "found \"x\" where a number is needed");
        assertMessage(
                table("{\"name\":\"a\",\"missing\":\"fill\",\"type\":\"category\",\"levels\":[\"x\",\"x\"],"
                        + "\"reference\":null,\"fill\":\"x\"}"),
                "the encoding is out of range: column 'a' has a level twice");
    }

    private static String table(String column) {
        return "{\"kind\":\"table\",\"columns\":[" + column + "],\"interactions\":[]}";
    }

    @Test
    void otherJsonIsRefused() {
        String known = "plain, indexed, image or table are known";
        assertMessage("{}", "the encoding's kind is \"\"; " + known);
        assertMessage("[1]", "the encoding's kind is \"\"; " + known);
        assertMessage("{\"kind\":\"x\"}", "the encoding's kind is \"x\"; " + known);
        assertMessage("{\"kind\":\"plain\"}", "the encoding has no list of names");
        assertMessage("{\"kind\":\"plain\",\"names\":{\"a\":\"b\"}}", "the encoding has no list of names");
        assertMessage(
                "{\"kind\":\"plain\",\"names\":[\"a\",\"a\"]}",
                "the encoding's names must be distinct strings, found \"a\"");
        assertMessage(
                "{\"kind\":\"plain\",\"names\":[null]}", "the encoding's names must be distinct strings, found null");
        assertMessage("{\"kind\":\"image\",\"height\":1}", "the encoding's width must be an integer");
        assertMessage(
                "{\"kind\":\"image\",\"height\":0,\"width\":1}",
                "the encoding is out of range: images of 0 x 1 pixels, 1 x 1 at least");
        assertMessage(
                "{\"kind\":\"image\",\"height\":65536,\"width\":65536}",
                "the encoding is out of range: images of 65536 x 65536");
        assertMessage(
                "{\"kind\":\"indexed\",\"size\":99999999999,\"base\":1}", "the encoding's size must be an integer");
        assertMessage(
                "{\"kind\":\"indexed\",\"size\":-1,\"base\":1}",
                "the encoding is out of range: size -1 and base 1: size >= 0, base 0 or 1");
    }
}
