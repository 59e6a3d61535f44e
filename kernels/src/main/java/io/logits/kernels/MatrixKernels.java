package io.logits.kernels;

/**
 * Products with blocks of rows, and dense symmetric systems. Data is float32 or float64; arithmetic is
 * float64, but where coefficients and residuals are handed over as float32.
 *
 * <p>Dense blocks are row-major and contiguous: row {@code i} starts at {@code xOffset + i*cols}. With them coefficients
 * and gradients lie logit by logit, {@code w[k*cols + j]}, and margins {@code z[zOffset + i*logits + k]}.
 *
 * <p>Sparse blocks are compressed rows: row {@code i} has the entries {@code rowStart[i] .. rowStart[i+1]-1} of
 * {@code index} and {@code value}. With them coefficients and gradients lie feature by feature, {@code w[j*stride + k]},
 * and margins {@code z[zOffset + i*stride + k]}; {@code stride} is 1 or a multiple of 4, so that the logits of a feature
 * fill vectors.
 *
 * <p>Order of summation, which is part of the contract: a dense product of a row with coefficients, a sparse one with
 * {@code stride == 1}, and {@code dot} sum over 8 virtual lanes (entry {@code j}, or the j-th stored entry, goes to lane
 * {@code j mod 8}, by fused multiply-add) folded as {@code ((l0+l4)+(l2+l6)) + ((l1+l5)+(l3+l7))}; everything else adds
 * in order of rows, or of entries of a row, by fused multiply-add.
 */
public interface MatrixKernels {
    /** {@code z[i,k] += sum_j x[i,j] w[k,j]} for dense rows {@code 0 <= i < rows}. */
    void multiplyAdd(float[] x, int xOffset, int rows, int cols, double[] w, int logits, double[] z, int zOffset);

    /** The same with float64 data. */
    void multiplyAdd(double[] x, int xOffset, int rows, int cols, double[] w, int logits, double[] z, int zOffset);

    /** {@code g[k,j] += sum_i x[i,j] r[i,k]} over dense rows {@code 0 <= i < rows}. */
    void transposeMultiplyAdd(
            float[] x, int xOffset, int rows, int cols, double[] r, int rOffset, int logits, double[] g);

    /** The same with float64 data. */
    void transposeMultiplyAdd(
            double[] x, int xOffset, int rows, int cols, double[] r, int rOffset, int logits, double[] g);

    /**
     * {@code z[i,k] += sum_j x[i,j] w[k,j]} for dense rows in float32 arithmetic, over 16 virtual lanes: entry {@code j}
     * goes to lane {@code j mod 16}; lanes i and i+8 are added, then the 8 sums folded as stated above.
     */
    void multiplyAdd(float[] x, int xOffset, int rows, int cols, float[] w, int logits, float[] z, int zOffset);

    /**
     * {@code g[k,j] += sum_i x[i,j] r[i,k]} over dense rows, the sum over the rows of the call in float32 arithmetic and
     * in order of rows, its addition to {@code g} in float64.
     */
    void transposeMultiplyAdd(
            float[] x, int xOffset, int rows, int cols, float[] r, int rOffset, int logits, double[] g);

    /**
     * {@code z[i-from,k] += sum_j x[i,j] w[j,k]} for sparse rows {@code from <= i < to}.
     *
     * @param rowStart {@code rowStart[i] .. rowStart[i+1]-1} are row i's positions in {@code index} and {@code value}
     */
    void multiplyAdd(
            int[] rowStart,
            int[] index,
            float[] value,
            int from,
            int to,
            double[] w,
            int stride,
            double[] z,
            int zOffset);

    /** The same with float64 values. */
    void multiplyAdd(
            int[] rowStart,
            int[] index,
            double[] value,
            int from,
            int to,
            double[] w,
            int stride,
            double[] z,
            int zOffset);

    /** {@code g[j,k] += sum_i x[i,j] r[i-from,k]} over sparse rows {@code from <= i < to}. */
    void transposeMultiplyAdd(
            int[] rowStart,
            int[] index,
            float[] value,
            int from,
            int to,
            double[] r,
            int rOffset,
            int stride,
            double[] g);

    /** The same with float64 values. */
    void transposeMultiplyAdd(
            int[] rowStart,
            int[] index,
            double[] value,
            int from,
            int to,
            double[] r,
            int rOffset,
            int stride,
            double[] g);

    /**
     * Weighted Gram matrix of dense rows, lower triangle: {@code h[hOffset + a*hStride + b] += sum_i d[dOffset + i] x[i,a] x[i,b]}
     * for {@code 0 <= b <= a < cols}. The strict upper triangle of each diagonal 8 x 8 block may be written too.
     */
    void gramAdd(
            float[] x, int xOffset, int rows, int cols, double[] d, int dOffset, double[] h, int hOffset, int hStride);

    /** The same with float64 data. */
    void gramAdd(
            double[] x, int xOffset, int rows, int cols, double[] d, int dOffset, double[] h, int hOffset, int hStride);

    /** {@code out[j] += sum_i d[dOffset + i] x[i,j]^2} over dense rows {@code 0 <= i < rows}. */
    void squaresAdd(float[] x, int xOffset, int rows, int cols, double[] d, int dOffset, double[] out);

    /** The same with float64 data. */
    void squaresAdd(double[] x, int xOffset, int rows, int cols, double[] d, int dOffset, double[] out);

    /** {@code out[j] += sum_i d[dOffset + i-from] x[i,j]^2} over sparse rows {@code from <= i < to}. */
    void squaresAdd(
            int[] rowStart, int[] index, float[] value, int from, int to, double[] d, int dOffset, double[] out);

    /** The same with float64 values. */
    void squaresAdd(
            int[] rowStart, int[] index, double[] value, int from, int to, double[] d, int dOffset, double[] out);

    /**
     * Cholesky factor of a symmetric matrix in place: the lower triangle of the row-major {@code a} ({@code n x n},
     * row stride {@code n}) becomes L with {@code L L' = a}. A column whose pivot falls to
     * {@code tolerance} times its own diagonal entry, or below zero, is linearly dependent on the ones before it: its
     * row and column are set to those of the identity, and it is reported. What is above the diagonal is neither read nor kept.
     *
     * @param dependent set to true for each dependent column, to false for the others; length {@code n}
     * @return how many columns were dependent
     */
    int cholesky(double[] a, int n, double tolerance, boolean[] dependent);

    /**
     * Solves {@code L L' x = b} for {@code columns} right-hand sides in place, {@code b[i*stride + k]}, {@code L} from
     * {@link #cholesky}. For columns it found dependent the solution is zero.
     */
    void choleskySolve(double[] l, int n, boolean[] dependent, double[] b, int stride, int columns);

    /** {@code sum_i a[i] b[i]} over {@code 0 <= i < n}, over 8 virtual lanes folded as stated above. */
    double dot(double[] a, double[] b, int n);

    /** {@code y[i] += alpha x[i]} for {@code 0 <= i < n}. */
    void axpy(double alpha, double[] x, double[] y, int n);
}
