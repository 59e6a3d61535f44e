package io.logits.kernels;

import java.util.Arrays;

/** The plain loops that state what {@link MatrixKernels} computes, operation by operation. */
final class ScalarMatrices implements MatrixKernels {
    private static final int LANES = 8;
    private static final int FEW_ROWS = 4;
    /** So many rows, and columns of their Gram matrix, fit the second-level cache. */
    private static final int SLAB_ROWS = 32;

    private static final int SLAB_COLUMNS = 16;

    private static double fold(double l0, double l1, double l2, double l3, double l4, double l5, double l6, double l7) {
        return ((l0 + l4) + (l2 + l6)) + ((l1 + l5) + (l3 + l7));
    }

    /** {@code y[k] += alpha x[k]} for {@code 0 <= k < n} beyond the offsets. */
    private static void addScaled(double alpha, double[] x, int xOffset, double[] y, int yOffset, int n) {
        for (int k = 0; k < n; k++) {
            y[yOffset + k] = Math.fma(alpha, x[xOffset + k], y[yOffset + k]);
        }
    }

    @Override
    public void multiplyAdd(
            float[] x, int xOffset, int rows, int cols, double[] w, int logits, double[] z, int zOffset) {
        for (int i = 0; i < rows; i++) {
            for (int k = 0; k < logits; k++) {
                z[zOffset + i * logits + k] += dotRow(x, xOffset + i * cols, w, k * cols, cols);
            }
        }
    }

    private static double dotRow(float[] x, int xOffset, double[] w, int wOffset, int n) {
        double l0 = 0, l1 = 0, l2 = 0, l3 = 0, l4 = 0, l5 = 0, l6 = 0, l7 = 0;
        int j = 0;
        for (; j <= n - LANES; j += LANES) {
            int at = xOffset + j;
            l0 = Math.fma(x[at], w[wOffset + j], l0);
            l1 = Math.fma(x[at + 1], w[wOffset + j + 1], l1);
            l2 = Math.fma(x[at + 2], w[wOffset + j + 2], l2);
            l3 = Math.fma(x[at + 3], w[wOffset + j + 3], l3);
            l4 = Math.fma(x[at + 4], w[wOffset + j + 4], l4);
            l5 = Math.fma(x[at + 5], w[wOffset + j + 5], l5);
            l6 = Math.fma(x[at + 6], w[wOffset + j + 6], l6);
            l7 = Math.fma(x[at + 7], w[wOffset + j + 7], l7);
        }
        switch (n - j) {
            case 7:
                l6 = Math.fma(x[xOffset + j + 6], w[wOffset + j + 6], l6);
            // falls through
            case 6:
                l5 = Math.fma(x[xOffset + j + 5], w[wOffset + j + 5], l5);
            // falls through
            case 5:
                l4 = Math.fma(x[xOffset + j + 4], w[wOffset + j + 4], l4);
            // falls through
            case 4:
                l3 = Math.fma(x[xOffset + j + 3], w[wOffset + j + 3], l3);
            // falls through
            case 3:
                l2 = Math.fma(x[xOffset + j + 2], w[wOffset + j + 2], l2);
            // falls through
            case 2:
                l1 = Math.fma(x[xOffset + j + 1], w[wOffset + j + 1], l1);
            // falls through
            case 1:
                l0 = Math.fma(x[xOffset + j], w[wOffset + j], l0);
            // falls through
            default:
        }
        return fold(l0, l1, l2, l3, l4, l5, l6, l7);
    }

    @Override
    public void transposeMultiplyAdd(
            float[] x, int xOffset, int rows, int cols, double[] r, int rOffset, int logits, double[] g) {
        for (int i = 0; i < rows; i++) {
            for (int k = 0; k < logits; k++) {
                addScaledRow(r[rOffset + i * logits + k], x, xOffset + i * cols, g, k * cols, cols);
            }
        }
    }

    @Override
    public void gramAdd(
            float[] x, int xOffset, int rows, int cols, double[] d, int dOffset, double[] h, int hOffset, int hStride) {
        double[] wide = new double[Math.min(SLAB_ROWS, rows) * cols];
        for (int i = 0; i < rows; i += SLAB_ROWS) {
            int count = Math.min(SLAB_ROWS, rows - i);
            for (int e = 0; e < count * cols; e++) {
                wide[e] = x[xOffset + i * cols + e];
            }
            gramAdd(wide, 0, count, cols, d, dOffset + i, h, hOffset, hStride);
        }
    }

    /** {@code y[j] += alpha x[j]} for {@code 0 <= j < n} beyond the offsets. */
    private static void addScaledRow(double alpha, float[] x, int xOffset, double[] y, int yOffset, int n) {
        for (int j = 0; j < n; j++) {
            y[yOffset + j] = Math.fma(alpha, x[xOffset + j], y[yOffset + j]);
        }
    }

    @Override
    public void multiplyAdd(
            double[] x, int xOffset, int rows, int cols, double[] w, int logits, double[] z, int zOffset) {
        for (int i = 0; i < rows; i++) {
            for (int k = 0; k < logits; k++) {
                z[zOffset + i * logits + k] += dotRow(x, xOffset + i * cols, w, k * cols, cols);
            }
        }
    }

    private static double dotRow(double[] x, int xOffset, double[] w, int wOffset, int n) {
        double l0 = 0, l1 = 0, l2 = 0, l3 = 0, l4 = 0, l5 = 0, l6 = 0, l7 = 0;
        int j = 0;
        for (; j <= n - LANES; j += LANES) {
            int at = xOffset + j;
            l0 = Math.fma(x[at], w[wOffset + j], l0);
            l1 = Math.fma(x[at + 1], w[wOffset + j + 1], l1);
            l2 = Math.fma(x[at + 2], w[wOffset + j + 2], l2);
            l3 = Math.fma(x[at + 3], w[wOffset + j + 3], l3);
            l4 = Math.fma(x[at + 4], w[wOffset + j + 4], l4);
            l5 = Math.fma(x[at + 5], w[wOffset + j + 5], l5);
            l6 = Math.fma(x[at + 6], w[wOffset + j + 6], l6);
            l7 = Math.fma(x[at + 7], w[wOffset + j + 7], l7);
        }
        switch (n - j) {
            case 7:
                l6 = Math.fma(x[xOffset + j + 6], w[wOffset + j + 6], l6);
            // falls through
            case 6:
                l5 = Math.fma(x[xOffset + j + 5], w[wOffset + j + 5], l5);
            // falls through
            case 5:
                l4 = Math.fma(x[xOffset + j + 4], w[wOffset + j + 4], l4);
            // falls through
            case 4:
                l3 = Math.fma(x[xOffset + j + 3], w[wOffset + j + 3], l3);
            // falls through
            case 3:
                l2 = Math.fma(x[xOffset + j + 2], w[wOffset + j + 2], l2);
            // falls through
            case 2:
                l1 = Math.fma(x[xOffset + j + 1], w[wOffset + j + 1], l1);
            // falls through
            case 1:
                l0 = Math.fma(x[xOffset + j], w[wOffset + j], l0);
            // falls through
            default:
        }
        return fold(l0, l1, l2, l3, l4, l5, l6, l7);
    }

    @Override
    public void transposeMultiplyAdd(
            double[] x, int xOffset, int rows, int cols, double[] r, int rOffset, int logits, double[] g) {
        int i = 0;
        for (; logits == 1 && i <= rows - 4; i += 4) {
            addFour(r, rOffset + i, x, xOffset + i * cols, cols, g, 0, cols);
        }
        for (; i < rows; i++) {
            for (int k = 0; k < logits; k++) {
                addScaled(r[rOffset + i * logits + k], x, xOffset + i * cols, g, k * cols, cols);
            }
        }
    }

    /** Adds the first {@code n} entries of four rows, in order, while an entry of {@code g} is at hand. */
    private static void addFour(double[] r, int rOffset, double[] x, int x0, int cols, double[] g, int g0, int n) {
        double r0 = r[rOffset];
        double r1 = r[rOffset + 1];
        double r2 = r[rOffset + 2];
        double r3 = r[rOffset + 3];
        int x1 = x0 + cols;
        int x2 = x1 + cols;
        int x3 = x2 + cols;
        for (int j = 0; j < n; j++) {
            double sum = Math.fma(x[x1 + j], r1, Math.fma(x[x0 + j], r0, g[g0 + j]));
            g[g0 + j] = Math.fma(x[x3 + j], r3, Math.fma(x[x2 + j], r2, sum));
        }
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
        for (int i = 0; i < rows; i += SLAB_ROWS) {
            int count = Math.min(SLAB_ROWS, rows - i);
            for (int a = 0; a < cols; a += SLAB_COLUMNS) {
                int end = Math.min(cols, a + SLAB_COLUMNS);
                gramAdd(x, xOffset + i * cols, count, cols, d, dOffset + i, h, hOffset, hStride, a, end);
            }
        }
    }

    /** The same for rows {@code from <= a < to} of {@code h}, which stay in the cache. */
    private static void gramAdd(
            double[] x,
            int xOffset,
            int rows,
            int cols,
            double[] d,
            int dOffset,
            double[] h,
            int hOffset,
            int hStride,
            int from,
            int to) {
        double[] alpha = new double[FEW_ROWS];
        int i = 0;
        for (; i <= rows - FEW_ROWS; i += FEW_ROWS) {
            gramAddFour(x, xOffset + i * cols, cols, d, dOffset + i, alpha, h, hOffset, hStride, from, to);
        }
        for (; i < rows; i++) {
            int row = xOffset + i * cols;
            for (int a = from; a < to; a++) {
                addScaled(d[dOffset + i] * x[row + a], x, row, h, hOffset + a * hStride, a + 1);
            }
        }
    }

    /** The same of {@value #FEW_ROWS} rows; a method of its own, as what is called often leaves the interpreter sooner. */
    private static void gramAddFour(
            double[] x,
            int row,
            int cols,
            double[] d,
            int dOffset,
            double[] alpha,
            double[] h,
            int hOffset,
            int hStride,
            int from,
            int to) {
        for (int a = from; a < to; a++) {
            for (int r = 0; r < FEW_ROWS; r++) {
                alpha[r] = d[dOffset + r] * x[row + r * cols + a];
            }
            addFour(alpha, 0, x, row, cols, h, hOffset + a * hStride, a + 1);
        }
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
        for (int i = from; i < to; i++) {
            int end = rowStart[i + 1];
            if (stride == 1) {
                z[zOffset + i - from] += dotEntries(index, value, rowStart[i], end, w);
            } else {
                for (int e = rowStart[i]; e < end; e++) {
                    addScaled(value[e], w, index[e] * stride, z, zOffset + (i - from) * stride, stride);
                }
            }
        }
    }

    private static double dotEntries(int[] index, float[] value, int start, int end, double[] w) {
        double l0 = 0, l1 = 0, l2 = 0, l3 = 0, l4 = 0, l5 = 0, l6 = 0, l7 = 0;
        int e = start;
        for (; e + LANES <= end; e += LANES) {
            l0 = Math.fma(value[e], w[index[e]], l0);
            l1 = Math.fma(value[e + 1], w[index[e + 1]], l1);
            l2 = Math.fma(value[e + 2], w[index[e + 2]], l2);
            l3 = Math.fma(value[e + 3], w[index[e + 3]], l3);
            l4 = Math.fma(value[e + 4], w[index[e + 4]], l4);
            l5 = Math.fma(value[e + 5], w[index[e + 5]], l5);
            l6 = Math.fma(value[e + 6], w[index[e + 6]], l6);
            l7 = Math.fma(value[e + 7], w[index[e + 7]], l7);
        }
        switch (end - e) {
            case 7:
                l6 = Math.fma(value[e + 6], w[index[e + 6]], l6);
            // falls through
            case 6:
                l5 = Math.fma(value[e + 5], w[index[e + 5]], l5);
            // falls through
            case 5:
                l4 = Math.fma(value[e + 4], w[index[e + 4]], l4);
            // falls through
            case 4:
                l3 = Math.fma(value[e + 3], w[index[e + 3]], l3);
            // falls through
            case 3:
                l2 = Math.fma(value[e + 2], w[index[e + 2]], l2);
            // falls through
            case 2:
                l1 = Math.fma(value[e + 1], w[index[e + 1]], l1);
            // falls through
            case 1:
                l0 = Math.fma(value[e], w[index[e]], l0);
            // falls through
            default:
        }
        return fold(l0, l1, l2, l3, l4, l5, l6, l7);
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
        for (int i = from; i < to; i++) {
            int end = rowStart[i + 1];
            for (int e = rowStart[i]; e < end; e++) {
                if (stride == 1) {
                    g[index[e]] = Math.fma(value[e], r[rOffset + i - from], g[index[e]]);
                } else {
                    addScaled(value[e], r, rOffset + (i - from) * stride, g, index[e] * stride, stride);
                }
            }
        }
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
        for (int i = from; i < to; i++) {
            int end = rowStart[i + 1];
            if (stride == 1) {
                z[zOffset + i - from] += dotEntries(index, value, rowStart[i], end, w);
            } else {
                for (int e = rowStart[i]; e < end; e++) {
                    addScaled(value[e], w, index[e] * stride, z, zOffset + (i - from) * stride, stride);
                }
            }
        }
    }

    private static double dotEntries(int[] index, double[] value, int start, int end, double[] w) {
        double l0 = 0, l1 = 0, l2 = 0, l3 = 0, l4 = 0, l5 = 0, l6 = 0, l7 = 0;
        int e = start;
        for (; e + LANES <= end; e += LANES) {
            l0 = Math.fma(value[e], w[index[e]], l0);
            l1 = Math.fma(value[e + 1], w[index[e + 1]], l1);
            l2 = Math.fma(value[e + 2], w[index[e + 2]], l2);
            l3 = Math.fma(value[e + 3], w[index[e + 3]], l3);
            l4 = Math.fma(value[e + 4], w[index[e + 4]], l4);
            l5 = Math.fma(value[e + 5], w[index[e + 5]], l5);
            l6 = Math.fma(value[e + 6], w[index[e + 6]], l6);
            l7 = Math.fma(value[e + 7], w[index[e + 7]], l7);
        }
        switch (end - e) {
            case 7:
                l6 = Math.fma(value[e + 6], w[index[e + 6]], l6);
            // falls through
            case 6:
                l5 = Math.fma(value[e + 5], w[index[e + 5]], l5);
            // falls through
            case 5:
                l4 = Math.fma(value[e + 4], w[index[e + 4]], l4);
            // falls through
            case 4:
                l3 = Math.fma(value[e + 3], w[index[e + 3]], l3);
            // falls through
            case 3:
                l2 = Math.fma(value[e + 2], w[index[e + 2]], l2);
            // falls through
            case 2:
                l1 = Math.fma(value[e + 1], w[index[e + 1]], l1);
            // falls through
            case 1:
                l0 = Math.fma(value[e], w[index[e]], l0);
            // falls through
            default:
        }
        return fold(l0, l1, l2, l3, l4, l5, l6, l7);
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
        for (int i = from; i < to; i++) {
            int end = rowStart[i + 1];
            for (int e = rowStart[i]; e < end; e++) {
                if (stride == 1) {
                    g[index[e]] = Math.fma(value[e], r[rOffset + i - from], g[index[e]]);
                } else {
                    addScaled(value[e], r, rOffset + (i - from) * stride, g, index[e] * stride, stride);
                }
            }
        }
    }

    @Override
    public void squaresAdd(float[] x, int xOffset, int rows, int cols, double[] d, int dOffset, double[] out) {
        for (int i = 0; i < rows; i++) {
            int row = xOffset + i * cols;
            for (int j = 0; j < cols; j++) {
                double entry = x[row + j];
                out[j] = Math.fma(d[dOffset + i] * entry, entry, out[j]);
            }
        }
    }

    @Override
    public void squaresAdd(double[] x, int xOffset, int rows, int cols, double[] d, int dOffset, double[] out) {
        for (int i = 0; i < rows; i++) {
            int row = xOffset + i * cols;
            for (int j = 0; j < cols; j++) {
                double entry = x[row + j];
                out[j] = Math.fma(d[dOffset + i] * entry, entry, out[j]);
            }
        }
    }

    @Override
    public void squaresAdd(
            int[] rowStart, int[] index, float[] value, int from, int to, double[] d, int dOffset, double[] out) {
        for (int i = from; i < to; i++) {
            for (int e = rowStart[i]; e < rowStart[i + 1]; e++) {
                double entry = value[e];
                out[index[e]] = Math.fma(d[dOffset + i - from] * entry, entry, out[index[e]]);
            }
        }
    }

    @Override
    public void squaresAdd(
            int[] rowStart, int[] index, double[] value, int from, int to, double[] d, int dOffset, double[] out) {
        for (int i = from; i < to; i++) {
            for (int e = rowStart[i]; e < rowStart[i + 1]; e++) {
                double entry = value[e];
                out[index[e]] = Math.fma(d[dOffset + i - from] * entry, entry, out[index[e]]);
            }
        }
    }

    @Override
    public void multiplyAdd(float[] x, int xOffset, int rows, int cols, float[] w, int logits, float[] z, int zOffset) {
        float[] lanes = new float[2 * LANES];
        for (int i = 0; i < rows; i++) {
            for (int k = 0; k < logits; k++) {
                Arrays.fill(lanes, 0);
                for (int j = 0; j < cols; j++) {
                    int lane = j % (2 * LANES);
                    lanes[lane] = Math.fma(x[xOffset + i * cols + j], w[k * cols + j], lanes[lane]);
                }
                for (int lane = 0; lane < LANES; lane++) {
                    lanes[lane] += lanes[lane + LANES];
                }
                z[zOffset + i * logits + k] += ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6]))
                        + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
            }
        }
    }

    @Override
    public void transposeMultiplyAdd(
            float[] x, int xOffset, int rows, int cols, float[] r, int rOffset, int logits, double[] g) {
        for (int k = 0; k < logits; k++) {
            for (int j = 0; j < cols; j++) {
                float sum = 0;
                for (int i = 0; i < rows; i++) {
                    sum = Math.fma(x[xOffset + i * cols + j], r[rOffset + i * logits + k], sum);
                }
                g[k * cols + j] += sum;
            }
        }
    }

    @Override
    public int cholesky(double[] a, int n, double tolerance, boolean[] dependent) {
        double[] diagonal = new double[n];
        for (int i = 0; i < n; i++) {
            diagonal[i] = a[i * n + i];
        }
        int found = 0;
        int i = 0;
        for (; i <= n - FEW_ROWS; i += FEW_ROWS) {
            for (int j = 0; j < i; j += 2) {
                subtractPair(a, i * n, n, j, j);
                dividePair(a, i * n, n, j, dependent);
            }
            subtractPair(a, i * n, n, i, i);
            subtractPair(a, i * n, n, i + 2, i);
            found += factorRows(a, i, i + FEW_ROWS, n, i, tolerance, diagonal, dependent);
        }
        return found + factorRows(a, i, n, n, 0, tolerance, diagonal, dependent);
    }

    /** Some rows of a factor, in which what columns before j0 take is subtracted. */
    private static int factorRows(
            double[] a, int from, int to, int n, int j0, double tolerance, double[] diagonal, boolean[] dependent) {
        int found = 0;
        for (int i = from; i < to; i++) {
            for (int j = j0; j < i; j++) {
                a[i * n + j] = dependent[j] ? 0 : lessProducts(a, i * n, j0, j, a, j * n, a[i * n + j]) / a[j * n + j];
            }
            double s = lessProducts(a, i * n, j0, i, a, i * n, a[i * n + i]);
            dependent[i] = !(s > tolerance * diagonal[i] && s > 0);
            a[i * n + i] = dependent[i] ? 1 : Math.sqrt(s);
            if (dependent[i]) {
                found++;
                Arrays.fill(a, i * n, i * n + i, 0);
            }
        }
        return found;
    }

    /**
     * {@code a[i,j] -= sum_{k < count} a[i,k] a[j,k]} for two columns, from j on, of four rows: eight sums, each in its order, that
     * do not wait for each other.
     */
    private static void subtractPair(double[] a, int r0, int n, int j, int count) {
        int r1 = r0 + n;
        int r2 = r1 + n;
        int r3 = r2 + n;
        int left = j * n;
        int right = left + n;
        double s00 = a[r0 + j];
        double s01 = a[r0 + j + 1];
        double s10 = a[r1 + j];
        double s11 = a[r1 + j + 1];
        double s20 = a[r2 + j];
        double s21 = a[r2 + j + 1];
        double s30 = a[r3 + j];
        double s31 = a[r3 + j + 1];
        for (int k = 0; k < count; k++) {
            double c = -a[left + k];
            double d = -a[right + k];
            s00 = Math.fma(a[r0 + k], c, s00);
            s01 = Math.fma(a[r0 + k], d, s01);
            s10 = Math.fma(a[r1 + k], c, s10);
            s11 = Math.fma(a[r1 + k], d, s11);
            s20 = Math.fma(a[r2 + k], c, s20);
            s21 = Math.fma(a[r2 + k], d, s21);
            s30 = Math.fma(a[r3 + k], c, s30);
            s31 = Math.fma(a[r3 + k], d, s31);
        }
        a[r0 + j] = s00;
        a[r0 + j + 1] = s01;
        a[r1 + j] = s10;
        a[r1 + j + 1] = s11;
        a[r2 + j] = s20;
        a[r2 + j + 1] = s21;
        a[r3 + j] = s30;
        a[r3 + j + 1] = s31;
    }

    /** What is left of two columns of four rows becomes the factor's. */
    private static void dividePair(double[] a, int r0, int n, int j, boolean[] dependent) {
        int right = (j + 1) * n + j;
        double pivot = a[j * n + j];
        double next = a[right + 1];
        for (int at = r0 + j; at < r0 + FEW_ROWS * n; at += n) {
            a[at] = dependent[j] ? 0 : a[at] / pivot;
            a[at + 1] = dependent[j + 1] ? 0 : Math.fma(-a[at], a[right], a[at + 1]) / next;
        }
    }

    @Override
    public void choleskySolve(double[] l, int n, boolean[] dependent, double[] b, int stride, int columns) {
        if (columns == 1 && stride == 1) {
            solveOne(l, n, dependent, b);
            return;
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                addScaled(-l[i * n + j], b, j * stride, b, i * stride, columns);
            }
            scale(l[i * n + i], dependent[i], b, i * stride, columns);
        }
        for (int i = n - 1; i >= 0; i--) {
            scale(l[i * n + i], dependent[i], b, i * stride, columns);
            for (int j = 0; j < i; j++) {
                addScaled(-l[i * n + j], b, i * stride, b, j * stride, columns);
            }
        }
    }

    /** The same for one right-hand side: the sums of four rows, each in its order, do not wait for each other. */
    private static void solveOne(double[] l, int n, boolean[] dependent, double[] b) {
        for (int i = 0; i < n; i += FEW_ROWS) {
            int end = Math.min(n, i + FEW_ROWS);
            if (end - i == FEW_ROWS) {
                subtractFour(l, i * n, n, i, b);
            } else {
                for (int r = i; r < end; r++) {
                    b[r] = lessProducts(l, r * n, 0, i, b, 0, b[r]);
                }
            }
            for (int r = i; r < end; r++) {
                b[r] = lessProducts(l, r * n, i, r, b, 0, b[r]);
                scale(l[r * n + r], dependent[r], b, r, 1);
            }
        }
        for (int i = n - 1; i >= 0; i--) {
            scale(l[i * n + i], dependent[i], b, i, 1);
            addScaled(-b[i], l, i * n, b, 0, i);
        }
    }

    /** {@code b[i+r] -= sum_{j < i} l[at + r*n + j] b[j]} for four rows r. */
    private static void subtractFour(double[] l, int at, int n, int i, double[] b) {
        double s0 = b[i];
        double s1 = b[i + 1];
        double s2 = b[i + 2];
        double s3 = b[i + 3];
        for (int j = 0; j < i; j++) {
            s0 = Math.fma(-l[at + j], b[j], s0);
            s1 = Math.fma(-l[at + n + j], b[j], s1);
            s2 = Math.fma(-l[at + 2 * n + j], b[j], s2);
            s3 = Math.fma(-l[at + 3 * n + j], b[j], s3);
        }
        b[i] = s0;
        b[i + 1] = s1;
        b[i + 2] = s2;
        b[i + 3] = s3;
    }

    /** {@code start - sum_{from <= j < to} l[at + j] b[bOffset + j]}. */
    private static double lessProducts(double[] l, int at, int from, int to, double[] b, int bOffset, double start) {
        double s = start;
        for (int j = from; j < to; j++) {
            s = Math.fma(-l[at + j], b[bOffset + j], s);
        }
        return s;
    }

    private static void scale(double pivot, boolean dependent, double[] b, int bOffset, int columns) {
        for (int k = bOffset; k < bOffset + columns; k++) {
            b[k] = dependent ? 0 : b[k] / pivot;
        }
    }

    @Override
    public double dot(double[] a, double[] b, int n) {
        return dotRow(a, 0, b, 0, n);
    }

    @Override
    public void axpy(double alpha, double[] x, double[] y, int n) {
        addScaled(alpha, x, 0, y, 0, n);
    }
}
