package io.logits.data;

import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;

/**
 * Dense features less a number for each column, {@code X[i,j] - shift[j]}, without a copy of the data: a few rows at a
 * time are shifted as they are read. Where a column is far from 0 and varies little, products with it lose the digits
 * in which it varies; less a number near its mean the difference is exact (Sterbenz 1974) and nothing is lost.
 */
public final class ShiftedMatrix extends Matrix implements DenseRows {
    /** Entries that are shifted at a time, 64 KB: they stay in the cache until they are used. */
    private static final int SCRATCH_ENTRIES = 1 << 13;

    private final DenseMatrix x;
    private final double[] shift;
    private final int tileRows;

    private ShiftedMatrix(DenseMatrix x, double[] shift) {
        super(x.rows(), x.cols(), x.precision());
        this.x = x;
        this.shift = shift;
        tileRows = Math.max(8, SCRATCH_ENTRIES / Math.max(1, x.cols()));
    }

    /**
     * A view of the matrix.
     *
     * @param shift one number for each column, copied
     * @throws IllegalArgumentException if there are more or fewer
     */
    public static ShiftedMatrix of(DenseMatrix x, double[] shift) {
        if (shift.length != x.cols()) {
            throw new IllegalArgumentException(
                    "there are " + shift.length + " shifts, the matrix has " + x.cols() + " columns");
        }
        return new ShiftedMatrix(x, shift.clone());
    }

    @Override
    public ShiftedMatrix view(int[] rows) {
        return new ShiftedMatrix(x.view(rows), shift);
    }

    @Override
    public ShiftedMatrix select(int[] rows) {
        return new ShiftedMatrix(x.select(rows), shift);
    }

    /** What is subtracted from column j. */
    public double shift(int j) {
        return shift[j];
    }

    @Override
    public long storedEntries(int row) {
        return x.storedEntries(row);
    }

    @Override
    public long bytes() {
        return x.bytes();
    }

    @Override
    public boolean byFeature() {
        return x.byFeature();
    }

    @Override
    public int stride(int logits) {
        return x.stride(logits);
    }

    /** Some rows, shifted. */
    @FunctionalInterface
    private interface Tile {
        /** Rows {@code first .. first+count-1} of the call's range are in {@code rows}, from index 0 on. */
        void accept(double[] rows, int first, int count);
    }

    private void forEachTile(int from, int to, Tile tile) {
        checkRange(from, to);
        double[] rows = new double[Math.min(tileRows, to - from) * cols()];
        for (int i = from; i < to; i += tileRows) {
            int count = Math.min(tileRows, to - i);
            x.copyRows(i, i + count, rows);
            for (int r = 0; r < count; r++) {
                for (int j = 0; j < shift.length; j++) {
                    rows[r * shift.length + j] -= shift[j];
                }
            }
            tile.accept(rows, i - from, count);
        }
    }

    @Override
    public void multiplyAdd(int from, int to, double[] w, int logits, double[] z) {
        MatrixKernels kernels = Kernels.best().matrices();
        forEachTile(
                from,
                to,
                (rows, first, count) -> kernels.multiplyAdd(rows, 0, count, cols(), w, logits, z, first * logits));
    }

    @Override
    public void transposeMultiplyAdd(int from, int to, double[] r, int logits, double[] g) {
        MatrixKernels kernels = Kernels.best().matrices();
        forEachTile(
                from,
                to,
                (rows, first, count) ->
                        kernels.transposeMultiplyAdd(rows, 0, count, cols(), r, first * logits, logits, g));
    }

    @Override
    public void sumByClassAdd(int from, int to, int[] classOf, double[] r, int logits, double[] g) {
        forEachTile(from, to, (rows, first, count) -> {
            for (int i = 0; i < count; i++) {
                DenseMatrix.addScaled(r[first + i], rows, i * cols(), g, classOf[first + i] * cols(), cols());
            }
        });
    }

    @Override
    public void gramAdd(int from, int to, double[] d, double[] h, int hOffset, int hStride) {
        MatrixKernels kernels = Kernels.best().matrices();
        forEachTile(
                from,
                to,
                (rows, first, count) -> kernels.gramAdd(rows, 0, count, cols(), d, first, h, hOffset, hStride));
    }

    @Override
    public void squaresAdd(int from, int to, double[] d, double[] out) {
        MatrixKernels kernels = Kernels.best().matrices();
        forEachTile(from, to, (rows, first, count) -> kernels.squaresAdd(rows, 0, count, cols(), d, first, out));
    }

    /** Copies of some columns, shifted. */
    double[][] columns(int[] wanted) {
        double[][] columns = x.columns(wanted);
        for (int c = 0; c < wanted.length; c++) {
            for (int i = 0; i < columns[c].length; i++) {
                columns[c][i] -= shift[wanted[c]];
            }
        }
        return columns;
    }

    @Override
    public void copyColumns(int from, int to, double[] out) {
        x.copyColumns(from, to, out);
        for (int j = from; j < to; j++) {
            for (int i = 0; i < rows(); i++) {
                out[(j - from) * rows() + i] -= shift[j];
            }
        }
    }

    @Override
    public void gather(int from, int to, int[] columns, int stride, double[] out) {
        x.gather(from, to, columns, stride, out);
        for (int c = 0; c < columns.length; c++) {
            for (int i = 0; i < to - from; i++) {
                out[c * stride + i] -= shift[columns[c]];
            }
        }
    }

    @Override
    public double readAhead(int from, int to) {
        return x.readAhead(from, to);
    }

    @Override
    public void copyRow(int i, double[] out) {
        forEach(i, i + 1, (row, j, value) -> out[j] = value);
    }

    @Override
    public void forEach(int from, int to, EntryVisitor visitor) {
        x.forEach(from, to, (i, j, value) -> visitor.visit(i, j, value - shift[j]));
    }
}
