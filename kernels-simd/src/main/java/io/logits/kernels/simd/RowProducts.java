package io.logits.kernels.simd;

import static io.logits.kernels.simd.DoubleConstants.LONGS;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of dense float64 rows with the coefficients of some logits, in tiles of 5 rows and 2 logits, whose 10 sums stay in
 * registers, of which some processors have but 16. The 8 virtual lanes of a row's product are one vector of 512 bits, or are done
 * in 2 or 4 sweeps of narrower ones. For one thread.
 */
final class RowProducts {
    private static final VectorSpecies<Double> D = Lanes.DOUBLES;
    private static final int V = D.length();
    private static final int LANES = Lanes.VIRTUAL;
    /** Rows of a tile. */
    static final int ROWS = 5;

    private final double[] w;
    private final int cols;
    private final int logits;
    private final double[] lanes = new double[2 * ROWS * LANES];
    /** The column after the last full vector. */
    private final int whole;
    /** The coefficients from there on of each logit, as {@link Lanes#lastCoefficients} has them, and the bits of their lanes. */
    private final double[] lastCoefficients;

    private final long[] lastBits;

    /**
     * Products.
     *
     * @param w {@code w[k*cols + j]} of {@code 0 <= k < logits}
     */
    RowProducts(double[] w, int cols, int logits) {
        this.w = w;
        this.cols = cols;
        this.logits = logits;
        whole = cols / V * V;
        lastCoefficients = Lanes.lastCoefficients(w, cols, logits);
        lastBits = Lanes.lastBits(cols);
    }

    /** {@code z[zOffset + i*logits + k] += sum_j x[xOffset + i*cols + j] w[k,j]} for {@code 0 <= i < rows}. */
    void add(double[] x, int xOffset, int rows, double[] z, int zOffset) {
        for (int i = 0; i < rows && rows < ROWS; i++) {
            addRow(x, xOffset + i * cols, z, zOffset + i * logits);
        }
        for (int i = 0; i < rows && rows >= ROWS; i += ROWS) {
            // The last tile reaches back over rows that are done, to be a full one; they are not added again.
            int first = Math.min(i, rows - ROWS);
            addTile(x, xOffset + first * cols, i - first, z, zOffset + first * logits);
        }
    }

    private void addRow(double[] x, int at, double[] z, int zAt) {
        for (int k = 0; k < logits; k++) {
            for (int l = 0; l < LANES; l += V) {
                sweep1x1(x, at, cols, w, k * cols, l, lanes);
            }
            addLast(x, at, k, 0);
            z[zAt + k] += Lanes.fold(lanes, 0);
        }
    }

    /** Rows {@code done} and after it of a tile. */
    private void addTile(double[] x, int at, int done, double[] z, int zAt) {
        boolean atOnce = lastCoefficients.length > 0 && whole + V <= x.length - at - (ROWS - 1) * cols;
        for (int k = 0, count; k < logits; k += count) {
            count = Math.min(2, logits - k);
            for (int l = 0; l < LANES; l += V) {
                if (count == 2) {
                    sweep5x2(x, at, cols, w, k * cols, l, lanes);
                } else {
                    sweep5x1(x, at, cols, w, k * cols, l, lanes);
                }
            }
            if (atOnce) {
                addLast5(x, at + whole, k, count);
            }
            for (int i = done; i < ROWS; i++) {
                for (int c = 0; c < count; c++) {
                    int lane = (i * count + c) * LANES;
                    if (!atOnce) {
                        addLast(x, at + i * cols, k + c, lane);
                    }
                    z[zAt + i * logits + k + c] += Lanes.fold(lanes, lane);
                }
            }
        }
    }

    /** Adds the columns of a row after the last full vector to the lanes of logit k, which are at {@code lane}. */
    private void addLast(double[] x, int at, int k, int lane) {
        for (int j = whole; j < cols; j++) {
            int own = lane + j % LANES;
            lanes[own] = Math.fma(x[at + j], w[k * cols + j], lanes[own]);
        }
    }

    /** The same of 5 rows and up to 2 logits from k on, for each at once. */
    private void addLast5(double[] x, int at, int k, int count) {
        LongVector bits = LongVector.fromArray(LONGS, lastBits, 0);
        for (int i = 0; i < ROWS; i++) {
            DoubleVector entries = DoubleVector.fromArray(D, x, at + i * cols)
                    .reinterpretAsLongs()
                    .and(bits)
                    .reinterpretAsDoubles();
            for (int c = 0; c < count; c++) {
                int lane = (i * count + c) * LANES;
                DoubleVector.fromArray(D, lastCoefficients, (k + c) * LANES)
                        .fma(entries, DoubleVector.fromArray(D, lanes, lane))
                        .intoArray(lanes, lane);
            }
        }
    }

    private static void sweep5x2(double[] x, int x0, int cols, double[] w, int w0, int lane, double[] lanes) {
        DoubleVector s00 = DoubleVector.zero(D);
        DoubleVector s01 = s00;
        DoubleVector s10 = s00;
        DoubleVector s11 = s00;
        DoubleVector s20 = s00;
        DoubleVector s21 = s00;
        DoubleVector s30 = s00;
        DoubleVector s31 = s00;
        DoubleVector s40 = s00;
        DoubleVector s41 = s00;
        int x1 = x0 + cols;
        int x2 = x1 + cols;
        int x3 = x2 + cols;
        int x4 = x3 + cols;
        int w1 = w0 + cols;
        for (int j = lane; j <= cols - V; j += LANES) {
            DoubleVector u = DoubleVector.fromArray(D, w, w0 + j);
            DoubleVector v = DoubleVector.fromArray(D, w, w1 + j);
            DoubleVector a = DoubleVector.fromArray(D, x, x0 + j);
            s00 = a.fma(u, s00);
            s01 = a.fma(v, s01);
            a = DoubleVector.fromArray(D, x, x1 + j);
            s10 = a.fma(u, s10);
            s11 = a.fma(v, s11);
            a = DoubleVector.fromArray(D, x, x2 + j);
            s20 = a.fma(u, s20);
            s21 = a.fma(v, s21);
            a = DoubleVector.fromArray(D, x, x3 + j);
            s30 = a.fma(u, s30);
            s31 = a.fma(v, s31);
            a = DoubleVector.fromArray(D, x, x4 + j);
            s40 = a.fma(u, s40);
            s41 = a.fma(v, s41);
        }
        s00.intoArray(lanes, lane);
        s01.intoArray(lanes, LANES + lane);
        s10.intoArray(lanes, 2 * LANES + lane);
        s11.intoArray(lanes, 3 * LANES + lane);
        s20.intoArray(lanes, 4 * LANES + lane);
        s21.intoArray(lanes, 5 * LANES + lane);
        s30.intoArray(lanes, 6 * LANES + lane);
        s31.intoArray(lanes, 7 * LANES + lane);
        s40.intoArray(lanes, 8 * LANES + lane);
        s41.intoArray(lanes, 9 * LANES + lane);
    }

    private static void sweep5x1(double[] x, int x0, int cols, double[] w, int w0, int lane, double[] lanes) {
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
            DoubleVector u = DoubleVector.fromArray(D, w, w0 + j);
            s0 = DoubleVector.fromArray(D, x, x0 + j).fma(u, s0);
            s1 = DoubleVector.fromArray(D, x, x1 + j).fma(u, s1);
            s2 = DoubleVector.fromArray(D, x, x2 + j).fma(u, s2);
            s3 = DoubleVector.fromArray(D, x, x3 + j).fma(u, s3);
            s4 = DoubleVector.fromArray(D, x, x4 + j).fma(u, s4);
        }
        s0.intoArray(lanes, lane);
        s1.intoArray(lanes, LANES + lane);
        s2.intoArray(lanes, 2 * LANES + lane);
        s3.intoArray(lanes, 3 * LANES + lane);
        s4.intoArray(lanes, 4 * LANES + lane);
    }

    static void sweep1x1(double[] x, int x0, int cols, double[] w, int w0, int lane, double[] lanes) {
        DoubleVector s = DoubleVector.zero(D);
        for (int j = lane; j <= cols - V; j += LANES) {
            s = DoubleVector.fromArray(D, x, x0 + j).fma(DoubleVector.fromArray(D, w, w0 + j), s);
        }
        s.intoArray(lanes, lane);
    }
}
