package io.logits.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logits.sampling.SamplingParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the files of a model's folder say, and what is wrong with them. */
class ModelFolderTest {
    @TempDir
    Path folder;

    @BeforeEach
    void makeModel() throws IOException {
        ToyModel.full().writeTo(folder);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private ModelConfig config() throws IOException {
        try (Generator generator = Generator.open(folder, 1)) {
            return generator.config();
        }
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> Generator.open(folder, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(thrown -> assertThat(thrown.getMessage())
                        .startsWith(folder + message)
                        .hasLineCount(1));
    }

    @Test
    void generationConfigSaysHowToSample() throws IOException {
        write("generation_config.json", """
                {"do_sample": true, "temperature": 0.6, "top_k": 20, "top_p": 0.95, "min_p": 0.1, "typical_p": 0.9,
                 "epsilon_cutoff": 0.001, "eta_cutoff": 0.002, "repetition_penalty": 1.1, "no_repeat_ngram_size": 3,
                 "eos_token_id": [0, 7], "bos_token_id": 2, "pad_token_id": 3, "max_new_tokens": 11,
                 "min_new_tokens": 2, "stop_strings": ["w9"], "suppress_tokens": [4], "num_beams": 1}
                """);
        ModelConfig config = config();
        SamplingParameters p = config.parameters();
        assertThat(p.temperature()).isEqualTo(.6);
        assertThat(p.topK()).isEqualTo(20);
        assertThat(p.topP()).isEqualTo(.95);
        assertThat(p.minP()).isEqualTo(.1);
        assertThat(p.typicalP()).isEqualTo(.9);
        assertThat(p.epsilonCutoff()).isEqualTo(.001);
        assertThat(p.etaCutoff()).isEqualTo(.002);
        assertThat(p.repetitionPenalty()).isEqualTo(1.1);
        assertThat(p.penaltyLastN()).isEqualTo(-1);
        assertThat(p.noRepeatNgramSize()).isEqualTo(3);
        assertThat(config.ends()).containsExactly(0, 7);
        assertThat(config.start()).isEqualTo(OptionalInt.of(2));
        assertThat(config.pad()).isEqualTo(3);
        assertThat(config.ignored()).isEmpty();
        assertThat(config.contextLength()).isEqualTo(ToyModel.CONTEXT);
        try (Generator generator = Generator.open(folder, 1)) {
            Request request = generator.request("w5");
            assertThat(request.maxNewTokens()).isEqualTo(11);
            assertThat(request.minNewTokens()).isEqualTo(2);
            assertThat(request.stopTokens()).containsExactly(0, 7);
            assertThat(request.stopStrings()).containsExactly("w9");
            assertThat(generator.tokens("w5")).containsExactly(2, 5);
        }
    }

    @Test
    void everyEndTokenEnds() throws IOException {
        // From ToyModel's arithmetic by hand: 5 is followed by 10, 6, 9, 9.
        assertThat(ToyModel.full().greedy(List.of(5), 4)).containsExactly(10, 6, 9, 9);
        write("generation_config.json", "{\"eos_token_id\": [0, 9]}");
        try (Generator generator = Generator.open(folder, 1)) {
            Generation generation = generator
                    .generate(List.of(generator.request("w5")), (i, text) -> {})
                    .get(0);
            assertThat(generation.tokens()).extracting(GeneratedToken::id).containsExactly(10, 6, 9);
            assertThat(generation.ending()).isEqualTo(Ending.END);
        }
    }

    @Test
    void withoutDoSampleTheMostProbableTokensAreTaken() throws IOException {
        write("generation_config.json", "{\"temperature\": 0.6, \"max_length\": 5, \"num_beams\": 4}");
        ModelConfig config = config();
        assertThat(config.parameters().temperature()).isZero();
        assertThat(config.sampled().temperature()).isEqualTo(.6);
        assertThat(config.ends()).containsExactly(0);
        assertThat(config.ignored()).containsExactly("num_beams");
        try (Generator generator = Generator.open(folder, 1)) {
            assertThat(generator.request("w5 w6").maxNewTokens()).isEqualTo(3);
        }
    }

    @Test
    void theTokenizersConfigDecidesOnTheStartToken() throws IOException {
        write("generation_config.json", "{\"bos_token_id\": 2}");
        write("tokenizer_config.json", "{\"add_bos_token\": false}");
        try (Generator generator = Generator.open(folder, 1)) {
            assertThat(generator.tokens("w5")).containsExactly(5);
            assertThatThrownBy(() -> generator.tokens(""))
                    .hasMessage("the prompt is empty and the model has no start token, a text is needed");
        }
    }

    @Test
    void onlyTheModelAndTheTokenizerAreNeeded() throws IOException {
        Files.delete(folder.resolve("config.json"));
        ModelConfig config = config();
        assertThat(config.contextLength()).isEqualTo(Integer.MAX_VALUE);
        assertThat(config.ends()).isEmpty();
        for (String name : List.of("tokenizer.json", "model.onnx")) {
            Files.delete(folder.resolve(name));
            assertThatThrownBy(() -> Generator.open(folder, 1))
                    .isInstanceOf(NoSuchFileException.class)
                    .hasMessage(folder.resolve(name).toString());
        }
        assertThatThrownBy(() -> Generator.open(folder.resolve("none"), 1)).isInstanceOf(NoSuchFileException.class);
        write("file", "");
        assertThatThrownBy(() -> Generator.open(folder.resolve("file"), 1)).isInstanceOf(NotDirectoryException.class);
    }

    @Test
    void whatIsWrongInAFileIsToldInOneLine() throws IOException {
        write("generation_config.json", "{\"top_k\": \"x\"}");
        assertRefused("/generation_config.json: top_k is \"x\", a number is allowed");
        write("generation_config.json", "{\"top_p\": -1}");
        assertRefused("/generation_config.json: top_p is -1.0, 0 or more is allowed");
        write("generation_config.json", "{\"eos_token_id\": [\"x\"]}");
        assertRefused("/generation_config.json: eos_token_id is \"x\", a token id or a list of them is allowed");
        write("generation_config.json", "{\n  \"top_k\": 3");
        assertRefused("/generation_config.json:2:13: not JSON: ");
        write("generation_config.json", "[1]");
        assertRefused("/generation_config.json: an object is needed");
        Files.delete(folder.resolve("generation_config.json"));
        write("config.json", "{\"n_positions\": 1.5}");
        assertRefused("/config.json: n_positions is 1.5, a whole number is allowed");
        write("config.json", "{}");
        write("tokenizer.json", "{\"version\":");
        assertRefused("/tokenizer.json:1:12: not JSON: ");
        write("tokenizer.json", "{}");
        assertRefused("/tokenizer.json: no tokenizer: ");
        ToyModel.full().writeTo(folder);
        write("model.onnx", "not a model");
        assertRefused("/model.onnx: no model that ONNX Runtime can run: ");
    }

    @Test
    void aModelThatIsNoDecoderIsRefused() throws IOException {
        Files.write(
                folder.resolve("model.onnx"),
                new OnnxFile()
                        .input("input_ids", OnnxFile.FLOAT, "batch", "sequence")
                        .node("Neg", "scores", "input_ids")
                        .output("scores", OnnxFile.FLOAT, "batch", "sequence")
                        .bytes());
        assertRefused(
                "/model.onnx: the model takes [input_ids] and gives [scores], a decoder takes input_ids and gives logits");
        Files.write(
                folder.resolve("model.onnx"),
                new OnnxFile()
                        .input("pixel_values", OnnxFile.FLOAT, "batch", "sequence")
                        .node("Neg", "logits", "pixel_values")
                        .output("logits", OnnxFile.FLOAT, "batch", "sequence")
                        .bytes());
        assertRefused("/model.onnx: the model takes pixel_values, a decoder takes input_ids, ");
    }
}
