package io.logits.formats;

import io.logits.data.InputException;
import io.logits.model.LogisticModel;
import io.logits.model.Model;
import io.logits.model.SoftmaxModel;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Models as {@code .safetensors} files: an 8-byte little-endian header length, a JSON header, then the tensors
 * {@code coefficients} ([1 x p] for two classes, [K x p] for more) and {@code intercepts} ([1] or [K]), both F64,
 * little-endian, row by row, without a gap, and {@code means} ([p]) if the mean row is known. {@code __metadata__} holds, all as text: {@code format} ("logits"),
 * {@code format_version} ("1"), {@code family} ("binomial" or "multinomial") and as JSON {@code classes},
 * {@code encoding}, {@code provenance} and, if there is one, the {@code calibration} of the logits. The same model gives the same bytes.
 *
 * <p>The layout is that of <a href="https://github.com/huggingface/safetensors#format">safetensors</a>.
 */
public final class ModelFile {
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
            double[] coefficients = model.coefficients(k);
            for (int j = 0; j < coefficients.length; j++) {
                if (!Double.isFinite(coefficients[j])) {
                    throw new IllegalArgumentException("the coefficient of logit " + k + " and feature " + j + " is "
                            + coefficients[j] + ", a finite number is needed");
                }
            }
        }
        double[] means = model.means();
        for (int j = 0; j < means.length; j++) {
            if (!Double.isFinite(means[j])) {
                throw new IllegalArgumentException(
                        "the mean of feature " + j + " is " + means[j] + ", a finite number is needed");
            }
        }
        byte[] header = ModelHeader.of(model).bytes();
        AtomicFile.write(file, out -> writeTo(out, header, model));
    }

    private static void writeTo(FileChannel channel, byte[] header, Model model) throws IOException {
        SafetensorsWriter out = new SafetensorsWriter(channel, header);
        for (int k = 0; k < model.logits(); k++) {
            out.put(model.coefficients(k));
        }
        for (int k = 0; k < model.logits(); k++) {
            out.put(model.intercept(k));
        }
        out.put(model.means());
        out.flush();
    }

    /**
     * Reads a model. Nothing is taken on trust: the header must describe the file to the last byte, and no memory beyond
     * the file's size is taken before that is known.
     *
     * @throws InputException if the file is not there or is no whole model
     * @throws IOException if reading fails
     */
    public static Model read(Path file) throws IOException {
        try (SafetensorsReader in = SafetensorsReader.open(file)) {
            ModelHeader header = ModelHeader.read(in.header(), in.dataBytes(), file.toString());
            int p = header.encoding().size();
            double[] coefficients = in.doubles(header.logits() * p, "coefficients");
            double[] intercepts = in.doubles(header.logits(), "intercepts");
            double[] means = in.doubles(header.hasMeans() ? p : 0, "means");
            Model model = header.binomial()
                    ? new LogisticModel(
                            header.classes(), header.encoding(), coefficients, intercepts[0], header.provenance())
                    : new SoftmaxModel(
                            header.classes(), header.encoding(), coefficients, intercepts, header.provenance());
            return model.withMeans(means).withCalibrator(header.calibrator());
        }
    }
}
