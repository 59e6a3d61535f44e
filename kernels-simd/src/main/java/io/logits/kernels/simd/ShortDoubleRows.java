package io.logits.kernels.simd;

import static io.logits.kernels.simd.DoubleConstants.*;
import static jdk.incubator.vector.VectorOperators.LE;

import io.logits.kernels.FunctionKernels;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Rows of few classes, many at a time. A row alone does not fill vectors, so the exponentials of a whole tile of rows
 * are taken as if they were one row. That needs one shift for all: none at all, which is right as long as no logit
 * exceeds {@link #UNSHIFTED} in magnitude. A shift by {@code K ln 2} only multiplies every exponential of a row by the
 * same power of two, which changes no bit of what is computed from them.
 */
final class ShortDoubleRows extends SimdDoubleRows {
    /** exp(-300) / exp(300) and its rounding errors are normal numbers, as are their products by 2^512. */
    private static final double UNSHIFTED = 300;

    private static final DoubleVector LIMIT = all(UNSHIFTED);
    private static final int CAPACITY = 512;

    private final double[] exps = new double[CAPACITY];
    private final double[] rests = new double[CAPACITY];
    private final double[] lastLogits = new double[LENGTH];

    /** Up to here in the output, what a row's last vector writes beyond the row is overwritten by the rows that follow. */
    private int spillEnd;

    /** How many rows fit a tile, 0 if too few to be worth it. */
    private static int tile(int rows, int cols, int stride) {
        int most = cols > FunctionKernels.SHORT_ROW || stride > CAPACITY / 4
                ? 0
                : Math.min(rows, (CAPACITY - LENGTH - cols) / stride + 1);
        return most * stride < 2 * LENGTH ? 0 : most;
    }

    @Override
    public void softmax(
            double[] z, int zOffset, int zStride, int rows, int cols, double[] out, int outOffset, int outStride) {
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
                    sumInOrder(row, cols, cols);
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
    public void logSumExp(double[] z, int zOffset, int zStride, int rows, int cols, double[] out, int outOffset) {
        int tile = tile(rows, cols, zStride);
        int i = 0;
        while (tile > 0 && i < rows) {
            int count = Math.min(tile, rows - i);
            int at = zOffset + i * zStride;
            if (exponentials(z, at, (count - 1) * zStride + cols)) {
                for (int t = 0; t < count; t++) {
                    sumInOrder(t * zStride, cols, cols);
                    out[outOffset + i + t] = logOfSum(0);
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
            double[] z, int zOffset, int zStride, int rows, int cols, double[] out, int outOffset, int outStride) {
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
                    sumInOrder(row, first, cols);
                    finishLogSoftmax(
                            z, at + row, cols, out, outAt + t * outStride, exps[row + first], rests[row + first]);
                }
            } else {
                super.logSoftmax(z, at, zStride, count, cols, out, outAt, outStride);
            }
            i += count;
        }
        super.logSoftmax(z, zOffset + i * zStride, zStride, rows - i, cols, out, outOffset + i * outStride, outStride);
    }

    @Override
    public void crossEntropy(
            double[] z,
            int at,
            int stride,
            int[] y,
            int yOffset,
            int rows,
            int cols,
            double[] loss,
            int lossOffset,
            double[] gradient) {
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
                    sumInOrder(row, label, cols);
                    addOwn(exps[row + label], rests[row + label]);
                    divideShort(exps, rests, row, gradient, from + row, cols);
                    gradient[from + row + label] = -shareOfOthers();
                    loss[lossOffset + i + t] = surprise(loss[lossOffset + i + t]);
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
    private static double maximumShort(double[] z, int at, int n) {
        double m = z[at];
        for (int k = 1; k < n; k++) {
            m = Math.max(m, z[at + k]);
        }
        return m;
    }

    @Override
    protected void divideShort(double[] exps, double[] rests, int from, double[] out, int outAt, int n) {
        DoubleVector v = DoubleVector.broadcast(SPECIES, inverse);
        DoubleVector vLow = DoubleVector.broadcast(SPECIES, inverseLow);
        int k = 0;
        while (k < n && (k + LENGTH <= n || outAt + k + LENGTH <= spillEnd)) {
            DoubleVector e = DoubleVector.fromArray(SPECIES, exps, from + k);
            DoubleVector rest = DoubleVector.fromArray(SPECIES, rests, from + k);
            e.fma(v, e.fma(vLow, rest.mul(v))).intoArray(out, outAt + k);
            k += LENGTH;
        }
        if (k < n) {
            super.divideShort(exps, rests, from + k, out, outAt + k, n - k);
        }
    }

    /** Sums the exponentials of a row of the tile into lane 0, all but the one at {@code leftOut}. */
    private void sumInOrder(int row, int leftOut, int n) {
        double high = 0;
        double low = 0;
        for (int k = 0; k < n; k++) {
            if (k != leftOut) {
                double value = exps[row + k];
                double sum = high + value;
                double part = sum - high;
                low = (low + rests[row + k]) + ((high - (sum - part)) + (value - part));
                high = sum;
            }
        }
        sums.high[0] = high;
        sums.low[0] = low;
    }

    /** Takes all exponentials of a tile without a shift; false if a logit is too large for that, or NaN. */
    private boolean exponentials(double[] z, int at, int n) {
        shiftFor(0);
        int whole = n - n % LENGTH;
        if (!exponentials(z, at, whole, 0)) {
            return false;
        }
        if (whole < n) {
            System.arraycopy(z, at + whole, lastLogits, 0, n - whole);
            Arrays.fill(lastLogits, n - whole, LENGTH, 0);
            return exponentials(lastLogits, 0, LENGTH, whole);
        }
        return true;
    }

    private boolean exponentials(double[] z, int at, int n, int to) {
        boolean near = true;
        for (int k = 0; k < n && near; k += LENGTH) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, z, at + k);
            near = x.abs().compare(LE, LIMIT).allTrue();
            DoubleVector rounded = x.fma(LOG2_E, ROUND);
            DoubleVector whole = rounded.sub(ROUND);
            DoubleVector r = whole.fma(MINUS_LN2_HIGH, x);
            DoubleVector c = DoubleExp.rest(r, whole.mul(MINUS_LN2_LOW));
            DoubleVector power = rounded.reinterpretAsLongs()
                    .add(BIAS_UP)
                    .lanewise(VectorOperators.LSHL, 52)
                    .reinterpretAsDoubles();
            DoubleVector h = ONE.add(r);
            DoubleVector l = r.sub(h.sub(ONE)).add(c);
            DoubleVector p = h.add(l);
            p.mul(power).intoArray(exps, to + k);
            l.sub(p.sub(h)).mul(power).intoArray(rests, to + k);
        }
        return near;
    }
}
