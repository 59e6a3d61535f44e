package io.logits.kernels.simd;

import static io.logits.kernels.simd.DoubleConstants.*;
import static io.logits.kernels.simd.FloatConstants.HALF;
import static jdk.incubator.vector.VectorOperators.D2F;
import static jdk.incubator.vector.VectorOperators.F2D;

import io.logits.kernels.spec.Exp;
import io.logits.kernels.spec.FloatPointwise;
import io.logits.kernels.spec.ShortFloatRows;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The lanewise twin of {@link ShortFloatRows}. A row alone does not fill vectors, so a tile of rows is laid out without gaps
 * and worked on as if it were one row: its exponentials, without a shift as long as no logit exceeds
 * {@link ShortFloatRows#NEAR} in magnitude (else the scalar loops serve the tile), and the last operation, with what each
 * row is multiplied by or lessened by spread over its entries. The sums are taken four rows at a time.
 */
final class TiledFloatRows extends ShortFloatRows {
    private static final int CAPACITY = 1024;
    private static final int ROWS = CAPACITY / 2;

    /** What belongs to each entry of the tile; a row's last vector may reach beyond the row. */
    private final double[] spread = new double[CAPACITY + LENGTH];

    private final double[] sums = new double[ROWS];
    private final double[] own = new double[ROWS];
    private final double[] chosen = new double[ROWS];
    private final float[] logits = new float[CAPACITY];
    private final float[] results = new float[CAPACITY];

    TiledFloatRows() {
        super(CAPACITY);
    }

    /** How many rows make a tile: as many as have room, a multiple of what makes the tile whole vectors. */
    private static int tile(int cols) {
        int rows = CAPACITY / Math.max(cols, 2);
        return rows - rows % LENGTH;
    }

    /** Takes the exponentials of a tile; false if a logit is too large for that, or NaN. */
    private boolean exponentials(float[] z, int at, int stride, int rows, int cols) {
        int n = rows * cols;
        if (stride == cols && n % LENGTH == 0) {
            return exponentials(z, at, n);
        }
        copy(z, at, stride, rows, cols, logits, 0, cols);
        Arrays.fill(logits, n, wholeVectors(n), 0);
        return exponentials(logits, 0, wholeVectors(n));
    }

    private static void copy(float[] from, int at, int stride, int rows, int cols, float[] to, int toAt, int toStride) {
        if (stride == cols && toStride == cols) {
            System.arraycopy(from, at, to, toAt, rows * cols);
            return;
        }
        for (int t = 0; t < rows; t++) {
            System.arraycopy(from, at + t * stride, to, toAt + t * toStride, cols);
        }
    }

    @Override
    public void logSumExp(float[] z, int zOffset, int zStride, int rows, int cols, float[] out, int outOffset) {
        int tile = tile(cols);
        for (int i = 0; i < rows; i += tile) {
            int count = Math.min(tile, rows - i);
            int at = zOffset + i * zStride;
            if (!exponentials(z, at, zStride, count, cols)) {
                super.logSumExp(z, at, zStride, count, cols, out, outOffset + i);
                continue;
            }
            sum(count, cols);
            SimdFloatPointwise.log(sums, wholeVectors(count), own);
            for (int t = 0; t < count; t++) {
                out[outOffset + i + t] = accurate(own[t], z, at + t * zStride, cols);
            }
        }
    }

    @Override
    public void crossEntropy(
            float[] z,
            int offset,
            int stride,
            int[] y,
            int yOffset,
            int rows,
            int cols,
            float[] loss,
            int lossOffset,
            float[] gradient) {
        int tile = tile(cols);
        for (int i = 0; i < rows; i += tile) {
            int count = Math.min(tile, rows - i);
            int at = offset + i * stride;
            if (!exponentials(z, at, stride, count, cols)) {
                super.crossEntropy(z, at, stride, y, yOffset + i, count, cols, loss, lossOffset + i, gradient);
                continue;
            }
            for (int t = 0; t < count; t++) {
                int label = y[yOffset + i + t];
                chosen[t] = z[at + t * stride + label];
                own[t] = exps[t * cols + label];
                exps[t * cols + label] = 0;
            }
            sum(count, cols);
            for (int t = 0; t < count; t++) {
                loss[lossOffset + i + t] = surprise(chosen[t], own[t], sums[t]);
                own[t] = 1 / (sums[t] + own[t]);
            }
            spread(own, count, cols);
            multiply(count, cols, gradient, at, stride);
            for (int t = 0; t < count; t++) {
                gradient[at + t * stride + y[yOffset + i + t]] = (float) -(sums[t] * own[t]);
            }
        }
    }

    /** Sums each row's exponentials in order. */
    private void sum(int rows, int cols) {
        int t = 0;
        for (; t <= rows - 4; t += 4) {
            int at = t * cols;
            double s0 = 0;
            double s1 = 0;
            double s2 = 0;
            double s3 = 0;
            for (int k = at; k < at + cols; k++) {
                s0 += exps[k];
                s1 += exps[k + cols];
                s2 += exps[k + 2 * cols];
                s3 += exps[k + 3 * cols];
            }
            sums[t] = s0;
            sums[t + 1] = s1;
            sums[t + 2] = s2;
            sums[t + 3] = s3;
        }
        for (; t < rows; t++) {
            double s = 0;
            for (int k = t * cols; k < (t + 1) * cols; k++) {
                s += exps[k];
            }
            sums[t] = s;
        }
    }

    /** Writes each row's number beside all of its entries. */
    private void spread(double[] numbers, int rows, int cols) {
        for (int t = 0; t < rows; t++) {
            DoubleVector number = DoubleVector.broadcast(SPECIES, numbers[t]);
            int end = (t + 1) * cols;
            for (int k = t * cols; k < end; k += LENGTH) {
                number.intoArray(spread, k);
            }
        }
    }

    private void multiply(int rows, int cols, float[] out, int outAt, int outStride) {
        int n = rows * cols;
        if (outStride == cols && n % LENGTH == 0) {
            multiply(n, out, outAt);
        } else {
            multiply(wholeVectors(n), results, 0);
            copy(results, 0, cols, rows, cols, out, outAt, outStride);
        }
    }

    private void multiply(int n, float[] out, int outAt) {
        for (int k = 0; k < n; k += LENGTH) {
            DoubleVector p = DoubleVector.fromArray(SPECIES, exps, k).mul(DoubleVector.fromArray(SPECIES, spread, k));
            ((FloatVector) p.convertShape(D2F, HALF, 0)).intoArray(out, outAt + k);
        }
    }

    private boolean exponentials(float[] z, int at, int n) {
        IntVector bitsOfMagnitude = IntVector.broadcast(INTS, 0x7fffffff);
        IntVector far = IntVector.broadcast(INTS, 0);
        DoubleVector log2e = DoubleVector.broadcast(SPECIES, Exp.LOG2_E);
        DoubleVector round = DoubleVector.broadcast(SPECIES, Exp.ROUND);
        DoubleVector minusLn2 = DoubleVector.broadcast(SPECIES, -Exp.LN2_HIGH);
        DoubleVector one = DoubleVector.broadcast(SPECIES, 1);
        DoubleVector q0 = DoubleVector.broadcast(SPECIES, FloatPointwise.Q0);
        DoubleVector q1 = DoubleVector.broadcast(SPECIES, FloatPointwise.Q1);
        DoubleVector q2 = DoubleVector.broadcast(SPECIES, FloatPointwise.Q2);
        DoubleVector q3 = DoubleVector.broadcast(SPECIES, FloatPointwise.Q3);
        DoubleVector q4 = DoubleVector.broadcast(SPECIES, FloatPointwise.Q4);
        DoubleVector q5 = DoubleVector.broadcast(SPECIES, FloatPointwise.Q5);
        LongVector bias = LongVector.broadcast(LONGS, Exp.BIAS);
        for (int k = 0; k < n; k += LENGTH) {
            FloatVector logits = FloatVector.fromArray(HALF, z, at + k);
            far = logits.reinterpretAsInts().and(bitsOfMagnitude).max(far);
            DoubleVector x = (DoubleVector) logits.convertShape(F2D, SPECIES, 0);
            DoubleVector rounded = x.fma(log2e, round);
            DoubleVector r = rounded.sub(round).fma(minusLn2, x);
            DoubleVector square = r.mul(r);
            DoubleVector even = q4.fma(square, q2).fma(square, q0);
            DoubleVector odd = q5.fma(square, q3).fma(square, q1);
            DoubleVector power = rounded.reinterpretAsLongs()
                    .add(bias)
                    .lanewise(VectorOperators.LSHL, 52)
                    .reinterpretAsDoubles();
            one.add(odd.fma(r, even).fma(square, r)).mul(power).intoArray(exps, k);
        }
        return far.reduceLanes(VectorOperators.MAX) <= Float.floatToRawIntBits((float) NEAR);
    }
}
