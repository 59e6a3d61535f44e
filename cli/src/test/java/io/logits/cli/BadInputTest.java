package io.logits.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every case of {@code bad-input.txt} gets its one line and exit code 2, and leaves nothing behind. */
class BadInputTest {
    private static final int FEWEST_CASES = 100;

    private static final Pattern BYTE = Pattern.compile("\\\\x([0-9a-f]{2})");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    @TempDir
    static Path given;

    @TempDir
    Path folder;

    /** A case as the file tells it. */
    private record Case(String name, List<String> lines) {
        String line(char mark) {
            return lines.stream()
                    .filter(line -> line.charAt(0) == mark)
                    .map(line -> line.substring(1).strip())
                    .collect(Collectors.joining());
        }

        List<String> command() {
            List<String> words = new ArrayList<>();
            Matcher matcher = WORD.matcher(line('$'));
            while (matcher.find()) {
                words.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
            }
            return words;
        }
    }

    private static List<Case> cases() throws IOException {
        String text;
        try (var in = BadInputTest.class.getResourceAsStream("bad-input.txt")) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        List<Case> cases = new ArrayList<>();
        for (String part : text.split("(?m)^== ")) {
            if (!part.startsWith("#")) {
                List<String> lines =
                        part.lines().filter(line -> !line.isBlank()).toList();
                cases.add(new Case(lines.get(0), lines.subList(1, lines.size())));
            }
        }
        return cases;
    }

    @BeforeAll
    static void writeGoodFiles() throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        write(
                "table.csv",
                "x,c,y\n",
                30,
                i -> random.nextInt(9) + "," + "kl".charAt(i % 2) + "," + "uv".charAt(i / 2 % 2));
        write("three.csv", "a,b,y\n", 30, i -> random.nextInt(9) + "," + random.nextInt(9) + "," + "uvw".charAt(i % 3));
        write("many.csv", "name,x,y\n", 300, i -> "name" + i + "," + i % 7 + "," + i % 2);
        write("rows.svm", "", 30, i -> i % 2 + " 1:" + random.nextInt(1, 9) + " 3:" + random.nextInt(1, 9));
        Files.writeString(given.resolve("empty.csv"), "");
        fit("table");
        fit("three");
        assertThat(Run.of("fit", path("rows.svm"), "-o", path("rows.safetensors"))
                        .code())
                .isZero();
        assertThat(Run.of("fit", path("table.csv"), "--offset", "x", "-o", path("offset.safetensors"))
                        .code())
                .isZero();
        Files.write(path("images-idx3-ubyte"), idx(new byte[5 * 4], 5, 2, 2));
        Files.write(path("labels-idx1-ubyte"), idx(new byte[] {0, 1, 0, 1, 0}, 5));
        Files.write(path("short-idx1-ubyte"), idx(new byte[] {0, 1, 0}, 3));
        cut("cut.csv.gz", gzip(Files.readAllBytes(path("many.csv"))));
        cut("cut.svm.gz", gzip(Files.readAllBytes(path("rows.svm"))));
        cut("cut.svm.zst", zstd("rows.svm"));
        cut("cut.csv.zst", zstd("many.csv"));
        Files.write(path("cut.safetensors"), modelHeader(1104, 754));
        Files.createDirectory(path("folder"));
    }

    private static Path path(String name) {
        return given.resolve(name);
    }

    private static void write(String name, String header, int rows, IntFunction<String> row) throws IOException {
        Files.writeString(
                path(name), IntStream.range(0, rows).mapToObj(row).collect(Collectors.joining("\n", header, "\n")));
    }

    private static void fit(String name) {
        Run run = Run.of("fit", path(name + ".csv"), "-o", path(name + ".safetensors"));
        assertThat(run.code()).as(run.err()).isZero();
    }

    private static byte[] idx(byte[] data, int... dimensions) {
        ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * dimensions.length + data.length);
        bytes.putInt(0x0800 + dimensions.length);
        for (int dimension : dimensions) {
            bytes.putInt(dimension);
        }
        return bytes.put(data).array();
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    /** A Zstandard frame of one raw block: the text is in it as it is. */
    private static byte[] zstd(String name) throws IOException {
        byte[] text = Files.readAllBytes(path(name));
        ByteBuffer frame = ByteBuffer.allocate(text.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(0xfd2fb528).put((byte) 0x60).putShort((short) (text.length - 256));
        int block = text.length << 3 | 1;
        frame.put((byte) block)
                .put((byte) (block >> 8))
                .put((byte) (block >> 16))
                .put(text);
        return Arrays.copyOf(frame.array(), frame.position());
    }

    /** The beginning of a model file, which announces a header of more bytes than follow. */
    private static byte[] modelHeader(int announced, int present) {
        return ByteBuffer.allocate(Long.BYTES + present)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(announced)
                .array();
    }

    private static void cut(String name, byte[] whole) throws IOException {
        Files.write(path(name), Arrays.copyOf(whole, whole.length * 2 / 3));
    }

    @TestFactory
    Stream<DynamicTest> badInputGetsOneLineAndLeavesNothingBehind() throws IOException {
        return cases().stream().map(each -> dynamicTest(each.name(), () -> check(each)));
    }

    @Test
    void thereAreCasesEnough() throws IOException {
        assertThat(cases()).hasSizeGreaterThanOrEqualTo(FEWEST_CASES);
        assertThat(cases().stream().map(Case::name).distinct().count()).isEqualTo(cases().size());
    }

    private void check(Case each) throws IOException {
        Path place = Files.createTempDirectory(folder, "case");
        try (Stream<Path> files = Files.list(given)) {
            for (Path file : files.toList()) {
                Files.copy(file, place.resolve(file.getFileName()));
            }
        }
        for (String line : each.lines()) {
            int bar = line.indexOf(" | ");
            if (bar > 0) {
                byte[] bytes = (unescaped(line.substring(bar + 3)) + "\n").getBytes(StandardCharsets.ISO_8859_1);
                Files.write(
                        place.resolve(line.substring(0, bar)),
                        bytes,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            }
        }
        List<String> before = names(place);
        Object[] words = each.command().stream()
                .map(word ->
                        before.contains(word) || word.matches("none[-./].*|table[.]xlsx") ? place.resolve(word) : word)
                .toArray();
        Run run = Run.of(words);
        assertThat(new Run(run.code(), run.out(), run.err().replace(place + "/", "")))
                .isEqualTo(new Run(2, "", "logits: " + each.line('!') + "\n"));
        assertThat(names(place)).isEqualTo(before);
    }

    /** Root may read everything: there nothing can be shown. */
    @Test
    void filesThatMayNotBeReadAreNamed() throws IOException {
        for (String name : List.of("table.csv", "rows.svm")) {
            Path file = Files.copy(given.resolve(name), folder.resolve(name));
            Files.setPosixFilePermissions(file, Set.of());
            Assumptions.assumeFalse(Files.isReadable(file), "this user may read everything");
            Run run = Run.of("fit", file);
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err()).startsWith("logits: " + file + ": ").hasLineCount(1);
        }
    }

    @Test
    void aFullDeviceIsOneLine() throws IOException {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.exists(full), "this system has no /dev/full");
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (OutputStream out = Files.newOutputStream(full)) {
            Console console = new Console(
                    new ByteArrayInputStream(new byte[0]), out, new PrintStream(err, true, StandardCharsets.UTF_8), 0);
            String[] args = {
                "predict",
                path("table.safetensors").toString(),
                path("table.csv").toString()
            };
            assertThat(Logits.run(console, args)).isEqualTo(2);
        }
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("logits: No space left on device\n");
    }

    private static String unescaped(String text) {
        return BYTE.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement("" + (char) Integer.parseInt(found.group(1), 16)));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
