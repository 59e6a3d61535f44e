package io.logits.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SampleCommandTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    @TempDir
    Path folder;

    private static Run sample(String lines, Object... options) {
        Object[] args = new Object[options.length + 1];
        args[0] = "sample";
        System.arraycopy(options, 0, args, 1, options.length);
        return Run.with(lines, 0, args);
    }

    private static JsonNode one(String line, Object... options) {
        Run run = sample(line + "\n", options);
        assertThat(run.err()).isEmpty();
        assertThat(run.lines()).hasSize(1);
        return run.json();
    }

    @Test
    void theOrderDecidesWhatIsKept() {
        String row = "{\"logits\":[3,2,1],\"top_p\":0.8,\"temperature\":0.5,";
        assertThat(one(row + "\"preset\":\"llama.cpp\"}").get("kept").asInt()).isEqualTo(2);
        assertThat(one(row + "\"preset\":\"hf\"}").get("kept").asInt()).isEqualTo(1);
        assertThat(one(row + "\"order\":[\"top_p\",\"temperature\"]}")
                        .get("kept")
                        .asInt())
                .isEqualTo(2);
        assertThat(one(row + "\"order\":[\"temperature\"]}").get("kept").asInt())
                .isEqualTo(3);
        assertThat(one("{\"logits\":[3,2,1],\"top_p\":0.8,\"temperature\":0.5}", "--preset", "llama.cpp")
                        .get("kept")
                        .asInt())
                .isEqualTo(2);
        assertThat(one(row + "\"preset\":\"hf\"}", "--order", "top_p,temperature")
                        .get("kept")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void aRowGivesTokenLogProbabilitiesAndTheDistribution() {
        JsonNode json = one("{\"probs\":[0.5,0,0.25,0.25],\"logprobs\":2,\"temperature\":0}", "--distribution");
        assertThat(json.propertyNames())
                .containsExactly(
                        "token",
                        "logprob",
                        "raw_logprob",
                        "top_logprobs",
                        "raw_top_logprobs",
                        "kept",
                        "status",
                        "distribution");
        assertThat(json.get("token").asInt()).isZero();
        assertThat(json.get("logprob").asDouble()).isZero();
        assertThat((float) json.get("raw_logprob").asDouble()).isEqualTo((float) Math.log(.5));
        assertThat(json.get("top_logprobs").toString()).isEqualTo("[[0,0.0]]");
        assertThat(json.get("raw_top_logprobs").get(1).get(0).asInt()).isEqualTo(2);
        assertThat((float) json.get("raw_top_logprobs").get(1).get(1).asDouble())
                .isEqualTo((float) Math.log(.25));
        assertThat(json.get("distribution").toString()).isEqualTo("[[0,1.0]]");
    }

    @Test
    void severalDrawsAreLists() {
        JsonNode json = one("{\"logits\":[0,0],\"n\":100,\"seed\":3}");
        assertThat(json.has("token")).isFalse();
        assertThat(json.get("tokens")).hasSize(100);
        assertThat(json.get("logprob")).hasSize(100);
        assertThat(json.get("raw_logprob")).hasSize(100);
        assertThat(IntStream.range(0, 100)
                        .map(i -> json.get("tokens").get(i).asInt())
                        .distinct())
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"logits\":[1,\"NaN\"]}|nan",
                "{\"logits\":[1,NaN]}|nan",
                "{\"logits\":[\"-Infinity\",null]}|empty",
                "{\"logits\":[]}|empty",
                "{\"logits\":[1,2],\"allowed\":[]}|empty",
                "{\"logits\":[1,2],\"banned\":[0,1,1,0]}|empty",
                "{\"logits\":[1,2],\"logit_bias\":{\"0\":\"-Infinity\",\"1\":\"-Infinity\"}}|empty"
            })
    void aRowWithoutATokenSaysWhy(String line, String status) {
        JsonNode json = one(line);
        assertThat(json.toString())
                .isEqualTo("{\"token\":null,\"logprob\":null,\"raw_logprob\":null,\"top_logprobs\":[],\"kept\":0,"
                        + "\"status\":\"" + status + "\"}");
    }

    @Test
    void infinityTakesAllAndKClampsToTheVocabulary() {
        JsonNode infinite = one("{\"logits\":[1,\"Infinity\",2]}");
        assertThat(infinite.get("token").asInt()).isEqualTo(1);
        assertThat(infinite.get("kept").asInt()).isEqualTo(1);
        assertThat(one("{\"logits\":[1,2,1],\"top_k\":100000000000}")
                        .get("kept")
                        .asInt())
                .isEqualTo(3);
    }

    @Test
    void nullIsAsGoodAsNothing() {
        String bare = "{\"logits\":[1,2,3],\"temperature\":0.7}";
        String nulls = "{\"logits\":[1,2,3],\"temperature\":0.7,\"probs\":null,\"top_k\":null,\"order\":null,"
                + "\"history\":null,\"seed\":null,\"n\":null}";
        assertThat(one(nulls)).isEqualTo(one(bare));
    }

    @Test
    void thePositionIsTheNumberOfTheLine() {
        String line = "{\"logits\":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]%s}\n";
        String five = line.formatted("").repeat(5);
        List<String> rows = sample(five).lines();
        for (int i = 0; i < 5; i++) {
            assertThat(sample(line.formatted(",\"position\":" + i)).lines()).containsExactly(rows.get(i));
        }
        assertThat(sample("\n\n" + line.formatted("")).lines()).containsExactly(rows.get(2));
        assertThat(sample(five, "--position", "3").lines().stream().distinct()).containsExactly(rows.get(3));
        assertThat(sample(five, "--seed", "9").lines()).isNotEqualTo(rows);
        assertThat(sample(line.formatted(",\"seed\":9").repeat(5)).lines())
                .isEqualTo(sample(five, "--seed", "9").lines());
    }

    @Test
    void penaltiesSeeTheWindowOfTheHistory() {
        String row = "{\"logits\":[2,1.5],\"temperature\":0,\"repetition_penalty\":2,\"history\":[0,1,1,1]";
        assertThat(one(row + ",\"penalty_last_n\":3}").get("token").asInt()).isZero();
        assertThat(one(row + ",\"penalty_last_n\":0}").get("token").asInt()).isZero();
        assertThat(one("{\"logits\":[2,1.5],\"temperature\":0,\"repetition_penalty\":2}", "--history", "0")
                        .get("token")
                        .asInt())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"logits\":[1,2],\"top_pp\":3}|1:17: unknown field \"top_pp\", did you mean top_p or top_k?",
                "{\"logits\":[1,2],\"elephant\":3}|1:17: unknown field \"elephant\"; see logits sample --help",
                "{\"logits\":[1,2],\"top_k\":-1}|1:25: top_k is -1, 0 or more is allowed",
                "{\"logits\":[1,2],\"top_k\":1.5}|1:25: top_k is 1.5, a whole number is allowed",
                "{\"logits\":[1,\"x\"]}|1:14: logits[1] is \"x\", a number, null, \"NaN\", \"Infinity\" or \"-Infinity\" is allowed",
                "{\"logits\":[1,2|1:15: not JSON: Unexpected end-of-input: expected close marker for Array",
                "{\"logits\":[1],\"logits\":[2]}|1:23: not JSON: Duplicate Object property \"logits\"",
                "[1]|1:1: the line starts with [, an object is allowed",
                "{}|1:2: neither logits nor probs is given, one of them is needed",
                "{\"logits\":[1],\"probs\":[1]}|1:23: both logits and probs are given, one is allowed",
                "{\"probs\":[1,-2]}|1:13: probs[1] is -2, 0 or more is allowed",
                "{\"logits\":[1,2],\"temperature\":\"NaN\"}|1:31: temperature is NaN, 0 or more, finite, is allowed",
                "{\"logits\":[1,2],\"history\":[0,-2]}|1:32: history[1] is -2, a token id, 0 or more, is allowed",
                "{\"logits\":[1,2],\"banned\":[7]}|1: banned names token 7, the row has tokens 0 to 1",
                "{\"logits\":[1,2],\"logit_bias\":{\"x\":3}}|1:36: logit_bias has the key \"x\", a token id is allowed",
                "{\"logits\":[1,2]} 3|1:18: something follows the object, one object in a line is allowed"
            })
    void aBadLineIsToldWithItsFieldAndPlace(String line, String message) {
        assertThat(sample(line)).isEqualTo(new Run(2, "", "logits: standard input:" + message + "\n"));
    }

    @Test
    void whatComesBeforeABadLineIsWritten() throws IOException {
        Path file = folder.resolve("rows.jsonl");
        Files.writeString(file, "{\"logits\":[1]}\n".repeat(2000) + "{\"logits\":[1],\"n\":0}\n{\"logits\":[1]}\n");
        Run run = Run.of("sample", file, "--threads", "3");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.lines()).hasSize(2000);
        assertThat(run.err()).isEqualTo("logits: " + file + ":2001:19: n is 0, 1 or more is allowed\n");
        Path out = folder.resolve("out.jsonl");
        assertThat(Run.of("sample", file, "-o", out).code()).isEqualTo(2);
        assertThat(out).doesNotExist();
    }

    @Test
    void anAnswerComesBeforeTheNextLineIsAsked() throws Exception {
        PipedInputStream in = new PipedInputStream();
        PipedInputStream answers = new PipedInputStream();
        OutputStream out = new PipedOutputStream(answers);
        Console console = new Console(
                in, out, new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), 0);
        Thread command = new Thread(() -> Logits.run(console, "sample"));
        try (PipedOutputStream asked = new PipedOutputStream(in)) {
            command.start();
            for (int i = 0; i < 3; i++) {
                asked.write("{\"logits\":[0,\"Infinity\"]}\n".getBytes(StandardCharsets.UTF_8));
                asked.flush();
                StringBuilder answer = new StringBuilder();
                for (int b = answers.read(); b != '\n'; b = answers.read()) {
                    answer.append((char) b);
                }
                assertThat(MAPPER.readTree(answer.toString()).get("token").asInt())
                        .isEqualTo(1);
            }
        }
        command.join();
    }

    @ParameterizedTest
    @CsvSource({"f32, 4", "f16, 2", "bf16, 2"})
    void rawRowsGiveWhatTheirLinesGive(String type, int bytes) throws IOException {
        int vocabulary = 300;
        int rows = 40;
        Random random = new Random(5);
        ByteBuffer raw = ByteBuffer.allocate(rows * vocabulary * bytes).order(ByteOrder.LITTLE_ENDIAN);
        StringBuilder lines = new StringBuilder();
        for (int row = 0; row < rows; row++) {
            StringBuilder values = new StringBuilder();
            for (int id = 0; id < vocabulary; id++) {
                // Of 8 bits, which all three types hold.
                float value = (random.nextInt(255) - 127) / 16f;
                int bits = Float.floatToIntBits(value);
                switch (type) {
                    case "f32" -> raw.putFloat(value);
                    case "bf16" -> raw.putShort((short) (bits >> 16));
                    default -> raw.putShort(half(value));
                }
                values.append(id == 0 ? "" : ",").append(value);
            }
            lines.append("{\"logits\":[").append(values).append("]}\n");
        }
        Path file = folder.resolve("rows.bin");
        Files.write(file, raw.array());
        Object[] options = {"--top-k", 20, "--temperature", ".7", "--seed", 4, "--logprobs", 3, "--distribution"};
        Run fromLines = sample(lines.toString(), options);
        Object[] binary = {"sample", "--logits", file, "--vocab", vocabulary, "--dtype", type, "--threads", 3};
        Object[] args = new Object[binary.length + options.length];
        System.arraycopy(binary, 0, args, 0, binary.length);
        System.arraycopy(options, 0, args, binary.length, options.length);
        assertThat(Run.of(args)).isEqualTo(fromLines);
        assertThat(fromLines.lines()).hasSize(rows);
    }

    private static short half(float value) {
        if (value == 0) {
            return 0;
        }
        int exponent = Math.getExponent(value);
        int fraction = Math.round((Math.abs(value) / Math.scalb(1f, exponent) - 1) * 1024);
        return (short) ((value < 0 ? 0x8000 : 0) | (exponent + 15) << 10 | fraction);
    }

    @Test
    void mistakesInRawRowsAreTold() throws IOException {
        Path file = folder.resolve("rows.bin");
        Files.write(file, new byte[10]);
        String name = "logits: " + file;
        assertThat(Run.of("sample", "--logits", file, "--vocab", 2).err())
                .isEqualTo(name + ": there are 10 bytes, whole rows of 2 f32 numbers (8 bytes) are allowed\n");
        assertThat(Run.of("sample", "--logits", file).err()).isEqualTo("logits: --vocab is 0, at least 1 is needed\n");
        assertThat(Run.of("sample", "--logits", file, "--vocab", 5, "--dtype", "f16", "--banned", "9")
                        .err())
                .isEqualTo(name + ": row 0: banned names token 9, the row has tokens 0 to 4\n");
        assertThat(Run.of("sample", "--logits", file, "--vocab", 5, "--dtype", "f64")
                        .err())
                .contains("'f64' is not one of f32, f16, bf16");
        assertThat(Run.of("sample", "--top-k", "x").err())
                .isEqualTo("logits: top_k is \"x\", a whole number is allowed\n");
        assertThat(Run.of("sample", "--preset", "hf", "--order", "top_k").err())
                .isEqualTo("logits: --preset is an order of steps, leave out --order\n");
        assertThat(Run.of("sample", "--top-kk", "3").err())
                .startsWith("logits: unknown option --top-kk, did you mean --top-k");
        assertThat(Run.of("sample", folder).err())
                .isEqualTo("logits: " + folder + ": this is a folder, a file is needed\n");
        assertThat(Run.of("sample", folder.resolve("no")).err())
                .isEqualTo("logits: " + folder.resolve("no") + ": there is no such file\n");
    }

    @Test
    void theNumberOfThreadsChangesNothing() {
        Random random = new Random(1);
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            lines.append("{\"logits\":[");
            for (int id = 0; id < 50; id++) {
                lines.append(id == 0 ? "" : ",").append(random.nextGaussian());
            }
            lines.append("],\"top_p\":0.9,\"mirostat\":2,\"n\":2}\n");
        }
        Run one = sample(lines.toString(), "--threads", 1);
        assertThat(one.lines()).hasSize(300);
        assertThat(sample(lines.toString(), "--threads", 5)).isEqualTo(one);
    }

    @Test
    void withJsonAllRowsAreOneObject() throws IOException {
        Run run = sample("{\"logits\":[1]}\n{\"logits\":[1,\"NaN\"]}\n", "--json");
        assertThat(run.json().get("rows")).hasSize(2);
        assertThat(run.json().get("rows").get(1).get("status").asString()).isEqualTo("nan");
        assertThat(sample("", "--json").out()).isEqualTo("{\"rows\":[]}\n");
        Path out = folder.resolve("out.jsonl");
        assertThat(sample("{\"logits\":[1]}\n", "-o", out).out()).isEmpty();
        assertThat(Files.readString(out)).startsWith("{\"token\":0,").hasLineCount(1);
    }

    @Test
    void optionsSpellListsShortly() {
        JsonNode json = one(
                "{\"logits\":[1,2,3,4,5]}",
                "--logit-bias",
                "0=9,1=-Infinity",
                "--banned",
                "2",
                "--allowed",
                "0,1,2,3",
                "--dry-sequence-breakers",
                "3;4,5",
                "--keep-ties",
                "--distribution");
        assertThat(json.get("kept").asInt()).isEqualTo(2);
        assertThat(json.get("distribution").get(0).get(0).asInt()).isZero();
        assertThat(json.get("distribution").get(1).get(0).asInt()).isEqualTo(3);
        assertThat(Run.of("sample", "--logit-bias", "5").err())
                .isEqualTo("logits: logit_bias is \"5\", an object of numbers by token id is allowed\n");
    }
}
