package io.logits.kernels.simd;

import io.logits.kernels.MatrixKernels;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Matrix kernels in vectors. Products of rows run over tiles of 4 rows and up to 4 logits, whose 16 sums stay in
 * registers; each entry of the result still adds in the order that {@link MatrixKernels} states. The 8 virtual lanes of
 * a row's product are one vector of 512 bits, or are done in 2 or 4 sweeps of narrower ones. Float32 rows are widened a
 * slab at a time.
 */
final class SimdMatrices implements MatrixKernels {
    private static final VectorSpecies<Double> D = Lanes.DOUBLES;
    private static final int V = D.length();
    /** As many floats as D has doubles; vectors of 64 bits where D has 128. */
    private static final VectorSpecies<Float> HALF =
            VectorSpecies.of(float.class, VectorShape.forBitSize(Lanes.BITS / 2));
    /** Four doubles, for what is left of a row of classes after vectors of eight. */
    private static final VectorSpecies<Double> QUAD = DoubleVector.SPECIES_256;

    private static final int LANES = 8;
    private static final int SLAB_ROWS = 32;
    private static final int PANEL = 32;

    private final MatrixKernels scalar;

    SimdMatrices(MatrixKernels scalar) {
        this.scalar = scalar;
    }

    private static void widen(float[] x, int xOffset, double[] out, int n) {
        int j = 0;
        for (; j <= n - V; j += V) {
            ((DoubleVector) FloatVector.fromArray(HALF, x, xOffset + j).convertShape(VectorOperators.F2D, D, 0))
                    .intoArray(out, j);
        }
        for (; j < n; j++) {
            out[j] = x[xOffset + j];
        }
    }

    // ---- dense rows times coefficients ----

    @Override
    public void multiplyAdd(
            float[] x, int xOffset, int rows, int cols, double[] w, int logits, double[] z, int zOffset) {
        double[] slab = new double[Math.min(SLAB_ROWS, rows) * cols];
        for (int i = 0; i < rows; i += SLAB_ROWS) {
            int count = Math.min(SLAB_ROWS, rows - i);
            widen(x, xOffset + i * cols, slab, count * cols);
            multiplyAdd(slab, 0, count, cols, w, logits, z, zOffset + i * logits);
        }
    }

    @Override
    public void multiplyAdd(
            double[] x, int xOffset, int rows, int cols, double[] w, int logits, double[] z, int zOffset) {
        double[] lanes = new double[16 * LANES];
        int i = 0;
        for (; i <= rows - 4; i += 4) {
            int at = xOffset + i * cols;
            int k = 0;
            for (; k <= logits - 4; k += 4) {
                for (int l = 0; l < LANES; l += V) {
                    sweep4x4(x, at, cols, w, k * cols, l, lanes);
                }
                finish(x, at, 4, cols, w, k * cols, 4, lanes, z, zOffset + i * logits + k, logits);
            }
            for (; k <= logits - 2; k += 2) {
                for (int l = 0; l < LANES; l += V) {
                    sweep4x2(x, at, cols, w, k * cols, l, lanes);
                }
                finish(x, at, 4, cols, w, k * cols, 2, lanes, z, zOffset + i * logits + k, logits);
            }
            for (; k < logits; k++) {
                for (int l = 0; l < LANES; l += V) {
                    sweep4x1(x, at, cols, w, k * cols, l, lanes);
                }
                finish(x, at, 4, cols, w, k * cols, 1, lanes, z, zOffset + i * logits + k, logits);
            }
        }
        for (; i < rows; i++) {
            int at = xOffset + i * cols;
            for (int k = 0; k < logits; k++) {
                for (int l = 0; l < LANES; l += V) {
                    sweep1x1(x, at, cols, w, k * cols, l, lanes);
                }
                finish(x, at, 1, cols, w, k * cols, 1, lanes, z, zOffset + i * logits + k, logits);
            }
        }
    }

    /** Adds the columns after the last full eight to their lanes, folds the lanes, and adds them to {@code z}. */
    private static void finish(
            double[] x,
            int xOffset,
            int rows,
            int cols,
            double[] w,
            int wOffset,
            int logits,
            double[] lanes,
            double[] z,
            int zOffset,
            int zStride) {
        int full = cols / LANES * LANES;
        for (int i = 0; i < rows; i++) {
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

    private static double fold(double[] l, int at) {
        return ((l[at] + l[at + 4]) + (l[at + 2] + l[at + 6])) + ((l[at + 1] + l[at + 5]) + (l[at + 3] + l[at + 7]));
    }

    private static void sweep4x4(double[] x, int x0, int cols, double[] w, int w0, int lane, double[] lanes) {
        DoubleVector s00 = DoubleVector.zero(D);
        DoubleVector s01 = s00;
        DoubleVector s02 = s00;
        DoubleVector s03 = s00;
        DoubleVector s10 = s00;
        DoubleVector s11 = s00;
        DoubleVector s12 = s00;
        DoubleVector s13 = s00;
        DoubleVector s20 = s00;
        DoubleVector s21 = s00;
        DoubleVector s22 = s00;
        DoubleVector s23 = s00;
        DoubleVector s30 = s00;
        DoubleVector s31 = s00;
        DoubleVector s32 = s00;
        DoubleVector s33 = s00;
        int x1 = x0 + cols;
        int x2 = x1 + cols;
        int x3 = x2 + cols;
        int w1 = w0 + cols;
        int w2 = w1 + cols;
        int w3 = w2 + cols;
        for (int j = lane; j <= cols - LANES + lane; j += LANES) {
            DoubleVector a = DoubleVector.fromArray(D, x, x0 + j);
            DoubleVector b = DoubleVector.fromArray(D, x, x1 + j);
            DoubleVector c = DoubleVector.fromArray(D, x, x2 + j);
            DoubleVector d = DoubleVector.fromArray(D, x, x3 + j);
            DoubleVector u = DoubleVector.fromArray(D, w, w0 + j);
            s00 = a.fma(u, s00);
            s10 = b.fma(u, s10);
            s20 = c.fma(u, s20);
            s30 = d.fma(u, s30);
            u = DoubleVector.fromArray(D, w, w1 + j);
            s01 = a.fma(u, s01);
            s11 = b.fma(u, s11);
            s21 = c.fma(u, s21);
            s31 = d.fma(u, s31);
            u = DoubleVector.fromArray(D, w, w2 + j);
            s02 = a.fma(u, s02);
            s12 = b.fma(u, s12);
            s22 = c.fma(u, s22);
            s32 = d.fma(u, s32);
            u = DoubleVector.fromArray(D, w, w3 + j);
            s03 = a.fma(u, s03);
            s13 = b.fma(u, s13);
            s23 = c.fma(u, s23);
            s33 = d.fma(u, s33);
        }
        s00.intoArray(lanes, lane);
        s01.intoArray(lanes, LANES + lane);
        s02.intoArray(lanes, 2 * LANES + lane);
        s03.intoArray(lanes, 3 * LANES + lane);
        s10.intoArray(lanes, 4 * LANES + lane);
        s11.intoArray(lanes, 5 * LANES + lane);
        s12.intoArray(lanes, 6 * LANES + lane);
        s13.intoArray(lanes, 7 * LANES + lane);
        s20.intoArray(lanes, 8 * LANES + lane);
        s21.intoArray(lanes, 9 * LANES + lane);
        s22.intoArray(lanes, 10 * LANES + lane);
        s23.intoArray(lanes, 11 * LANES + lane);
        s30.intoArray(lanes, 12 * LANES + lane);
        s31.intoArray(lanes, 13 * LANES + lane);
        s32.intoArray(lanes, 14 * LANES + lane);
        s33.intoArray(lanes, 15 * LANES + lane);
    }

    private static void sweep4x2(double[] x, int x0, int cols, double[] w, int w0, int lane, double[] lanes) {
        DoubleVector s00 = DoubleVector.zero(D);
        DoubleVector s01 = s00;
        DoubleVector s10 = s00;
        DoubleVector s11 = s00;
        DoubleVector s20 = s00;
        DoubleVector s21 = s00;
        DoubleVector s30 = s00;
        DoubleVector s31 = s00;
        int x1 = x0 + cols;
        int x2 = x1 + cols;
        int x3 = x2 + cols;
        int w1 = w0 + cols;
        for (int j = lane; j <= cols - LANES + lane; j += LANES) {
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
        }
        s00.intoArray(lanes, lane);
        s01.intoArray(lanes, LANES + lane);
        s10.intoArray(lanes, 2 * LANES + lane);
        s11.intoArray(lanes, 3 * LANES + lane);
        s20.intoArray(lanes, 4 * LANES + lane);
        s21.intoArray(lanes, 5 * LANES + lane);
        s30.intoArray(lanes, 6 * LANES + lane);
        s31.intoArray(lanes, 7 * LANES + lane);
    }

    private static void sweep4x1(double[] x, int x0, int cols, double[] w, int w0, int lane, double[] lanes) {
        DoubleVector s0 = DoubleVector.zero(D);
        DoubleVector s1 = s0;
        DoubleVector s2 = s0;
        DoubleVector s3 = s0;
        int x1 = x0 + cols;
        int x2 = x1 + cols;
        int x3 = x2 + cols;
        for (int j = lane; j <= cols - LANES + lane; j += LANES) {
            DoubleVector u = DoubleVector.fromArray(D, w, w0 + j);
            s0 = DoubleVector.fromArray(D, x, x0 + j).fma(u, s0);
            s1 = DoubleVector.fromArray(D, x, x1 + j).fma(u, s1);
            s2 = DoubleVector.fromArray(D, x, x2 + j).fma(u, s2);
            s3 = DoubleVector.fromArray(D, x, x3 + j).fma(u, s3);
        }
        s0.intoArray(lanes, lane);
        s1.intoArray(lanes, LANES + lane);
        s2.intoArray(lanes, 2 * LANES + lane);
        s3.intoArray(lanes, 3 * LANES + lane);
    }

    private static void sweep1x1(double[] x, int x0, int cols, double[] w, int w0, int lane, double[] lanes) {
        DoubleVector s = DoubleVector.zero(D);
        for (int j = lane; j <= cols - LANES + lane; j += LANES) {
            s = DoubleVector.fromArray(D, x, x0 + j).fma(DoubleVector.fromArray(D, w, w0 + j), s);
        }
        s.intoArray(lanes, lane);
    }

    @Override
    public void multiplyAdd(float[] x, int xOffset, int rows, int cols, float[] w, int logits, float[] z, int zOffset) {
        SimdFloatMatrices.multiplyAdd(x, xOffset, rows, cols, w, logits, z, zOffset);
    }

    // ---- residuals times dense rows ----

    @Override
    public void transposeMultiplyAdd(
            float[] x, int xOffset, int rows, int cols, float[] r, int rOffset, int logits, double[] g) {
        SimdFloatMatrices.transposeMultiplyAdd(x, xOffset, rows, cols, r, rOffset, logits, g);
    }

    @Override
    public void transposeMultiplyAdd(
            float[] x, int xOffset, int rows, int cols, double[] r, int rOffset, int logits, double[] g) {
        double[] slab = new double[Math.min(SLAB_ROWS, rows) * cols];
        for (int i = 0; i < rows; i += SLAB_ROWS) {
            int count = Math.min(SLAB_ROWS, rows - i);
            widen(x, xOffset + i * cols, slab, count * cols);
            transposeMultiplyAdd(slab, 0, count, cols, r, rOffset + i * logits, logits, g);
        }
    }

    @Override
    public void transposeMultiplyAdd(
            double[] x, int xOffset, int rows, int cols, double[] r, int rOffset, int logits, double[] g) {
        for (int i = 0; i < rows; i += SLAB_ROWS) {
            int count = Math.min(SLAB_ROWS, rows - i);
            addOuter(x, xOffset + i * cols, count, cols, r, rOffset + i * logits, logits, g, 0, cols, logits, cols);
        }
    }

    /**
     * {@code g[k*gStride + j] += sum_i x[i,j] r[i*rStride + k]} for {@code k < logits}, {@code j < width}: sums over rows
     * in registers, 4 logits by 4 vectors.
     */
    private static void addOuter(
            double[] x,
            int x0,
            int rows,
            int cols,
            double[] r,
            int r0,
            int rStride,
            double[] g,
            int g0,
            int gStride,
            int logits,
            int width) {
        int j = 0;
        for (; j <= width - 4 * V; j += 4 * V) {
            int k = 0;
            for (; k <= logits - 4; k += 4) {
                outer4x4(x, x0 + j, rows, cols, r, r0 + k, rStride, g, g0 + k * gStride + j, gStride);
            }
            for (; k <= logits - 2; k += 2) {
                outer2x4(x, x0 + j, rows, cols, r, r0 + k, rStride, g, g0 + k * gStride + j, gStride);
            }
            for (; k < logits; k++) {
                outer1x4(x, x0 + j, rows, cols, r, r0 + k, rStride, g, g0 + k * gStride + j);
            }
        }
        for (; j <= width - V; j += V) {
            int k = 0;
            for (; k <= logits - 4; k += 4) {
                outer4x1(x, x0 + j, rows, cols, r, r0 + k, rStride, g, g0 + k * gStride + j, gStride);
            }
            for (; k < logits; k++) {
                outer1x1(x, x0 + j, rows, cols, r, r0 + k, rStride, g, g0 + k * gStride + j);
            }
        }
        for (int k = 0; k < logits; k++) {
            outerTail(x, x0, rows, cols, r, r0 + k, rStride, g, g0 + k * gStride, j, width);
        }
    }

    private static void outer4x4(
            double[] x,
            int xAt,
            int rows,
            int cols,
            double[] r,
            int rAt,
            int rStride,
            double[] g,
            int g0,
            int gStride) {
        int g1 = g0 + gStride;
        int g2 = g1 + gStride;
        int g3 = g2 + gStride;
        DoubleVector s00 = DoubleVector.fromArray(D, g, g0);
        DoubleVector s01 = DoubleVector.fromArray(D, g, g0 + V);
        DoubleVector s02 = DoubleVector.fromArray(D, g, g0 + 2 * V);
        DoubleVector s03 = DoubleVector.fromArray(D, g, g0 + 3 * V);
        DoubleVector s10 = DoubleVector.fromArray(D, g, g1);
        DoubleVector s11 = DoubleVector.fromArray(D, g, g1 + V);
        DoubleVector s12 = DoubleVector.fromArray(D, g, g1 + 2 * V);
        DoubleVector s13 = DoubleVector.fromArray(D, g, g1 + 3 * V);
        DoubleVector s20 = DoubleVector.fromArray(D, g, g2);
        DoubleVector s21 = DoubleVector.fromArray(D, g, g2 + V);
        DoubleVector s22 = DoubleVector.fromArray(D, g, g2 + 2 * V);
        DoubleVector s23 = DoubleVector.fromArray(D, g, g2 + 3 * V);
        DoubleVector s30 = DoubleVector.fromArray(D, g, g3);
        DoubleVector s31 = DoubleVector.fromArray(D, g, g3 + V);
        DoubleVector s32 = DoubleVector.fromArray(D, g, g3 + 2 * V);
        DoubleVector s33 = DoubleVector.fromArray(D, g, g3 + 3 * V);
        for (int i = 0; i < rows; i++) {
            int at = xAt + i * cols;
            int rr = rAt + i * rStride;
            DoubleVector a = DoubleVector.fromArray(D, x, at);
            DoubleVector b = DoubleVector.fromArray(D, x, at + V);
            DoubleVector c = DoubleVector.fromArray(D, x, at + 2 * V);
            DoubleVector d = DoubleVector.fromArray(D, x, at + 3 * V);
            DoubleVector u = DoubleVector.broadcast(D, r[rr]);
            s00 = a.fma(u, s00);
            s01 = b.fma(u, s01);
            s02 = c.fma(u, s02);
            s03 = d.fma(u, s03);
            u = DoubleVector.broadcast(D, r[rr + 1]);
            s10 = a.fma(u, s10);
            s11 = b.fma(u, s11);
            s12 = c.fma(u, s12);
            s13 = d.fma(u, s13);
            u = DoubleVector.broadcast(D, r[rr + 2]);
            s20 = a.fma(u, s20);
            s21 = b.fma(u, s21);
            s22 = c.fma(u, s22);
            s23 = d.fma(u, s23);
            u = DoubleVector.broadcast(D, r[rr + 3]);
            s30 = a.fma(u, s30);
            s31 = b.fma(u, s31);
            s32 = c.fma(u, s32);
            s33 = d.fma(u, s33);
        }
        s00.intoArray(g, g0);
        s01.intoArray(g, g0 + V);
        s02.intoArray(g, g0 + 2 * V);
        s03.intoArray(g, g0 + 3 * V);
        s10.intoArray(g, g1);
        s11.intoArray(g, g1 + V);
        s12.intoArray(g, g1 + 2 * V);
        s13.intoArray(g, g1 + 3 * V);
        s20.intoArray(g, g2);
        s21.intoArray(g, g2 + V);
        s22.intoArray(g, g2 + 2 * V);
        s23.intoArray(g, g2 + 3 * V);
        s30.intoArray(g, g3);
        s31.intoArray(g, g3 + V);
        s32.intoArray(g, g3 + 2 * V);
        s33.intoArray(g, g3 + 3 * V);
    }

    private static void outer2x4(
            double[] x,
            int xAt,
            int rows,
            int cols,
            double[] r,
            int rAt,
            int rStride,
            double[] g,
            int g0,
            int gStride) {
        int g1 = g0 + gStride;
        DoubleVector s00 = DoubleVector.fromArray(D, g, g0);
        DoubleVector s01 = DoubleVector.fromArray(D, g, g0 + V);
        DoubleVector s02 = DoubleVector.fromArray(D, g, g0 + 2 * V);
        DoubleVector s03 = DoubleVector.fromArray(D, g, g0 + 3 * V);
        DoubleVector s10 = DoubleVector.fromArray(D, g, g1);
        DoubleVector s11 = DoubleVector.fromArray(D, g, g1 + V);
        DoubleVector s12 = DoubleVector.fromArray(D, g, g1 + 2 * V);
        DoubleVector s13 = DoubleVector.fromArray(D, g, g1 + 3 * V);
        for (int i = 0; i < rows; i++) {
            int at = xAt + i * cols;
            int rr = rAt + i * rStride;
            DoubleVector a = DoubleVector.fromArray(D, x, at);
            DoubleVector b = DoubleVector.fromArray(D, x, at + V);
            DoubleVector c = DoubleVector.fromArray(D, x, at + 2 * V);
            DoubleVector d = DoubleVector.fromArray(D, x, at + 3 * V);
            DoubleVector u = DoubleVector.broadcast(D, r[rr]);
            s00 = a.fma(u, s00);
            s01 = b.fma(u, s01);
            s02 = c.fma(u, s02);
            s03 = d.fma(u, s03);
            u = DoubleVector.broadcast(D, r[rr + 1]);
            s10 = a.fma(u, s10);
            s11 = b.fma(u, s11);
            s12 = c.fma(u, s12);
            s13 = d.fma(u, s13);
        }
        s00.intoArray(g, g0);
        s01.intoArray(g, g0 + V);
        s02.intoArray(g, g0 + 2 * V);
        s03.intoArray(g, g0 + 3 * V);
        s10.intoArray(g, g1);
        s11.intoArray(g, g1 + V);
        s12.intoArray(g, g1 + 2 * V);
        s13.intoArray(g, g1 + 3 * V);
    }

    private static void outer4x1(
            double[] x,
            int xAt,
            int rows,
            int cols,
            double[] r,
            int rAt,
            int rStride,
            double[] g,
            int g0,
            int gStride) {
        DoubleVector s0 = DoubleVector.fromArray(D, g, g0);
        DoubleVector s1 = DoubleVector.fromArray(D, g, g0 + gStride);
        DoubleVector s2 = DoubleVector.fromArray(D, g, g0 + 2 * gStride);
        DoubleVector s3 = DoubleVector.fromArray(D, g, g0 + 3 * gStride);
        for (int i = 0; i < rows; i++) {
            int rr = rAt + i * rStride;
            DoubleVector a = DoubleVector.fromArray(D, x, xAt + i * cols);
            s0 = a.fma(DoubleVector.broadcast(D, r[rr]), s0);
            s1 = a.fma(DoubleVector.broadcast(D, r[rr + 1]), s1);
            s2 = a.fma(DoubleVector.broadcast(D, r[rr + 2]), s2);
            s3 = a.fma(DoubleVector.broadcast(D, r[rr + 3]), s3);
        }
        s0.intoArray(g, g0);
        s1.intoArray(g, g0 + gStride);
        s2.intoArray(g, g0 + 2 * gStride);
        s3.intoArray(g, g0 + 3 * gStride);
    }

    private static void outer1x4(
            double[] x, int xAt, int rows, int cols, double[] r, int rAt, int rStride, double[] g, int g0) {
        DoubleVector s0 = DoubleVector.fromArray(D, g, g0);
        DoubleVector s1 = DoubleVector.fromArray(D, g, g0 + V);
        DoubleVector s2 = DoubleVector.fromArray(D, g, g0 + 2 * V);
        DoubleVector s3 = DoubleVector.fromArray(D, g, g0 + 3 * V);
        for (int i = 0; i < rows; i++) {
            int at = xAt + i * cols;
            DoubleVector u = DoubleVector.broadcast(D, r[rAt + i * rStride]);
            s0 = DoubleVector.fromArray(D, x, at).fma(u, s0);
            s1 = DoubleVector.fromArray(D, x, at + V).fma(u, s1);
            s2 = DoubleVector.fromArray(D, x, at + 2 * V).fma(u, s2);
            s3 = DoubleVector.fromArray(D, x, at + 3 * V).fma(u, s3);
        }
        s0.intoArray(g, g0);
        s1.intoArray(g, g0 + V);
        s2.intoArray(g, g0 + 2 * V);
        s3.intoArray(g, g0 + 3 * V);
    }

    private static void outer1x1(
            double[] x, int xAt, int rows, int cols, double[] r, int rAt, int rStride, double[] g, int g0) {
        DoubleVector s = DoubleVector.fromArray(D, g, g0);
        for (int i = 0; i < rows; i++) {
            s = DoubleVector.fromArray(D, x, xAt + i * cols).fma(DoubleVector.broadcast(D, r[rAt + i * rStride]), s);
        }
        s.intoArray(g, g0);
    }

    private static void outerTail(
            double[] x,
            int x0,
            int rows,
            int cols,
            double[] r,
            int rAt,
            int rStride,
            double[] g,
            int g0,
            int from,
            int to) {
        for (int j = from; j < to; j++) {
            double s = g[g0 + j];
            for (int i = 0; i < rows; i++) {
                s = Math.fma(x[x0 + i * cols + j], r[rAt + i * rStride], s);
            }
            g[g0 + j] = s;
        }
    }

    // ---- Gram matrices ----

    @Override
    public void gramAdd(
            float[] x, int xOffset, int rows, int cols, double[] d, int dOffset, double[] h, int hOffset, int hStride) {
        double[] slab = new double[Math.min(SLAB_ROWS, rows) * cols];
        for (int i = 0; i < rows; i += SLAB_ROWS) {
            int count = Math.min(SLAB_ROWS, rows - i);
            widen(x, xOffset + i * cols, slab, count * cols);
            gramAdd(slab, 0, count, cols, d, dOffset + i, h, hOffset, hStride);
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
        double[] scaled = new double[Math.min(SLAB_ROWS, rows) * cols];
        for (int i = 0; i < rows; i += SLAB_ROWS) {
            int count = Math.min(SLAB_ROWS, rows - i);
            int at = xOffset + i * cols;
            for (int s = 0; s < count; s++) {
                for (int j = 0; j < cols; j++) {
                    scaled[s * cols + j] = d[dOffset + i + s] * x[at + s * cols + j];
                }
            }
            for (int a = 0; a < cols; a += LANES) {
                int height = Math.min(LANES, cols - a);
                int width = Math.min(cols, a + LANES);
                addOuter(x, at, count, cols, scaled, a, cols, h, hOffset + a * hStride, hStride, height, width);
            }
        }
    }

    @Override
    public void squaresAdd(float[] x, int xOffset, int rows, int cols, double[] d, int dOffset, double[] out) {
        scalar.squaresAdd(x, xOffset, rows, cols, d, dOffset, out);
    }

    @Override
    public void squaresAdd(double[] x, int xOffset, int rows, int cols, double[] d, int dOffset, double[] out) {
        scalar.squaresAdd(x, xOffset, rows, cols, d, dOffset, out);
    }

    // ---- sparse rows ----

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
        if (stride == 1) {
            // Gathering 8 coefficients is no faster than loading them one by one.
            scalar.multiplyAdd(rowStart, index, value, from, to, w, stride, z, zOffset);
            return;
        }
        for (int i = from; i < to; i++) {
            int at = zOffset + (i - from) * stride;
            int k = 0;
            for (; k <= stride - 4 * V; k += 4 * V) {
                gather4(index, value, rowStart[i], rowStart[i + 1], w, k, stride, z, at + k);
            }
            for (; k <= stride - V; k += V) {
                gather1(index, value, rowStart[i], rowStart[i + 1], w, k, stride, z, at + k);
            }
            if (k < stride) {
                gatherQuad(index, value, rowStart[i], rowStart[i + 1], w, k, stride, z, at + k);
            }
        }
    }

    private static void gather4(
            int[] index, float[] value, int from, int to, double[] w, int k, int stride, double[] z, int at) {
        DoubleVector s0 = DoubleVector.fromArray(D, z, at);
        DoubleVector s1 = DoubleVector.fromArray(D, z, at + V);
        DoubleVector s2 = DoubleVector.fromArray(D, z, at + 2 * V);
        DoubleVector s3 = DoubleVector.fromArray(D, z, at + 3 * V);
        for (int e = from; e < to; e++) {
            int row = index[e] * stride + k;
            DoubleVector v = DoubleVector.broadcast(D, value[e]);
            s0 = DoubleVector.fromArray(D, w, row).fma(v, s0);
            s1 = DoubleVector.fromArray(D, w, row + V).fma(v, s1);
            s2 = DoubleVector.fromArray(D, w, row + 2 * V).fma(v, s2);
            s3 = DoubleVector.fromArray(D, w, row + 3 * V).fma(v, s3);
        }
        s0.intoArray(z, at);
        s1.intoArray(z, at + V);
        s2.intoArray(z, at + 2 * V);
        s3.intoArray(z, at + 3 * V);
    }

    private static void gather1(
            int[] index, float[] value, int from, int to, double[] w, int k, int stride, double[] z, int at) {
        DoubleVector s = DoubleVector.fromArray(D, z, at);
        for (int e = from; e < to; e++) {
            s = DoubleVector.fromArray(D, w, index[e] * stride + k).fma(DoubleVector.broadcast(D, value[e]), s);
        }
        s.intoArray(z, at);
    }

    private static void gatherQuad(
            int[] index, float[] value, int from, int to, double[] w, int k, int stride, double[] z, int at) {
        DoubleVector s = DoubleVector.fromArray(QUAD, z, at);
        for (int e = from; e < to; e++) {
            s = DoubleVector.fromArray(QUAD, w, index[e] * stride + k).fma(DoubleVector.broadcast(QUAD, value[e]), s);
        }
        s.intoArray(z, at);
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
        if (stride == 1) {
            scalar.multiplyAdd(rowStart, index, value, from, to, w, stride, z, zOffset);
            return;
        }
        for (int i = from; i < to; i++) {
            int at = zOffset + (i - from) * stride;
            int k = 0;
            for (; k <= stride - 4 * V; k += 4 * V) {
                gather4(index, value, rowStart[i], rowStart[i + 1], w, k, stride, z, at + k);
            }
            for (; k <= stride - V; k += V) {
                gather1(index, value, rowStart[i], rowStart[i + 1], w, k, stride, z, at + k);
            }
            if (k < stride) {
                gatherQuad(index, value, rowStart[i], rowStart[i + 1], w, k, stride, z, at + k);
            }
        }
    }

    private static void gather4(
            int[] index, double[] value, int from, int to, double[] w, int k, int stride, double[] z, int at) {
        DoubleVector s0 = DoubleVector.fromArray(D, z, at);
        DoubleVector s1 = DoubleVector.fromArray(D, z, at + V);
        DoubleVector s2 = DoubleVector.fromArray(D, z, at + 2 * V);
        DoubleVector s3 = DoubleVector.fromArray(D, z, at + 3 * V);
        for (int e = from; e < to; e++) {
            int row = index[e] * stride + k;
            DoubleVector v = DoubleVector.broadcast(D, value[e]);
            s0 = DoubleVector.fromArray(D, w, row).fma(v, s0);
            s1 = DoubleVector.fromArray(D, w, row + V).fma(v, s1);
            s2 = DoubleVector.fromArray(D, w, row + 2 * V).fma(v, s2);
            s3 = DoubleVector.fromArray(D, w, row + 3 * V).fma(v, s3);
        }
        s0.intoArray(z, at);
        s1.intoArray(z, at + V);
        s2.intoArray(z, at + 2 * V);
        s3.intoArray(z, at + 3 * V);
    }

    private static void gather1(
            int[] index, double[] value, int from, int to, double[] w, int k, int stride, double[] z, int at) {
        DoubleVector s = DoubleVector.fromArray(D, z, at);
        for (int e = from; e < to; e++) {
            s = DoubleVector.fromArray(D, w, index[e] * stride + k).fma(DoubleVector.broadcast(D, value[e]), s);
        }
        s.intoArray(z, at);
    }

    private static void gatherQuad(
            int[] index, double[] value, int from, int to, double[] w, int k, int stride, double[] z, int at) {
        DoubleVector s = DoubleVector.fromArray(QUAD, z, at);
        for (int e = from; e < to; e++) {
            s = DoubleVector.fromArray(QUAD, w, index[e] * stride + k).fma(DoubleVector.broadcast(QUAD, value[e]), s);
        }
        s.intoArray(z, at);
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
        if (stride == 1) {
            scalar.transposeMultiplyAdd(rowStart, index, value, from, to, r, rOffset, stride, g);
            return;
        }
        for (int i = from; i < to; i++) {
            int at = rOffset + (i - from) * stride;
            for (int e = rowStart[i]; e < rowStart[i + 1]; e++) {
                scatter(value[e], r, at, g, index[e] * stride, stride);
            }
        }
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
        if (stride == 1) {
            scalar.transposeMultiplyAdd(rowStart, index, value, from, to, r, rOffset, stride, g);
            return;
        }
        for (int i = from; i < to; i++) {
            int at = rOffset + (i - from) * stride;
            for (int e = rowStart[i]; e < rowStart[i + 1]; e++) {
                scatter(value[e], r, at, g, index[e] * stride, stride);
            }
        }
    }

    /** {@code g[k] += v r[k]} for a multiple of 4 entries. */
    private static void scatter(double v, double[] r, int rAt, double[] g, int gAt, int n) {
        DoubleVector u = DoubleVector.broadcast(D, v);
        int k = 0;
        for (; k <= n - V; k += V) {
            DoubleVector.fromArray(D, r, rAt + k)
                    .fma(u, DoubleVector.fromArray(D, g, gAt + k))
                    .intoArray(g, gAt + k);
        }
        if (k < n) {
            DoubleVector.fromArray(QUAD, r, rAt + k)
                    .fma(DoubleVector.broadcast(QUAD, v), DoubleVector.fromArray(QUAD, g, gAt + k))
                    .intoArray(g, gAt + k);
        }
    }

    @Override
    public void squaresAdd(
            int[] rowStart, int[] index, float[] value, int from, int to, double[] d, int dOffset, double[] out) {
        scalar.squaresAdd(rowStart, index, value, from, to, d, dOffset, out);
    }

    @Override
    public void squaresAdd(
            int[] rowStart, int[] index, double[] value, int from, int to, double[] d, int dOffset, double[] out) {
        scalar.squaresAdd(rowStart, index, value, from, to, d, dOffset, out);
    }

    // ---- dense symmetric systems ----

    /**
     * Panel by panel of {@code PANEL} columns: what earlier columns take from a panel is a product of blocks, done in
     * registers over the earlier columns in order; within the panel columns follow each other as in the scalar loop.
     */
    @Override
    public int cholesky(double[] a, int n, double tolerance, boolean[] dependent) {
        double[] diagonal = new double[n];
        for (int i = 0; i < n; i++) {
            diagonal[i] = a[i * n + i];
        }
        double[] panel = new double[n * PANEL];
        int found = 0;
        for (int j0 = 0; j0 < n; j0 += PANEL) {
            int width = Math.min(PANEL, n - j0);
            for (int k = 0; k < j0; k++) {
                for (int j = 0; j < width; j++) {
                    panel[k * PANEL + j] = -a[(j0 + j) * n + k];
                }
            }
            for (int i = j0; i < n; i++) {
                subtractEarlier(a, i * n, j0, width, panel);
            }
            found += factorPanel(a, n, j0, width, tolerance, diagonal, dependent);
        }
        return found;
    }

    /** {@code a[row + j0 + j] += sum_{k < j0} a[row + k] panel[k,j]}, k in order. */
    private static void subtractEarlier(double[] a, int row, int j0, int width, double[] panel) {
        int j = 0;
        for (; j <= width - 4 * V; j += 4 * V) {
            int at = row + j0 + j;
            DoubleVector s0 = DoubleVector.fromArray(D, a, at);
            DoubleVector s1 = DoubleVector.fromArray(D, a, at + V);
            DoubleVector s2 = DoubleVector.fromArray(D, a, at + 2 * V);
            DoubleVector s3 = DoubleVector.fromArray(D, a, at + 3 * V);
            for (int k = 0; k < j0; k++) {
                DoubleVector u = DoubleVector.broadcast(D, a[row + k]);
                int p = k * PANEL + j;
                s0 = DoubleVector.fromArray(D, panel, p).fma(u, s0);
                s1 = DoubleVector.fromArray(D, panel, p + V).fma(u, s1);
                s2 = DoubleVector.fromArray(D, panel, p + 2 * V).fma(u, s2);
                s3 = DoubleVector.fromArray(D, panel, p + 3 * V).fma(u, s3);
            }
            s0.intoArray(a, at);
            s1.intoArray(a, at + V);
            s2.intoArray(a, at + 2 * V);
            s3.intoArray(a, at + 3 * V);
        }
        for (; j < width; j++) {
            double s = a[row + j0 + j];
            for (int k = 0; k < j0; k++) {
                s = Math.fma(a[row + k], panel[k * PANEL + j], s);
            }
            a[row + j0 + j] = s;
        }
    }

    private static int factorPanel(
            double[] a, int n, int j0, int width, double tolerance, double[] diagonal, boolean[] dependent) {
        int found = 0;
        for (int i = j0; i < n; i++) {
            int last = Math.min(i, j0 + width - 1);
            for (int j = j0; j <= last; j++) {
                double s = a[i * n + j];
                for (int k = j0; k < j; k++) {
                    s = Math.fma(-a[i * n + k], a[j * n + k], s);
                }
                if (j < i) {
                    a[i * n + j] = dependent[j] ? 0 : s / a[j * n + j];
                } else {
                    dependent[i] = !(s > tolerance * diagonal[i] && s > 0);
                    a[i * n + i] = dependent[i] ? 1 : Math.sqrt(s);
                    found += dependent[i] ? 1 : 0;
                }
            }
            if (i < j0 + width && dependent[i]) {
                Arrays.fill(a, i * n, i * n + i, 0);
            }
        }
        return found;
    }

    @Override
    public void choleskySolve(double[] l, int n, boolean[] dependent, double[] b, int stride, int columns) {
        if (columns == 1) {
            scalar.choleskySolve(l, n, dependent, b, stride, columns);
            return;
        }
        for (int i = 0; i < n; i++) {
            forward(l, i * n, i, b, stride, columns);
            divide(l[i * n + i], dependent[i], b, i * stride, columns);
        }
        for (int i = n - 1; i >= 0; i--) {
            divide(l[i * n + i], dependent[i], b, i * stride, columns);
            for (int j = 0; j < i; j++) {
                axpy(-l[i * n + j], b, i * stride, b, j * stride, columns);
            }
        }
    }

    /** {@code b[i,:] -= sum_{j < i} l[row + j] b[j,:]}, j in order. */
    private static void forward(double[] l, int row, int i, double[] b, int stride, int columns) {
        int k = 0;
        for (; k <= columns - V; k += V) {
            DoubleVector s = DoubleVector.fromArray(D, b, i * stride + k);
            for (int j = 0; j < i; j++) {
                s = DoubleVector.fromArray(D, b, j * stride + k).fma(DoubleVector.broadcast(D, -l[row + j]), s);
            }
            s.intoArray(b, i * stride + k);
        }
        for (; k < columns; k++) {
            double s = b[i * stride + k];
            for (int j = 0; j < i; j++) {
                s = Math.fma(-l[row + j], b[j * stride + k], s);
            }
            b[i * stride + k] = s;
        }
    }

    private static void divide(double pivot, boolean dependent, double[] b, int at, int columns) {
        for (int k = at; k < at + columns; k++) {
            b[k] = dependent ? 0 : b[k] / pivot;
        }
    }

    @Override
    public double dot(double[] a, double[] b, int n) {
        double[] lanes = new double[LANES];
        for (int l = 0; l < LANES; l += V) {
            sweep1x1(a, 0, n, b, 0, l, lanes);
        }
        int full = n / LANES * LANES;
        for (int j = full; j < n; j++) {
            lanes[j - full] = Math.fma(a[j], b[j], lanes[j - full]);
        }
        return fold(lanes, 0);
    }

    @Override
    public void axpy(double alpha, double[] x, double[] y, int n) {
        axpy(alpha, x, 0, y, 0, n);
    }

    private static void axpy(double alpha, double[] x, int xAt, double[] y, int yAt, int n) {
        DoubleVector u = DoubleVector.broadcast(D, alpha);
        int j = 0;
        for (; j <= n - V; j += V) {
            DoubleVector.fromArray(D, x, xAt + j)
                    .fma(u, DoubleVector.fromArray(D, y, yAt + j))
                    .intoArray(y, yAt + j);
        }
        for (; j < n; j++) {
            y[yAt + j] = Math.fma(alpha, x[xAt + j], y[yAt + j]);
        }
    }
}
