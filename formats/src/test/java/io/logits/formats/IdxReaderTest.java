package io.logits.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logits.data.Dataset;
import io.logits.data.InputException;
import io.logits.data.Precision;
import io.logits.features.ImageEncoding;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxReaderTest {
    @TempDir
    Path folder;

    static byte[] idx(int type, byte[] data, int... shape) {
        ByteBuffer buffer = ByteBuffer.allocate(4 + 4 * shape.length + data.length);
        buffer.put((byte) 0).put((byte) 0).put((byte) type).put((byte) shape.length);
        for (int size : shape) {
            buffer.putInt(size);
        }
        return buffer.put(data).array();
    }

    private Path file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    private void assertMessage(byte[] images, String message) throws IOException {
        Path path = file("images", images);
        assertThatThrownBy(() -> IdxReader.readImages(path))
                .isInstanceOf(InputException.class)
                .hasMessage(path + ": " + message);
    }

    @Test
    void bytesBecomeTheFloatsNearestToTheirShareOf255() throws IOException {
        byte[] pixels = new byte[256];
        for (int v = 0; v < 256; v++) {
            pixels[v] = (byte) v;
        }
        Path images = file("images", idx(8, pixels, 4, 8, 8));
        Path labels = file("labels", idx(8, new byte[] {7, (byte) 200, 10, 7}, 4));
        Dataset data = IdxReader.read(images, labels);
        assertThat(data.encoding()).isEqualTo(new ImageEncoding(8, 8));
        assertThat(data.features().precision()).isEqualTo(Precision.FLOAT32);
        double[] row = new double[64];
        for (int i = 0; i < 4; i++) {
            data.features().copyRow(i, row);
            for (int j = 0; j < 64; j++) {
                assertThat(row[j]).isEqualTo((64 * i + j) / 255f);
            }
        }
        assertThat(data.labels().classes()).containsExactly("7", "10", "200");
        assertThat(data.labels().indices()).containsExactly(0, 2, 1, 0);
    }

    @Test
    void otherRanksAreImagesToo() throws IOException {
        byte[] data = random(24);
        assertThat(IdxReader.readImages(file("a", idx(8, data, 4, 6))).encoding())
                .isEqualTo(new ImageEncoding(1, 6));
        IdxImages deep = IdxReader.readImages(file("b", idx(8, data, 2, 2, 3, 2)));
        assertThat(deep.encoding()).isEqualTo(new ImageEncoding(6, 2));
        assertThat(deep.features().rows()).isEqualTo(2);
    }

    @Test
    void gzipGivesTheSame() throws IOException {
        byte[] images = idx(8, random(3 * 28 * 28), 3, 28, 28);
        Path plain = file("images", images);
        Path packed = folder.resolve("images.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write(images);
        }
        double[] a = new double[784];
        double[] b = new double[784];
        for (int i = 0; i < 3; i++) {
            IdxReader.readImages(plain).features().copyRow(i, a);
            IdxReader.readImages(packed).features().copyRow(i, b);
            assertThat(b).isEqualTo(a);
        }
    }

    @Test
    void badImagesAreNamed() throws IOException {
        byte[] data = random(24);
        assertMessage(new byte[0], "this is no IDX file, which begins with two zero bytes, a type and a rank");
        assertMessage("hello".getBytes(), "this is no IDX file, which begins with two zero bytes, a type and a rank");
        assertMessage(idx(0x0d, data, 2, 3), "IDX data of type 0x0d, unsigned bytes (0x08) are needed");
        assertMessage(idx(0x80, data, 2, 3), "IDX data of type 0x80, unsigned bytes (0x08) are needed");
        assertMessage(idx(8, data), "the IDX header ends early, 0 dimensions are announced");
        assertMessage(new byte[] {0, 0, 8, 3, 0, 0, 0, 1}, "the IDX header ends early, 3 dimensions are announced");
        assertMessage(idx(8, data, 24), "1 dimension, images have 2 or more");
        assertMessage(idx(8, data, 4, 0, 6), "dimension 2 is 0, 1 to 2147483647 are allowed");
        assertMessage(idx(8, data, -1, 6), "dimension 1 is 4294967295, 1 to 2147483647 are allowed");
        assertMessage(
                idx(8, data, 1, 1 << 16, 1 << 16), "images of 65536 x 65536 pixels, at most 2147483583 are allowed");
        assertMessage(idx(8, data, 5, 5), "the data ends after 24 of 25 bytes");
        assertMessage(idx(8, new byte[0], 5, 5), "the data ends after 0 of 25 bytes");
        assertMessage(idx(8, data, 2147483647, 1, 2147483583), "the data ends after 24 of 4611685876693467201 bytes");
        assertMessage(idx(8, data, 23, 1), "there is more data than the dimensions say");
    }

    @Test
    void badLabelsAreNamed() throws IOException {
        Path images = file("images", idx(8, random(24), 4, 6));
        Path labels = folder.resolve("labels");
        Files.write(labels, idx(8, new byte[3], 3));
        assertThatThrownBy(() -> IdxReader.read(images, labels))
                .isInstanceOf(InputException.class)
                .hasMessage(labels + ": 3 labels, " + images + " has 4 images");
        Files.write(labels, idx(8, new byte[4], 4, 1));
        assertThatThrownBy(() -> IdxReader.read(images, labels)).hasMessage(labels + ": 2 dimensions, labels have 1");
        Files.write(labels, idx(8, new byte[3], 2147483647));
        assertThatThrownBy(() -> IdxReader.read(images, labels))
                .hasMessage(labels + ": the data ends after 3 of 2147483647 bytes");
        Files.write(labels, idx(8, new byte[5], 4));
        assertThatThrownBy(() -> IdxReader.read(images, labels))
                .hasMessage(labels + ": there is more data than the dimensions say");
        Files.delete(labels);
        assertThatThrownBy(() -> IdxReader.read(images, labels)).hasMessage(labels + ": there is no such file");
    }

    @Test
    void gzipThatEndsEarlyIsOneLine() throws IOException {
        Path packed = folder.resolve("images.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write(idx(8, random(28 * 28), 1, 28, 28));
        }
        byte[] whole = Files.readAllBytes(packed);
        Files.write(packed, Arrays.copyOf(whole, whole.length / 2));
        assertThatThrownBy(() -> IdxReader.readImages(packed))
                .isInstanceOf(InputException.class)
                .hasMessage(packed + ": the gzip data ends early");
    }
}
