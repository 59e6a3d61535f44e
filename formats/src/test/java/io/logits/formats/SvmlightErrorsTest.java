package io.logits.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import io.logits.data.InputException;
import io.logits.data.Precision;
import io.logits.features.IndexedEncoding;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SvmlightErrorsTest {
    private static final SvmlightOptions OPTIONS = SvmlightOptions.defaults().withThreads(2);

    @TempDir
    Path folder;

    private static void assertMessage(byte[] bytes, SvmlightOptions options, String message) {
        InputStream in = new ByteArrayInputStream(bytes);
        assertThatThrownBy(() -> SvmlightReader.read(in, "train.svm", options))
                .isInstanceOf(InputException.class)
                .hasMessage(message);
    }

    private static void assertMessage(String text, SvmlightOptions options, String message) {
        assertMessage(text.getBytes(StandardCharsets.UTF_8), options, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1 1:1~2 9:1 8:1           | train.svm:2:7: feature indices must increase, 8 after 9",
                "1 9:1 9:1                 | train.svm:1:7: feature indices must increase, 9 after 9",
                "1 0:1 0:1                 | train.svm:1:7: feature indices must increase, 0 after 0",
                "1 1:1~# x~~häm 2:1 1:1    | train.svm:4:9: feature indices must increase, 1 after 2",
                "1 x                       | train.svm:1:3: found \"x\", index:value is needed",
                "1 3                       | train.svm:1:3: found \"3\", index:value is needed",
                "1 :3                      | train.svm:1:3: found \":3\", index:value is needed",
                "1 -3:1                    | train.svm:1:3: found \"-3:1\", index:value is needed",
                "1 +3:1                    | train.svm:1:3: found \"+3:1\", index:value is needed",
                "1 1.5:1                   | train.svm:1:3: found \"1.5:1\", index:value is needed",
                "1 1:1 qid                 | train.svm:1:7: found \"qid\", index:value is needed",
                "1 1:1, 2:2                | train.svm:1:5: the value of feature 1 is \"1,\", a finite decimal number is needed",
                "1 3:                      | train.svm:1:5: feature 3 has no value, index:value is needed",
                "1 3: 4                    | train.svm:1:5: feature 3 has no value, index:value is needed",
                "1 3:#                     | train.svm:1:5: feature 3 has no value, index:value is needed",
                "1 3:abc                   | train.svm:1:5: the value of feature 3 is \"abc\", a finite decimal number is needed",
                "1 3:1:2                   | train.svm:1:5: the value of feature 3 is \"1:2\", a finite decimal number is needed",
                "1 3:1.5.2                 | train.svm:1:5: the value of feature 3 is \"1.5.2\", a finite decimal number is needed",
                "1 3:1e                    | train.svm:1:5: the value of feature 3 is \"1e\", a finite decimal number is needed",
                "1 3:0x10                  | train.svm:1:5: the value of feature 3 is \"0x10\", a finite decimal number is needed",
                "1 3:1f                    | train.svm:1:5: the value of feature 3 is \"1f\", a finite decimal number is needed",
                "1 3:nan                   | train.svm:1:5: the value of feature 3 is \"nan\", a finite decimal number is needed",
                "1 3:-Infinity             | train.svm:1:5: the value of feature 3 is \"-Infinity\", a finite decimal number is needed",
                "1 2147483647:1            | train.svm:1:3: feature index 2147483647, at most 2147483646 is allowed",
                "1 99999999999999999999:1  | train.svm:1:3: feature index 99999999999999999999, at most 2147483646 is allowed",
                "1:1 2:1                   | train.svm:1:1: found \"1:1\", a line begins with a label",
                "~  NaN 2:1                | train.svm:2:3: the label is \"NaN\", a finite number or a name is needed",
                "-inf 2:1                  | train.svm:1:1: the label is \"-inf\", a finite number or a name is needed",
                "# nothing                 | train.svm: there is no row in it",
                "a~b                       | train.svm: no line has an index:value, one at least is needed"
            })
    void aBadLineIsNamed(String text, String message) {
        assertMessage(text.replace('~', '\n'), OPTIONS, message);
    }

    @Test
    void anEmptyFileHasNoRow() {
        assertMessage("", OPTIONS, "train.svm: there is no row in it");
    }

    @Test
    void longAndUnprintableTokensAreShownSafely() {
        assertMessage(
                "1 " + "x".repeat(1000),
                OPTIONS,
                "train.svm:1:3: found \"" + "x".repeat(40) + "...\", index:value is needed");
        assertMessage("1 a\u0007\u001b[31m", OPTIONS, "train.svm:1:3: found \"a??[31m\", index:value is needed");
        byte[] latin1 = "h\u00e4m 1:1".getBytes(StandardCharsets.ISO_8859_1);
        assertMessage(latin1, OPTIONS, "train.svm:1:1: the label \"h\ufffdm\" is not UTF-8");
    }

    @Test
    void whatDoesNotFitThePrecisionSaysWhatWould() {
        assertMessage(
                "1 1:1e39",
                OPTIONS,
                "train.svm:1:5: the value of feature 1 is \"1e39\", at most 3.4028235E38 in float32 and "
                        + "1.7976931348623157E308 in float64 is allowed");
        assertMessage(
                "1 1:-1e309",
                OPTIONS.withPrecision(Precision.FLOAT64),
                "train.svm:1:5: the value of feature 1 is \"-1e309\", at most 1.7976931348623157E308 is allowed");
    }

    @Test
    void indexZeroIsRefusedForAModelThatBeginsAtOne() {
        assertMessage(
                "1 1:1\n1 0:1",
                OPTIONS.withExpected(new IndexedEncoding(5, 1)),
                "train.svm:2:3: feature index 0, the features of the model begin at 1");
    }

    @Test
    void ofManyBadLinesTheFirstIsNamedWithItsExactNumber() {
        Random random = new Random(5);
        String[] lines = new String[600_000];
        Arrays.fill(lines, "1 1:0.5 2:0.25");
        for (int trial = 0; trial < 4; trial++) {
            String[] bad = lines.clone();
            int first = random.nextInt(bad.length);
            for (int i = 0; i < 20; i++) {
                bad[Math.max(first, random.nextInt(bad.length))] = "1 1:0.5 1:0.25";
            }
            bad[first] = "1 1:0.5 2;0.25";
            assertMessage(
                    String.join("\n", bad),
                    OPTIONS.withThreads(1 + trial % 4),
                    "train.svm:" + (first + 1) + ":9: found \"2;0.25\", index:value is needed");
        }
    }

    @Test
    void gzipThatEndsEarlyOrIsDamagedIsOneLine() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            Random random = new Random(3);
            for (int i = 0; i < 20_000; i++) {
                out.write(("1 1:" + random.nextInt() + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        byte[] whole = bytes.toByteArray();
        for (int length : new int[] {3, 9, 10, 11, 1000, whole.length / 2, whole.length - 8, whole.length - 1}) {
            assertMessage(Arrays.copyOf(whole, length), OPTIONS, "train.svm: the gzip data ends early");
        }
        byte[] damaged = whole.clone();
        damaged[whole.length - 6] ^= 1; // the checksum
        assertMessage(damaged, OPTIONS, "train.svm: the gzip data is damaged");
        damaged[2] = 7; // the method
        assertMessage(damaged, OPTIONS, "train.svm: the gzip data is damaged");
    }

    @Test
    void zstandardThatEndsEarlyOrIsDamagedIsOneLine() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new ZstdOutputStream(bytes)) {
            Random random = new Random(3);
            for (int i = 0; i < 20_000; i++) {
                out.write(("1 1:" + random.nextInt() + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        byte[] whole = bytes.toByteArray();
        for (int length : new int[] {4, 5, 9, 1000, whole.length / 2, whole.length - 4, whole.length - 1}) {
            assertMessage(Arrays.copyOf(whole, length), OPTIONS, "train.svm: the zstd data ends early");
        }
        byte[] damaged = whole.clone();
        damaged[whole.length - 1] ^= 1; // the checksum
        assertMessage(damaged, OPTIONS, "train.svm: the zstd data is damaged");
    }

    @Test
    void aBadLineBeforeTheDamageComesFirst() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write("x\n1 1\n".getBytes(StandardCharsets.UTF_8));
            out.write("1 1:1\n".repeat(3_000_000).getBytes(StandardCharsets.UTF_8));
        }
        byte[] cut = Arrays.copyOf(bytes.toByteArray(), bytes.size() - 9);
        for (int threads = 1; threads <= 4; threads++) {
            assertMessage(cut, OPTIONS.withThreads(threads), "train.svm:2:3: found \"1\", index:value is needed");
        }
    }

    @Test
    void aFailingStreamIsAnIoException() {
        InputStream failing = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the pipe broke");
            }
        };
        assertThatThrownBy(() -> SvmlightReader.read(failing, "-", OPTIONS))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("the pipe broke");
    }

    @Test
    void whatIsNoFileIsNamed() throws IOException {
        Path missing = folder.resolve("missing.svm");
        assertThatThrownBy(() -> SvmlightReader.read(missing, OPTIONS))
                .isInstanceOf(InputException.class)
                .hasMessage(missing + ": there is no such file");
        assertThatThrownBy(() -> SvmlightReader.read(folder, OPTIONS))
                .isInstanceOf(InputException.class)
                .hasMessage(folder + ": this is a folder, a file is needed");
        Path empty = Files.createFile(folder.resolve("empty.svm"));
        assertThatThrownBy(() -> SvmlightReader.read(empty, OPTIONS)).hasMessage(empty + ": there is no row in it");
    }

    @Test
    void threadsMustBePositive() {
        assertThatThrownBy(() -> OPTIONS.withThreads(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("threads is 0, at least 1 is needed");
        assertThat(SvmlightOptions.defaults().threads()).isPositive();
    }
}
