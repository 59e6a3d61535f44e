package io.logits.reference;

import io.logits.data.CsrMatrix;
import io.logits.data.DenseMatrix;
import io.logits.data.Matrix;
import io.logits.data.Precision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The same rows as matrices of every kind. */
public final class Rows {
    private Rows() {}

    /** Row-major float64 in one block. */
    public static Matrix dense(double[][] x, int cols) {
        double[] values = new double[x.length * cols];
        for (int i = 0; i < x.length; i++) {
            System.arraycopy(x[i], 0, values, i * cols, cols);
        }
        return DenseMatrix.of(x.length, cols, values);
    }

    /** Row-major float32 in one block; entries are rounded. */
    public static Matrix denseFloat(double[][] x, int cols) {
        float[] values = new float[x.length * cols];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) x[i / cols][i % cols];
        }
        return DenseMatrix.of(x.length, cols, values);
    }

    /** Compressed rows of float64 in one block. */
    public static Matrix sparse(double[][] x, int cols) {
        return sparse(x, cols, Precision.FLOAT64, x.length);
    }

    /**
     * Compressed rows.
     *
     * @param cuts blocks end after these many rows, the last with the last row; a cut given twice makes an empty block
     */
    public static Matrix sparse(double[][] x, int cols, Precision precision, int... cuts) {
        List<CsrMatrix.Block> blocks = new ArrayList<>();
        int from = 0;
        for (int to : cuts) {
            blocks.add(block(x, cols, precision, from, to));
            from = to;
        }
        return CsrMatrix.ofBlocks(cols, blocks);
    }

    private static CsrMatrix.Block block(double[][] x, int cols, Precision precision, int from, int to) {
        int[] rowStart = new int[to - from + 1];
        int[] index = new int[(to - from) * cols];
        double[] values = new double[index.length];
        int entries = 0;
        for (int i = from; i < to; i++) {
            for (int j = 0; j < cols; j++) {
                if (x[i][j] != 0) {
                    index[entries] = j;
                    values[entries++] = x[i][j];
                }
            }
            rowStart[i - from + 1] = entries;
        }
        int[] columns = Arrays.copyOf(index, entries);
        if (precision == Precision.FLOAT64) {
            return CsrMatrix.Block.of(rowStart, columns, Arrays.copyOf(values, entries));
        }
        float[] floats = new float[entries];
        for (int e = 0; e < entries; e++) {
            floats[e] = (float) values[e];
        }
        return CsrMatrix.Block.of(rowStart, columns, floats);
    }
}
