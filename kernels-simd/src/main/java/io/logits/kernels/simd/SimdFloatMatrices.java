package io.logits.kernels.simd;

import static io.logits.kernels.simd.FloatConstants.HALF;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of dense float32 rows in float32 arithmetic: twice the entries of {@link SimdMatrices} in a vector, and
 * nothing to widen. 16 virtual lanes are one vector of 512 bits, or 2 or 4 sweeps.
 */
final class SimdFloatMatrices {
    private static final VectorSpecies<Float> F = Lanes.FLOATS;
    private static final VectorSpecies<Double> D = Lanes.DOUBLES;
    private static final int V = F.length();
    private static final int LANES = 16;
    private static final Class<? extends Vector<Float>> CLASS = F.vectorType();

    /** Rows of a tile. */
    private static final int ROWS = 5;
    /** Whether there are the 32 registers of 512 bits, which hold 20 sums and what feeds them. */
    private static final boolean WIDE = V == LANES;

    /** Rows and logits of a tile there. */
    private static final int WIDE_ROWS = 4;

    private static final int WIDE_LOGITS = 5;

    private SimdFloatMatrices() {}

    static void multiplyAdd(float[] x, int xOffset, int rows, int cols, float[] w, int logits, float[] z, int zOffset) {
        float[] lanes = new float[WIDE_ROWS * WIDE_LOGITS * LANES];
        int done = WIDE && rows >= ROWS ? logits / WIDE_LOGITS * WIDE_LOGITS : 0;
        if (done > 0) {
            multiplyWide(x, xOffset, rows, cols, w, logits, lanes, z, zOffset);
        }
        for (int i = 0; i < rows && done < logits; i += ROWS) {
            // The last tile reaches back over rows that are done, to be a full one; they are not added again.
            int first = i + ROWS <= rows || rows < ROWS ? i : rows - ROWS;
            int at = xOffset + first * cols;
            int zAt = zOffset + first * logits;
            if (rows < ROWS) {
                fewRows(x, at, rows, cols, w, logits, lanes, z, zAt);
                return;
            }
            int k = done;
            for (; k <= logits - 2; k += 2) {
                for (int l = 0; l < LANES; l += V) {
                    sweep5x2(x, at, cols, w, k * cols, l, lanes);
                }
                finish(x, at, i - first, ROWS, cols, w, k * cols, 2, lanes, z, zAt + k, logits);
            }
            if (k < logits) {
                for (int l = 0; l < LANES; l += V) {
                    sweep5x1(x, at, cols, w, k * cols, l, lanes);
                }
                finish(x, at, i - first, ROWS, cols, w, k * cols, 1, lanes, z, zAt + k, logits);
            }
        }
    }

    /** For as many logits as there are in fives. */
    private static void multiplyWide(
            float[] x, int xOffset, int rows, int cols, float[] w, int logits, float[] lanes, float[] z, int zOffset) {
        for (int i = 0; i < rows; i += WIDE_ROWS) {
            int first = Math.min(i, rows - WIDE_ROWS);
            int at = xOffset + first * cols;
            for (int k = 0; k <= logits - WIDE_LOGITS; k += WIDE_LOGITS) {
                sweep4x5(x, at, cols, w, k * cols, lanes);
                int zAt = zOffset + first * logits + k;
                finish(x, at, i - first, WIDE_ROWS, cols, w, k * cols, WIDE_LOGITS, lanes, z, zAt, logits);
            }
        }
    }

    private static void fewRows(
            float[] x, int xOffset, int rows, int cols, float[] w, int logits, float[] lanes, float[] z, int zOffset) {
        for (int i = 0; i < rows; i++) {
            int at = xOffset + i * cols;
            for (int k = 0; k < logits; k++) {
                for (int l = 0; l < LANES; l += V) {
                    sweep1x1(x, at, cols, w, k * cols, l, lanes);
                }
                finish(x, at, 0, 1, cols, w, k * cols, 1, lanes, z, zOffset + i * logits + k, logits);
            }
        }
    }

    private static void finish(
            float[] x,
            int xOffset,
            int from,
            int to,
            int cols,
            float[] w,
            int wOffset,
            int logits,
            float[] lanes,
            float[] z,
            int zOffset,
            int zStride) {
        int full = cols / LANES * LANES;
        for (int i = from; i < to; i++) {
            for (int k = 0; k < logits; k++) {
                int at = (i * logits + k) * LANES;
                for (int j = full; j < cols; j++) {
                    lanes[at + j - full] =
                            Math.fma(x[xOffset + i * cols + j], w[wOffset + k * cols + j], lanes[at + j - full]);
                }
                z[zOffset + i * zStride + k] += fold(lanes, at);
            }
        }
    }

    private static float fold(float[] l, int at) {
        float l0 = l[at] + l[at + 8];
        float l1 = l[at + 1] + l[at + 9];
        float l2 = l[at + 2] + l[at + 10];
        float l3 = l[at + 3] + l[at + 11];
        float l4 = l[at + 4] + l[at + 12];
        float l5 = l[at + 5] + l[at + 13];
        float l6 = l[at + 6] + l[at + 14];
        float l7 = l[at + 7] + l[at + 15];
        return ((l0 + l4) + (l2 + l6)) + ((l1 + l5) + (l3 + l7));
    }

    /**
     * Writes what a loop has summed. Of a loop's variables the compiler knows no class, so that where vectors of two widths are in
     * use it may take the other one for a receiver's, and box all sums in each turn; by a cast it knows.
     */
    private static void store(FloatVector sum, float[] out, int at) {
        ((FloatVector) CLASS.cast(sum)).intoArray(out, at);
    }

    private static void sweep4x5(float[] x, int x0, int cols, float[] w, int w0, float[] lanes) {
        FloatVector s00 = FloatVector.zero(F);
        FloatVector s01 = s00;
        FloatVector s02 = s00;
        FloatVector s03 = s00;
        FloatVector s04 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s12 = s00;
        FloatVector s13 = s00;
        FloatVector s14 = s00;
        FloatVector s20 = s00;
        FloatVector s21 = s00;
        FloatVector s22 = s00;
        FloatVector s23 = s00;
        FloatVector s24 = s00;
        FloatVector s30 = s00;
        FloatVector s31 = s00;
        FloatVector s32 = s00;
        FloatVector s33 = s00;
        FloatVector s34 = s00;
        int x1 = x0 + cols;
        int x2 = x1 + cols;
        int x3 = x2 + cols;
        int w1 = w0 + cols;
        int w2 = w1 + cols;
        int w3 = w2 + cols;
        int w4 = w3 + cols;
        for (int j = 0; j <= cols - LANES; j += LANES) {
            FloatVector u0 = FloatVector.fromArray(F, w, w0 + j);
            FloatVector u1 = FloatVector.fromArray(F, w, w1 + j);
            FloatVector u2 = FloatVector.fromArray(F, w, w2 + j);
            FloatVector u3 = FloatVector.fromArray(F, w, w3 + j);
            FloatVector u4 = FloatVector.fromArray(F, w, w4 + j);
            FloatVector a = FloatVector.fromArray(F, x, x0 + j);
            s00 = a.fma(u0, s00);
            s01 = a.fma(u1, s01);
            s02 = a.fma(u2, s02);
            s03 = a.fma(u3, s03);
            s04 = a.fma(u4, s04);
            a = FloatVector.fromArray(F, x, x1 + j);
            s10 = a.fma(u0, s10);
            s11 = a.fma(u1, s11);
            s12 = a.fma(u2, s12);
            s13 = a.fma(u3, s13);
            s14 = a.fma(u4, s14);
            a = FloatVector.fromArray(F, x, x2 + j);
            s20 = a.fma(u0, s20);
            s21 = a.fma(u1, s21);
            s22 = a.fma(u2, s22);
            s23 = a.fma(u3, s23);
            s24 = a.fma(u4, s24);
            a = FloatVector.fromArray(F, x, x3 + j);
            s30 = a.fma(u0, s30);
            s31 = a.fma(u1, s31);
            s32 = a.fma(u2, s32);
            s33 = a.fma(u3, s33);
            s34 = a.fma(u4, s34);
        }
        store(s00, lanes, 0);
        store(s01, lanes, LANES);
        store(s02, lanes, 2 * LANES);
        store(s03, lanes, 3 * LANES);
        store(s04, lanes, 4 * LANES);
        store(s10, lanes, 5 * LANES);
        store(s11, lanes, 6 * LANES);
        store(s12, lanes, 7 * LANES);
        store(s13, lanes, 8 * LANES);
        store(s14, lanes, 9 * LANES);
        store(s20, lanes, 10 * LANES);
        store(s21, lanes, 11 * LANES);
        store(s22, lanes, 12 * LANES);
        store(s23, lanes, 13 * LANES);
        store(s24, lanes, 14 * LANES);
        store(s30, lanes, 15 * LANES);
        store(s31, lanes, 16 * LANES);
        store(s32, lanes, 17 * LANES);
        store(s33, lanes, 18 * LANES);
        store(s34, lanes, 19 * LANES);
    }

    private static void sweep5x2(float[] x, int x0, int cols, float[] w, int w0, int lane, float[] lanes) {
        FloatVector s00 = FloatVector.zero(F);
        FloatVector s01 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s20 = s00;
        FloatVector s21 = s00;
        FloatVector s30 = s00;
        FloatVector s31 = s00;
        FloatVector s40 = s00;
        FloatVector s41 = s00;
        int x1 = x0 + cols;
        int x2 = x1 + cols;
        int x3 = x2 + cols;
        int x4 = x3 + cols;
        int w1 = w0 + cols;
        for (int j = lane; j <= cols - LANES + lane; j += LANES) {
            FloatVector u = FloatVector.fromArray(F, w, w0 + j);
            FloatVector v = FloatVector.fromArray(F, w, w1 + j);
            FloatVector a = FloatVector.fromArray(F, x, x0 + j);
            s00 = a.fma(u, s00);
            s01 = a.fma(v, s01);
            a = FloatVector.fromArray(F, x, x1 + j);
            s10 = a.fma(u, s10);
            s11 = a.fma(v, s11);
            a = FloatVector.fromArray(F, x, x2 + j);
            s20 = a.fma(u, s20);
            s21 = a.fma(v, s21);
            a = FloatVector.fromArray(F, x, x3 + j);
            s30 = a.fma(u, s30);
            s31 = a.fma(v, s31);
            a = FloatVector.fromArray(F, x, x4 + j);
            s40 = a.fma(u, s40);
            s41 = a.fma(v, s41);
        }
        store(s00, lanes, lane);
        store(s01, lanes, LANES + lane);
        store(s10, lanes, 2 * LANES + lane);
        store(s11, lanes, 3 * LANES + lane);
        store(s20, lanes, 4 * LANES + lane);
        store(s21, lanes, 5 * LANES + lane);
        store(s30, lanes, 6 * LANES + lane);
        store(s31, lanes, 7 * LANES + lane);
        store(s40, lanes, 8 * LANES + lane);
        store(s41, lanes, 9 * LANES + lane);
    }

    private static void sweep5x1(float[] x, int x0, int cols, float[] w, int w0, int lane, float[] lanes) {
        FloatVector s0 = FloatVector.zero(F);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        FloatVector s4 = s0;
        int x1 = x0 + cols;
        int x2 = x1 + cols;
        int x3 = x2 + cols;
        int x4 = x3 + cols;
        for (int j = lane; j <= cols - LANES + lane; j += LANES) {
            FloatVector u = FloatVector.fromArray(F, w, w0 + j);
            s0 = FloatVector.fromArray(F, x, x0 + j).fma(u, s0);
            s1 = FloatVector.fromArray(F, x, x1 + j).fma(u, s1);
            s2 = FloatVector.fromArray(F, x, x2 + j).fma(u, s2);
            s3 = FloatVector.fromArray(F, x, x3 + j).fma(u, s3);
            s4 = FloatVector.fromArray(F, x, x4 + j).fma(u, s4);
        }
        store(s0, lanes, lane);
        store(s1, lanes, LANES + lane);
        store(s2, lanes, 2 * LANES + lane);
        store(s3, lanes, 3 * LANES + lane);
        store(s4, lanes, 4 * LANES + lane);
    }

    private static void sweep1x1(float[] x, int x0, int cols, float[] w, int w0, int lane, float[] lanes) {
        FloatVector s = FloatVector.zero(F);
        for (int j = lane; j <= cols - LANES + lane; j += LANES) {
            s = FloatVector.fromArray(F, x, x0 + j).fma(FloatVector.fromArray(F, w, w0 + j), s);
        }
        store(s, lanes, lane);
    }

    static void transposeMultiplyAdd(
            float[] x, int xOffset, int rows, int cols, float[] r, int rOffset, int logits, double[] g) {
        float[] sums = new float[4 * WIDE_LOGITS * V];
        for (int k = 0, count; k < logits; k += count) {
            count = Lanes.group(logits - k);
            int rAt = rOffset + k;
            int j = 0;
            for (; WIDE && count == WIDE_LOGITS && j <= cols - 4 * V; j += 4 * V) {
                outer5x4(x, xOffset + j, rows, cols, r, rAt, logits, sums);
                addSums(sums, WIDE_LOGITS, 4 * V, g, k * cols + j, cols);
            }
            for (; count >= 4 && j <= cols - 2 * V; j += 2 * V) {
                if (count == 5) {
                    outer5x2(x, xOffset + j, rows, cols, r, rAt, logits, sums);
                } else {
                    outer4x2(x, xOffset + j, rows, cols, r, rAt, logits, sums);
                }
                addSums(sums, count, 2 * V, g, k * cols + j, cols);
            }
            for (; count < 4 && j <= cols - 4 * V; j += 4 * V) {
                if (count == 2) {
                    outer2x4(x, xOffset + j, rows, cols, r, rAt, logits, sums);
                } else {
                    outer1x4(x, xOffset + j, rows, cols, r, rAt, logits, sums);
                }
                addSums(sums, count, 4 * V, g, k * cols + j, cols);
            }
            for (int one = 0; one < count; one++) {
                outerRest(x, xOffset, rows, cols, r, rAt + one, logits, sums, g, (k + one) * cols, j);
            }
        }
    }

    /** Columns {@code from .. cols-1} of one logit: vectors, and the last few columns from a vector that ends with them. */
    private static void outerRest(
            float[] x,
            int x0,
            int rows,
            int cols,
            float[] r,
            int rAt,
            int rStride,
            float[] sums,
            double[] g,
            int g0,
            int from) {
        int j = from;
        for (; j <= cols - V; j += V) {
            outer1x1(x, x0 + j, rows, cols, r, rAt, rStride, sums);
            addSums(sums, 1, V, g, g0 + j, cols);
        }
        if (j < cols && cols >= V) {
            int last = cols - V;
            outer1x1(x, x0 + last, rows, cols, r, rAt, rStride, sums);
            for (; j < cols; j++) {
                g[g0 + j] += sums[j - last];
            }
            return;
        }
        for (; j < cols; j++) {
            float s = 0;
            for (int i = 0; i < rows; i++) {
                s = Math.fma(x[x0 + i * cols + j], r[rAt + i * rStride], s);
            }
            g[g0 + j] += s;
        }
    }

    /** {@code g[gAt + k*gStride + j] += sums[k*width + j]}. */
    private static void addSums(float[] sums, int logits, int width, double[] g, int gAt, int gStride) {
        for (int k = 0; k < logits; k++) {
            for (int j = 0; j < width; j += D.length()) {
                int at = gAt + k * gStride + j;
                // Halves are loaded one by one: the upper one of a vector is converted by a call, and boxed.
                DoubleVector s = (DoubleVector)
                        FloatVector.fromArray(HALF, sums, k * width + j).convertShape(VectorOperators.F2D, D, 0);
                s.add(DoubleVector.fromArray(D, g, at)).intoArray(g, at);
            }
        }
    }

    private static void outer5x4(
            float[] x, int xAt, int rows, int cols, float[] r, int rAt, int rStride, float[] sums) {
        FloatVector s00 = FloatVector.zero(F);
        FloatVector s01 = s00;
        FloatVector s02 = s00;
        FloatVector s03 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s12 = s00;
        FloatVector s13 = s00;
        FloatVector s20 = s00;
        FloatVector s21 = s00;
        FloatVector s22 = s00;
        FloatVector s23 = s00;
        FloatVector s30 = s00;
        FloatVector s31 = s00;
        FloatVector s32 = s00;
        FloatVector s33 = s00;
        FloatVector s40 = s00;
        FloatVector s41 = s00;
        FloatVector s42 = s00;
        FloatVector s43 = s00;
        for (int i = 0; i < rows; i++) {
            int at = xAt + i * cols;
            int rr = rAt + i * rStride;
            FloatVector a = FloatVector.fromArray(F, x, at);
            FloatVector b = FloatVector.fromArray(F, x, at + V);
            FloatVector c = FloatVector.fromArray(F, x, at + 2 * V);
            FloatVector d = FloatVector.fromArray(F, x, at + 3 * V);
            FloatVector u = FloatVector.broadcast(F, r[rr]);
            s00 = a.fma(u, s00);
            s01 = b.fma(u, s01);
            s02 = c.fma(u, s02);
            s03 = d.fma(u, s03);
            u = FloatVector.broadcast(F, r[rr + 1]);
            s10 = a.fma(u, s10);
            s11 = b.fma(u, s11);
            s12 = c.fma(u, s12);
            s13 = d.fma(u, s13);
            u = FloatVector.broadcast(F, r[rr + 2]);
            s20 = a.fma(u, s20);
            s21 = b.fma(u, s21);
            s22 = c.fma(u, s22);
            s23 = d.fma(u, s23);
            u = FloatVector.broadcast(F, r[rr + 3]);
            s30 = a.fma(u, s30);
            s31 = b.fma(u, s31);
            s32 = c.fma(u, s32);
            s33 = d.fma(u, s33);
            u = FloatVector.broadcast(F, r[rr + 4]);
            s40 = a.fma(u, s40);
            s41 = b.fma(u, s41);
            s42 = c.fma(u, s42);
            s43 = d.fma(u, s43);
        }
        store(s00, sums, 0);
        store(s01, sums, V);
        store(s02, sums, 2 * V);
        store(s03, sums, 3 * V);
        store(s10, sums, 4 * V);
        store(s11, sums, 5 * V);
        store(s12, sums, 6 * V);
        store(s13, sums, 7 * V);
        store(s20, sums, 8 * V);
        store(s21, sums, 9 * V);
        store(s22, sums, 10 * V);
        store(s23, sums, 11 * V);
        store(s30, sums, 12 * V);
        store(s31, sums, 13 * V);
        store(s32, sums, 14 * V);
        store(s33, sums, 15 * V);
        store(s40, sums, 16 * V);
        store(s41, sums, 17 * V);
        store(s42, sums, 18 * V);
        store(s43, sums, 19 * V);
    }

    private static void outer5x2(
            float[] x, int xAt, int rows, int cols, float[] r, int rAt, int rStride, float[] sums) {
        FloatVector s00 = FloatVector.zero(F);
        FloatVector s01 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s20 = s00;
        FloatVector s21 = s00;
        FloatVector s30 = s00;
        FloatVector s31 = s00;
        FloatVector s40 = s00;
        FloatVector s41 = s00;
        for (int i = 0; i < rows; i++) {
            int at = xAt + i * cols;
            int rr = rAt + i * rStride;
            FloatVector a = FloatVector.fromArray(F, x, at);
            FloatVector b = FloatVector.fromArray(F, x, at + V);
            FloatVector u = FloatVector.broadcast(F, r[rr]);
            s00 = a.fma(u, s00);
            s01 = b.fma(u, s01);
            u = FloatVector.broadcast(F, r[rr + 1]);
            s10 = a.fma(u, s10);
            s11 = b.fma(u, s11);
            u = FloatVector.broadcast(F, r[rr + 2]);
            s20 = a.fma(u, s20);
            s21 = b.fma(u, s21);
            u = FloatVector.broadcast(F, r[rr + 3]);
            s30 = a.fma(u, s30);
            s31 = b.fma(u, s31);
            u = FloatVector.broadcast(F, r[rr + 4]);
            s40 = a.fma(u, s40);
            s41 = b.fma(u, s41);
        }
        store(s00, sums, 0);
        store(s01, sums, V);
        store(s10, sums, 2 * V);
        store(s11, sums, 3 * V);
        store(s20, sums, 4 * V);
        store(s21, sums, 5 * V);
        store(s30, sums, 6 * V);
        store(s31, sums, 7 * V);
        store(s40, sums, 8 * V);
        store(s41, sums, 9 * V);
    }

    private static void outer4x2(
            float[] x, int xAt, int rows, int cols, float[] r, int rAt, int rStride, float[] sums) {
        FloatVector s00 = FloatVector.zero(F);
        FloatVector s01 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s20 = s00;
        FloatVector s21 = s00;
        FloatVector s30 = s00;
        FloatVector s31 = s00;
        for (int i = 0; i < rows; i++) {
            int at = xAt + i * cols;
            int rr = rAt + i * rStride;
            FloatVector a = FloatVector.fromArray(F, x, at);
            FloatVector b = FloatVector.fromArray(F, x, at + V);
            FloatVector u = FloatVector.broadcast(F, r[rr]);
            s00 = a.fma(u, s00);
            s01 = b.fma(u, s01);
            u = FloatVector.broadcast(F, r[rr + 1]);
            s10 = a.fma(u, s10);
            s11 = b.fma(u, s11);
            u = FloatVector.broadcast(F, r[rr + 2]);
            s20 = a.fma(u, s20);
            s21 = b.fma(u, s21);
            u = FloatVector.broadcast(F, r[rr + 3]);
            s30 = a.fma(u, s30);
            s31 = b.fma(u, s31);
        }
        store(s00, sums, 0);
        store(s01, sums, V);
        store(s10, sums, 2 * V);
        store(s11, sums, 3 * V);
        store(s20, sums, 4 * V);
        store(s21, sums, 5 * V);
        store(s30, sums, 6 * V);
        store(s31, sums, 7 * V);
    }

    private static void outer2x4(
            float[] x, int xAt, int rows, int cols, float[] r, int rAt, int rStride, float[] sums) {
        FloatVector s00 = FloatVector.zero(F);
        FloatVector s01 = s00;
        FloatVector s02 = s00;
        FloatVector s03 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s12 = s00;
        FloatVector s13 = s00;
        for (int i = 0; i < rows; i++) {
            int at = xAt + i * cols;
            int rr = rAt + i * rStride;
            FloatVector a = FloatVector.fromArray(F, x, at);
            FloatVector b = FloatVector.fromArray(F, x, at + V);
            FloatVector c = FloatVector.fromArray(F, x, at + 2 * V);
            FloatVector d = FloatVector.fromArray(F, x, at + 3 * V);
            FloatVector u = FloatVector.broadcast(F, r[rr]);
            s00 = a.fma(u, s00);
            s01 = b.fma(u, s01);
            s02 = c.fma(u, s02);
            s03 = d.fma(u, s03);
            u = FloatVector.broadcast(F, r[rr + 1]);
            s10 = a.fma(u, s10);
            s11 = b.fma(u, s11);
            s12 = c.fma(u, s12);
            s13 = d.fma(u, s13);
        }
        store(s00, sums, 0);
        store(s01, sums, V);
        store(s02, sums, 2 * V);
        store(s03, sums, 3 * V);
        store(s10, sums, 4 * V);
        store(s11, sums, 5 * V);
        store(s12, sums, 6 * V);
        store(s13, sums, 7 * V);
    }

    private static void outer1x4(
            float[] x, int xAt, int rows, int cols, float[] r, int rAt, int rStride, float[] sums) {
        FloatVector s0 = FloatVector.zero(F);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int i = 0; i < rows; i++) {
            int at = xAt + i * cols;
            FloatVector u = FloatVector.broadcast(F, r[rAt + i * rStride]);
            s0 = FloatVector.fromArray(F, x, at).fma(u, s0);
            s1 = FloatVector.fromArray(F, x, at + V).fma(u, s1);
            s2 = FloatVector.fromArray(F, x, at + 2 * V).fma(u, s2);
            s3 = FloatVector.fromArray(F, x, at + 3 * V).fma(u, s3);
        }
        store(s0, sums, 0);
        store(s1, sums, V);
        store(s2, sums, 2 * V);
        store(s3, sums, 3 * V);
    }

    private static void outer1x1(
            float[] x, int xAt, int rows, int cols, float[] r, int rAt, int rStride, float[] sums) {
        FloatVector s = FloatVector.zero(F);
        for (int i = 0; i < rows; i++) {
            s = FloatVector.fromArray(F, x, xAt + i * cols).fma(FloatVector.broadcast(F, r[rAt + i * rStride]), s);
        }
        store(s, sums, 0);
    }
}
