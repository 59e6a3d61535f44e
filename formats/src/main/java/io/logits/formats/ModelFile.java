package io.logits.formats;

import io.logits.data.InputException;
import io.logits.model.LogisticModel;
import io.logits.model.Model;
import io.logits.model.SoftmaxModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Models as {@code .safetensors} files: an 8-byte little-endian header length, a JSON header, then the tensors
 * {@code coefficients} ([1 x p] for two classes, [K x p] for more) and {@code intercepts} ([1] or [K]), both F64,
 * little-endian, row by row, without a gap, and {@code means} ([p]) if the mean row is known. {@code __metadata__} holds, all as text: {@code format} ("logits"),
 * {@code format_version} ("1"), {@code family} ("binomial" or "multinomial") and as JSON {@code classes},
 * {@code encoding} and {@code provenance}. The same model gives the same bytes.
 *
 * <p>The layout is that of <a href="https://github.com/huggingface/safetensors#format">safetensors</a>.
 */
public final class ModelFile {
    private static final int BUFFER = 1 << 16;

    private ModelFile() {}

    /**
     * Writes a model. Whatever happens meanwhile, the file is the old one or the new one as a whole.
     *
     * @param file replaced if it is there
     * @throws IllegalArgumentException if the model has a coefficient that is not finite, or names that no file holds
     * @throws InputException if the folder is not there or may not be written to
     * @throws IOException if writing fails; nothing is left behind
     */
    public static void write(Path file, Model model) throws IOException {
        for (int k = 0; k < model.logits(); k++) {
            if (!Double.isFinite(model.intercept(k))) {
                throw new IllegalArgumentException(
                        "the intercept of logit " + k + " is " + model.intercept(k) + ", a finite number is needed");
            }
            for (int j = 0; j < model.features(); j++) {
                if (!Double.isFinite(model.coefficient(k, j))) {
                    throw new IllegalArgumentException("the coefficient of logit " + k + " and feature " + j + " is "
                            + model.coefficient(k, j) + ", a finite number is needed");
                }
            }
        }
        for (int j = 0; j < model.features(); j++) {
            if (!Double.isFinite(model.mean(j))) {
                throw new IllegalArgumentException(
                        "the mean of feature " + j + " is " + model.mean(j) + ", a finite number is needed");
            }
        }
        byte[] header = ModelHeader.of(model).bytes();
        AtomicFile.write(file, out -> writeTo(out, header, model));
    }

    private static void writeTo(FileChannel out, byte[] header, Model model) throws IOException {
        ByteBuffer length = littleEndian(Long.BYTES).putLong(header.length).flip();
        writeFully(out, length);
        writeFully(out, ByteBuffer.wrap(header));
        ByteBuffer buffer = littleEndian(BUFFER);
        for (int k = 0; k < model.logits(); k++) {
            for (int j = 0; j < model.features(); j++) {
                put(out, buffer, model.coefficient(k, j));
            }
        }
        for (int k = 0; k < model.logits(); k++) {
            put(out, buffer, model.intercept(k));
        }
        for (int j = 0; model.hasMeans() && j < model.features(); j++) {
            put(out, buffer, model.mean(j));
        }
        writeFully(out, buffer.flip());
    }

    private static void put(FileChannel out, ByteBuffer buffer, double value) throws IOException {
        if (!buffer.hasRemaining()) {
            writeFully(out, buffer.flip());
            buffer.clear();
        }
        buffer.putDouble(value);
    }

    private static void writeFully(FileChannel out, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
    }

    /**
     * Reads a model. Nothing is taken on trust: the header must describe the file to the last byte, and no memory beyond
     * the file's size is taken before that is known.
     *
     * @throws InputException if the file is not there or is no whole model
     * @throws IOException if reading fails
     */
    public static Model read(Path file) throws IOException {
        ByteSource.checkFile(file);
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            return read(in, file.toString());
        } catch (AccessDeniedException e) {
            throw new InputException(file.toString(), "the file may not be read");
        }
    }

    private static Model read(FileChannel in, String file) throws IOException {
        long size = in.size();
        if (size < Long.BYTES) {
            throw new InputException(file, "this is no model file, it has " + size + " bytes");
        }
        ByteBuffer length = littleEndian(Long.BYTES);
        readFully(in, length, file);
        long headerBytes = length.flip().getLong();
        long largest = Math.min(size - Long.BYTES, ModelHeader.LONGEST);
        if (headerBytes < 2 || headerBytes > largest) {
            throw new InputException(
                    file,
                    "this is no whole model file: its first 8 bytes announce a header of "
                            + Long.toUnsignedString(headerBytes) + " bytes, 2 to " + largest + " are possible");
        }
        byte[] json = new byte[(int) headerBytes];
        readFully(in, ByteBuffer.wrap(json), file);
        ModelHeader header = ModelHeader.read(json, size - Long.BYTES - headerBytes, file);
        int p = header.encoding().size();
        double[] coefficients = doubles(in, header.logits() * p, "coefficients", file);
        double[] intercepts = doubles(in, header.logits(), "intercepts", file);
        double[] means = doubles(in, header.hasMeans() ? p : 0, "means", file);
        Model model = header.binomial()
                ? new LogisticModel(
                        header.classes(), header.encoding(), coefficients, intercepts[0], header.provenance())
                : new SoftmaxModel(header.classes(), header.encoding(), coefficients, intercepts, header.provenance());
        return model.withMeans(means);
    }

    private static double[] doubles(FileChannel in, int count, String tensor, String file) throws IOException {
        double[] values = new double[count];
        ByteBuffer buffer = littleEndian(BUFFER);
        for (int done = 0; done < count; ) {
            int some = Math.min(count - done, BUFFER / Double.BYTES);
            readFully(in, buffer.clear().limit(some * Double.BYTES), file);
            buffer.flip().asDoubleBuffer().get(values, done, some);
            done += some;
        }
        for (int i = 0; i < count; i++) {
            if (!Double.isFinite(values[i])) {
                throw new InputException(
                        file, "entry " + i + " of " + tensor + " is " + values[i] + ", finite numbers are needed");
            }
        }
        return values;
    }

    private static void readFully(FileChannel in, ByteBuffer buffer, String file) throws IOException {
        while (buffer.hasRemaining()) {
            if (in.read(buffer) < 0) {
                throw new InputException(file, "the file was cut short while it was read");
            }
        }
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
