import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;

/** What a race asks of a peer, the rows in their binary form, and the way the answer is left. */
record Race(
        Path folder,
        Path file,
        int rows,
        int features,
        int classes,
        boolean sparse,
        double[] lambdas,
        boolean intercept,
        int threads,
        double effort,
        String setting,
        String out) {
    static Race of(String[] a) {
        return new Race(
                Path.of(a[0]), Path.of(a[1]), Integer.parseInt(a[2]), Integer.parseInt(a[3]), Integer.parseInt(a[4]),
                Boolean.parseBoolean(a[5]),
                Stream.of(a[6].split(",")).mapToDouble(Double::parseDouble).toArray(), Boolean.parseBoolean(a[7]), Integer.parseInt(a[8]),
                Double.parseDouble(a[9]), a[10], a[11]);
    }

    /** The one lambda, or of a path the first. */
    double lambda() {
        return lambdas[0];
    }

    double strength() {
        return 1 / (rows * lambda());
    }

    private ByteBuffer map(String name) {
        try (FileChannel channel = FileChannel.open(folder.resolve(name))) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()).order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int[] labels() {
        int[] y = new int[rows];
        map("labels.i32").asIntBuffer().get(y);
        return y;
    }

    /** The rows with their zeros. */
    double[][] dense() {
        double[][] x = new double[rows][features];
        double[] value = values();
        int[] column = sparse ? columns() : new int[0];
        int[] start = sparse ? starts() : new int[0];
        for (int i = 0; i < rows; i++) {
            if (!sparse) {
                System.arraycopy(value, i * features, x[i], 0, features);
                continue;
            }
            for (int e = start[i]; e < start[i + 1]; e++) {
                x[i][column[e]] = value[e];
            }
        }
        return x;
    }

    /** The columns of the values that are stored of sparse rows, from 0; row i has those from {@code start[i]} on. */
    int[] columns() {
        var columns = map("index.i32").asIntBuffer();
        int[] index = new int[columns.remaining()];
        columns.get(index);
        return index;
    }

    /** All values that are stored, row after row. */
    float[] floats() {
        var floats = map("values.f32").asFloatBuffer();
        float[] values = new float[floats.remaining()];
        floats.get(values);
        return values;
    }

    /** The same in double precision. */
    double[] values() {
        float[] floats = floats();
        double[] values = new double[floats.length];
        Arrays.setAll(values, i -> floats[i]);
        return values;
    }

    /** Where each sparse row begins, and the end. */
    int[] starts() {
        var longs = map("start.i64").asLongBuffer();
        int[] start = new int[rows + 1];
        Arrays.setAll(start, i -> Math.toIntExact(longs.get(i)));
        return start;
    }

    /** Writes the answer: coefficients logit by logit, then intercepts. {@code read} is negative where nothing was read. */
    void done(double read, double fit, double[][] w, double[] b) throws IOException {
        done(read, fit, new double[][][] {w}, new double[][] {b});
    }

    /** The same of a path: a model after the other. */
    void done(double read, double fit, double[][][] w, double[][] b) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(8 * w.length * b[0].length * (features + 1)).order(ByteOrder.LITTLE_ENDIAN);
        for (int l = 0; l < w.length; l++) {
            for (double[] row : w[l]) {
                for (double value : row) {
                    bytes.putDouble(value);
                }
            }
            for (double value : b[l]) {
                bytes.putDouble(value);
            }
        }
        Files.write(Path.of(out + ".f64"), bytes.array());
        String shown = read < 0 ? "null" : Double.toString(read);
        Files.writeString(Path.of(out + ".seconds"), String.format(Locale.ROOT, "{\"read\": %s, \"fit\": %s}", shown, fit));
    }

    static double seconds(long begun) {
        return (System.nanoTime() - begun) * 1e-9;
    }
}
