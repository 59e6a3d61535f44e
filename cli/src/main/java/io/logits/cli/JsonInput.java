package io.logits.cli;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.json.JsonMapper;

/** Lines of input that are JSON; apart from {@link Json}, as a mapper takes a twentieth of a second to start. */
final class JsonInput {
    /** Reads no field twice, and NaN and Infinity without quotes too, as Python writes them. */
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .build())
            .build();

    private JsonInput() {}

    /** Reads a line of input; a field that comes twice is refused. */
    static JsonParser parser(byte[] line) {
        return MAPPER.createParser(line);
    }

    /** Why a text is not JSON, without what Jackson adds in brackets about itself. */
    static String reason(JacksonException thrown) {
        return thrown.getOriginalMessage().replaceFirst("(?s) \\((start marker|was expecting|JSON String).*", "");
    }
}
