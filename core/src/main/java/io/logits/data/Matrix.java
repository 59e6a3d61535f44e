package io.logits.data;

/**
 * The features of the rows, {@code n x p}, held once in float32 or float64. Immutable: arrays handed to a factory must
 * not be changed afterwards. Products are in float64; their order of summation is that of
 * {@link io.logits.kernels.MatrixKernels} and does not depend on how the rows are stored in blocks.
 */
public abstract sealed class Matrix permits DenseMatrix, ShiftedMatrix, CsrMatrix {
    /**
     * So many dense rows, from a multiple of it on, lie in one block where storage is in blocks of as many or more: passes begin
     * there, and samples are made of such tiles.
     */
    public static final int TILE_ROWS = 64;

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
     * Whether coefficients, with this matrix, lie feature by feature ({@code w[j*stride + k]}) or logit by logit
     * ({@code w[k*cols() + j]}): each kind has the order in which its products are fast.
     */
    public abstract boolean byFeature();

    /**
     * Distance between the margins of neighbouring rows, {@code >= logits}; with {@link #byFeature()} also that between
     * the coefficients of neighbouring features. What lies between is padding and must be 0.
     */
    public abstract int stride(int logits);

    /**
     * {@code z[(i-from)*stride(logits) + k] += sum_j X[i,j] w_jk} for rows {@code from <= i < to}.
     *
     * @param w coefficients in the order of {@link #byFeature()}
     */
    public abstract void multiplyAdd(int from, int to, double[] w, int logits, double[] z);

    /** {@code g_jk += sum_i X[i,j] r[(i-from)*stride(logits) + k]} over rows {@code from <= i < to}. */
    public abstract void transposeMultiplyAdd(int from, int to, double[] r, int logits, double[] g);

    /**
     * {@code g_jk += sum_i r[i-from] X[i,j]} over those rows {@code from <= i < to} whose class {@code classOf[i-from]} is k: as
     * {@link #transposeMultiplyAdd} of residuals that are 0 for all other logits.
     *
     * @param logits at least 2
     */
    public abstract void sumByClassAdd(int from, int to, int[] classOf, double[] r, int logits, double[] g);

    /**
     * Whether there are products in float32 arithmetic, good enough far from an optimum and faster. What they give may
     * depend on the storage of rows in blocks.
     */
    public boolean hasFloatProducts() {
        return false;
    }

    /** As {@link #multiplyAdd(int, int, double[], int, double[])} in float32, where {@link #hasFloatProducts()}. */
    public void multiplyAdd(int from, int to, float[] w, int logits, float[] z) {
        throw new UnsupportedOperationException("no float32 products of this matrix");
    }

    /**
     * As {@link #transposeMultiplyAdd(int, int, double[], int, double[])}, the sum over these rows in float32, where
     * {@link #hasFloatProducts()}.
     */
    public void transposeMultiplyAdd(int from, int to, float[] r, int logits, double[] g) {
        throw new UnsupportedOperationException("no float32 products of this matrix");
    }

    /**
     * {@code h[hOffset + a*hStride + b] += sum_i d[i-from] X[i,a] X[i,b]} over rows {@code from <= i < to}, for
     * {@code 0 <= b <= a < cols()}.
     */
    public abstract void gramAdd(int from, int to, double[] d, double[] h, int hOffset, int hStride);

    /** {@code out[j] += sum_i d[i-from] X[i,j]^2} over rows {@code from <= i < to}. */
    public abstract void squaresAdd(int from, int to, double[] d, double[] out);

    /** Writes row {@code i} with its zeros to {@code out[0 .. cols()-1]}. */
    public abstract void copyRow(int i, double[] out);

    /**
     * Writes columns {@code from <= j < to} with their zeros one after the other: {@code out[(j-from)*rows() + i] = X[i,j]}.
     */
    public abstract void copyColumns(int from, int to, double[] out);

    /** A copy of these rows, in this order. */
    public abstract Matrix select(int[] rows);

    /** The same, of which tiles of dense rows, whole ones but for the last, are not copied. */
    public Matrix view(int[] rows) {
        return select(rows);
    }

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
