package io.logits.kernels.simd;

import static io.logits.kernels.simd.DoubleConstants.LONGS;
import static io.logits.kernels.simd.FloatConstants.HALF;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of float32 rows with one logit's coefficients and residuals, in float64: each entry is used once, so that it is
 * widened where it is, and not copied first.
 */
final class SingleLogit {
    private static final VectorSpecies<Double> D = Lanes.DOUBLES;
    private static final int V = D.length();

    private static final int LANES = Lanes.VIRTUAL;
    private static final int ROWS = 5;

    private SingleLogit() {}

    private static DoubleVector widened(float[] x, int at) {
        return (DoubleVector) FloatVector.fromArray(HALF, x, at).convertShape(VectorOperators.F2D, D, 0);
    }

    /** {@code z[zOffset + i] += sum_j x[i,j] w[j]}, summed as {@link RowProducts} does. */
    static void multiplyAdd(float[] x, int xOffset, int rows, int cols, double[] w, double[] z, int zOffset) {
        double[] lanes = new double[ROWS * LANES];
        int whole = cols / V * V;
        double[] lastCoefficients = Lanes.lastCoefficients(w, cols, 1);
        long[] lastBits = Lanes.lastBits(cols);
        for (int i = 0; i < rows; i += ROWS) {
            // The last tile reaches back over rows that are done, to be a full one; they are not added again.
            int first = Math.max(0, Math.min(i, rows - ROWS));
            int at = xOffset + first * cols;
            int tile = Math.min(ROWS, rows);
            boolean atOnce =
                    lastCoefficients.length > 0 && tile == ROWS && whole + V <= x.length - at - (ROWS - 1) * cols;
            for (int l = 0; l < LANES; l += V) {
                if (tile == ROWS) {
                    sweep5(x, at, cols, w, l, lanes);
                }
                for (int row = 0; row < tile && tile < ROWS; row++) {
                    sweep1(x, at + row * cols, cols, w, l, lanes, row * LANES + l);
                }
            }
            if (atOnce) {
                addLast5(x, at + whole, cols, lastBits, lastCoefficients, lanes);
            }
            for (int row = i - first; row < tile; row++) {
                if (!atOnce) {
                    addLast(x, at + row * cols, cols, w, lanes, row * LANES);
                }
                z[zOffset + first + row] += Lanes.fold(lanes, row * LANES);
            }
        }
    }

    private static void sweep5(float[] x, int x0, int cols, double[] w, int lane, double[] lanes) {
        DoubleVector s0 = DoubleVector.zero(D);
        DoubleVector s1 = s0;
        DoubleVector s2 = s0;
        DoubleVector s3 = s0;
        DoubleVector s4 = s0;
        int x1 = x0 + cols;
        int x2 = x1 + cols;
        int x3 = x2 + cols;
        int x4 = x3 + cols;
        for (int j = lane; j <= cols - V; j += LANES) {
            DoubleVector u = DoubleVector.fromArray(D, w, j);
            s0 = widened(x, x0 + j).fma(u, s0);
            s1 = widened(x, x1 + j).fma(u, s1);
            s2 = widened(x, x2 + j).fma(u, s2);
            s3 = widened(x, x3 + j).fma(u, s3);
            s4 = widened(x, x4 + j).fma(u, s4);
        }
        s0.intoArray(lanes, lane);
        s1.intoArray(lanes, LANES + lane);
        s2.intoArray(lanes, 2 * LANES + lane);
        s3.intoArray(lanes, 3 * LANES + lane);
        s4.intoArray(lanes, 4 * LANES + lane);
    }

    private static void sweep1(float[] x, int x0, int cols, double[] w, int lane, double[] lanes, int at) {
        DoubleVector s = DoubleVector.zero(D);
        for (int j = lane; j <= cols - V; j += LANES) {
            s = widened(x, x0 + j).fma(DoubleVector.fromArray(D, w, j), s);
        }
        s.intoArray(lanes, at);
    }

    /** Adds the columns after the last full vector of each row to their lanes, all at once. */
    private static void addLast5(
            float[] x, int x0, int cols, long[] lastBits, double[] lastCoefficients, double[] lanes) {
        DoubleVector u = DoubleVector.fromArray(D, lastCoefficients, 0);
        LongVector bits = LongVector.fromArray(LONGS, lastBits, 0);
        for (int row = 0; row < ROWS; row++) {
            widened(x, x0 + row * cols)
                    .reinterpretAsLongs()
                    .and(bits)
                    .reinterpretAsDoubles()
                    .fma(u, DoubleVector.fromArray(D, lanes, row * LANES))
                    .intoArray(lanes, row * LANES);
        }
    }

    /** Adds the columns after the last full vector of a row to their lanes. */
    private static void addLast(float[] x, int x0, int cols, double[] w, double[] lanes, int at) {
        for (int j = cols / V * V; j < cols; j++) {
            int lane = at + j % LANES;
            lanes[lane] = Math.fma(x[x0 + j], w[j], lanes[lane]);
        }
    }

    /** {@code g[j] += sum_i x[i,j] r[rOffset + i]}, in order of rows. */
    static void transposeMultiplyAdd(float[] x, int xOffset, int rows, int cols, double[] r, int rOffset, double[] g) {
        int j = 0;
        for (; j <= cols - 4 * V; j += 4 * V) {
            outer4(x, xOffset + j, rows, cols, r, rOffset, g, j);
        }
        for (; j <= cols - V; j += V) {
            outer1(x, xOffset + j, rows, cols, r, rOffset, g, j);
        }
        for (int i = 0; i < rows && j < cols; i++) {
            for (int c = j; c < cols; c++) {
                g[c] = Math.fma(x[xOffset + i * cols + c], r[rOffset + i], g[c]);
            }
        }
    }

    private static void outer4(float[] x, int xAt, int rows, int cols, double[] r, int rAt, double[] g, int g0) {
        DoubleVector s0 = DoubleVector.fromArray(D, g, g0);
        DoubleVector s1 = DoubleVector.fromArray(D, g, g0 + V);
        DoubleVector s2 = DoubleVector.fromArray(D, g, g0 + 2 * V);
        DoubleVector s3 = DoubleVector.fromArray(D, g, g0 + 3 * V);
        for (int i = 0; i < rows; i++) {
            int at = xAt + i * cols;
            DoubleVector u = DoubleVector.broadcast(D, r[rAt + i]);
            s0 = widened(x, at).fma(u, s0);
            s1 = widened(x, at + V).fma(u, s1);
            s2 = widened(x, at + 2 * V).fma(u, s2);
            s3 = widened(x, at + 3 * V).fma(u, s3);
        }
        s0.intoArray(g, g0);
        s1.intoArray(g, g0 + V);
        s2.intoArray(g, g0 + 2 * V);
        s3.intoArray(g, g0 + 3 * V);
    }

    private static void outer1(float[] x, int xAt, int rows, int cols, double[] r, int rAt, double[] g, int g0) {
        DoubleVector s = DoubleVector.fromArray(D, g, g0);
        for (int i = 0; i < rows; i++) {
            s = widened(x, xAt + i * cols).fma(DoubleVector.broadcast(D, r[rAt + i]), s);
        }
        s.intoArray(g, g0);
    }
}
