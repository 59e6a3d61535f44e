package io.logits.formats;

import io.logits.data.Dataset;
import io.logits.data.DenseMatrix;
import io.logits.data.InputException;
import io.logits.data.Labels;
import io.logits.data.Precision;
import io.logits.features.ImageEncoding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads IDX files of unsigned bytes, the format of MNIST: two zero bytes, a type, the number of dimensions, then each
 * dimension as a big-endian 32-bit integer, then the bytes. The first dimension counts rows. Gzip and Zstandard are unpacked. A header
 * that promises more than the file holds is found out before memory is taken for it.
 */
public final class IdxReader {
    private static final int UNSIGNED_BYTES = 0x08;
    private static final int STEP = 1 << 16;

    private final InputStream in;
    private final String name;

    private IdxReader(InputStream in, String name) {
        this.in = in;
        this.name = name;
    }

    /**
     * Reads images and the class of each.
     *
     * @param images unsigned bytes of 2 dimensions or more, as of {@link #readImages}
     * @param labels unsigned bytes of 1 dimension, one per image; classes are those that occur, by number
     * @throws InputException if a file is not there, not such a file, or they do not fit
     * @throws IOException if reading fails
     */
    public static Dataset read(Path images, Path labels) throws IOException {
        IdxImages read = readImages(images);
        byte[] classOfRow = readLabels(labels);
        int rows = read.features().rows();
        if (classOfRow.length != rows) {
            throw new InputException(
                    labels.toString(), classOfRow.length + " labels, " + images + " has " + rows + " images");
        }
        return Dataset.of(read.features(), labels(classOfRow), read.encoding());
    }

    /**
     * Reads images alone. Of two dimensions the second is the width of images one pixel high; of more than three all
     * between the first and the last make up the height.
     *
     * @throws InputException if the file is not there or not such a file
     * @throws IOException if reading fails
     */
    public static IdxImages readImages(Path images) throws IOException {
        try (InputStream in = ByteSource.open(images)) {
            return new IdxReader(in, images.toString()).images();
        }
    }

    private static byte[] readLabels(Path labels) throws IOException {
        try (InputStream in = ByteSource.open(labels)) {
            return new IdxReader(in, labels.toString()).labelBytes();
        }
    }

    private IdxImages images() throws IOException {
        int[] shape = header();
        if (shape.length < 2) {
            throw new InputException(name, "1 dimension, images have 2 or more");
        }
        long height = 1;
        for (int d = 1; d + 1 < shape.length; d++) {
            height = Math.min(height * shape[d], Integer.MAX_VALUE);
        }
        int width = shape[shape.length - 1];
        if (height * width > Integer.MAX_VALUE - 64) {
            throw new InputException(
                    name, "images of " + height + " x " + width + " pixels, at most 2147483583 are allowed");
        }
        ImageEncoding encoding = new ImageEncoding((int) height, width);
        return new IdxImages(rows(shape[0], encoding.size()), encoding);
    }

    private DenseMatrix rows(int rows, int pixels) throws IOException {
        float[] scaled = new float[256];
        for (int v = 0; v < scaled.length; v++) {
            scaled[v] = v / 255f;
        }
        // The first row is there before anything is made in its size.
        byte[] bytes = in.readNBytes(pixels);
        int length = bytes.length;
        float[] row = new float[length];
        DenseMatrix.Builder builder = new DenseMatrix.Builder(length, Precision.FLOAT32);
        for (int i = 0, count = 1; i < rows; i += count) {
            if (i > 0) {
                count = Math.min(rows - i, Math.max(1, STEP / pixels));
                bytes = bytes.length == count * pixels ? bytes : new byte[count * pixels];
                length = in.readNBytes(bytes, 0, bytes.length);
            }
            if (length < count * pixels) {
                throw endsEarly((long) i * pixels + length, (long) rows * pixels);
            }
            for (int r = 0; r < count; r++) {
                scale(bytes, r * pixels, scaled, row);
                builder.addRow(row);
            }
        }
        checkEnd();
        return builder.build();
    }

    private static void scale(byte[] bytes, int from, float[] scaled, float[] row) {
        for (int j = 0; j < row.length; j++) {
            row[j] = scaled[bytes[from + j] & 0xff];
        }
    }

    private byte[] labelBytes() throws IOException {
        int[] shape = header();
        if (shape.length != 1) {
            throw new InputException(name, shape.length + " dimensions, labels have 1");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (bytes.size() < shape[0]) {
            byte[] some = in.readNBytes(Math.min(STEP, shape[0] - bytes.size()));
            if (some.length == 0) {
                throw endsEarly(bytes.size(), shape[0]);
            }
            bytes.writeBytes(some);
        }
        checkEnd();
        return bytes.toByteArray();
    }

    /** The dimensions, each at least 1. */
    private int[] header() throws IOException {
        byte[] magic = in.readNBytes(4);
        if (magic.length < 4 || magic[0] != 0 || magic[1] != 0) {
            throw new InputException(name, "this is no IDX file, which begins with two zero bytes, a type and a rank");
        }
        if (magic[2] != UNSIGNED_BYTES) {
            throw new InputException(
                    name,
                    String.format(
                            Locale.ROOT, "IDX data of type 0x%02x, unsigned bytes (0x08) are needed", magic[2] & 0xff));
        }
        int rank = magic[3] & 0xff;
        ByteBuffer header = ByteBuffer.wrap(in.readNBytes(4 * rank));
        if (rank == 0 || header.limit() < 4 * rank) {
            throw new InputException(name, "the IDX header ends early, " + rank + " dimensions are announced");
        }
        int[] shape = new int[rank];
        for (int d = 0; d < rank; d++) {
            shape[d] = header.getInt();
            if (shape[d] < 1) {
                throw new InputException(
                        name,
                        "dimension " + (d + 1) + " is " + Integer.toUnsignedString(shape[d])
                                + ", 1 to 2147483647 are allowed");
            }
        }
        return shape;
    }

    private InputException endsEarly(long found, long wanted) {
        return new InputException(name, "the data ends after " + found + " of " + wanted + " bytes");
    }

    private void checkEnd() throws IOException {
        if (in.read() >= 0) {
            throw new InputException(name, "there is more data than the dimensions say");
        }
    }

    private static Labels labels(byte[] classOfRow) {
        int[] classOf = new int[256];
        for (byte label : classOfRow) {
            classOf[label & 0xff] = 1;
        }
        List<String> classes = new ArrayList<>();
        for (int v = 0; v < classOf.length; v++) {
            if (classOf[v] == 1) {
                classOf[v] = classes.size();
                classes.add(Integer.toString(v));
            }
        }
        int[] indices = new int[classOfRow.length];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = classOf[classOfRow[i] & 0xff];
        }
        return Labels.of(classes, indices);
    }
}
