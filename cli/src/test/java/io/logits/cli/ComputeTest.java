package io.logits.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.logits.kernels.FloatLogitFunctions;
import io.logits.kernels.LogitFunctions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ComputeTest {
    @TempDir
    Path folder;

    private static String computed(String input, Object... args) {
        Run run = Run.with(input, 0, args);
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        return run.out();
    }

    private static void assertMistake(String message, String input, Object... args) {
        Run run = Run.with(input, 0, args);
        assertThat(run.err()).isEqualTo("logits: " + message + "\n");
        assertThat(run.code()).isEqualTo(2);
    }

    @Test
    void numbersAreTakenOneByOne() {
        assertThat(computed("0 -800\n1e3\n", "compute", "sigmoid")).isEqualTo("0.5 0.0\n1.0\n");
        assertThat(computed("-800\t0\n", "compute", "log-sigmoid")).isEqualTo("-800.0 -0.6931471805599453\n");
        assertThat(computed("-800 , 800\n", "compute", "softplus")).isEqualTo("0.0 800.0\n");
        assertThat(computed("0,0.5,1,2", "compute", "logit")).isEqualTo("-inf 0.0 inf nan\n");
    }

    @Test
    void rowsAreTakenWholeWhateverTheirLength() {
        assertThat(computed("0 0\n7\n1000 1000 1000 1000\n0 0 -inf\n", "compute", "softmax"))
                .isEqualTo("0.5 0.5\n1.0\n0.25 0.25 0.25 0.25\n0.5 0.5 0.0\n");
        assertThat(computed("0 0\n-1000 0\n", "compute", "log-softmax"))
                .isEqualTo("-0.6931471805599453 -0.6931471805599453\n-1000.0 -0.0\n");
        assertThat(computed("0 0\n7\n-inf -inf\ninf 1\n1 nan\n", "compute", "log-sum-exp"))
                .isEqualTo("0.6931471805599453\n7.0\n-inf\ninf\nnan\n");
    }

    @Test
    void lossesTakeTheLabelFirst() {
        assertThat(computed("1 0\n0 0\n1 -800\n0,-800\n1.0 800\n", "compute", "log-loss"))
                .isEqualTo("0.6931471805599453\n0.6931471805599453\n800.0\n0.0\n0.0\n");
        assertThat(computed("5e-324\n", "compute", "softplus", "--float")).isEqualTo("0.6931472\n");
        assertThat(computed("-745\n", "compute", "sigmoid")).isEqualTo("5.0E-324\n");
        assertThat(computed("0 1000 0\n1 1000 0\n2 0 0 0 0\n1 3 3 3 3\n0 5\n", "compute", "cross-entropy"))
                .isEqualTo("0.0\n1000.0\n1.3862943611198906\n1.3862943611198906\n0.0\n");
    }

    @Test
    void numbersMayBeNamedAndLinesMayEndAsTheyLike() {
        assertThat(computed("\ufeff+inf\t-INF , Infinity\r\n -infinity NaN\r\n  1\t", "compute", "softplus"))
                .isEqualTo("inf 0.0 inf\n0.0 nan\n1.3132616875182228\n");
        assertThat(computed("", "compute", "softplus")).isEmpty();
        assertThat(computed("0\n", "compute", "sigmoid", "-")).isEqualTo("0.5\n");
    }

    @Test
    void floatsAreComputedAndPrintedAsFloats() {
        assertThat(computed("1 2 3\n", "compute", "softmax", "--float"))
                .isEqualTo(IntStream.range(0, 3)
                        .mapToObj(i -> {
                            float[] p = new float[3];
                            FloatLogitFunctions.softmax(new float[] {1, 2, 3}, p);
                            return Float.toString(p[i]);
                        })
                        .collect(Collectors.joining(" ", "", "\n")));
        assertThat(computed("1 0.1\n", "compute", "log-loss", "--float")).isEqualTo("0.64439666\n");
    }

    @Test
    void jsonIsOneObject() {
        assertThat(computed("1 0 0\n0 3\n", "compute", "cross-entropy", "--json"))
                .isEqualTo("{\"function\":\"cross-entropy\",\"precision\":\"double\","
                        + "\"values\":[[0.6931471805599453],[0.0]],\"rows\":2}\n");
        assertThat(computed("0 1 2\n0.5\n", "compute", "logit", "--json", "--float"))
                .isEqualTo("{\"function\":\"logit\",\"precision\":\"float\","
                        + "\"values\":[[null,null,null],[0.0]],\"rows\":2}\n");
        assertThat(computed("", "compute", "logit", "--json"))
                .isEqualTo("{\"function\":\"logit\",\"precision\":\"double\",\"values\":[],\"rows\":0}\n");
    }

    /** Lengths cross the kernels' own cases, and rows of equal length stand together and apart. */
    private static List<double[]> raggedRows(int count) {
        SplittableRandom random = new SplittableRandom(11);
        return IntStream.range(0, count)
                .mapToObj(i -> random.doubles(1 + i / 3 % 40, -9, 9).toArray())
                .toList();
    }

    private static String text(List<double[]> rows) {
        return rows.stream()
                .map(row -> Arrays.stream(row).mapToObj(Double::toString).collect(Collectors.joining(" ")) + "\n")
                .collect(Collectors.joining());
    }

    @ParameterizedTest
    @EnumSource(names = {"SOFTMAX", "LOG_SOFTMAX", "SIGMOID"})
    void whatIsPrintedReadsBackAsTheSameDoubles(LogitFunction function) {
        List<double[]> rows = raggedRows(20_000);
        List<String> lines =
                computed(text(rows), "compute", function.label()).lines().toList();
        assertThat(lines).hasSameSizeAs(rows);
        for (int i = 0; i < rows.size(); i++) {
            double[] expected = new double[rows.get(i).length];
            switch (function) {
                case SOFTMAX -> LogitFunctions.softmax(rows.get(i), expected);
                case LOG_SOFTMAX -> LogitFunctions.logSoftmax(rows.get(i), expected);
                default -> LogitFunctions.sigmoid(rows.get(i), expected);
            }
            double[] read = Arrays.stream(lines.get(i).split(" "))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            assertThat(read).containsExactly(expected);
        }
    }

    @Test
    void theResultDependsNeitherOnThreadsNorOnBlocks() {
        String input = text(raggedRows(20_000));
        String one = computed(input, "compute", "log-sum-exp", "--threads", 1);
        assertThat(computed(input, "compute", "log-sum-exp", "--threads", 5)).isEqualTo(one);
    }

    @Test
    void packedFilesAreUnpacked() throws IOException {
        Path gzip = folder.resolve("rows.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
            out.write("0 0\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(computed("", "compute", "softmax", gzip)).isEqualTo("0.5 0.5\n");
        Path zstandard = folder.resolve("rows.zst");
        byte[] packed = Zstd.compress("0 0\n".getBytes(StandardCharsets.UTF_8));
        Files.write(zstandard, packed);
        assertThat(computed("", "compute", "softmax", zstandard)).isEqualTo("0.5 0.5\n");
        Files.write(zstandard, Arrays.copyOf(packed, packed.length - 1));
        assertMistake(zstandard + ": the zstd data ends early", "", "compute", "softmax", zstandard);
        Arrays.fill(packed, 6, packed.length, (byte) 0xff);
        Files.write(zstandard, packed);
        assertMistake(zstandard + ": the zstd data is damaged", "", "compute", "softmax", zstandard);
        Path plain = folder.resolve("rows.txt");
        Files.writeString(plain, "0 0\n");
        assertThat(computed("", "compute", "softmax", plain)).isEqualTo("0.5 0.5\n");
    }

    @Test
    void badLinesAreNamedWithTheirPlace() throws IOException {
        assertMistake(
                "standard input:2:1: the line is empty, a row has at least one number", "1\n\n", "compute", "sigmoid");
        assertMistake(
                "standard input:1:2: a comma ends the line, a number is needed behind it",
                "1, \n",
                "compute",
                "sigmoid");
        assertMistake(
                "standard input:1:3: found nothing before the comma, a number, inf, -inf or nan is needed",
                "1,,2\n",
                "compute",
                "sigmoid");
        assertMistake(
                "standard input:2:5: found \"0x1\", a number, inf, -inf or nan is needed",
                "1\n2 3 0x1\n",
                "compute",
                "softmax");
        assertMistake(
                "standard input:1:1: \"-1e999\" is beyond the largest number, 1.7976931348623157E308",
                "-1e999\n",
                "compute",
                "softmax");
        assertMistake(
                "standard input:1:1: \"1e39\" is beyond the largest number, 3.4028235E38 in float32",
                "1e39\n",
                "compute",
                "softmax",
                "--float");
        Path file = folder.resolve("rows.txt");
        Files.writeString(file, "1 2\nä\n");
        assertMistake(file + ":2:1: found \"ä\", a number, inf, -inf or nan is needed", "", "compute", "softmax", file);
        assertMistake(folder.resolve("no") + ": there is no such file", "", "compute", "softmax", folder.resolve("no"));
    }

    @Test
    void labelsAreHeldToTheirRow() {
        assertMistake("standard input:1:1: the label is \"2\", 0 or 1 is allowed", "2 1\n", "compute", "log-loss");
        assertMistake("standard input:1:1: the label is \"nan\", 0 or 1 is allowed", "nan 1\n", "compute", "log-loss");
        assertMistake(
                "standard input:2:3: the label is followed by 2 numbers, one logit is needed",
                "1 1\n1 1 2\n",
                "compute",
                "log-loss");
        assertMistake(
                "standard input:1:2: the label is followed by no number, one logit is needed",
                "1\n",
                "compute",
                "log-loss");
        assertMistake(
                "standard input:1:1: the label is \"3\", 0 to 2 are allowed with 3 logits",
                "3 1 2 3\n",
                "compute",
                "cross-entropy");
        assertMistake(
                "standard input:1:1: the label is \"0.5\", 0 or 1 is allowed with 2 logits",
                "0.5 1 2\n",
                "compute",
                "cross-entropy");
        assertMistake(
                "standard input:1:2: the label is followed by no number, logits are needed",
                "0\n",
                "compute",
                "cross-entropy");
    }

    @Test
    void theFirstOfSeveralBadLinesIsNamedAndWhatLiesBlocksBeforeItIsWritten() {
        String good = "0.123456789 0.5\n".repeat(40_000);
        Run run = Run.with(good + "x\n" + good + "y\n", 0, "compute", "softmax", "--threads", 3);
        assertThat(run.err())
                .isEqualTo("logits: standard input:40001:1: found \"x\", a number, inf, -inf or nan is needed\n");
        assertThat(run.lines()).hasSizeBetween(16_384, 40_000);
    }

    @Test
    void functionsThatDoNotExistAreNamed() {
        assertMistake(
                "invalid value for positional parameter at index 0 (FUNCTION): 'tanh' is not one of sigmoid,"
                        + " log-sigmoid, softplus, logit, softmax, log-softmax, log-sum-exp, log-loss, cross-entropy;"
                        + " see logits compute --help",
                "",
                "compute",
                "tanh");
    }

    /** Hundreds of megabytes in, in a heap that is held to far less by what is reachable at any time. */
    @Test
    void memoryDoesNotGrowWithTheText() {
        byte[] part = "0.25 -1\n".repeat(1 << 13).getBytes(StandardCharsets.UTF_8);
        int parts = 200;
        InputStream in = new SequenceInputStream(Collections.enumeration(IntStream.range(0, parts)
                .mapToObj(i -> (InputStream) new ByteArrayInputStream(part))
                .toList()));
        long[] written = new long[1];
        OutputStream out = new OutputStream() {
            @Override
            public void write(int b) {
                written[0]++;
            }

            @Override
            public void write(byte[] b, int from, int length) {
                assertThat(length).isLessThan(4 << 20);
                written[0] += length;
            }
        };
        PrintStream err = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        assertThat(Logits.run(new Console(in, out, err, 0), "compute", "log-sum-exp"))
                .isZero();
        assertThat(written[0]).isEqualTo((long) parts * (1 << 13) * "0.5019334998823597\n".length());
    }
}
