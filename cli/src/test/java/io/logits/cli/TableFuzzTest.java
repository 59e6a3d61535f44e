package io.logits.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged tables and odd options give a model or one line, never an internal error. The seed of a failing input is in
 * the failure's description; {@code -Dlogits.fuzz.tables=N} runs N of them.
 */
@Timeout(value = 3, unit = TimeUnit.HOURS)
class TableFuzzTest {
    private static final int COUNT = Integer.getInteger("logits.fuzz.tables", 120);

    private static final List<String> TABLES = List.of(
            "a,b,t,y\n1,k,some words,u\n2.5,l,\"more, words\",v\n-3,k,some more,u\n4,l,words,v\n",
            "a;b;w;y\r\n1;k;1;0\r\n2;l;2;1\r\n3;k;1;0\r\n4;l;1;1\r\n",
            "a\tb\tw\ty\n1e3\tk\t1\tu\n2\tl\t2\tv\n-7\tk\t0\tu\n5\tl\t3\tv\n",
            "[{\"a\": 1, \"b\": \"k\", \"y\": true}, {\"a\": 2.5, \"b\": \"l\", \"y\": false}, {\"a\": 3, \"b\": \"k\", \"y\": true}]");

    private static final List<String> OTHER_ENDINGS = List.of(".tsv", ".jsonl", ".csv.gz", ".csv.zst", ".parquet");

    private static final List<String> PIECES = List.of(
            ",",
            "\n",
            "\"",
            "\"\"",
            "\r",
            ";",
            "\t",
            "nan",
            "inf",
            "1e999",
            "-",
            "NA",
            "''",
            "\0",
            "\u00ff",
            "{",
            "]",
            "9223372036854775808",
            "1.5",
            "true",
            "2024-02-30",
            "a,b,t,y",
            "  ",
            "\u00ef\u00bb\u00bf",
            "\\");

    private static final List<List<String>> OPTIONS = List.of(
            List.of("--missing", "mean"),
            List.of("--missing", "indicator"),
            List.of("--missing", "drop"),
            List.of("--text", "t"),
            List.of("--min-df", "1"),
            List.of("--interact", "a:b"),
            List.of("--reference", "b=k"),
            List.of("--target", "a"),
            List.of("--weights", "w"),
            List.of("--offset", "a"),
            List.of("--drop", "b"),
            List.of("--only", "a"),
            List.of("--penalty", "none"),
            List.of("--precision", "float"),
            List.of("--class-weight", "balanced"),
            List.of("--class-weight", "u=2"),
            List.of("--standardize"),
            List.of("--no-intercept"),
            List.of("--lambda", "1e-300"),
            List.of("--C", "1e300"),
            List.of("--sql", "select * from data"),
            List.of("--sql", "select a, y from data where a > 1"),
            List.of("--format", "svmlight"),
            List.of("--family", "binomial"));

    @TempDir
    Path folder;

    private static String mutate(String text, Random random) {
        StringBuilder changed = new StringBuilder(text);
        for (int change = random.nextInt(6) - 2; change > 0 && !changed.isEmpty(); change--) {
            int at = random.nextInt(changed.length());
            int to = Math.min(changed.length(), at + 1 + random.nextInt(12));
            switch (random.nextInt(4)) {
                case 0 -> changed.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                case 1 -> changed.delete(at, to);
                case 2 -> changed.insert(to, changed.substring(at, to));
                default -> changed.setCharAt(at, (char) random.nextInt(256));
            }
        }
        return changed.toString();
    }

    @Test
    void tablesAndOptions() throws IOException {
        int refused = 0;
        Path model = folder.resolve("model.safetensors");
        for (int i = 0; i < COUNT; i++) {
            Random random = new Random(i);
            String text = mutate(TABLES.get(random.nextInt(TABLES.size())), random);
            String ending = text.startsWith("[") ? ".json" : ".csv";
            if (random.nextInt(20) == 0) {
                ending = OTHER_ENDINGS.get(random.nextInt(OTHER_ENDINGS.size()));
            }
            Path file = Files.write(folder.resolve("t" + ending), text.getBytes(StandardCharsets.ISO_8859_1));
            List<Object> words = new ArrayList<>(List.of("fit", file, "-o", model, "--max-passes", "50", "--quiet"));
            for (int option = random.nextInt(3); option > 0; option--) {
                words.addAll(OPTIONS.get(random.nextInt(OPTIONS.size())));
            }
            Run run = Run.of(words.toArray());
            refused += run.code() == 2 ? 1 : 0;
            assertThat(run.code()).as("seed %d: %s %s", i, words, run.err()).isIn(0, 2);
            if (run.code() == 2) {
                assertThat(run.err())
                        .as("seed %d: %s", i, words)
                        .startsWith("logits: ")
                        .hasLineCount(1);
                assertThat(run.err().length()).as("seed %d: %s", i, run.err()).isLessThan(600);
            } else {
                Run predicted = Run.of("predict", model, file, "--quiet");
                assertThat(predicted.code())
                        .as("seed %d: predict %s %s", i, words, predicted.err())
                        .isIn(0, 2);
            }
        }
        assertThat(refused).isBetween(COUNT / 20, COUNT - COUNT / 20);
    }
}
