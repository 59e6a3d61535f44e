package io.logits.kernels.simd;

import static io.logits.kernels.simd.FloatConstants.*;
import static jdk.incubator.vector.VectorOperators.EQ;

import io.logits.kernels.spec.FloatExp;
import io.logits.kernels.spec.FloatRows;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The loops of {@link FloatRows} several lanes at a time: sixteen lanes are one vector of 512 bits, or a slice of less.
 *
 * <p>Constants are spread over the lanes before a loop, not in {@link FloatConstants}: from there the compiler would load
 * each again in every round, since the loop stores floats and the constant's are floats too.
 */
final class SimdFloatRows extends FloatRows {
    private static final int MAGNITUDE = 0x7fffffff;
    private static final int INFINITY = 0x7f800000;
    private static final int ONE_BITS = 0x3f800000;
    private static final int ROUND_BITS = Float.floatToRawIntBits(FloatExp.ROUND);

    /** Float64 vectors of 128 bits hold two; half a float32 vector is then not one that is compiled well. */
    private static final boolean WIDE = DOUBLES_LENGTH >= 4;

    private final float[] padded = new float[LANES];
    private final float[] paddedOut = new float[LANES];
    private final float[] scratch = new float[1024];

    @Override
    protected float maximum(float[] z, int at, int n) {
        // As integers, floats of one sign are ordered, negative ones the other way round: two comparisons without
        // masks.
        IntVector most = IntVector.broadcast(INTS, Integer.MIN_VALUE);
        IntVector least = IntVector.broadcast(INTS, Integer.MAX_VALUE);
        IntVector magnitude = IntVector.broadcast(INTS, 0);
        IntVector bitsOfMagnitude = IntVector.broadcast(INTS, MAGNITUDE);
        int k = 0;
        for (; k <= n - FLOATS_LENGTH; k += FLOATS_LENGTH) {
            IntVector x = FloatVector.fromArray(FLOATS, z, at + k).reinterpretAsInts();
            most = most.max(x);
            least = least.min(x);
            magnitude = magnitude.max(x.and(bitsOfMagnitude));
        }
        if (k < n) {
            IntVector x =
                    FloatVector.fromArray(FLOATS, z, at + n - FLOATS_LENGTH).reinterpretAsInts();
            most = most.max(x);
            least = least.min(x);
            magnitude = magnitude.max(x.and(bitsOfMagnitude));
        }
        if (magnitude.reduceLanes(VectorOperators.MAX) > INFINITY) {
            return Float.NaN;
        }
        int largest = most.reduceLanes(VectorOperators.MAX);
        return Float.intBitsToFloat(largest >= 0 ? largest : least.reduceLanes(VectorOperators.MIN));
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
        lanes.clear(LANES);
        int full = n - n % LANES;
        int first = 0;
        if (leftOut >= 0 && leftOut < full) {
            first = leftOut - leftOut % LANES;
            groups(z, at, first, store, out, outAt);
            padded(z, at + first, LANES, store, out, outAt + first, leftOut - first);
            first += LANES;
        }
        groups(z, at + first, full - first, store, out, outAt + first);
        if (full < n) {
            padded(z, at + full, n - full, store, out, outAt + full, leftOut - full);
        }
        return lanes.fold(LANES);
    }

    /** Up to sixteen entries, right-aligned in the lanes; the exponential of one that is left out becomes zero. */
    private void padded(float[] z, int at, int n, boolean store, float[] out, int outAt, int leftOut) {
        for (int i = 0; i < LANES; i++) {
            padded[i] = i < LANES - n || (leftOut >= 0 && i == LANES - n + leftOut)
                    ? Float.NEGATIVE_INFINITY
                    : z[at + i - (LANES - n)];
        }
        groups(padded, 0, LANES, true, paddedOut, 0);
        if (store) {
            for (int i = 0; i < n; i++) {
                out[outAt + i] = paddedOut[LANES - n + i];
            }
        }
    }

    /** Whole groups of sixteen entries: adds their exponentials to the lanes and stores them, if only for a moment. */
    private void groups(float[] z, int at, int n, boolean store, float[] out, int outAt) {
        int most = store ? n : scratch.length;
        for (int from = 0; from < n; from += most) {
            int length = Math.min(most, n - from);
            for (int lane = 0; lane < LANES; lane += FLOATS_LENGTH) {
                slice(z, at + from + lane, length - lane, store ? out : scratch, (store ? outAt : 0) + lane, lane);
            }
        }
    }

    /** All signs are turned, so that an exponent below the least one has a large positive remainder, which is cut. */
    private void slice(float[] z, int at, int n, float[] out, int outAt, int lane) {
        FloatVector shift = FloatVector.broadcast(FLOATS, subtrahend);
        IntVector least = IntVector.broadcast(INTS, ROUND_BITS + (int) taken - FloatExp.REACH);
        IntVector biases = IntVector.broadcast(INTS, bias);
        IntVector oneBits = IntVector.broadcast(INTS, ONE_BITS);
        FloatVector round = FloatVector.broadcast(FLOATS, FloatExp.ROUND);
        FloatVector minusLog2e = FloatVector.broadcast(FLOATS, -FloatExp.LOG2_E);
        FloatVector ln2High = FloatVector.broadcast(FLOATS, FloatExp.LN2_HIGH);
        FloatVector ln2Low = FloatVector.broadcast(FLOATS, FloatExp.LN2_LOW);
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        FloatVector minusQ0 = FloatVector.broadcast(FLOATS, -FloatExp.Q0);
        FloatVector q1 = FloatVector.broadcast(FLOATS, FloatExp.Q1);
        FloatVector minusQ2 = FloatVector.broadcast(FLOATS, -FloatExp.Q2);
        FloatVector q3 = FloatVector.broadcast(FLOATS, FloatExp.Q3);
        FloatVector minusQ4 = FloatVector.broadcast(FLOATS, -FloatExp.Q4);
        DoubleVector sum0 = DoubleVector.fromArray(DOUBLES, lanes.sums, lane);
        DoubleVector sum1 = DoubleVector.fromArray(DOUBLES, lanes.sums, lane + DOUBLES_LENGTH);
        FloatVector errors = FloatVector.fromArray(FLOATS, lanes.errors, lane);
        for (int k = 0; k < n; k += LANES) {
            FloatVector x = shift.sub(FloatVector.fromArray(FLOATS, z, at + k));
            IntVector rounded = x.fma(minusLog2e, round).reinterpretAsInts().max(least);
            FloatVector whole = rounded.reinterpretAsFloats().sub(round);
            FloatVector r =
                    whole.fma(ln2High, x).reinterpretAsInts().min(oneBits).reinterpretAsFloats();
            FloatVector low = whole.mul(ln2Low);
            FloatVector y = r.add(low);
            FloatVector square = y.mul(y);
            FloatVector even = minusQ4.fma(square, minusQ2).fma(square, minusQ0);
            FloatVector odd = q3.fma(square, q1);
            FloatVector t = r.add(odd.fma(y, even).fma(square, low));
            FloatVector p = one.sub(t);
            FloatVector power =
                    rounded.add(biases).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            FloatVector e = p.mul(power);
            errors = one.sub(p).sub(t).fma(power, errors);
            e.intoArray(out, outAt + k);
            if (WIDE) {
                // Read again: to bring the upper half down costs JDK 17 ten instructions.
                FloatVector upper = FloatVector.fromArray(HALF, out, outAt + k + DOUBLES_LENGTH);
                sum0 = sum0.add(e.convertShape(VectorOperators.F2D, DOUBLES, 0));
                sum1 = sum1.add(upper.convertShape(VectorOperators.F2D, DOUBLES, 0));
            } else {
                sum0 = sum0.add(e.convertShape(VectorOperators.F2D, DOUBLES, 0));
                sum1 = sum1.add(e.convertShape(VectorOperators.F2D, DOUBLES, 1));
            }
        }
        sum0.intoArray(lanes.sums, lane);
        sum1.intoArray(lanes.sums, lane + DOUBLES_LENGTH);
        // The receiver is of one class then, whatever other vectors the program uses: else the store is not compiled
        // in.
        FloatVector.broadcast(FLOATS, 0).add(errors).intoArray(lanes.errors, lane);
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
    protected void subtract(float[] z, int at, int n, float[] out, int outAt, double log) {
        int k = 0;
        if (WIDE) {
            DoubleVector vShift = DoubleVector.broadcast(DOUBLES, subtrahend);
            DoubleVector vLog = DoubleVector.broadcast(DOUBLES, log);
            for (; k <= n - DOUBLES_LENGTH; k += DOUBLES_LENGTH) {
                FloatVector x = FloatVector.fromArray(HALF, z, at + k);
                DoubleVector wide = (DoubleVector) x.convertShape(VectorOperators.F2D, DOUBLES, 0);
                ((FloatVector) wide.sub(vShift).sub(vLog).convertShape(VectorOperators.D2F, HALF, 0))
                        .intoArray(out, outAt + k);
            }
        }
        super.subtract(z, at + k, n - k, out, outAt + k, log);
    }
}
