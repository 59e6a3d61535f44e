package io.logits.bench;

import io.logits.data.CsrMatrix;
import io.logits.data.Dataset;
import io.logits.data.DenseMatrix;
import io.logits.data.Labels;
import io.logits.data.Precision;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Data sets of a given shape, the same in each run. */
final class GeneratedData {
    /** Of a dense row's neighbours. */
    private static final double CORRELATION = 0.9;

    private GeneratedData() {}

    /** Normal features that know nothing of each other, and two classes of a logistic model. */
    static Dataset independent(int n, int p) {
        return dense(n, p, 2, 0, Precision.FLOAT64);
    }

    /** Normal features of which neighbours correlate by .9, in float32, and classes of a softmax model. */
    static Dataset correlated(int n, int p, int classes) {
        return dense(n, p, classes, CORRELATION, Precision.FLOAT32);
    }

    private static Dataset dense(int n, int p, int classes, double correlation, Precision precision) {
        SplittableRandom random = new SplittableRandom(1);
        double[][] truth = new double[classes][p];
        for (double[] b : truth) {
            Arrays.setAll(b, j -> random.nextGaussian() / Math.sqrt(p));
        }
        double innovation = Math.sqrt(1 - correlation * correlation);
        DenseMatrix.Builder x = new DenseMatrix.Builder(p, precision);
        int[] y = new int[n];
        double[] row = new double[p];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < p; j++) {
                row[j] = random.nextGaussian() * (j == 0 ? 1 : innovation) + (j == 0 ? 0 : correlation * row[j - 1]);
            }
            x.addRow(row);
            double[] z = new double[classes];
            Arrays.setAll(
                    z,
                    k -> IntStream.range(0, p)
                            .mapToDouble(j -> truth[k][j] * row[j])
                            .sum());
            y[i] = drawn(z, random);
        }
        return Dataset.of(x.build(), labels(classes, y));
    }

    /** Rows of {@code nonzeros} ones, column c with a chance that falls as 1/c, and two classes of a logistic model. */
    static Dataset words(int n, int p, int nonzeros) {
        SplittableRandom random = new SplittableRandom(1);
        double[] truth = random.doubles(p, -1, 1).toArray();
        int[] starts = new int[n + 1];
        int[] columns = new int[n * nonzeros];
        float[] values = new float[n * nonzeros];
        int[] y = new int[n];
        int at = 0;
        for (int i = 0; i < n; i++) {
            int[] row = IntStream.generate(() -> (int) Math.pow(p, random.nextDouble()) % p)
                    .distinct()
                    .limit(nonzeros)
                    .sorted()
                    .toArray();
            double z = 0;
            for (int column : row) {
                columns[at] = column;
                values[at++] = 1;
                z += truth[column];
            }
            starts[i + 1] = at;
            y[i] = drawn(new double[] {0, z}, random);
        }
        return Dataset.of(CsrMatrix.of(p, CsrMatrix.Block.of(starts, columns, values)), labels(2, y));
    }

    /** A class by its logits: the greatest of them with Gumbel noise. */
    private static int drawn(double[] z, SplittableRandom random) {
        int best = 0;
        for (int k = 0; k < z.length; k++) {
            z[k] -= Math.log(-Math.log(random.nextDouble()));
            best = z[k] > z[best] ? k : best;
        }
        return best;
    }

    private static Labels labels(int classes, int[] y) {
        return Labels.of(
                IntStream.range(0, classes).mapToObj(k -> Integer.toString(k)).toList(), y);
    }
}
