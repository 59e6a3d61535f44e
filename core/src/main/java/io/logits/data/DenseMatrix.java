package io.logits.data;

import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Features stored with their zeros, row after row, in blocks of equally many rows. */
public final class DenseMatrix extends Matrix implements DenseRows {
    /** Rows whose entries stay in a cache while one column after the other is copied. */
    private static final int COPIED_ROWS = 64;

    /** What comes from memory at once. */
    private static final int LINE_BYTES = 64;

    private final int blockRows;
    /** Where each block begins in its array. */
    private final int[] start;
    /** The array of each block of {@code blockRows} rows; just one of the two has any, by the precision. */
    private final float[][] floats;

    private final double[][] doubles;

    private DenseMatrix(
            int rows, int cols, Precision precision, int blockRows, int[] start, float[][] floats, double[][] doubles) {
        super(rows, cols, precision);
        this.blockRows = blockRows;
        this.start = start;
        this.floats = floats;
        this.doubles = doubles;
    }

    /**
     * Rows of doubles, copied.
     *
     * @param rows at least one row, all of the same length
     * @throws IllegalArgumentException if a row's length differs from that of the first
     */
    public static DenseMatrix ofRows(double[][] rows) {
        if (rows.length == 0) {
            throw new IllegalArgumentException("there are 0 rows, at least 1 is needed");
        }
        Builder builder = new Builder(rows[0].length, Precision.FLOAT64);
        for (double[] row : rows) {
            builder.addRow(row);
        }
        return builder.build();
    }

    /**
     * A row-major array, not copied: row {@code i} is {@code values[i*cols .. (i+1)*cols-1]}.
     *
     * @throws IllegalArgumentException if {@code values.length != rows*cols}
     */
    public static DenseMatrix of(int rows, int cols, double[] values) {
        checkShape(rows, cols, values.length);
        return new DenseMatrix(
                rows, cols, Precision.FLOAT64, Math.max(1, rows), new int[1], new float[0][], new double[][] {values});
    }

    /** A row-major array of float32, not copied. */
    public static DenseMatrix of(int rows, int cols, float[] values) {
        checkShape(rows, cols, values.length);
        return new DenseMatrix(
                rows, cols, Precision.FLOAT32, Math.max(1, rows), new int[1], new float[][] {values}, new double[0][]);
    }

    private static void checkShape(int rows, int cols, int length) {
        if (rows < 0 || cols < 0 || (long) rows * cols != length) {
            throw new IllegalArgumentException(length + " values do not fill " + rows + " rows x " + cols + " columns");
        }
    }

    @Override
    public long storedEntries(int row) {
        return (long) row * cols();
    }

    @Override
    public long bytes() {
        return storedEntries(rows()) * precision().bytes();
    }

    @Override
    public boolean byFeature() {
        return false;
    }

    @Override
    public int stride(int logits) {
        return logits;
    }

    /** A piece of a row range that lies in one block. */
    @FunctionalInterface
    private interface Piece {
        /** Rows {@code first .. first+count-1} of the call's range start at {@code xOffset} in the block. */
        void accept(int block, int xOffset, int first, int count);
    }

    private void forEachPiece(int from, int to, Piece piece) {
        checkRange(from, to);
        for (int i = from; i < to; ) {
            int block = i / blockRows;
            int end = (int) Math.min(to, (block + 1L) * blockRows);
            piece.accept(block, start[block] + (i - block * blockRows) * cols(), i - from, end - i);
            i = end;
        }
    }

    @Override
    public void multiplyAdd(int from, int to, double[] w, int logits, double[] z) {
        MatrixKernels kernels = Kernels.best().matrices();
        forEachPiece(from, to, (block, xOffset, first, count) -> {
            if (precision() == Precision.FLOAT32) {
                kernels.multiplyAdd(floats[block], xOffset, count, cols(), w, logits, z, first * logits);
            } else {
                kernels.multiplyAdd(doubles[block], xOffset, count, cols(), w, logits, z, first * logits);
            }
        });
    }

    @Override
    public void transposeMultiplyAdd(int from, int to, double[] r, int logits, double[] g) {
        MatrixKernels kernels = Kernels.best().matrices();
        forEachPiece(from, to, (block, xOffset, first, count) -> {
            if (precision() == Precision.FLOAT32) {
                kernels.transposeMultiplyAdd(floats[block], xOffset, count, cols(), r, first * logits, logits, g);
            } else {
                kernels.transposeMultiplyAdd(doubles[block], xOffset, count, cols(), r, first * logits, logits, g);
            }
        });
    }

    @Override
    public void sumByClassAdd(int from, int to, int[] classOf, double[] r, int logits, double[] g) {
        forEachPiece(from, to, (block, xOffset, first, count) -> {
            for (int i = 0; i < count; i++) {
                int at = xOffset + i * cols();
                int gAt = classOf[first + i] * cols();
                if (precision() == Precision.FLOAT32) {
                    addScaled(r[first + i], floats[block], at, g, gAt, cols());
                } else {
                    addScaled(r[first + i], doubles[block], at, g, gAt, cols());
                }
            }
        });
    }

    /** {@code y[j] += alpha x[j]} for {@code 0 <= j < n} beyond the offsets. */
    private static void addScaled(double alpha, float[] x, int xOffset, double[] y, int yOffset, int n) {
        for (int j = 0; j < n; j++) {
            y[yOffset + j] = Math.fma(alpha, x[xOffset + j], y[yOffset + j]);
        }
    }

    /** The same of a float64 row. */
    static void addScaled(double alpha, double[] x, int xOffset, double[] y, int yOffset, int n) {
        for (int j = 0; j < n; j++) {
            y[yOffset + j] = Math.fma(alpha, x[xOffset + j], y[yOffset + j]);
        }
    }

    @Override
    public boolean hasFloatProducts() {
        return precision() == Precision.FLOAT32;
    }

    @Override
    public void multiplyAdd(int from, int to, float[] w, int logits, float[] z) {
        MatrixKernels kernels = Kernels.best().matrices();
        forEachPiece(
                from,
                to,
                (block, xOffset, first, count) ->
                        kernels.multiplyAdd(floats[block], xOffset, count, cols(), w, logits, z, first * logits));
    }

    @Override
    public void transposeMultiplyAdd(int from, int to, float[] r, int logits, double[] g) {
        MatrixKernels kernels = Kernels.best().matrices();
        forEachPiece(
                from,
                to,
                (block, xOffset, first, count) -> kernels.transposeMultiplyAdd(
                        floats[block], xOffset, count, cols(), r, first * logits, logits, g));
    }

    @Override
    public void gramAdd(int from, int to, double[] d, double[] h, int hOffset, int hStride) {
        MatrixKernels kernels = Kernels.best().matrices();
        forEachPiece(from, to, (block, xOffset, first, count) -> {
            if (precision() == Precision.FLOAT32) {
                kernels.gramAdd(floats[block], xOffset, count, cols(), d, first, h, hOffset, hStride);
            } else {
                kernels.gramAdd(doubles[block], xOffset, count, cols(), d, first, h, hOffset, hStride);
            }
        });
    }

    @Override
    public void squaresAdd(int from, int to, double[] d, double[] out) {
        MatrixKernels kernels = Kernels.best().matrices();
        forEachPiece(from, to, (block, xOffset, first, count) -> {
            if (precision() == Precision.FLOAT32) {
                kernels.squaresAdd(floats[block], xOffset, count, cols(), d, first, out);
            } else {
                kernels.squaresAdd(doubles[block], xOffset, count, cols(), d, first, out);
            }
        });
    }

    @Override
    public DenseMatrix view(int[] rows) {
        return areTiles(rows) ? tiles(rows) : select(rows);
    }

    @Override
    public DenseMatrix select(int[] rows) {
        Builder builder = new Builder(cols(), precision());
        double[] row = new double[cols()];
        for (int i : rows) {
            copyRow(i, row);
            builder.addRow(row);
        }
        return builder.build();
    }

    /** Whether rows come by {@value #TILE_ROWS} that follow each other in one block, the last ones perhaps by fewer. */
    private boolean areTiles(int[] rows) {
        boolean tiles = rows.length > 0;
        for (int t = 0; t < rows.length && tiles; t += TILE_ROWS) {
            int end = Math.min(rows.length, t + TILE_ROWS);
            tiles = rows[t] / blockRows == rows[end - 1] / blockRows;
            for (int i = t + 1; i < end; i++) {
                tiles &= rows[i] == rows[i - 1] + 1;
            }
        }
        return tiles;
    }

    private DenseMatrix tiles(int[] rows) {
        int tiles = (rows.length + TILE_ROWS - 1) / TILE_ROWS;
        int[] at = new int[tiles];
        float[][] ofFloats = new float[floats.length == 0 ? 0 : tiles][];
        double[][] ofDoubles = new double[doubles.length == 0 ? 0 : tiles][];
        for (int t = 0; t < tiles; t++) {
            int row = rows[t * TILE_ROWS];
            checkRange(row, row + Math.min(TILE_ROWS, rows.length - t * TILE_ROWS));
            int block = row / blockRows;
            at[t] = start[block] + row % blockRows * cols();
            if (precision() == Precision.FLOAT32) {
                ofFloats[t] = floats[block];
            } else {
                ofDoubles[t] = doubles[block];
            }
        }
        return new DenseMatrix(rows.length, cols(), precision(), TILE_ROWS, at, ofFloats, ofDoubles);
    }

    /** Copies of some columns. */
    double[][] columns(int[] wanted) {
        double[][] columns = new double[wanted.length][rows()];
        for (int from = 0; from < rows(); from += COPIED_ROWS) {
            forEachPiece(from, Math.min(rows(), from + COPIED_ROWS), copier(columns, wanted, from));
        }
        return columns;
    }

    private Piece copier(double[][] columns, int[] wanted, int from) {
        if (precision() == Precision.FLOAT32) {
            return (block, xOffset, first, count) -> {
                for (int c = 0; c < wanted.length; c++) {
                    for (int i = 0; i < count; i++) {
                        columns[c][from + first + i] = floats[block][xOffset + i * cols() + wanted[c]];
                    }
                }
            };
        }
        return (block, xOffset, first, count) -> {
            for (int c = 0; c < wanted.length; c++) {
                for (int i = 0; i < count; i++) {
                    columns[c][from + first + i] = doubles[block][xOffset + i * cols() + wanted[c]];
                }
            }
        };
    }

    /** Writes rows {@code from <= i < to} one after the other to {@code out}, from index 0 on. */
    void copyRows(int from, int to, double[] out) {
        forEachPiece(from, to, (block, xOffset, first, count) -> {
            int at = first * cols();
            if (precision() == Precision.FLOAT32) {
                for (int e = 0; e < count * cols(); e++) {
                    out[at + e] = floats[block][xOffset + e];
                }
            } else {
                System.arraycopy(doubles[block], xOffset, out, at, count * cols());
            }
        });
    }

    @Override
    public void copyColumns(int from, int to, double[] out) {
        forEachPiece(0, rows(), (block, xOffset, first, count) -> {
            for (int i = 0; i < count; i++) {
                int at = xOffset + i * cols();
                for (int j = from; j < to; j++) {
                    out[(j - from) * rows() + first + i] =
                            precision() == Precision.FLOAT32 ? floats[block][at + j] : doubles[block][at + j];
                }
            }
        });
    }

    @Override
    public void gather(int from, int to, int[] columns, int stride, double[] out) {
        forEachPiece(from, to, (block, xOffset, first, count) -> {
            for (int i = 0; i < count; i++) {
                int at = xOffset + i * cols();
                int outAt = first + i;
                for (int c = 0; c < columns.length && precision() == Precision.FLOAT32; c++) {
                    out[c * stride + outAt] = floats[block][at + columns[c]];
                }
                for (int c = 0; c < columns.length && precision() == Precision.FLOAT64; c++) {
                    out[c * stride + outAt] = doubles[block][at + columns[c]];
                }
            }
        });
    }

    @Override
    public double readAhead(int from, int to) {
        double[] sum = new double[1];
        forEachPiece(from, to, (block, xOffset, first, count) -> {
            int end = xOffset + count * cols();
            sum[0] += precision() == Precision.FLOAT32
                    ? everyLine(floats[block], xOffset, end)
                    : everyLine(doubles[block], xOffset, end);
        });
        return sum[0];
    }

    private static double everyLine(float[] x, int from, int to) {
        float sum = 0;
        for (int left = to - from; left > 0; left -= LINE_BYTES / Float.BYTES) {
            sum += x[to - left];
        }
        return sum;
    }

    private static double everyLine(double[] x, int from, int to) {
        double sum = 0;
        for (int left = to - from; left > 0; left -= LINE_BYTES / Double.BYTES) {
            sum += x[to - left];
        }
        return sum;
    }

    @Override
    public void copyRow(int i, double[] out) {
        copyRows(i, i + 1, out);
    }

    @Override
    public void forEach(int from, int to, EntryVisitor visitor) {
        forEachPiece(from, to, (block, xOffset, first, count) -> {
            for (int i = 0; i < count; i++) {
                for (int j = 0; j < cols(); j++) {
                    int at = xOffset + i * cols() + j;
                    visitor.visit(
                            from + first + i,
                            j,
                            precision() == Precision.FLOAT32 ? floats[block][at] : doubles[block][at]);
                }
            }
        });
    }

    /** Collects rows one after the other without ever copying what is stored already. */
    public static final class Builder {
        /** Entries of a block: 16 MB of doubles. */
        private static final int BLOCK_ENTRIES = 1 << 21;

        private final int cols;
        private final Precision precision;
        private final int blockRows;
        private final List<float[]> floats = new ArrayList<>();
        private final List<double[]> doubles = new ArrayList<>();
        private int rows;

        /**
         * A builder of a matrix with {@code cols} columns.
         *
         * @param cols at least 0
         */
        public Builder(int cols, Precision precision) {
            this.cols = cols;
            this.precision = precision;
            int fitting = Math.max(1, BLOCK_ENTRIES / Math.max(1, cols));
            this.blockRows = fitting < TILE_ROWS ? fitting : fitting / TILE_ROWS * TILE_ROWS;
        }

        /**
         * Adds a row.
         *
         * @param row {@code cols} entries, copied (and rounded if the matrix is float32)
         * @throws IllegalArgumentException if the row has another length
         */
        public Builder addRow(double[] row) {
            int at = place(row.length);
            if (precision == Precision.FLOAT32) {
                float[] block = floats.get(floats.size() - 1);
                for (int j = 0; j < cols; j++) {
                    block[at + j] = (float) row[j];
                }
            } else {
                System.arraycopy(row, 0, doubles.get(doubles.size() - 1), at, cols);
            }
            rows++;
            return this;
        }

        /** {@link #addRow(double[])} of float32 numbers, which either precision holds as they are. */
        public Builder addRow(float[] row) {
            int at = place(row.length);
            if (precision == Precision.FLOAT32) {
                System.arraycopy(row, 0, floats.get(floats.size() - 1), at, cols);
            } else {
                double[] block = doubles.get(doubles.size() - 1);
                for (int j = 0; j < cols; j++) {
                    block[at + j] = row[j];
                }
            }
            rows++;
            return this;
        }

        /** Where the next row goes in the last block, which has room for it. */
        private int place(int length) {
            if (length != cols) {
                throw new IllegalArgumentException(
                        "row " + rows + " has " + length + " entries, the matrix has " + cols + " columns");
            }
            if (rows % blockRows == 0 && precision == Precision.FLOAT32) {
                floats.add(new float[blockRows * cols]);
            } else if (rows % blockRows == 0) {
                doubles.add(new double[blockRows * cols]);
            }
            return rows % blockRows * cols;
        }

        /** The matrix of the rows so far; the builder must not be used afterwards. */
        public DenseMatrix build() {
            int last = rows % blockRows * cols;
            if (last > 0 && precision == Precision.FLOAT32) {
                floats.set(floats.size() - 1, Arrays.copyOf(floats.get(floats.size() - 1), last));
            } else if (last > 0) {
                doubles.set(doubles.size() - 1, Arrays.copyOf(doubles.get(doubles.size() - 1), last));
            }
            int[] start = new int[floats.size() + doubles.size()];
            return new DenseMatrix(
                    rows,
                    cols,
                    precision,
                    blockRows,
                    start,
                    floats.toArray(new float[0][]),
                    doubles.toArray(new double[0][]));
        }
    }
}
