package io.logits.generate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The files of an exported model.
 *
 * @param folder with {@code model.onnx} and {@code tokenizer.json} at least
 */
record ModelFiles(Path folder) {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** Refuses what is no folder, and one without the two files there must be. */
    void check() throws IOException {
        if (!Files.exists(folder)) {
            throw new NoSuchFileException(folder.toString());
        }
        if (!Files.isDirectory(folder)) {
            throw new NotDirectoryException(folder.toString());
        }
        for (Path file : new Path[] {model(), tokenizer()}) {
            if (!Files.isRegularFile(file)) {
                throw new NoSuchFileException(file.toString());
            }
        }
    }

    Path model() {
        return folder.resolve("model.onnx");
    }

    Path tokenizer() {
        return folder.resolve("tokenizer.json");
    }

    /** The object in a file of the folder, an empty one if there is no such file. */
    JsonNode json(String name) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            return JsonNodeFactory.instance.objectNode();
        }
        try {
            JsonNode node = MAPPER.readTree(Files.readAllBytes(file));
            if (!node.isObject()) {
                throw new IllegalArgumentException(file + ": an object is needed, this starts otherwise");
            }
            return node;
        } catch (JacksonException e) {
            throw refuse(file, e);
        }
    }

    /** Whether the tokenizer has a post-processor, which then says which tokens frame a text. */
    boolean hasPostProcessor() throws IOException {
        Path file = tokenizer();
        try (JsonParser parser = MAPPER.createParser(Files.readAllBytes(file))) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean found = parser.currentName().equals("post_processor");
                JsonToken value = parser.nextToken();
                if (found) {
                    return value != JsonToken.VALUE_NULL;
                }
                parser.skipChildren();
            }
            return false;
        } catch (JacksonException e) {
            throw refuse(file, e);
        }
    }

    private static IllegalArgumentException refuse(Path file, JacksonException e) {
        String where = e.getLocation() == null
                ? ""
                : ":" + e.getLocation().getLineNr() + ":" + e.getLocation().getColumnNr();
        String why = e.getOriginalMessage().replaceFirst("(?s) \\((start marker|was expecting|JSON String).*", "");
        return new IllegalArgumentException(file + where + ": not JSON: " + why, e);
    }
}
