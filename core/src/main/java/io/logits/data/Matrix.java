package io.logits.data;

/**
 * The features of the rows, {@code n x p}, held once in float32 or float64. Immutable: arrays handed to a factory must
 * not be changed afterwards. Products are in float64; their order of summation is that of
 * {@link io.logits.kernels.MatrixKernels} and does not depend on how the rows are stored in blocks.
 */
public abstract sealed class Matrix permits DenseMatrix, CsrMatrix {
    private final int rows;
    private final int cols;
    private final Precision precision;

    Matrix(int rows, int cols, Precision precision) {
        this.rows = rows;
        this.cols = cols;
        this.precision = precision;
    }

    /** The number of rows, n. */
    public final int rows() {
        return rows;
    }

    /** The number of features, p. */
    public final int cols() {
        return cols;
    }

    /** How entries are stored. */
    public final Precision precision() {
        return precision;
    }

    /** How many entries are stored in rows {@code 0 .. row-1}; {@code storedEntries(rows())} counts them all. */
    public abstract long storedEntries(int row);

    /** Bytes of memory that hold the entries and their indices. */
    public abstract long bytes();

    /**
     * {@code z[(i-from)*stride + k] += sum_j X[i,j] w[j*stride + k]} for rows {@code from <= i < to}.
     *
     * @param w feature-major coefficients, at least {@code cols()*stride} entries
     * @param stride 1, or a multiple of 4
     */
    public abstract void multiplyAdd(int from, int to, double[] w, int stride, double[] z);

    /** {@code g[j*stride + k] += sum_i X[i,j] r[(i-from)*stride + k]} over rows {@code from <= i < to}. */
    public abstract void transposeMultiplyAdd(int from, int to, double[] r, int stride, double[] g);

    /**
     * {@code h[hOffset + a*hStride + b] += sum_i d[i-from] X[i,a] X[i,b]} over rows {@code from <= i < to}, for
     * {@code 0 <= b <= a < cols()}.
     */
    public abstract void gramAdd(int from, int to, double[] d, double[] h, int hOffset, int hStride);

    /** {@code out[j] += sum_i d[i-from] X[i,j]^2} over rows {@code from <= i < to}. */
    public abstract void squaresAdd(int from, int to, double[] d, double[] out);

    /** Writes row {@code i} with its zeros to {@code out[0 .. cols()-1]}. */
    public abstract void copyRow(int i, double[] out);

    /** Gives every stored entry of rows {@code from <= i < to} to the visitor, rows in order. */
    public abstract void forEach(int from, int to, EntryVisitor visitor);

    /** Receives stored entries. */
    @FunctionalInterface
    public interface EntryVisitor {
        /** The entry {@code value} at row {@code i}, column {@code j}. */
        void visit(int i, int j, double value);
    }

    final void checkRange(int from, int to) {
        if (from < 0 || to > rows || from > to) {
            throw new IndexOutOfBoundsException("rows " + from + " to " + to + " of a matrix of " + rows + " rows");
        }
    }
}
