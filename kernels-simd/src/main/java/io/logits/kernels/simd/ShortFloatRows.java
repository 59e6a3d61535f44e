package io.logits.kernels.simd;

import static io.logits.kernels.simd.FloatConstants.*;
import static jdk.incubator.vector.VectorOperators.LE;

import io.logits.kernels.FunctionKernels;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Rows of few classes, many at a time. A row alone does not fill vectors, so the exponentials of a whole tile of rows
 * are taken as if they were one row. That needs one shift for all: none at all, which is right as long as no logit
 * exceeds {@link #UNSHIFTED} in magnitude. A shift by {@code K ln 2} only multiplies every exponential of a row by the
 * same power of two, which changes no bit of what is computed from them.
 */
final class ShortFloatRows extends SimdFloatRows {
    /** exp(-40) / exp(40) and its rounding errors are normal numbers. */
    private static final float UNSHIFTED = 40;

    private static final FloatVector LIMIT = all(UNSHIFTED);
    private static final int CAPACITY = 512;

    private final float[] exps = new float[CAPACITY];
    private final float[] rests = new float[CAPACITY];
    private final float[] lastLogits = new float[FLOATS_LENGTH];

    /** Up to here in the output, what a row's last vector writes beyond the row is overwritten by the rows that follow. */
    private int spillEnd;

    /** How many rows fit a tile, 0 if too few to be worth it. */
    private static int tile(int rows, int cols, int stride) {
        int most = cols > FunctionKernels.SHORT_ROW || stride > CAPACITY / 4
                ? 0
                : Math.min(rows, (CAPACITY - FLOATS_LENGTH - cols) / stride + 1);
        return most * stride < 2 * FLOATS_LENGTH ? 0 : most;
    }

    @Override
    public void softmax(
            float[] z, int zOffset, int zStride, int rows, int cols, float[] out, int outOffset, int outStride) {
        int tile = tile(rows, cols, zStride);
        int i = 0;
        while (tile > 0 && i < rows) {
            int count = Math.min(tile, rows - i);
            int at = zOffset + i * zStride;
            int outAt = outOffset + i * outStride;
            if (exponentials(z, at, (count - 1) * zStride + cols)) {
                spillEnd = outStride == cols ? outAt + count * cols : 0;
                for (int t = 0; t < count; t++) {
                    int row = t * zStride;
                    sum = sumInOrder(row, cols, cols);
                    invert();
                    divideShort(exps, rests, row, out, outAt + t * outStride, cols);
                }
            } else {
                spillEnd = 0;
                super.softmax(z, at, zStride, count, cols, out, outAt, outStride);
            }
            i += count;
        }
        spillEnd = 0;
        super.softmax(z, zOffset + i * zStride, zStride, rows - i, cols, out, outOffset + i * outStride, outStride);
    }

    @Override
    public void logSumExp(float[] z, int zOffset, int zStride, int rows, int cols, float[] out, int outOffset) {
        int tile = tile(rows, cols, zStride);
        int i = 0;
        while (tile > 0 && i < rows) {
            int count = Math.min(tile, rows - i);
            int at = zOffset + i * zStride;
            if (exponentials(z, at, (count - 1) * zStride + cols)) {
                for (int t = 0; t < count; t++) {
                    out[outOffset + i + t] = (float) logOf(sumInOrder(t * zStride, cols, cols));
                }
            } else {
                super.logSumExp(z, at, zStride, count, cols, out, outOffset + i);
            }
            i += count;
        }
        super.logSumExp(z, zOffset + i * zStride, zStride, rows - i, cols, out, outOffset + i);
    }

    @Override
    public void logSoftmax(
            float[] z, int zOffset, int zStride, int rows, int cols, float[] out, int outOffset, int outStride) {
        int tile = tile(rows, cols, zStride);
        int i = 0;
        while (tile > 0 && i < rows) {
            int count = Math.min(tile, rows - i);
            int at = zOffset + i * zStride;
            int outAt = outOffset + i * outStride;
            if (exponentials(z, at, (count - 1) * zStride + cols)) {
                for (int t = 0; t < count; t++) {
                    int row = t * zStride;
                    max = maximumShort(z, at + row, cols);
                    int first = super.indexOfMax(z, at + row, cols);
                    sum = sumInOrder(row, first, cols);
                    finishLogSoftmax(
                            z,
                            at + row,
                            cols,
                            out,
                            outAt + t * outStride,
                            (double) exps[row + first] + rests[row + first]);
                }
            } else {
                super.logSoftmax(z, at, zStride, count, cols, out, outAt, outStride);
            }
            i += count;
        }
        super.logSoftmax(z, zOffset + i * zStride, zStride, rows - i, cols, out, outOffset + i * outStride, outStride);
    }

    @Override
    protected void crossEntropy(
            float[] z,
            int at,
            int stride,
            int[] y,
            int yOffset,
            int rows,
            int cols,
            float[] loss,
            int lossOffset,
            float[] gradient) {
        int tile = tile(rows, cols, stride);
        int i = 0;
        while (tile > 0 && i < rows) {
            int count = Math.min(tile, rows - i);
            int from = at + i * stride;
            if (exponentials(z, from, (count - 1) * stride + cols)) {
                // Written here first, because a row's gradient may spill over the logits of the next, where these are
                // one.
                for (int t = 0; t < count; t++) {
                    loss[lossOffset + i + t] = z[from + t * stride + y[yOffset + i + t]];
                }
                spillEnd = stride == cols ? from + count * cols : 0;
                for (int t = 0; t < count; t++) {
                    int row = t * stride;
                    int label = y[yOffset + i + t];
                    sum = sumInOrder(row, label, cols);
                    addOwn((double) exps[row + label] + rests[row + label]);
                    divideShort(exps, rests, row, gradient, from + row, cols);
                    gradient[from + row + label] = (float) -shareOfOthers();
                    loss[lossOffset + i + t] = (float) surprise(loss[lossOffset + i + t]);
                }
            } else {
                spillEnd = 0;
                super.crossEntropy(z, from, stride, y, yOffset + i, count, cols, loss, lossOffset + i, gradient);
            }
            i += count;
        }
        spillEnd = 0;
        super.crossEntropy(z, at + i * stride, stride, y, yOffset + i, rows - i, cols, loss, lossOffset + i, gradient);
    }

    /** The largest logit of a row without NaN: too short for vectors. */
    private static float maximumShort(float[] z, int at, int n) {
        float m = z[at];
        for (int k = 1; k < n; k++) {
            m = Math.max(m, z[at + k]);
        }
        return m;
    }

    @Override
    protected void divideShort(float[] exps, float[] rests, int from, float[] out, int outAt, int n) {
        FloatVector v = FloatVector.broadcast(FLOATS, inverse);
        FloatVector vLow = FloatVector.broadcast(FLOATS, inverseLow);
        int k = 0;
        while (k < n && (k + FLOATS_LENGTH <= n || outAt + k + FLOATS_LENGTH <= spillEnd)) {
            FloatVector e = FloatVector.fromArray(FLOATS, exps, from + k);
            FloatVector rest = FloatVector.fromArray(FLOATS, rests, from + k);
            e.fma(v, e.fma(vLow, rest.mul(v))).intoArray(out, outAt + k);
            k += FLOATS_LENGTH;
        }
        if (k < n) {
            super.divideShort(exps, rests, from + k, out, outAt + k, n - k);
        }
    }

    /** The sum of the exponentials of a row of the tile, all but the one at {@code leftOut}. */
    private double sumInOrder(int row, int leftOut, int n) {
        double total = 0;
        float errors = 0;
        for (int k = 0; k < n; k++) {
            if (k != leftOut) {
                total += exps[row + k];
                errors += rests[row + k];
            }
        }
        return total + errors;
    }

    /** Takes all exponentials of a tile without a shift; false if a logit is too large for that, or NaN. */
    private boolean exponentials(float[] z, int at, int n) {
        noShift();
        int whole = n - n % FLOATS_LENGTH;
        if (!exponentials(z, at, whole, 0)) {
            return false;
        }
        if (whole < n) {
            System.arraycopy(z, at + whole, lastLogits, 0, n - whole);
            Arrays.fill(lastLogits, n - whole, FLOATS_LENGTH, 0);
            return exponentials(lastLogits, 0, FLOATS_LENGTH, whole);
        }
        return true;
    }

    private boolean exponentials(float[] z, int at, int n, int to) {
        boolean near = true;
        for (int k = 0; k < n && near; k += FLOATS_LENGTH) {
            FloatVector x = FloatVector.fromArray(FLOATS, z, at + k);
            near = x.abs().compare(LE, LIMIT).allTrue();
            FloatVector rounded = x.fma(LOG2_E_F, ROUND_F);
            FloatVector whole = rounded.sub(ROUND_F);
            FloatVector r = whole.fma(MINUS_LN2_HIGH_F, x);
            FloatVector low = whole.mul(MINUS_LN2_LOW_F);
            FloatVector y = r.add(low);
            FloatVector square = y.mul(y);
            FloatVector even = Q4_F.fma(square, Q2_F).fma(square, Q0_F);
            FloatVector odd = Q3_F.fma(square, Q1_F);
            FloatVector t = r.add(odd.fma(y, even).fma(square, low));
            FloatVector p = ONE_F.add(t);
            FloatVector power = rounded.reinterpretAsInts()
                    .add(BIAS_F)
                    .lanewise(VectorOperators.LSHL, 23)
                    .reinterpretAsFloats();
            p.mul(power).intoArray(exps, to + k);
            t.sub(p.sub(ONE_F)).mul(power).intoArray(rests, to + k);
        }
        return near;
    }
}
