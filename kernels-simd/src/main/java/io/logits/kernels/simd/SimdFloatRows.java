package io.logits.kernels.simd;

import static io.logits.kernels.simd.FloatConstants.*;
import static jdk.incubator.vector.VectorOperators.EQ;

import io.logits.kernels.spec.FloatExp;
import io.logits.kernels.spec.FloatRows;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The loops of {@link FloatRows} several lanes at a time: sixteen lanes are one vector of 512 bits, or a slice of less.
 *
 * <p>Constants are spread over the lanes before a loop, not once for all: from a field the compiler would load each again in
 * every round, since the loop stores floats and the constant's are floats too.
 *
 * <p>Shifts and what is subtracted take eight vectors a round for their methods to have more than 325 bytes of code, which are not
 * inlined. Where the compiler was late, as on a busy machine, it inlined shorter ones up to the caller of the caller, and boxed them.
 */
final class SimdFloatRows extends FloatRows {
    private static final int INFINITY = 0x7f800000;

    private static final FloatVector ZEROS = FloatVector.broadcast(FLOATS, 0);
    private static final IntVector MAGNITUDE = IntVector.broadcast(INTS, Integer.MAX_VALUE);
    private static final IntVector LEAST = IntVector.broadcast(INTS, Integer.MIN_VALUE);

    /** From {@code n} on a factor that leaves the last {@code n} lanes. */
    private static final float[] MASKS = new float[2 * LANES];

    static {
        Arrays.fill(MASKS, LANES, 2 * LANES, 1);
    }

    private final float[] scratch = new float[BLOCK + LANES];

    /**
     * The bits of the largest magnitude in what {@link #maximum} last looked at, or of a larger one; NaN's are above
     * infinity's.
     */
    private int magnitude;

    @Override
    protected float maximum(float[] z, int at, int n) {
        if (n < FLOATS_LENGTH) {
            magnitude = INFINITY;
            return super.maximum(z, at, n);
        }
        // As integers, floats are ordered, but for the negative ones, the other way round: no masks are needed.
        // Spread anew: if a loop starts from a field's vector, JDK 17 boxes what it carries.
        IntVector most = IntVector.broadcast(INTS, Integer.MIN_VALUE);
        IntVector most1 = most;
        IntVector far = IntVector.broadcast(INTS, 0);
        IntVector far1 = far;
        int k = 0;
        for (; k <= n - 4 * FLOATS_LENGTH; k += 4 * FLOATS_LENGTH) {
            IntVector x = ints(z, at + k);
            IntVector x1 = ints(z, at + k + FLOATS_LENGTH);
            IntVector x2 = ints(z, at + k + 2 * FLOATS_LENGTH);
            IntVector x3 = ints(z, at + k + 3 * FLOATS_LENGTH);
            most = x2.max(x.max(most));
            most1 = x3.max(x1.max(most1));
            far = MAGNITUDE.and(x2).max(MAGNITUDE.and(x).max(far));
            far1 = MAGNITUDE.and(x3).max(MAGNITUDE.and(x1).max(far1));
        }
        for (; k < n; k += FLOATS_LENGTH) {
            IntVector x = ints(z, at + Math.min(k, n - FLOATS_LENGTH));
            most = x.max(most);
            far = MAGNITUDE.and(x).max(far);
        }
        // The receivers are constants, of one class: what a loop carries may be of any, and would be boxed then.
        magnitude = MAGNITUDE.and(far).max(far1).reduceLanes(VectorOperators.MAX);
        int largest = LEAST.max(most).max(most1).reduceLanes(VectorOperators.MAX);
        if (magnitude > INFINITY) {
            return Float.NaN;
        }
        return Float.intBitsToFloat(largest >= 0 ? largest : leastOfNegative(z, at, n));
    }

    private static IntVector ints(float[] z, int at) {
        return FloatVector.fromArray(FLOATS, z, at).reinterpretAsInts();
    }

    /** The bits of the largest of numbers that are all negative. */
    private static int leastOfNegative(float[] z, int at, int n) {
        IntVector least =
                FloatVector.fromArray(FLOATS, z, at + n - FLOATS_LENGTH).reinterpretAsInts();
        for (int k = 0; k < n - FLOATS_LENGTH; k += FLOATS_LENGTH) {
            least = FloatVector.fromArray(FLOATS, z, at + k).reinterpretAsInts().min(least);
        }
        return MAGNITUDE.min(least).reduceLanes(VectorOperators.MIN);
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
    @SuppressWarnings("ReferenceEquality")
    protected double block(
            float[] z, int at, int from, int to, float seed, boolean store, float[] out, int outAt, int leftOut) {
        int n = to - from;
        // The last group is read anew from some entries before its own, which may be written over by then.
        boolean writtenOver = store && out == z && n % LANES > 0;
        if (subtrahend != 0 || leftOut >= 0 || -Float.intBitsToFloat(magnitude) < floor || writtenOver) {
            shifted(z, at + from, n);
            if (leftOut >= from && leftOut < to) {
                scratch[leftOut - from] = floor;
            }
            return sum(scratch, 0, n, seed, store, out, outAt + from);
        }
        return sum(z, at + from, n, seed, store, out, outAt + from);
    }

    /** Writes shifted logits to the scratch. */
    private void shifted(float[] z, int at, int n) {
        FloatVector shift = FloatVector.broadcast(FLOATS, subtrahend);
        FloatVector least = FloatVector.broadcast(FLOATS, floor);
        int k = 0;
        for (; k <= n - 8 * FLOATS_LENGTH; k += 8 * FLOATS_LENGTH) {
            int k4 = k + 4 * FLOATS_LENGTH;
            FloatVector x0 = FloatVector.fromArray(FLOATS, z, at + k);
            FloatVector x1 = FloatVector.fromArray(FLOATS, z, at + k + FLOATS_LENGTH);
            FloatVector x2 = FloatVector.fromArray(FLOATS, z, at + k + 2 * FLOATS_LENGTH);
            FloatVector x3 = FloatVector.fromArray(FLOATS, z, at + k + 3 * FLOATS_LENGTH);
            FloatVector x4 = FloatVector.fromArray(FLOATS, z, at + k4);
            FloatVector x5 = FloatVector.fromArray(FLOATS, z, at + k4 + FLOATS_LENGTH);
            FloatVector x6 = FloatVector.fromArray(FLOATS, z, at + k4 + 2 * FLOATS_LENGTH);
            FloatVector x7 = FloatVector.fromArray(FLOATS, z, at + k4 + 3 * FLOATS_LENGTH);
            x0.sub(shift).max(least).intoArray(scratch, k);
            x1.sub(shift).max(least).intoArray(scratch, k + FLOATS_LENGTH);
            x2.sub(shift).max(least).intoArray(scratch, k + 2 * FLOATS_LENGTH);
            x3.sub(shift).max(least).intoArray(scratch, k + 3 * FLOATS_LENGTH);
            x4.sub(shift).max(least).intoArray(scratch, k4);
            x5.sub(shift).max(least).intoArray(scratch, k4 + FLOATS_LENGTH);
            x6.sub(shift).max(least).intoArray(scratch, k4 + 2 * FLOATS_LENGTH);
            x7.sub(shift).max(least).intoArray(scratch, k4 + 3 * FLOATS_LENGTH);
        }
        for (; k <= n - FLOATS_LENGTH; k += FLOATS_LENGTH) {
            FloatVector.fromArray(FLOATS, z, at + k).sub(shift).max(least).intoArray(scratch, k);
        }
        for (; k < n; k++) {
            scratch[k] = Math.max(z[at + k] - subtrahend, floor);
        }
    }

    /** The sum of a block's exponentials, those of logits as they stand. */
    private double sum(float[] z, int at, int n, float seed, boolean store, float[] out, int outAt) {
        int left = n % LANES;
        for (int lane = 0; lane < LANES; lane += FLOATS_LENGTH) {
            if (store) {
                slice(z, at + lane, n - left, seed, out, outAt + lane, lane);
            } else {
                slice(z, at + lane, n - left, seed, lane);
            }
        }
        int from = n - LANES;
        for (int lane = (LANES - left) / FLOATS_LENGTH * FLOATS_LENGTH; lane < LANES; lane += FLOATS_LENGTH) {
            if (store) {
                last(z, at + from + lane, left + lane, out, outAt + from + lane, lane);
            } else {
                last(z, at + from + lane, left + lane, lane);
            }
        }
        return lanes.end(seed);
    }

    private void slice(float[] z, int at, int n, float seed, float[] out, int outAt, int lane) {
        FloatVector rounding = FloatVector.broadcast(FLOATS, round);
        FloatVector log2e = FloatVector.broadcast(FLOATS, FloatExp.LOG2_E);
        FloatVector minusLn2High = FloatVector.broadcast(FLOATS, -FloatExp.LN2_HIGH);
        FloatVector minusLn2Low = FloatVector.broadcast(FLOATS, -FloatExp.LN2_LOW);
        FloatVector q0 = FloatVector.broadcast(FLOATS, FloatExp.Q0);
        FloatVector q1 = FloatVector.broadcast(FLOATS, FloatExp.Q1);
        FloatVector q2 = FloatVector.broadcast(FLOATS, FloatExp.Q2);
        FloatVector q3 = FloatVector.broadcast(FLOATS, FloatExp.Q3);
        FloatVector q4 = FloatVector.broadcast(FLOATS, FloatExp.Q4);
        FloatVector sum = FloatVector.broadcast(FLOATS, seed);
        FloatVector rest = FloatVector.broadcast(FLOATS, 0);
        int end = at + n;
        int delta = outAt - at;
        for (int k = at; k < end; k += LANES) {
            FloatVector before = sum;
            FloatVector x = FloatVector.fromArray(FLOATS, z, k);
            FloatVector rounded = x.fma(log2e, rounding);
            FloatVector whole = rounded.sub(rounding);
            FloatVector r = whole.fma(minusLn2High, x);
            FloatVector low = whole.mul(minusLn2Low);
            FloatVector y = r.add(low);
            FloatVector square = y.mul(y);
            FloatVector first = y.fma(q1, q0);
            FloatVector second = y.fma(q3, q2);
            FloatVector poly = square.fma(q4, second).fma(square, first);
            FloatVector t = r.add(poly.fma(square, low));
            FloatVector power = rounded.reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 23)
                    .reinterpretAsFloats();
            FloatVector e = t.fma(power, power);
            e.intoArray(out, k + delta);
            sum = e.add(before);
            rest = t.fma(power, power.sub(sum.sub(before))).add(rest);
        }
        // The receiver is of one class then, whatever other vectors the program uses: else the store is not compiled
        // in.
        ZEROS.add(sum).intoArray(lanes.high, lane);
        ZEROS.add(rest).intoArray(lanes.rest, lane);
    }

    /** The same where the exponentials themselves are not needed. */
    private void slice(float[] z, int at, int n, float seed, int lane) {
        FloatVector rounding = FloatVector.broadcast(FLOATS, round);
        FloatVector log2e = FloatVector.broadcast(FLOATS, FloatExp.LOG2_E);
        FloatVector minusLn2High = FloatVector.broadcast(FLOATS, -FloatExp.LN2_HIGH);
        FloatVector q0 = FloatVector.broadcast(FLOATS, FloatExp.Q0);
        FloatVector q1 = FloatVector.broadcast(FLOATS, FloatExp.Q1);
        FloatVector q2 = FloatVector.broadcast(FLOATS, FloatExp.Q2);
        FloatVector q3 = FloatVector.broadcast(FLOATS, FloatExp.Q3);
        FloatVector q4 = FloatVector.broadcast(FLOATS, FloatExp.Q4);
        FloatVector sum = FloatVector.broadcast(FLOATS, seed);
        FloatVector rest = FloatVector.broadcast(FLOATS, 0);
        int end = at + n;
        for (int k = at; k < end; k += LANES) {
            FloatVector before = sum;
            FloatVector x = FloatVector.fromArray(FLOATS, z, k);
            FloatVector rounded = x.fma(log2e, rounding);
            FloatVector whole = rounded.sub(rounding);
            FloatVector y = whole.fma(minusLn2High, x);
            FloatVector square = y.mul(y);
            FloatVector first = y.fma(q1, q0);
            FloatVector second = y.fma(q3, q2);
            FloatVector poly = square.fma(q4, second).fma(square, first);
            FloatVector t = poly.fma(square, y);
            FloatVector power = rounded.reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 23)
                    .reinterpretAsFloats();
            sum = t.fma(power, power).add(before);
            rest = t.fma(power, power.sub(sum.sub(before))).add(rest);
        }
        ZEROS.add(sum).intoArray(lanes.high, lane);
        ZEROS.add(rest).intoArray(lanes.rest, lane);
    }

    /** One vector at the end of a block, of which those lanes count that the mask leaves. */
    private void last(float[] z, int at, int mask, float[] out, int outAt, int lane) {
        FloatVector rounding = FloatVector.broadcast(FLOATS, round);
        FloatVector log2e = FloatVector.broadcast(FLOATS, FloatExp.LOG2_E);
        FloatVector minusLn2High = FloatVector.broadcast(FLOATS, -FloatExp.LN2_HIGH);
        FloatVector minusLn2Low = FloatVector.broadcast(FLOATS, -FloatExp.LN2_LOW);
        FloatVector q0 = FloatVector.broadcast(FLOATS, FloatExp.Q0);
        FloatVector q1 = FloatVector.broadcast(FLOATS, FloatExp.Q1);
        FloatVector q2 = FloatVector.broadcast(FLOATS, FloatExp.Q2);
        FloatVector q3 = FloatVector.broadcast(FLOATS, FloatExp.Q3);
        FloatVector q4 = FloatVector.broadcast(FLOATS, FloatExp.Q4);
        FloatVector x = FloatVector.fromArray(FLOATS, z, at);
        FloatVector rounded = x.fma(log2e, rounding);
        FloatVector whole = rounded.sub(rounding);
        FloatVector r = whole.fma(minusLn2High, x);
        FloatVector low = whole.mul(minusLn2Low);
        FloatVector y = r.add(low);
        FloatVector square = y.mul(y);
        FloatVector first = y.fma(q1, q0);
        FloatVector second = y.fma(q3, q2);
        FloatVector t = r.add(square.fma(q4, second).fma(square, first).fma(square, low));
        FloatVector power =
                rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        FloatVector e = t.fma(power, power);
        e.intoArray(out, outAt);
        FloatVector before = FloatVector.fromArray(FLOATS, lanes.high, lane);
        FloatVector counted = power.mul(FloatVector.fromArray(FLOATS, MASKS, mask));
        FloatVector sum = t.fma(counted, counted).add(before);
        FloatVector rest = t.fma(counted, counted.sub(sum.sub(before)));
        sum.intoArray(lanes.high, lane);
        rest.add(FloatVector.fromArray(FLOATS, lanes.rest, lane)).intoArray(lanes.rest, lane);
    }

    private void last(float[] z, int at, int mask, int lane) {
        FloatVector rounding = FloatVector.broadcast(FLOATS, round);
        FloatVector log2e = FloatVector.broadcast(FLOATS, FloatExp.LOG2_E);
        FloatVector minusLn2High = FloatVector.broadcast(FLOATS, -FloatExp.LN2_HIGH);
        FloatVector q0 = FloatVector.broadcast(FLOATS, FloatExp.Q0);
        FloatVector q1 = FloatVector.broadcast(FLOATS, FloatExp.Q1);
        FloatVector q2 = FloatVector.broadcast(FLOATS, FloatExp.Q2);
        FloatVector q3 = FloatVector.broadcast(FLOATS, FloatExp.Q3);
        FloatVector q4 = FloatVector.broadcast(FLOATS, FloatExp.Q4);
        FloatVector x = FloatVector.fromArray(FLOATS, z, at);
        FloatVector rounded = x.fma(log2e, rounding);
        FloatVector whole = rounded.sub(rounding);
        FloatVector y = whole.fma(minusLn2High, x);
        FloatVector square = y.mul(y);
        FloatVector first = y.fma(q1, q0);
        FloatVector second = y.fma(q3, q2);
        FloatVector t = square.fma(q4, second).fma(square, first).fma(square, y);
        FloatVector power =
                rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        FloatVector before = FloatVector.fromArray(FLOATS, lanes.high, lane);
        FloatVector counted = power.mul(FloatVector.fromArray(FLOATS, MASKS, mask));
        FloatVector sum = t.fma(counted, counted).add(before);
        FloatVector rest = t.fma(counted, counted.sub(sum.sub(before)));
        sum.intoArray(lanes.high, lane);
        rest.add(FloatVector.fromArray(FLOATS, lanes.rest, lane)).intoArray(lanes.rest, lane);
    }

    @Override
    protected void scale(float[] e, int at, int n) {
        FloatVector v = FloatVector.broadcast(FLOATS, inverse);
        FloatVector vLow = FloatVector.broadcast(FLOATS, inverseLow);
        int k = 0;
        for (; k <= n - FLOATS_LENGTH; k += FLOATS_LENGTH) {
            FloatVector x = FloatVector.fromArray(FLOATS, e, at + k);
            x.fma(v, x.mul(vLow)).mul(BACK).intoArray(e, at + k);
        }
        super.scale(e, at + k, n - k);
    }

    @Override
    protected void subtract(float[] z, int at, int n, float[] out, int outAt, float log, float logLow) {
        FloatVector shift = FloatVector.broadcast(FLOATS, subtrahend);
        FloatVector high = FloatVector.broadcast(FLOATS, log);
        FloatVector low = FloatVector.broadcast(FLOATS, logLow);
        int k = 0;
        for (; k <= n - 8 * FLOATS_LENGTH; k += 8 * FLOATS_LENGTH) {
            int from = at + k;
            int to = outAt + k;
            FloatVector x0 = FloatVector.fromArray(FLOATS, z, from);
            FloatVector x1 = FloatVector.fromArray(FLOATS, z, from + FLOATS_LENGTH);
            FloatVector x2 = FloatVector.fromArray(FLOATS, z, from + 2 * FLOATS_LENGTH);
            FloatVector x3 = FloatVector.fromArray(FLOATS, z, from + 3 * FLOATS_LENGTH);
            FloatVector x4 = FloatVector.fromArray(FLOATS, z, from + 4 * FLOATS_LENGTH);
            FloatVector x5 = FloatVector.fromArray(FLOATS, z, from + 5 * FLOATS_LENGTH);
            FloatVector x6 = FloatVector.fromArray(FLOATS, z, from + 6 * FLOATS_LENGTH);
            FloatVector x7 = FloatVector.fromArray(FLOATS, z, from + 7 * FLOATS_LENGTH);
            x0.sub(shift).sub(high).sub(low).intoArray(out, to);
            x1.sub(shift).sub(high).sub(low).intoArray(out, to + FLOATS_LENGTH);
            x2.sub(shift).sub(high).sub(low).intoArray(out, to + 2 * FLOATS_LENGTH);
            x3.sub(shift).sub(high).sub(low).intoArray(out, to + 3 * FLOATS_LENGTH);
            x4.sub(shift).sub(high).sub(low).intoArray(out, to + 4 * FLOATS_LENGTH);
            x5.sub(shift).sub(high).sub(low).intoArray(out, to + 5 * FLOATS_LENGTH);
            x6.sub(shift).sub(high).sub(low).intoArray(out, to + 6 * FLOATS_LENGTH);
            x7.sub(shift).sub(high).sub(low).intoArray(out, to + 7 * FLOATS_LENGTH);
        }
        for (; k <= n - FLOATS_LENGTH; k += FLOATS_LENGTH) {
            FloatVector x = FloatVector.fromArray(FLOATS, z, at + k);
            x.sub(shift).sub(high).sub(low).intoArray(out, outAt + k);
        }
        super.subtract(z, at + k, n - k, out, outAt + k, log, logLow);
    }
}
