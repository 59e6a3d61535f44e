package io.logits.kernels.simd;

import static io.logits.kernels.simd.FloatConstants.FLOATS;
import static io.logits.kernels.simd.FloatConstants.FLOATS_LENGTH;
import static io.logits.kernels.simd.FloatConstants.INTS;

import io.logits.kernels.spec.FloatExp;
import io.logits.kernels.spec.ShortFloatSoftmax;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The exponentials of a tile of short rows, laid out without gaps and taken as if they were one row: without a shift as long
 * as no logit exceeds {@link #UNSHIFTED} in magnitude, else each row with its own.
 */
abstract class TiledFloatExponentials extends ShortFloatSoftmax {
    private static final FloatVector LOG2_E = FloatVector.broadcast(FLOATS, FloatExp.LOG2_E);
    private static final IntVector MAGNITUDE = IntVector.broadcast(INTS, Integer.MAX_VALUE);

    static final int CAPACITY = 1024;
    static final int ROWS = CAPACITY / 2;

    /** Arrays have so much more room that the vectors of the last row end in them. */
    static final int SPARE = 16;

    /** The logits of the tile at hand, where they are kept, lessened by what is subtracted. */
    final float[] logits = new float[CAPACITY + SPARE];

    /** Room for the results; before, for logits raised to the floor. */
    final float[] results = new float[CAPACITY + SPARE];

    /** The powers of two that are taken out of the rows. */
    final double[] powers = new double[ROWS];

    /** {@link FloatExp#rounding} of them for each entry. */
    private final float[] rounds = new float[CAPACITY + SPARE];

    /** Whether these hold another power than 0. */
    private boolean shifted = true;

    TiledFloatExponentials() {
        super(CAPACITY + SPARE);
    }

    /** How many rows make a tile: as many as have room, a multiple of what makes the tile whole vectors. */
    static int tile(int cols) {
        int rows = CAPACITY / Math.max(cols, 2);
        return rows - rows % LANES;
    }

    static void copy(float[] from, int at, int stride, int rows, int cols, float[] to, int toAt, int toStride) {
        if (stride == cols && toStride == cols) {
            System.arraycopy(from, at, to, toAt, rows * cols);
            return;
        }
        for (int t = 0; t < rows; t++) {
            System.arraycopy(from, at + t * stride, to, toAt + t * toStride, cols);
        }
    }

    /** Lays out a tile's logits without gaps; how many there are, filled up to whole vectors. */
    private int gather(float[] z, int at, int stride, int rows, int cols) {
        int n = rows * cols;
        int whole = (n + FLOATS_LENGTH - 1) / FLOATS_LENGTH * FLOATS_LENGTH;
        copy(z, at, stride, rows, cols, logits, 0, cols);
        Arrays.fill(logits, n, whole, 0);
        return whole;
    }

    /**
     * Takes the exponentials of a tile; false if the largest logit of a row is not finite.
     *
     * @param keep whether the shifted logits are needed, too
     */
    final boolean exponentials(float[] z, int at, int stride, int rows, int cols, boolean keep) {
        int n = rows * cols;
        boolean direct = !keep && stride == cols && n % FLOATS_LENGTH == 0;
        int whole = direct ? n : gather(z, at, stride, rows, cols);
        if (shifted) {
            Arrays.fill(powers, 0);
            Arrays.fill(rounds, FloatExp.rounding(0));
            shifted = false;
        }
        if (exponentials(direct ? z : logits, direct ? at : 0, whole) <= Float.floatToRawIntBits(UNSHIFTED)) {
            return true;
        }
        if (direct) {
            gather(z, at, stride, rows, cols);
        }
        shifted = true;
        if (shift(rows, cols)) {
            exponentials(results, 0, whole);
            return true;
        }
        return false;
    }

    /** Shifts the logits of a tile; false if the largest of a row is not finite. */
    private boolean shift(int rows, int cols) {
        for (int t = 0; t < rows; t++) {
            int row = t * cols;
            if (!shift(maximum(logits, row, cols), UNSHIFTED)) {
                return false;
            }
            for (int k = row; subtrahend != 0 && k < row + cols; k++) {
                logits[k] -= subtrahend;
            }
            raise(row, cols);
            Arrays.fill(rounds, row, row + cols, round);
            powers[t] = taken;
        }
        Arrays.fill(results, rows * cols, rows * cols + SPARE, 0);
        return true;
    }

    /** The largest of a row's logits; NaN if there is one. */
    private static float maximum(float[] z, int at, int n) {
        if (n < FLOATS_LENGTH) {
            float largest = z[at];
            for (int k = 1; k < n; k++) {
                largest = Math.max(largest, z[at + k]);
            }
            return largest;
        }
        FloatVector most = FloatVector.fromArray(FLOATS, z, at + n - FLOATS_LENGTH);
        for (int k = 0; k < n - FLOATS_LENGTH; k += FLOATS_LENGTH) {
            most = FloatVector.fromArray(FLOATS, z, at + k).max(most);
        }
        return FloatVector.fromArray(FLOATS, z, at).max(most).reduceLanes(VectorOperators.MAX);
    }

    /** Writes a row's shifted logits to the results, raised to the floor. */
    private void raise(int row, int n) {
        FloatVector least = FloatVector.broadcast(FLOATS, floor);
        for (int k = row; k < row + n; k += FLOATS_LENGTH) {
            FloatVector.fromArray(FLOATS, logits, k).max(least).intoArray(results, k);
        }
    }

    /** Takes exponentials of logits as they are, in whole vectors; the bits of the largest magnitude. */
    private int exponentials(float[] z, int at, int n) {
        IntVector far = IntVector.broadcast(INTS, 0);
        FloatVector minusLn2High = FloatVector.broadcast(FLOATS, -FloatExp.LN2_HIGH);
        FloatVector minusLn2Low = FloatVector.broadcast(FLOATS, -FloatExp.LN2_LOW);
        FloatVector minusOne = FloatVector.broadcast(FLOATS, -1);
        FloatVector q0 = FloatVector.broadcast(FLOATS, FloatExp.Q0);
        FloatVector q1 = FloatVector.broadcast(FLOATS, FloatExp.Q1);
        FloatVector q2 = FloatVector.broadcast(FLOATS, FloatExp.Q2);
        FloatVector q3 = FloatVector.broadcast(FLOATS, FloatExp.Q3);
        FloatVector q4 = FloatVector.broadcast(FLOATS, FloatExp.Q4);
        for (int k = 0; k < n; k += FLOATS_LENGTH) {
            FloatVector x = FloatVector.fromArray(FLOATS, z, at + k);
            far = MAGNITUDE.and(x.reinterpretAsInts()).max(far);
            FloatVector rounding = FloatVector.fromArray(FLOATS, rounds, k);
            FloatVector rounded = LOG2_E.fma(x, rounding);
            FloatVector whole = rounded.sub(rounding);
            FloatVector r = whole.fma(minusLn2High, x);
            FloatVector y = whole.fma(minusLn2Low, r);
            FloatVector square = y.mul(y);
            FloatVector first = y.fma(q1, q0);
            FloatVector second = y.fma(q3, q2);
            FloatVector t = square.fma(q4, second).fma(square, first).fma(square, y);
            FloatVector power = rounded.reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 23)
                    .reinterpretAsFloats();
            FloatVector e = t.fma(power, power);
            e.intoArray(exps, k);
            t.fma(power, e.fma(minusOne, power)).intoArray(rests, k);
        }
        Arrays.fill(exps, n, n + SPARE, 0);
        Arrays.fill(rests, n, n + SPARE, 0);
        return MAGNITUDE.and(far).reduceLanes(VectorOperators.MAX);
    }
}
