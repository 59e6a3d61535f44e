package io.logits.kernels.simd;

import static io.logits.kernels.simd.FloatConstants.*;
import static jdk.incubator.vector.VectorOperators.EQ;

import io.logits.kernels.spec.FloatExp;
import io.logits.kernels.spec.FloatRows;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The loops of {@link FloatRows} several lanes at a time: sixteen lanes are one vector of 512 bits, or a slice of less.
 *
 * <p>Constants are spread over the lanes before a loop, not once for all: from a field the compiler would load each again in
 * every round, since the loop stores floats and the constant's are floats too.
 */
final class SimdFloatRows extends FloatRows {
    private static final int MAGNITUDE = 0x7fffffff;
    private static final int INFINITY = 0x7f800000;

    private final float[] padded = new float[LANES];
    private final float[] paddedOut = new float[LANES];
    private final float[] scratch = new float[BLOCK];

    /** The bits of the largest magnitude in the row at hand; that of NaN is above infinity's. */
    private int magnitude;

    @Override
    protected float maximum(float[] z, int at, int n, int leftOut) {
        if (leftOut >= 0) {
            int inRow = magnitude;
            float before = maximum(z, at, leftOut);
            float after = maximum(z, at + leftOut + 1, n - leftOut - 1);
            magnitude = inRow;
            return Math.max(before, after);
        }
        return maximum(z, at, n);
    }

    private float maximum(float[] z, int at, int n) {
        if (n < FLOATS_LENGTH) {
            return super.maximum(z, at, n, -1);
        }
        // As integers, floats are ordered, but for the negative ones, the other way round: no masks are needed.
        IntVector bitsOfMagnitude = IntVector.broadcast(INTS, MAGNITUDE);
        IntVector most = IntVector.broadcast(INTS, Integer.MIN_VALUE);
        IntVector far = IntVector.broadcast(INTS, 0);
        IntVector most1 = most;
        IntVector far1 = far;
        int k = 0;
        for (; k <= n - 2 * FLOATS_LENGTH; k += 2 * FLOATS_LENGTH) {
            IntVector x = FloatVector.fromArray(FLOATS, z, at + k).reinterpretAsInts();
            IntVector y =
                    FloatVector.fromArray(FLOATS, z, at + k + FLOATS_LENGTH).reinterpretAsInts();
            most = x.max(most);
            most1 = y.max(most1);
            far = x.and(bitsOfMagnitude).max(far);
            far1 = y.and(bitsOfMagnitude).max(far1);
        }
        for (; k < n; k += FLOATS_LENGTH) {
            int from = at + Math.min(k, n - FLOATS_LENGTH);
            IntVector x = FloatVector.fromArray(FLOATS, z, from).reinterpretAsInts();
            most = x.max(most);
            far = x.and(bitsOfMagnitude).max(far);
        }
        magnitude = far.max(far1).reduceLanes(VectorOperators.MAX);
        int largest = most.max(most1).reduceLanes(VectorOperators.MAX);
        if (magnitude > INFINITY) {
            return Float.NaN;
        }
        return Float.intBitsToFloat(largest >= 0 ? largest : leastOfNegative(z, at, n));
    }

    /** The bits of the largest of numbers that are all negative. */
    private static int leastOfNegative(float[] z, int at, int n) {
        IntVector least =
                FloatVector.fromArray(FLOATS, z, at + n - FLOATS_LENGTH).reinterpretAsInts();
        for (int k = 0; k < n - FLOATS_LENGTH; k += FLOATS_LENGTH) {
            least = FloatVector.fromArray(FLOATS, z, at + k).reinterpretAsInts().min(least);
        }
        return least.reduceLanes(VectorOperators.MIN);
    }

    @Override
    protected int indexOf(float value, float[] row, int at, int n) {
        FloatVector m = FloatVector.broadcast(FLOATS, value);
        int k = 0;
        while (k <= n - FLOATS_LENGTH
                && !FloatVector.fromArray(FLOATS, row, at + k).compare(EQ, m).anyTrue()) {
            k += FLOATS_LENGTH;
        }
        while (row[at + k] != value) {
            k++;
        }
        return k;
    }

    @Override
    protected double exponentials(float[] z, int at, int n, boolean store, float[] out, int outAt, int leftOut) {
        // No shift is needed, and none of the row's logits is below the floor.
        boolean near = subtrahend == 0 && -Float.intBitsToFloat(magnitude) >= floor;
        for (int from = 0; from < n; from += BLOCK) {
            int end = Math.min(n, from + BLOCK);
            int full = end - end % LANES;
            int odd = leftOut >= from && leftOut < full ? leftOut - leftOut % LANES : full;
            lanes.start(seed);
            groups(z, at + from, odd - from, near, store ? out : scratch, store ? outAt + from : 0);
            if (odd < full) {
                int next = odd + LANES;
                padded(z, at + odd, LANES, store, out, outAt + odd, leftOut - odd);
                groups(z, at + next, full - next, near, store ? out : scratch, store ? outAt + next : 0);
            }
            if (full < end) {
                padded(z, at + full, end - full, store, out, outAt + full, leftOut - full);
            }
            lanes.end(seed);
        }
        return lanes.fold();
    }

    /** Up to sixteen entries, right-aligned in the lanes; the exponential of one that is left out becomes zero. */
    private void padded(float[] z, int at, int n, boolean store, float[] out, int outAt, int leftOut) {
        for (int i = 0; i < LANES; i++) {
            padded[i] = i < LANES - n || (leftOut >= 0 && i == LANES - n + leftOut)
                    ? Float.NEGATIVE_INFINITY
                    : z[at + i - (LANES - n)];
        }
        groups(padded, 0, LANES, false, paddedOut, 0);
        if (store) {
            System.arraycopy(paddedOut, LANES - n, out, outAt, n);
        }
    }

    /**
     * Whole groups of sixteen entries of a block: adds their exponentials to the lanes and stores them.
     *
     * @param near whether the logits are to be taken as they are
     */
    private void groups(float[] z, int at, int n, boolean near, float[] out, int outAt) {
        if (!near) {
            shifted(z, at, n);
        }
        for (int lane = 0; lane < LANES; lane += FLOATS_LENGTH) {
            slice(near ? z : scratch, (near ? at : 0) + lane, n - lane, out, outAt + lane, lane);
        }
    }

    /** Writes shifted logits to the scratch. */
    private void shifted(float[] z, int at, int n) {
        FloatVector shift = FloatVector.broadcast(FLOATS, subtrahend);
        FloatVector least = FloatVector.broadcast(FLOATS, floor);
        for (int k = 0; k < n; k += FLOATS_LENGTH) {
            FloatVector.fromArray(FLOATS, z, at + k).sub(shift).max(least).intoArray(scratch, k);
        }
    }

    private void slice(float[] z, int at, int n, float[] out, int outAt, int lane) {
        FloatVector rounding = FloatVector.broadcast(FLOATS, round);
        FloatVector log2e = FloatVector.broadcast(FLOATS, FloatExp.LOG2_E);
        FloatVector minusLn2High = FloatVector.broadcast(FLOATS, -FloatExp.LN2_HIGH);
        FloatVector minusLn2Low = FloatVector.broadcast(FLOATS, -FloatExp.LN2_LOW);
        FloatVector q0 = FloatVector.broadcast(FLOATS, FloatExp.Q0);
        FloatVector q1 = FloatVector.broadcast(FLOATS, FloatExp.Q1);
        FloatVector q2 = FloatVector.broadcast(FLOATS, FloatExp.Q2);
        FloatVector q3 = FloatVector.broadcast(FLOATS, FloatExp.Q3);
        FloatVector q4 = FloatVector.broadcast(FLOATS, FloatExp.Q4);
        FloatVector sum = FloatVector.fromArray(FLOATS, lanes.high, lane);
        FloatVector rest = FloatVector.fromArray(FLOATS, lanes.rest, lane);
        for (int k = 0; k < n; k += LANES) {
            FloatVector x = FloatVector.fromArray(FLOATS, z, at + k);
            FloatVector rounded = x.fma(log2e, rounding);
            FloatVector whole = rounded.sub(rounding);
            FloatVector r = whole.fma(minusLn2High, x);
            FloatVector low = whole.mul(minusLn2Low);
            FloatVector y = r.add(low);
            FloatVector square = y.mul(y);
            FloatVector first = y.fma(q1, q0);
            FloatVector second = y.fma(q3, q2);
            FloatVector t = r.add(square.fma(q4, second).fma(square, first).fma(square, low));
            FloatVector power = rounded.reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 23)
                    .reinterpretAsFloats();
            FloatVector e = t.fma(power, power);
            e.intoArray(out, outAt + k);
            FloatVector before = sum;
            // Receivers are what this round has made: were they the loop's own variables, whose class the compiler of
            // JDK 17 does not always know, these would be boxed in every round.
            sum = e.add(before);
            rest = t.fma(power, power.sub(sum.sub(before))).add(rest);
        }
        // The receiver is of one class then, whatever other vectors the program uses: else the store is not compiled
        // in.
        FloatVector.broadcast(FLOATS, 0).add(sum).intoArray(lanes.high, lane);
        FloatVector.broadcast(FLOATS, 0).add(rest).intoArray(lanes.rest, lane);
    }

    @Override
    protected void scale(float[] e, int at, int n) {
        FloatVector v = FloatVector.broadcast(FLOATS, inverse);
        FloatVector vLow = FloatVector.broadcast(FLOATS, inverseLow);
        int k = 0;
        for (; k <= n - FLOATS_LENGTH; k += FLOATS_LENGTH) {
            FloatVector x = FloatVector.fromArray(FLOATS, e, at + k);
            x.fma(v, x.mul(vLow)).intoArray(e, at + k);
        }
        super.scale(e, at + k, n - k);
    }

    @Override
    protected void subtract(float[] z, int at, int n, float[] out, int outAt, float log, float logLow) {
        FloatVector shift = FloatVector.broadcast(FLOATS, subtrahend);
        FloatVector high = FloatVector.broadcast(FLOATS, log);
        FloatVector low = FloatVector.broadcast(FLOATS, logLow);
        int k = 0;
        for (; k <= n - FLOATS_LENGTH; k += FLOATS_LENGTH) {
            FloatVector x = FloatVector.fromArray(FLOATS, z, at + k);
            x.sub(shift).sub(high).sub(low).intoArray(out, outAt + k);
        }
        super.subtract(z, at + k, n - k, out, outAt + k, log, logLow);
    }
}
