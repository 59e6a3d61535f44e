package io.logits.kernels.simd;

import static io.logits.kernels.simd.FloatConstants.HALF;

import io.logits.kernels.MatrixKernels;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Matrix kernels in vectors. Each entry of the result adds in the order that {@link MatrixKernels} states. Float32 rows are
 * widened a slab at a time, but for one logit ({@link SingleLogit}).
 */
final class SimdMatrices implements MatrixKernels {
    private static final VectorSpecies<Double> D = Lanes.DOUBLES;
    private static final int V = D.length();
    private static final int LANES = Lanes.VIRTUAL;

    /** Products of so few pairs, as a row scored alone, are as fast without vectors, and need no array of lanes. */
    private static final int SHORT = 64;

    private static final int SLAB_ROWS = 32;
    private static final int PANEL = 32;

    /** Processors with vectors of 512 bits have 32 registers for them. */
    private static final boolean MANY_REGISTERS = V == LANES;
    /** Columns of two vectors. */
    private static final int PAIR = 2 * V;

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
        if (logits == 1) {
            SingleLogit.multiplyAdd(x, xOffset, rows, cols, w, z, zOffset);
            return;
        }
        // A tile of rows that stays in the first-level cache; the last one takes what would be less than one after it.
        double[] slab = new double[Math.min(2 * RowProducts.ROWS - 1, rows) * cols + V];
        RowProducts products = new RowProducts(w, cols, logits);
        for (int i = 0, count; i < rows; i += count) {
            count = rows - i < 2 * RowProducts.ROWS ? rows - i : RowProducts.ROWS;
            widen(x, xOffset + i * cols, slab, count * cols);
            products.add(slab, 0, count, z, zOffset + i * logits);
        }
    }

    @Override
    public void multiplyAdd(
            double[] x, int xOffset, int rows, int cols, double[] w, int logits, double[] z, int zOffset) {
        if (rows < RowProducts.ROWS && cols <= SHORT) {
            scalar.multiplyAdd(x, xOffset, rows, cols, w, logits, z, zOffset);
            return;
        }
        new RowProducts(w, cols, logits).add(x, xOffset, rows, z, zOffset);
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
        if (logits == 1) {
            SingleLogit.transposeMultiplyAdd(x, xOffset, rows, cols, r, rOffset, g);
            return;
        }
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
     * in registers, up to 5 logits by 2 vectors, by 4 where there are 32 registers.
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
        for (int k = 0, count; k < logits; k += count) {
            count = Lanes.group(logits - k);
            int rAt = r0 + k;
            int gAt = g0 + k * gStride;
            int j = 0;
            for (; MANY_REGISTERS && count >= 4 && j <= width - 4 * V; j += 4 * V) {
                if (count == 5) {
                    outer5x4(x, x0 + j, rows, cols, r, rAt, rStride, g, gAt + j, gStride);
                } else {
                    outer4x4(x, x0 + j, rows, cols, r, rAt, rStride, g, gAt + j, gStride);
                }
            }
            for (; count >= 4 && j <= width - 2 * V; j += 2 * V) {
                if (count == 5) {
                    outer5x2(x, x0 + j, rows, cols, r, rAt, rStride, g, gAt + j, gStride);
                } else {
                    outer4x2(x, x0 + j, rows, cols, r, rAt, rStride, g, gAt + j, gStride);
                }
            }
            for (; count >= 4 && j <= width - V; j += V) {
                if (count == 5) {
                    outer5x1(x, x0 + j, rows, cols, r, rAt, rStride, g, gAt + j, gStride);
                } else {
                    outer4x1(x, x0 + j, rows, cols, r, rAt, rStride, g, gAt + j, gStride);
                }
            }
            for (; count < 4 && j <= width - 4 * V; j += 4 * V) {
                if (count == 2) {
                    outer2x4(x, x0 + j, rows, cols, r, rAt, rStride, g, gAt + j, gStride);
                } else {
                    outer1x4(x, x0 + j, rows, cols, r, rAt, rStride, g, gAt + j);
                }
            }
            for (int one = 0; one < count; one++) {
                outerRest(x, x0, rows, cols, r, rAt + one, rStride, g, gAt + one * gStride, j, width);
            }
        }
    }

    private static void outer5x2(
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
        int g4 = g3 + gStride;
        DoubleVector s00 = DoubleVector.fromArray(D, g, g0);
        DoubleVector s01 = DoubleVector.fromArray(D, g, g0 + V);
        DoubleVector s10 = DoubleVector.fromArray(D, g, g1);
        DoubleVector s11 = DoubleVector.fromArray(D, g, g1 + V);
        DoubleVector s20 = DoubleVector.fromArray(D, g, g2);
        DoubleVector s21 = DoubleVector.fromArray(D, g, g2 + V);
        DoubleVector s30 = DoubleVector.fromArray(D, g, g3);
        DoubleVector s31 = DoubleVector.fromArray(D, g, g3 + V);
        DoubleVector s40 = DoubleVector.fromArray(D, g, g4);
        DoubleVector s41 = DoubleVector.fromArray(D, g, g4 + V);
        for (int i = 0; i < rows; i++) {
            int at = xAt + i * cols;
            int rr = rAt + i * rStride;
            DoubleVector a = DoubleVector.fromArray(D, x, at);
            DoubleVector b = DoubleVector.fromArray(D, x, at + V);
            DoubleVector u = DoubleVector.broadcast(D, r[rr]);
            s00 = a.fma(u, s00);
            s01 = b.fma(u, s01);
            u = DoubleVector.broadcast(D, r[rr + 1]);
            s10 = a.fma(u, s10);
            s11 = b.fma(u, s11);
            u = DoubleVector.broadcast(D, r[rr + 2]);
            s20 = a.fma(u, s20);
            s21 = b.fma(u, s21);
            u = DoubleVector.broadcast(D, r[rr + 3]);
            s30 = a.fma(u, s30);
            s31 = b.fma(u, s31);
            u = DoubleVector.broadcast(D, r[rr + 4]);
            s40 = a.fma(u, s40);
            s41 = b.fma(u, s41);
        }
        s00.intoArray(g, g0);
        s01.intoArray(g, g0 + V);
        s10.intoArray(g, g1);
        s11.intoArray(g, g1 + V);
        s20.intoArray(g, g2);
        s21.intoArray(g, g2 + V);
        s30.intoArray(g, g3);
        s31.intoArray(g, g3 + V);
        s40.intoArray(g, g4);
        s41.intoArray(g, g4 + V);
    }

    private static void outer4x2(
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
        DoubleVector s10 = DoubleVector.fromArray(D, g, g1);
        DoubleVector s11 = DoubleVector.fromArray(D, g, g1 + V);
        DoubleVector s20 = DoubleVector.fromArray(D, g, g2);
        DoubleVector s21 = DoubleVector.fromArray(D, g, g2 + V);
        DoubleVector s30 = DoubleVector.fromArray(D, g, g3);
        DoubleVector s31 = DoubleVector.fromArray(D, g, g3 + V);
        for (int i = 0; i < rows; i++) {
            int at = xAt + i * cols;
            int rr = rAt + i * rStride;
            DoubleVector a = DoubleVector.fromArray(D, x, at);
            DoubleVector b = DoubleVector.fromArray(D, x, at + V);
            DoubleVector u = DoubleVector.broadcast(D, r[rr]);
            s00 = a.fma(u, s00);
            s01 = b.fma(u, s01);
            u = DoubleVector.broadcast(D, r[rr + 1]);
            s10 = a.fma(u, s10);
            s11 = b.fma(u, s11);
            u = DoubleVector.broadcast(D, r[rr + 2]);
            s20 = a.fma(u, s20);
            s21 = b.fma(u, s21);
            u = DoubleVector.broadcast(D, r[rr + 3]);
            s30 = a.fma(u, s30);
            s31 = b.fma(u, s31);
        }
        s00.intoArray(g, g0);
        s01.intoArray(g, g0 + V);
        s10.intoArray(g, g1);
        s11.intoArray(g, g1 + V);
        s20.intoArray(g, g2);
        s21.intoArray(g, g2 + V);
        s30.intoArray(g, g3);
        s31.intoArray(g, g3 + V);
    }

    private static void outer5x4(
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
        int g4 = g3 + gStride;
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
        DoubleVector s40 = DoubleVector.fromArray(D, g, g4);
        DoubleVector s41 = DoubleVector.fromArray(D, g, g4 + V);
        DoubleVector s42 = DoubleVector.fromArray(D, g, g4 + 2 * V);
        DoubleVector s43 = DoubleVector.fromArray(D, g, g4 + 3 * V);
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
            u = DoubleVector.broadcast(D, r[rr + 4]);
            s40 = a.fma(u, s40);
            s41 = b.fma(u, s41);
            s42 = c.fma(u, s42);
            s43 = d.fma(u, s43);
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
        s40.intoArray(g, g4);
        s41.intoArray(g, g4 + V);
        s42.intoArray(g, g4 + 2 * V);
        s43.intoArray(g, g4 + 3 * V);
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

    private static void outer5x1(
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
        int g4 = g3 + gStride;
        DoubleVector s0 = DoubleVector.fromArray(D, g, g0);
        DoubleVector s1 = DoubleVector.fromArray(D, g, g1);
        DoubleVector s2 = DoubleVector.fromArray(D, g, g2);
        DoubleVector s3 = DoubleVector.fromArray(D, g, g3);
        DoubleVector s4 = DoubleVector.fromArray(D, g, g4);
        for (int i = 0; i < rows; i++) {
            int at = xAt + i * cols;
            int rr = rAt + i * rStride;
            DoubleVector a = DoubleVector.fromArray(D, x, at);
            s0 = a.fma(DoubleVector.broadcast(D, r[rr]), s0);
            s1 = a.fma(DoubleVector.broadcast(D, r[rr + 1]), s1);
            s2 = a.fma(DoubleVector.broadcast(D, r[rr + 2]), s2);
            s3 = a.fma(DoubleVector.broadcast(D, r[rr + 3]), s3);
            s4 = a.fma(DoubleVector.broadcast(D, r[rr + 4]), s4);
        }
        s0.intoArray(g, g0);
        s1.intoArray(g, g1);
        s2.intoArray(g, g2);
        s3.intoArray(g, g3);
        s4.intoArray(g, g4);
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
        int g1 = g0 + gStride;
        int g2 = g1 + gStride;
        int g3 = g2 + gStride;
        DoubleVector s0 = DoubleVector.fromArray(D, g, g0);
        DoubleVector s1 = DoubleVector.fromArray(D, g, g1);
        DoubleVector s2 = DoubleVector.fromArray(D, g, g2);
        DoubleVector s3 = DoubleVector.fromArray(D, g, g3);
        for (int i = 0; i < rows; i++) {
            int at = xAt + i * cols;
            int rr = rAt + i * rStride;
            DoubleVector a = DoubleVector.fromArray(D, x, at);
            s0 = a.fma(DoubleVector.broadcast(D, r[rr]), s0);
            s1 = a.fma(DoubleVector.broadcast(D, r[rr + 1]), s1);
            s2 = a.fma(DoubleVector.broadcast(D, r[rr + 2]), s2);
            s3 = a.fma(DoubleVector.broadcast(D, r[rr + 3]), s3);
        }
        s0.intoArray(g, g0);
        s1.intoArray(g, g1);
        s2.intoArray(g, g2);
        s3.intoArray(g, g3);
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

    /** Columns {@code from .. width-1} of one logit: vectors, and the last few columns from a vector that ends with them. */
    private static void outerRest(
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
            int width) {
        int j = from;
        for (; j <= width - V; j += V) {
            outer1x1(x, x0 + j, rows, cols, r, rAt, rStride, g, g0 + j);
        }
        if (j < width && width >= V) {
            int last = width - V;
            double[] whole = new double[V];
            System.arraycopy(g, g0 + last, whole, 0, V);
            outer1x1(x, x0 + last, rows, cols, r, rAt, rStride, whole, 0);
            System.arraycopy(whole, j - last, g, g0 + j, width - j);
            return;
        }
        for (; j < width; j++) {
            double s = g[g0 + j];
            for (int i = 0; i < rows; i++) {
                s = Math.fma(x[x0 + i * cols + j], r[rAt + i * rStride], s);
            }
            g[g0 + j] = s;
        }
    }

    private static void outer1x1(
            double[] x, int xAt, int rows, int cols, double[] r, int rAt, int rStride, double[] g, int g0) {
        DoubleVector s = DoubleVector.fromArray(D, g, g0);
        for (int i = 0; i < rows; i++) {
            s = DoubleVector.fromArray(D, x, xAt + i * cols).fma(DoubleVector.broadcast(D, r[rAt + i * rStride]), s);
        }
        s.intoArray(g, g0);
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
                gatherFour(index, value, rowStart[i], rowStart[i + 1], w, k, stride, z, at + k);
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

    /**
     * The four logits that vectors of 8 leave. Vectors of 4 beside these make JDK 17 box the sums of both in every loop, as
     * calls that it has seen with two kinds are not known to take one.
     */
    private static void gatherFour(
            int[] index, float[] value, int from, int to, double[] w, int k, int stride, double[] z, int at) {
        double s0 = z[at];
        double s1 = z[at + 1];
        double s2 = z[at + 2];
        double s3 = z[at + 3];
        for (int e = from; e < to; e++) {
            int row = index[e] * stride + k;
            s0 = Math.fma(value[e], w[row], s0);
            s1 = Math.fma(value[e], w[row + 1], s1);
            s2 = Math.fma(value[e], w[row + 2], s2);
            s3 = Math.fma(value[e], w[row + 3], s3);
        }
        z[at] = s0;
        z[at + 1] = s1;
        z[at + 2] = s2;
        z[at + 3] = s3;
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
                gatherFour(index, value, rowStart[i], rowStart[i + 1], w, k, stride, z, at + k);
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

    private static void gatherFour(
            int[] index, double[] value, int from, int to, double[] w, int k, int stride, double[] z, int at) {
        double s0 = z[at];
        double s1 = z[at + 1];
        double s2 = z[at + 2];
        double s3 = z[at + 3];
        for (int e = from; e < to; e++) {
            int row = index[e] * stride + k;
            s0 = Math.fma(value[e], w[row], s0);
            s1 = Math.fma(value[e], w[row + 1], s1);
            s2 = Math.fma(value[e], w[row + 2], s2);
            s3 = Math.fma(value[e], w[row + 3], s3);
        }
        z[at] = s0;
        z[at + 1] = s1;
        z[at + 2] = s2;
        z[at + 3] = s3;
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

    /** {@code g[k] += v r[k]} for a multiple of 4 entries; four that vectors of 8 leave are as in {@link #gatherFour}. */
    private static void scatter(double v, double[] r, int rAt, double[] g, int gAt, int n) {
        DoubleVector u = DoubleVector.broadcast(D, v);
        int k = 0;
        for (; k <= n - V; k += V) {
            DoubleVector.fromArray(D, r, rAt + k)
                    .fma(u, DoubleVector.fromArray(D, g, gAt + k))
                    .intoArray(g, gAt + k);
        }
        if (k < n) {
            int from = rAt + k;
            int to = gAt + k;
            g[to] = Math.fma(v, r[from], g[to]);
            g[to + 1] = Math.fma(v, r[from + 1], g[to + 1]);
            g[to + 2] = Math.fma(v, r[from + 2], g[to + 2]);
            g[to + 3] = Math.fma(v, r[from + 3], g[to + 3]);
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
            int paired = width / PAIR * PAIR;
            for (int k = 0; k < j0; k++) {
                for (int j = 0; j < paired; j++) {
                    panel[j / PAIR * PAIR * n + k * PAIR + j % PAIR] = -a[(j0 + j) * n + k];
                }
            }
            for (int i = j0; i < n; i += 4) {
                subtractEarlier(a, i, Math.min(i + 4, n), n, j0, width, panel);
            }
            found += factorPanel(a, n, j0, width, tolerance, diagonal, dependent);
        }
        return found;
    }

    /**
     * {@code a[i,j] -= sum_{k < j0} a[i,k] a[j,k]} for at most 4 rows and columns {@code j0 <= j < j0+width}, k in order.
     * {@code panel} holds the rows j, negated, a pair of vectors beside each other.
     */
    private static void subtractEarlier(double[] a, int from, int to, int n, int j0, int width, double[] panel) {
        int j = 0;
        for (; j <= width - PAIR; j += PAIR) {
            if (to - from == 4) {
                subtract4(a, from * n, n, j0, j, panel, j * n);
                continue;
            }
            for (int i = from; i < to; i++) {
                subtract1(a, i * n, j0, j, panel, j * n);
            }
        }
        for (; j < width; j++) {
            int column = (j0 + j) * n;
            for (int i = from; i < to; i++) {
                double s = a[i * n + j0 + j];
                for (int k = 0; k < j0; k++) {
                    s = Math.fma(-a[i * n + k], a[column + k], s);
                }
                a[i * n + j0 + j] = s;
            }
        }
    }

    private static void subtract4(double[] a, int r0, int n, int j0, int j, double[] panel, int p0) {
        int r1 = r0 + n;
        int r2 = r1 + n;
        int r3 = r2 + n;
        int at = j0 + j;
        DoubleVector s00 = DoubleVector.fromArray(D, a, r0 + at);
        DoubleVector s01 = DoubleVector.fromArray(D, a, r0 + at + V);
        DoubleVector s10 = DoubleVector.fromArray(D, a, r1 + at);
        DoubleVector s11 = DoubleVector.fromArray(D, a, r1 + at + V);
        DoubleVector s20 = DoubleVector.fromArray(D, a, r2 + at);
        DoubleVector s21 = DoubleVector.fromArray(D, a, r2 + at + V);
        DoubleVector s30 = DoubleVector.fromArray(D, a, r3 + at);
        DoubleVector s31 = DoubleVector.fromArray(D, a, r3 + at + V);
        for (int k = 0; k < j0; k++) {
            DoubleVector u = DoubleVector.fromArray(D, panel, p0 + k * PAIR);
            DoubleVector v = DoubleVector.fromArray(D, panel, p0 + k * PAIR + V);
            DoubleVector c = DoubleVector.broadcast(D, a[r0 + k]);
            s00 = u.fma(c, s00);
            s01 = v.fma(c, s01);
            c = DoubleVector.broadcast(D, a[r1 + k]);
            s10 = u.fma(c, s10);
            s11 = v.fma(c, s11);
            c = DoubleVector.broadcast(D, a[r2 + k]);
            s20 = u.fma(c, s20);
            s21 = v.fma(c, s21);
            c = DoubleVector.broadcast(D, a[r3 + k]);
            s30 = u.fma(c, s30);
            s31 = v.fma(c, s31);
        }
        s00.intoArray(a, r0 + at);
        s01.intoArray(a, r0 + at + V);
        s10.intoArray(a, r1 + at);
        s11.intoArray(a, r1 + at + V);
        s20.intoArray(a, r2 + at);
        s21.intoArray(a, r2 + at + V);
        s30.intoArray(a, r3 + at);
        s31.intoArray(a, r3 + at + V);
    }

    private static void subtract1(double[] a, int row, int j0, int j, double[] panel, int p0) {
        int at = row + j0 + j;
        DoubleVector s0 = DoubleVector.fromArray(D, a, at);
        DoubleVector s1 = DoubleVector.fromArray(D, a, at + V);
        for (int k = 0; k < j0; k++) {
            DoubleVector c = DoubleVector.broadcast(D, a[row + k]);
            s0 = DoubleVector.fromArray(D, panel, p0 + k * PAIR).fma(c, s0);
            s1 = DoubleVector.fromArray(D, panel, p0 + k * PAIR + V).fma(c, s1);
        }
        s0.intoArray(a, at);
        s1.intoArray(a, at + V);
    }

    private static int factorPanel(
            double[] a, int n, int j0, int width, double tolerance, double[] diagonal, boolean[] dependent) {
        int found = 0;
        int below = j0 + width;
        for (int i = j0; i < below; i++) {
            for (int j = j0; j < i; j++) {
                a[i * n + j] = dependent[j] ? 0 : lessEarlier(a, i * n, j * n, j0, j) / a[j * n + j];
            }
            double s = lessEarlier(a, i * n, i * n, j0, i);
            dependent[i] = !(s > tolerance * diagonal[i] && s > 0);
            a[i * n + i] = dependent[i] ? 1 : Math.sqrt(s);
            if (dependent[i]) {
                found++;
                Arrays.fill(a, i * n, i * n + i, 0);
            }
        }
        int i = below;
        for (; i <= n - 4; i += 4) {
            divideByPanel4(a, i * n, n, j0, below, dependent);
        }
        for (; i < n; i++) {
            for (int j = j0; j < below; j++) {
                a[i * n + j] = dependent[j] ? 0 : lessEarlier(a, i * n, j * n, j0, j) / a[j * n + j];
            }
        }
        return found;
    }

    /** {@code a[row + j] - sum_{from <= k < j} a[row + k] a[other + k]}, k in order. */
    private static double lessEarlier(double[] a, int row, int other, int from, int j) {
        double s = a[row + j];
        for (int k = from; k < j; k++) {
            s = Math.fma(-a[row + k], a[other + k], s);
        }
        return s;
    }

    /** Four rows below the panel, whose sums do not wait for each other. */
    private static void divideByPanel4(double[] a, int r0, int n, int j0, int below, boolean[] dependent) {
        int r1 = r0 + n;
        int r2 = r1 + n;
        int r3 = r2 + n;
        for (int j = j0; j < below; j++) {
            int column = j * n;
            double s0 = a[r0 + j];
            double s1 = a[r1 + j];
            double s2 = a[r2 + j];
            double s3 = a[r3 + j];
            for (int k = j0; k < j; k++) {
                double c = -a[column + k];
                s0 = Math.fma(a[r0 + k], c, s0);
                s1 = Math.fma(a[r1 + k], c, s1);
                s2 = Math.fma(a[r2 + k], c, s2);
                s3 = Math.fma(a[r3 + k], c, s3);
            }
            double pivot = a[column + j];
            a[r0 + j] = dependent[j] ? 0 : s0 / pivot;
            a[r1 + j] = dependent[j] ? 0 : s1 / pivot;
            a[r2 + j] = dependent[j] ? 0 : s2 / pivot;
            a[r3 + j] = dependent[j] ? 0 : s3 / pivot;
        }
    }

    /** Four rows of the factor at a time, and two vectors of columns: each sum still runs in order. */
    @Override
    public void choleskySolve(double[] l, int n, boolean[] dependent, double[] b, int stride, int columns) {
        if (columns < PAIR) {
            scalar.choleskySolve(l, n, dependent, b, stride, columns);
            return;
        }
        int whole = columns / PAIR * PAIR;
        int last = n / 4 * 4;
        for (int i = 0; i < last; i += 4) {
            for (int k = 0; k < whole; k += PAIR) {
                forward4(l, i * n, n, i, b, stride, k);
            }
            for (int r = i; r < i + 4; r++) {
                forward(l, r * n, 0, i, b, r * stride, stride, whole, columns);
                forward(l, r * n, i, r, b, r * stride, stride, 0, columns);
                divide(l[r * n + r], dependent[r], b, r * stride, columns);
            }
        }
        for (int i = last; i < n; i++) {
            forward(l, i * n, 0, i, b, i * stride, stride, 0, columns);
            divide(l[i * n + i], dependent[i], b, i * stride, columns);
        }
        for (int i = n - 1; i >= last; i--) {
            divide(l[i * n + i], dependent[i], b, i * stride, columns);
            backward(l, i * n, 0, i, b, i * stride, stride, 0, columns);
        }
        for (int i = last - 4; i >= 0; i -= 4) {
            for (int r = i + 3; r >= i; r--) {
                divide(l[r * n + r], dependent[r], b, r * stride, columns);
                backward(l, r * n, i, r, b, r * stride, stride, 0, columns);
                backward(l, r * n, 0, i, b, r * stride, stride, whole, columns);
            }
            for (int k = 0; k < whole; k += PAIR) {
                backward4(l, i * n, n, i, b, stride, k);
            }
        }
    }

    /** {@code b[r,:] -= sum_{from <= j < to} l[row + j] b[j,:]} for columns {@code first .. columns-1}, j in order. */
    private static void forward(
            double[] l, int row, int from, int to, double[] b, int bAt, int stride, int first, int columns) {
        for (int j = from; j < to && first < columns; j++) {
            double c = -l[row + j];
            for (int k = first; k < columns; k++) {
                b[bAt + k] = Math.fma(c, b[j * stride + k], b[bAt + k]);
            }
        }
    }

    /** {@code b[j,:] -= l[row + j] b[r,:]} for {@code from <= j < to} and columns {@code first .. columns-1}. */
    private static void backward(
            double[] l, int row, int from, int to, double[] b, int bAt, int stride, int first, int columns) {
        for (int j = from; j < to && first < columns; j++) {
            double c = -l[row + j];
            for (int k = first; k < columns; k++) {
                b[j * stride + k] = Math.fma(c, b[bAt + k], b[j * stride + k]);
            }
        }
    }

    private static void forward4(double[] l, int l0, int n, int i, double[] b, int stride, int k) {
        int l1 = l0 + n;
        int l2 = l1 + n;
        int l3 = l2 + n;
        int b0 = i * stride + k;
        int b1 = b0 + stride;
        int b2 = b1 + stride;
        int b3 = b2 + stride;
        DoubleVector s00 = DoubleVector.fromArray(D, b, b0);
        DoubleVector s01 = DoubleVector.fromArray(D, b, b0 + V);
        DoubleVector s10 = DoubleVector.fromArray(D, b, b1);
        DoubleVector s11 = DoubleVector.fromArray(D, b, b1 + V);
        DoubleVector s20 = DoubleVector.fromArray(D, b, b2);
        DoubleVector s21 = DoubleVector.fromArray(D, b, b2 + V);
        DoubleVector s30 = DoubleVector.fromArray(D, b, b3);
        DoubleVector s31 = DoubleVector.fromArray(D, b, b3 + V);
        for (int j = 0; j < i; j++) {
            DoubleVector u = DoubleVector.fromArray(D, b, j * stride + k);
            DoubleVector v = DoubleVector.fromArray(D, b, j * stride + k + V);
            DoubleVector c = DoubleVector.broadcast(D, -l[l0 + j]);
            s00 = u.fma(c, s00);
            s01 = v.fma(c, s01);
            c = DoubleVector.broadcast(D, -l[l1 + j]);
            s10 = u.fma(c, s10);
            s11 = v.fma(c, s11);
            c = DoubleVector.broadcast(D, -l[l2 + j]);
            s20 = u.fma(c, s20);
            s21 = v.fma(c, s21);
            c = DoubleVector.broadcast(D, -l[l3 + j]);
            s30 = u.fma(c, s30);
            s31 = v.fma(c, s31);
        }
        s00.intoArray(b, b0);
        s01.intoArray(b, b0 + V);
        s10.intoArray(b, b1);
        s11.intoArray(b, b1 + V);
        s20.intoArray(b, b2);
        s21.intoArray(b, b2 + V);
        s30.intoArray(b, b3);
        s31.intoArray(b, b3 + V);
    }

    private static void backward4(double[] l, int l0, int n, int i, double[] b, int stride, int k) {
        int l1 = l0 + n;
        int l2 = l1 + n;
        int l3 = l2 + n;
        int b0 = i * stride + k;
        DoubleVector s00 = DoubleVector.fromArray(D, b, b0);
        DoubleVector s01 = DoubleVector.fromArray(D, b, b0 + V);
        DoubleVector s10 = DoubleVector.fromArray(D, b, b0 + stride);
        DoubleVector s11 = DoubleVector.fromArray(D, b, b0 + stride + V);
        DoubleVector s20 = DoubleVector.fromArray(D, b, b0 + 2 * stride);
        DoubleVector s21 = DoubleVector.fromArray(D, b, b0 + 2 * stride + V);
        DoubleVector s30 = DoubleVector.fromArray(D, b, b0 + 3 * stride);
        DoubleVector s31 = DoubleVector.fromArray(D, b, b0 + 3 * stride + V);
        for (int j = 0; j < i; j++) {
            int at = j * stride + k;
            DoubleVector u = DoubleVector.fromArray(D, b, at);
            DoubleVector v = DoubleVector.fromArray(D, b, at + V);
            DoubleVector c = DoubleVector.broadcast(D, -l[l3 + j]);
            u = s30.fma(c, u);
            v = s31.fma(c, v);
            c = DoubleVector.broadcast(D, -l[l2 + j]);
            u = s20.fma(c, u);
            v = s21.fma(c, v);
            c = DoubleVector.broadcast(D, -l[l1 + j]);
            u = s10.fma(c, u);
            v = s11.fma(c, v);
            c = DoubleVector.broadcast(D, -l[l0 + j]);
            u = s00.fma(c, u);
            v = s01.fma(c, v);
            u.intoArray(b, at);
            v.intoArray(b, at + V);
        }
    }

    private static void divide(double pivot, boolean dependent, double[] b, int at, int columns) {
        for (int k = at; k < at + columns; k++) {
            b[k] = dependent ? 0 : b[k] / pivot;
        }
    }

    @Override
    public double dot(double[] a, double[] b, int n) {
        if (n <= SHORT) {
            return scalar.dot(a, b, n);
        }
        double[] lanes = new double[LANES];
        for (int l = 0; l < LANES; l += V) {
            RowProducts.sweep1x1(a, 0, n, b, 0, l, lanes);
        }
        for (int j = n / V * V; j < n; j++) {
            lanes[j % LANES] = Math.fma(a[j], b[j], lanes[j % LANES]);
        }
        return Lanes.fold(lanes, 0);
    }

    @Override
    public void axpy(double alpha, double[] x, double[] y, int n) {
        DoubleVector u = DoubleVector.broadcast(D, alpha);
        int j = 0;
        for (; j <= n - V; j += V) {
            DoubleVector.fromArray(D, x, j)
                    .fma(u, DoubleVector.fromArray(D, y, j))
                    .intoArray(y, j);
        }
        for (; j < n; j++) {
            y[j] = Math.fma(alpha, x[j], y[j]);
        }
    }
}
