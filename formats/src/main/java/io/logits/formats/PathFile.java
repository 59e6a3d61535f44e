package io.logits.formats;

import io.logits.data.InputException;
import io.logits.model.PathModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Paths of models as {@code .safetensors} files, laid out as {@link ModelFile} says, {@code format} being "logits-path".
 * With L lambdas, K logits and N coefficients that are not 0 the tensors are {@code lambdas} ([L], decreasing),
 * {@code intercepts} ([L x K]), {@code means} ([p], the mean row), {@code coefficient_starts} ([L+1], I64),
 * {@code coefficient_values} ([N]) and {@code coefficient_indices} ([N], I32): the coefficients of lambda l are those from
 * {@code starts[l]} to {@code starts[l+1]-1}, the index {@code k*p + j} being that of logit k and feature j. The metadata
 * has {@code solutions} beside those of a model: how the fit at each lambda ended.
 */
public final class PathFile {
    private PathFile() {}

    /**
     * Writes a path. Whatever happens meanwhile, the file is the old one or the new one as a whole.
     *
     * @param file replaced if it is there
     * @throws IllegalArgumentException if a number is not finite, or there are more than fit
     * @throws InputException if the folder is not there or may not be written to
     * @throws IOException if writing fails; nothing is left behind
     */
    public static void write(Path file, PathModel path) throws IOException {
        for (PathModel.Point point : path.points()) {
            check(point.value(), "coefficient", point);
            check(point.intercepts(), "intercept", point);
        }
        byte[] header = PathHeader.of(path).bytes();
        AtomicFile.write(file, out -> {
            SafetensorsWriter sink = new SafetensorsWriter(out, header);
            for (PathModel.Point point : path.points()) {
                sink.put(point.lambda());
            }
            for (PathModel.Point point : path.points()) {
                sink.put(point.intercepts());
            }
            sink.put(path.means());
            long start = 0;
            sink.put(start);
            for (PathModel.Point point : path.points()) {
                start += point.value().length;
                sink.put(start);
            }
            for (PathModel.Point point : path.points()) {
                sink.put(point.value());
            }
            for (PathModel.Point point : path.points()) {
                sink.put(point.index());
            }
            sink.flush();
        });
    }

    private static void check(double[] values, String what, PathModel.Point point) {
        for (double value : values) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException(
                        "at lambda " + point.lambda() + " a " + what + " is " + value + ", a finite number is needed");
            }
        }
    }

    /**
     * Whether a file is a path, and not a model or something else; what is wrong with it is for the reader to say.
     *
     * @throws InputException if the file is not there
     * @throws IOException if reading fails
     */
    public static boolean isPath(Path file) throws IOException {
        try (SafetensorsReader in = SafetensorsReader.open(file)) {
            return PathHeader.isPath(in.header());
        }
    }

    /**
     * Reads a path. Nothing is taken on trust, as in {@link ModelFile#read}.
     *
     * @throws InputException if the file is not there or is no whole path
     * @throws IOException if reading fails
     */
    public static PathModel read(Path file) throws IOException {
        try (SafetensorsReader in = SafetensorsReader.open(file)) {
            PathHeader header = PathHeader.read(in.header(), in.dataBytes(), file.toString());
            return read(in, header, file.toString());
        }
    }

    private static PathModel read(SafetensorsReader in, PathHeader header, String file) throws IOException {
        int count = header.lambdas();
        int logits = header.logits();
        double[] lambdas = in.doubles(count, PathHeader.LAMBDAS);
        double[] intercepts = in.doubles(Math.multiplyExact(count, logits), "intercepts");
        double[] means = in.doubles(header.encoding().size(), "means");
        long[] starts = in.longs(count + 1);
        double[] values = in.doubles(header.entries(), PathHeader.VALUES);
        int[] indices = in.ints(header.entries());
        if (starts[0] != 0 || starts[count] != header.entries()) {
            throw new InputException(file, "coefficient_starts must go from 0 to " + header.entries());
        }
        List<PathModel.Point> points = new ArrayList<>();
        for (int l = 0; l < count; l++) {
            if (starts[l + 1] < starts[l] || starts[l + 1] > header.entries()) {
                throw new InputException(
                        file,
                        "coefficient_starts has " + starts[l + 1] + " after " + starts[l]
                                + ", they must not decrease and end at " + header.entries());
            }
            int from = (int) starts[l];
            int to = (int) starts[l + 1];
            points.add(new PathModel.Point(
                    lambdas[l],
                    header.solutions().get(l),
                    Arrays.copyOfRange(indices, from, to),
                    Arrays.copyOfRange(values, from, to),
                    Arrays.copyOfRange(intercepts, l * logits, (l + 1) * logits)));
        }
        try {
            return new PathModel(header.classes(), header.encoding(), header.provenance(), means, points);
        } catch (IllegalArgumentException e) {
            throw new InputException(file, String.valueOf(e.getMessage()));
        }
    }
}
