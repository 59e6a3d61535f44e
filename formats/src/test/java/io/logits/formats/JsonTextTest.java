package io.logits.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

class JsonTextTest {
    private static final String EVERY_KIND = "{\"a\":[1,-2147483649,123456789012345678901234567890,1.5,-0.0,1.0E-300],"
            + "\"b\":{\"\":null,\"c\":true,\"d\":false},\"e\":[],\"f\":{},\"g\":\"\\u0001\\\"\\\\\u4e2d\ud83d\ude00\\n\"}";

    @Test
    void textComesBackTheSame() {
        assertThat(JsonText.write(JsonText.read(EVERY_KIND, "text", "file"))).isEqualTo(EVERY_KIND);
    }

    @Test
    void treesAreThoseOfJacksonsOwnMapper() {
        JsonNode expected = new JsonMapper().readTree(EVERY_KIND);
        assertThat(JsonText.read(EVERY_KIND, "text", "file")).isEqualTo(expected);
        assertThat(JsonText.write(expected)).isEqualTo(new JsonMapper().writeValueAsString(expected));
    }

    @Test
    void whatHasNoTextIsRefused() {
        assertThatThrownBy(() ->
                        JsonText.write(JsonNodeFactory.instance.arrayNode().addPOJO(new Object())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a tree has a node of kind POJO");
    }

    @Test
    void doublesComeBackWithTheSameBits() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            double x = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(x)) {
                String text = JsonText.write(new JsonMapper().valueToTree(x));
                assertThat(JsonText.read(text, "text", "file").doubleValue()).isEqualTo(x);
            }
        }
    }
}
