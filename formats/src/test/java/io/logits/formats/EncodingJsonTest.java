package io.logits.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logits.data.InputException;
import io.logits.features.Encoding;
import io.logits.features.ImageEncoding;
import io.logits.features.IndexedEncoding;
import io.logits.features.PlainEncoding;
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
    void otherJsonIsRefused() {
        String known = "plain, indexed or image are known";
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
