package io.logits.formats;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdOutputStream;
import io.logits.data.InputException;
import io.logits.features.IndexedEncoding;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged files give data, a model, or one {@link InputException} of one line; nothing else, soon, and in little memory.
 * The seed of a failing input is in the failure's description.
 */
@Timeout(value = 1, unit = TimeUnit.HOURS)
class FuzzTest {
    /** Inputs of each kind of file; those of IDX are a tenth, as the matrix takes 8 MB for the first row already. */
    private static final int COUNT = Integer.getInteger("logits.fuzz", 5_000);

    /** What any input may take: buffers, blocks of a matrix, a JSON parser. All inputs are smaller than 2 KB. */
    private static final long MOST_BYTES = 20 << 20;

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    Path folder;

    private interface Reading {
        void read(byte[] input) throws IOException;
    }

    private static final List<String> PIECES = List.of(
            ":",
            " ",
            "\n",
            "#",
            "-",
            "+",
            ".",
            "e",
            "0",
            "9",
            "999999999999",
            "1e999",
            "nan",
            "qid:",
            "\r",
            "\t",
            "\0",
            "\u00e4",
            "{",
            "}",
            "[",
            "]",
            "\"",
            "\\\"",
            ",",
            "null",
            "-1",
            "1.5",
            "2147483647",
            "4294967296",
            "{}",
            "[]",
            "\u001f\u008b",
            "\u00ff\u00ff\u00ff\u00ff",
            "\u007f\u00ff\u00ff\u00ff");

    /** A few random changes: bytes, pieces put in or over, parts left out, doubled or cut off. */
    private static byte[] mutate(byte[] seed, Random random) {
        byte[] bytes = seed;
        for (int change = random.nextInt(4); change >= 0 && bytes.length > 0; change--) {
            int at = random.nextInt(bytes.length);
            int to = Math.min(bytes.length, at + 1 + random.nextInt(20));
            byte[] piece = PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.ISO_8859_1);
            switch (random.nextInt(7)) {
                case 0 -> {
                    bytes = bytes.clone();
                    bytes[at] ^= (byte) (1 << random.nextInt(8));
                }
                case 1 -> {
                    bytes = bytes.clone();
                    bytes[at] = (byte) random.nextInt(256);
                }
                case 2 -> bytes = join(bytes, at, piece, at);
                case 3 -> bytes = join(bytes, at, piece, Math.min(bytes.length, at + piece.length));
                case 4 -> bytes = join(bytes, at, new byte[0], to);
                case 5 -> bytes = join(bytes, to, Arrays.copyOfRange(bytes, at, to), to);
                default -> bytes = random.nextInt(4) == 0 ? Arrays.copyOf(bytes, at) : bytes;
            }
        }
        return bytes;
    }

    private static byte[] join(byte[] bytes, int end, byte[] middle, int start) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, end);
        out.writeBytes(middle);
        out.write(bytes, start, bytes.length - start);
        return out.toByteArray();
    }

    private static void fuzz(int count, List<byte[]> seeds, Reading reading) {
        int refused = 0;
        for (int i = 0; i < count; i++) {
            Random random = new Random(i);
            byte[] input = mutate(seeds.get(random.nextInt(seeds.size())), random);
            long before = THREADS.getCurrentThreadAllocatedBytes();
            try {
                reading.read(input);
            } catch (InputException e) {
                refused++;
                assertThat(e.getMessage()).as("seed %d", i).hasSizeLessThan(400).doesNotContain("\n", "\r", "\0");
            } catch (IOException | RuntimeException | Error e) {
                throw new AssertionError("seed " + i + " gave " + e, e);
            }
            long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
            assertThat(taken).as("bytes taken by seed %d", i).isLessThan(MOST_BYTES);
        }
        // Both ways out must have been taken often, or the inputs are not near enough to good ones.
        assertThat(refused).isBetween(count / 20, count - count / 20);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] zstd(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream zstd = new ZstdOutputStream(out)) {
            zstd.write(bytes);
        }
        return out.toByteArray();
    }

    @Test
    void svmlight() throws IOException {
        byte[] text = ("# data\n1 1:0.5 3:-2.25e-1 7:1\n-1 qid:4 2:3 # more\n\nspam 1:1 2:2 3:3 4:4 5:5 6:6\r\n"
                        + "+1\t4:123456789012345678901234567890 9:.5\n2 10:1")
                .getBytes(StandardCharsets.UTF_8);
        SvmlightOptions open = SvmlightOptions.defaults().withThreads(1);
        SvmlightOptions expecting = open.withExpected(new IndexedEncoding(5, 1));
        fuzz(COUNT, List.of(text, text, text, gzip(text), zstd(text)), input -> {
            SvmlightReader.read(new ByteArrayInputStream(input), "data", open);
            SvmlightReader.read(new ByteArrayInputStream(input), "data", expecting);
        });
    }

    @Test
    void idx() throws IOException {
        byte[] data = new byte[60];
        new Random(1).nextBytes(data);
        byte[] images = IdxReaderTest.idx(8, data, 5, 3, 4);
        Path file = folder.resolve("images");
        Path labels = Files.write(folder.resolve("labels"), IdxReaderTest.idx(8, new byte[5], 5));
        fuzz(COUNT / 10, List.of(images, images, gzip(images)), input -> {
            Files.write(file, input);
            IdxReader.read(file, labels);
        });
        Path good = Files.write(folder.resolve("good"), images);
        fuzz(COUNT / 10, List.of(Files.readAllBytes(labels)), input -> {
            Files.write(file, input);
            IdxReader.read(good, file);
        });
    }

    @Test
    void modelFiles() throws IOException {
        Path file = folder.resolve("model.safetensors");
        ModelFile.write(file, Models.binomial());
        byte[] binomial = Files.readAllBytes(file);
        ModelFile.write(file, Models.multinomial());
        byte[] multinomial = Files.readAllBytes(file);
        fuzz(COUNT / 2, List.of(binomial, multinomial), input -> {
            Files.write(file, input);
            ModelFile.read(file);
        });
    }

    /** With the length before the header put right, changes reach the parts behind that check. */
    @Test
    void headersOfModelFiles() throws IOException {
        Path file = folder.resolve("model.safetensors");
        ModelFile.write(file, Models.multinomial());
        byte[] whole = Files.readAllBytes(file);
        byte[] header = Arrays.copyOfRange(whole, 8, whole.length - 72);
        fuzz(COUNT / 2, List.of(header), input -> {
            ByteBuffer bytes = ByteBuffer.allocate(8 + input.length + 72).order(ByteOrder.LITTLE_ENDIAN);
            bytes.putLong(input.length).put(input).put(whole, whole.length - 72, 72);
            Files.write(file, bytes.array());
            ModelFile.read(file);
        });
    }
}
