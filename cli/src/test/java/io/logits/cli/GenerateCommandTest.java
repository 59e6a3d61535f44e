package io.logits.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class GenerateCommandTest {
    private static final Path MODEL = Path.of("..", "generate", "src", "test", "resources", "debian-gpt");

    @TempDir
    Path folder;

    private static JsonNode golden() throws IOException {
        return JsonMapper.builder()
                .build()
                .readTree(Files.readAllBytes(MODEL.resolve("golden.json")))
                .get("cases");
    }

    private static Run generate(Object... options) {
        return Run.of(
                Stream.concat(Stream.of("generate", MODEL), Stream.of(options)).toArray());
    }

    private static void assertMistake(String message, Object... args) {
        assertThat(Run.of(Stream.concat(Stream.of("generate"), Stream.of(args)).toArray()))
                .isEqualTo(new Run(2, "", "logits: " + message + "\n"));
    }

    @Test
    void aPromptIsContinuedGreedily() throws IOException {
        JsonNode first = golden().get(0);
        assertThat(generate("--prompt", first.get("prompt").asString(), "--max-new-tokens", 24))
                .isEqualTo(new Run(0, first.get("text").asString() + "\n", ""));
    }

    @Test
    void severalPromptsAreLabelled() throws IOException {
        JsonNode golden = golden();
        Run run = generate(
                "--prompt",
                golden.get(0).get("prompt").asString(),
                "--prompt",
                golden.get(1).get("prompt").asString(),
                "--max-new-tokens",
                24);
        assertThat(run.out())
                .isEqualTo("[1] python3-\n" + golden.get(0).get("text").asString() + "\n\n[2] libboost-\n"
                        + golden.get(1).get("text").asString() + "\n");
    }

    @Test
    void aFileOfPromptsGivesTheGoldenTokens() throws IOException {
        JsonNode golden = golden();
        StringBuilder lines = new StringBuilder();
        golden.forEach(one -> lines.append(one.get("prompt").asString()).append('\n'));
        Path file = folder.resolve("prompts.txt");
        Files.writeString(file, lines);
        for (int batch : new int[] {1, 8}) {
            JsonNode json = generate("--prompts", file, "--max-new-tokens", 24, "--json", "--batch", batch)
                    .json();
            for (int i = 0; i < golden.size(); i++) {
                JsonNode generation = json.get("generations").get(i);
                assertThat(generation.get("tokens")).isEqualTo(golden.get(i).get("tokens"));
                assertThat(generation.get("prompt_ids")).isEqualTo(golden.get(i).get("prompt_ids"));
                assertThat(generation.get("text")).isEqualTo(golden.get(i).get("text"));
                JsonNode step = generation.get("steps").get(0);
                assertThat(step.propertyNames())
                        .containsExactly("token", "text", "logprob", "raw_logprob", "top_logprobs", "raw_top_logprobs");
            }
        }
    }

    @Test
    void theSeedDecidesWhatIsDrawn() {
        Object[] options = {"--prompt", "python3-", "--temperature", ".9", "--top-k", 40, "--seed"};
        Run one = generate(Stream.concat(Stream.of(options), Stream.of(1)).toArray());
        assertThat(generate(Stream.concat(Stream.of(options), Stream.of(1)).toArray()))
                .isEqualTo(one);
        assertThat(generate(Stream.concat(Stream.of(options), Stream.of(2)).toArray())
                        .out())
                .isNotEqualTo(one.out());
        String text = one.out().strip();
        Run several = generate(
                Stream.concat(Stream.of(options), Stream.of(1, "--n", 3)).toArray());
        assertThat(several.out()).startsWith("[1] python3-\n" + text + "\n\n[2] python3-\n");
        assertThat(several.lines().stream().distinct()).hasSize(7);
    }

    @Test
    void aLineOfJsonHasItsOwnParameters() throws IOException {
        Path file = folder.resolve("prompts.jsonl");
        Files.writeString(file, """
                {"prompt": "python3-", "max_new_tokens": 24, "stop": ": "}

                {"prompt": "python3-", "temperature": 1.2, "seed": 5, "max_new_tokens": 3, "logprobs": 2}
                {"prompt": "python3-", "stop": ["zzz"], "stop_token": [419], "min_new_tokens": 2}
                """);
        JsonNode generations = generate("--prompts", file, "--json").json().get("generations");
        assertThat(generations).hasSize(3);
        assertThat(generations.get(0).get("text").asString()).isEqualTo("pygob");
        assertThat(generations.get(0).get("finish_reason").asString()).isEqualTo("stop");
        assertThat(generations.get(1).get("seed").asInt()).isEqualTo(5);
        assertThat(generations.get(1).get("tokens")).hasSize(3);
        assertThat(generations.get(1).get("steps").get(0).get("top_logprobs")).hasSize(2);
        assertThat(generations.get(1).get("finish_reason").asString()).isEqualTo("length");
        assertThat(generations.get(2).get("tokens")).hasSize(5);
        assertThat(generations.get(2).get("finish_reason").asString()).isEqualTo("end");
    }

    @Test
    void mistakesAreToldInOneLine() throws IOException {
        assertMistake("a prompt is needed: --prompt TEXT or --prompts FILE", MODEL);
        assertMistake("--prompts takes the place of --prompt, give one", MODEL, "--prompt", "a", "--prompts", "b");
        assertMistake(folder.resolve("no") + ": there is no such file", folder.resolve("no"), "--prompt", "a");
        assertMistake(folder.resolve("model.onnx") + ": there is no such file", folder, "--prompt", "a");
        assertMistake(
                MODEL.resolve("model.onnx") + ": this is a file, a folder is needed",
                MODEL.resolve("model.onnx"),
                "--prompt",
                "a");
        assertMistake(folder.resolve("p.txt") + ": there is no such file", MODEL, "--prompts", folder.resolve("p.txt"));
        assertMistake("top_k is -3, 0 or more is allowed", MODEL, "--prompt", "a", "--top-k", "-3");
        assertMistake("max_new_tokens is 0, 1 or more is allowed", MODEL, "--prompt", "a", "--max-new-tokens", "0");
        assertMistake("the batch size is 0, at least 1 is needed", MODEL, "--prompt", "a", "--batch", "0");
        assertMistake(
                "banned names token 5000, the row has tokens 0 to 4095", MODEL, "--prompt", "a", "--banned", "5000");
        assertThat(generate("--prompt", "library ".repeat(200)).err())
                .matches("logits: the prompt has \\d+ tokens, up to 95 are allowed: the model's context holds 96\n");
        Path file = folder.resolve("prompts.jsonl");
        Files.writeString(file, "{\"prompt\": \"a\"}\n{\"prompt\": \"a\", \"top_kk\": 3}\n");
        assertMistake(file + ":2: unknown field \"top_kk\", did you mean top_k or top_p?", MODEL, "--prompts", file);
        Files.writeString(file, "{\"prompt\": \"a\", \"top_k\": -3}\n");
        assertMistake(file + ":1: top_k is -3, 0 or more is allowed", MODEL, "--prompts", file);
        Files.writeString(file, "\n[3]\n");
        assertMistake(file + ":2: an object with a text named prompt is needed", MODEL, "--prompts", file);
        Files.writeString(file, "\n\n");
        assertMistake(file + ": there is no prompt in it, one in each line is needed", MODEL, "--prompts", file);
        Files.writeString(file, "{\"prompt\": \"" + "library ".repeat(200) + "\"}\n");
        assertThat(generate("--prompts", file).err()).startsWith("logits: " + file + ":1: the prompt has ");
    }
}
