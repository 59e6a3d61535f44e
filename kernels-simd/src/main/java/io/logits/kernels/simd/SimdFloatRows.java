package io.logits.kernels.simd;

import static io.logits.kernels.simd.FloatConstants.*;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import io.logits.kernels.spec.FloatRows;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** The loops of {@link FloatRows} several lanes at a time: sixteen lanes are one vector of 512 bits, or a slice of less. */
class SimdFloatRows extends FloatRows {
    private final float[] padded = new float[LANES];
    private final float[] paddedOut = new float[LANES];

    @Override
    protected float maximum(float[] z, int at, int n) {
        // Not constants: a loop variable that starts as one is boxed in every round.
        FloatVector m0 = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
        FloatVector m1 = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
        int k = 0;
        for (; k <= n - 2 * FLOATS_LENGTH; k += 2 * FLOATS_LENGTH) {
            FloatVector x0 = FloatVector.fromArray(FLOATS, z, at + k);
            FloatVector x1 = FloatVector.fromArray(FLOATS, z, at + k + FLOATS_LENGTH);
            m0 = m0.blend(x0, x0.compare(GT, m0));
            m1 = m1.blend(x1, x1.compare(GT, m1));
        }
        // The order does not matter for a maximum, nor which of two equal zeros it is.
        float m = m0.blend(m1, m1.compare(GT, m0)).reduceLanes(VectorOperators.MAX);
        for (; k < n; k++) {
            m = z[at + k] > m ? z[at + k] : m;
        }
        return m;
    }

    @Override
    protected int indexOfMax(float[] z, int at, int n) {
        FloatVector m = FloatVector.broadcast(FLOATS, max);
        int k = 0;
        while (k <= n - FLOATS_LENGTH
                && !FloatVector.fromArray(FLOATS, z, at + k).compare(EQ, m).anyTrue()) {
            k += FLOATS_LENGTH;
        }
        while (z[at + k] != max) {
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
        Arrays.fill(padded, 0, LANES - n, Float.NEGATIVE_INFINITY);
        System.arraycopy(z, at, padded, LANES - n, n);
        if (leftOut >= 0) {
            padded[LANES - n + leftOut] = Float.NEGATIVE_INFINITY;
        }
        groups(padded, 0, LANES, store, paddedOut, 0);
        if (store) {
            System.arraycopy(paddedOut, LANES - n, out, outAt, n);
        }
    }

    /** Whole groups of sixteen entries: adds their exponentials to the lanes and stores them. */
    private void groups(float[] z, int at, int n, boolean store, float[] out, int outAt) {
        for (int lane = 0; lane < LANES; lane += FLOATS_LENGTH) {
            slice(z, at + lane, n - lane, store, out, outAt + lane, lane);
        }
    }

    private void slice(float[] z, int at, int n, boolean store, float[] out, int outAt, int lane) {
        FloatVector shift = FloatVector.broadcast(FLOATS, subtrahend);
        FloatVector least = FloatVector.broadcast(FLOATS, floor);
        IntVector bias = IntVector.broadcast(INTS, this.bias);
        DoubleVector sum0 = DoubleVector.fromArray(DOUBLES, lanes.sums, lane);
        DoubleVector sum1 = DoubleVector.fromArray(DOUBLES, lanes.sums, lane + DOUBLES_LENGTH);
        FloatVector errors = FloatVector.fromArray(FLOATS, lanes.errors, lane);
        for (int k = 0; k < n; k += LANES) {
            FloatVector x = FloatVector.fromArray(FLOATS, z, at + k).sub(shift);
            x = x.blend(least, x.compare(LT, least));
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
                    .add(bias)
                    .lanewise(VectorOperators.LSHL, 23)
                    .reinterpretAsFloats();
            FloatVector e = p.mul(power);
            if (store) {
                e.intoArray(out, outAt + k);
            }
            errors = t.sub(p.sub(ONE_F)).fma(power, errors);
            sum0 = sum0.add(e.convertShape(VectorOperators.F2D, DOUBLES, 0));
            sum1 = sum1.add(e.convertShape(VectorOperators.F2D, DOUBLES, 1));
        }
        sum0.intoArray(lanes.sums, lane);
        sum1.intoArray(lanes.sums, lane + DOUBLES_LENGTH);
        errors.intoArray(lanes.errors, lane);
    }

    @Override
    protected void scale(float[] e, int at, int n, float largest, float top) {
        FloatVector v = FloatVector.broadcast(FLOATS, inverse);
        FloatVector vLow = FloatVector.broadcast(FLOATS, inverseLow);
        FloatVector vLargest = FloatVector.broadcast(FLOATS, largest);
        FloatVector vTop = FloatVector.broadcast(FLOATS, top);
        int k = 0;
        for (; k <= n - FLOATS_LENGTH; k += FLOATS_LENGTH) {
            FloatVector x = FloatVector.fromArray(FLOATS, e, at + k);
            x.fma(v, x.mul(vLow)).blend(vTop, x.compare(EQ, vLargest)).intoArray(e, at + k);
        }
        super.scale(e, at + k, n - k, largest, top);
    }

    @Override
    protected void subtract(float[] z, int at, int n, float[] out, int outAt, double log, float largest, float top) {
        int k = 0;
        if (DOUBLES_LENGTH >= 4 && n >= DOUBLES_LENGTH) {
            DoubleVector vShift = DoubleVector.broadcast(DOUBLES, subtrahend);
            DoubleVector vLog = DoubleVector.broadcast(DOUBLES, log);
            FloatVector vLargest = FloatVector.broadcast(HALF, largest);
            FloatVector vTop = FloatVector.broadcast(HALF, top);
            for (; k <= n - DOUBLES_LENGTH; k += DOUBLES_LENGTH) {
                FloatVector x = FloatVector.fromArray(HALF, z, at + k);
                DoubleVector wide = (DoubleVector) x.convertShape(VectorOperators.F2D, DOUBLES, 0);
                FloatVector value = (FloatVector) wide.sub(vShift).sub(vLog).convertShape(VectorOperators.D2F, HALF, 0);
                value.blend(vTop, x.compare(EQ, vLargest)).intoArray(out, outAt + k);
            }
        }
        super.subtract(z, at + k, n - k, out, outAt + k, log, largest, top);
    }
}
