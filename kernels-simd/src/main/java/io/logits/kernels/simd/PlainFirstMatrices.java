package io.logits.kernels.simd;

import io.logits.kernels.MatrixKernels;

/**
 * The plain loops for the first thirty million multiply-adds of each kind, some 25 milliseconds, and vectors from then on:
 * both give the same bits. Until they are compiled vectors are some hundred times slower than loops, and it takes about three
 * tenths of a second of processor time for each kind to get there, which a small fit does not earn back. Kinds whose loops are not
 * much slower than their vectors stay with them for longer.
 */
final class PlainFirstMatrices implements MatrixKernels {
    private static final long MULTIPLY_ADDS = 1L << 25;
    /**
     * Of products with one logit, a second or two: loops are nearly as fast as memory there, so that vectors save a
     * quarter of a nanosecond each, and cost 1.5 s of processor time.
     */
    private static final long OF_ONE_LOGIT = 1L << 31;
    /**
     * Of float64 rows and up to {@value #FEW_LOGITS} logits, a fifth of a second: a first fit of 50,000 x 30 and ten classes takes
     * .75 of the time by it.
     */
    private static final long OF_FEW_LOGITS = 1L << 29;

    private static final int FEW_LOGITS = 32;
    /** Of Gram matrices, a tenth of a second: as many as samples of the rows take. */
    private static final long OF_GRAMS = 1L << 28;
    /** Of those of float64 rows, which need not be widened, .15 to .2 s: about what vectors take to be compiled. */
    private static final long OF_WIDE_GRAMS = 1L << 30;

    /** Of factors, .15 to .2 s: about what vectors take to be compiled, which are two to seven times as fast then. */
    private static final long OF_FACTORS = 1L << 30;

    /** Of products of two vectors, a twelfth of a second: a first fit with L1 and many classes takes up to as many. */
    private static final long OF_VECTORS = 1L << 28;

    private final MatrixKernels plain;
    private final MatrixKernels simd;
    private final PlainFirst products = new PlainFirst(MULTIPLY_ADDS);
    private final PlainFirst sums = new PlainFirst(MULTIPLY_ADDS);
    private final PlainFirst fewProducts = new PlainFirst(OF_FEW_LOGITS);
    private final PlainFirst fewSums = new PlainFirst(OF_FEW_LOGITS);
    private final PlainFirst singleProducts = new PlainFirst(OF_ONE_LOGIT);
    private final PlainFirst singleSums = new PlainFirst(OF_ONE_LOGIT);
    private final PlainFirst floatProducts = new PlainFirst(MULTIPLY_ADDS);
    private final PlainFirst floatSums = new PlainFirst(MULTIPLY_ADDS);
    private final PlainFirst sparseProducts = new PlainFirst(MULTIPLY_ADDS);
    private final PlainFirst sparseSums = new PlainFirst(MULTIPLY_ADDS);
    private final PlainFirst grams = new PlainFirst(OF_GRAMS);
    private final PlainFirst wideGrams = new PlainFirst(OF_WIDE_GRAMS);
    private final PlainFirst factors = new PlainFirst(OF_FACTORS);
    private final PlainFirst solutions = new PlainFirst(MULTIPLY_ADDS);
    private final PlainFirst vectors = new PlainFirst(OF_VECTORS);

    PlainFirstMatrices(MatrixKernels plain, MatrixKernels simd) {
        this.plain = plain;
        this.simd = simd;
    }

    private MatrixKernels kernels(PlainFirst kind, long work) {
        return kind.takes(work) ? plain : simd;
    }

    /** The kind of products of float64 rows. */
    private PlainFirst wideProducts(int logits) {
        if (logits == 1) {
            return singleProducts;
        }
        return logits <= FEW_LOGITS ? fewProducts : products;
    }

    /** The kind of their sums. */
    private PlainFirst wideSums(int logits) {
        if (logits == 1) {
            return singleSums;
        }
        return logits <= FEW_LOGITS ? fewSums : sums;
    }

    /** Of sparse rows and one logit there are plain loops alone. */
    private MatrixKernels kernels(PlainFirst kind, int[] rowStart, int from, int to, int stride) {
        return stride == 1 ? plain : kernels(kind, (long) (rowStart[to] - rowStart[from]) * stride);
    }

    @Override
    public void multiplyAdd(
            float[] x, int xOffset, int rows, int cols, double[] w, int logits, double[] z, int zOffset) {
        kernels(logits == 1 ? singleProducts : products, (long) rows * cols * logits)
                .multiplyAdd(x, xOffset, rows, cols, w, logits, z, zOffset);
    }

    @Override
    public void multiplyAdd(
            double[] x, int xOffset, int rows, int cols, double[] w, int logits, double[] z, int zOffset) {
        kernels(wideProducts(logits), (long) rows * cols * logits)
                .multiplyAdd(x, xOffset, rows, cols, w, logits, z, zOffset);
    }

    @Override
    public void transposeMultiplyAdd(
            float[] x, int xOffset, int rows, int cols, double[] r, int rOffset, int logits, double[] g) {
        kernels(logits == 1 ? singleSums : sums, (long) rows * cols * logits)
                .transposeMultiplyAdd(x, xOffset, rows, cols, r, rOffset, logits, g);
    }

    @Override
    public void transposeMultiplyAdd(
            double[] x, int xOffset, int rows, int cols, double[] r, int rOffset, int logits, double[] g) {
        kernels(wideSums(logits), (long) rows * cols * logits)
                .transposeMultiplyAdd(x, xOffset, rows, cols, r, rOffset, logits, g);
    }

    @Override
    public void multiplyAdd(float[] x, int xOffset, int rows, int cols, float[] w, int logits, float[] z, int zOffset) {
        kernels(floatProducts, (long) rows * cols * logits).multiplyAdd(x, xOffset, rows, cols, w, logits, z, zOffset);
    }

    @Override
    public void transposeMultiplyAdd(
            float[] x, int xOffset, int rows, int cols, float[] r, int rOffset, int logits, double[] g) {
        kernels(floatSums, (long) rows * cols * logits)
                .transposeMultiplyAdd(x, xOffset, rows, cols, r, rOffset, logits, g);
    }

    @Override
    public void multiplyAdd(
            int[] rowStart,
            int[] index,
            float[] value,
            int from,
            int to,
            double[] w,
            int stride,
            double[] z,
            int zOffset) {
        kernels(sparseProducts, rowStart, from, to, stride)
                .multiplyAdd(rowStart, index, value, from, to, w, stride, z, zOffset);
    }

    @Override
    public void multiplyAdd(
            int[] rowStart,
            int[] index,
            double[] value,
            int from,
            int to,
            double[] w,
            int stride,
            double[] z,
            int zOffset) {
        kernels(sparseProducts, rowStart, from, to, stride)
                .multiplyAdd(rowStart, index, value, from, to, w, stride, z, zOffset);
    }

    @Override
    public void transposeMultiplyAdd(
            int[] rowStart,
            int[] index,
            float[] value,
            int from,
            int to,
            double[] r,
            int rOffset,
            int stride,
            double[] g) {
        kernels(sparseSums, rowStart, from, to, stride)
                .transposeMultiplyAdd(rowStart, index, value, from, to, r, rOffset, stride, g);
    }

    @Override
    public void transposeMultiplyAdd(
            int[] rowStart,
            int[] index,
            double[] value,
            int from,
            int to,
            double[] r,
            int rOffset,
            int stride,
            double[] g) {
        kernels(sparseSums, rowStart, from, to, stride)
                .transposeMultiplyAdd(rowStart, index, value, from, to, r, rOffset, stride, g);
    }

    @Override
    public void gramAdd(
            float[] x, int xOffset, int rows, int cols, double[] d, int dOffset, double[] h, int hOffset, int hStride) {
        kernels(grams, (long) rows * cols * cols / 2).gramAdd(x, xOffset, rows, cols, d, dOffset, h, hOffset, hStride);
    }

    @Override
    public void gramAdd(
            double[] x,
            int xOffset,
            int rows,
            int cols,
            double[] d,
            int dOffset,
            double[] h,
            int hOffset,
            int hStride) {
        // Vectors that widened rows have brought to be compiled serve these at once.
        MatrixKernels kernels = grams.isOver() ? simd : kernels(wideGrams, (long) rows * cols * cols / 2);
        kernels.gramAdd(x, xOffset, rows, cols, d, dOffset, h, hOffset, hStride);
    }

    @Override
    public void squaresAdd(float[] x, int xOffset, int rows, int cols, double[] d, int dOffset, double[] out) {
        plain.squaresAdd(x, xOffset, rows, cols, d, dOffset, out);
    }

    @Override
    public void squaresAdd(double[] x, int xOffset, int rows, int cols, double[] d, int dOffset, double[] out) {
        plain.squaresAdd(x, xOffset, rows, cols, d, dOffset, out);
    }

    @Override
    public void squaresAdd(
            int[] rowStart, int[] index, float[] value, int from, int to, double[] d, int dOffset, double[] out) {
        plain.squaresAdd(rowStart, index, value, from, to, d, dOffset, out);
    }

    @Override
    public void squaresAdd(
            int[] rowStart, int[] index, double[] value, int from, int to, double[] d, int dOffset, double[] out) {
        plain.squaresAdd(rowStart, index, value, from, to, d, dOffset, out);
    }

    @Override
    public int cholesky(double[] a, int n, double tolerance, boolean[] dependent) {
        return kernels(factors, (long) n * n * n / 6).cholesky(a, n, tolerance, dependent);
    }

    @Override
    public void choleskySolve(double[] l, int n, boolean[] dependent, double[] b, int stride, int columns) {
        kernels(solutions, (long) n * n * columns).choleskySolve(l, n, dependent, b, stride, columns);
    }

    @Override
    public double dot(double[] a, double[] b, int n) {
        return kernels(vectors, n).dot(a, b, n);
    }

    @Override
    public void axpy(double alpha, double[] x, double[] y, int n) {
        kernels(vectors, n).axpy(alpha, x, y, n);
    }
}
