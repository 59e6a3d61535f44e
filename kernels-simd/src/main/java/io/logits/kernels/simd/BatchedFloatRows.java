package io.logits.kernels.simd;

import static io.logits.kernels.simd.DoubleConstants.LENGTH;
import static io.logits.kernels.simd.DoubleConstants.ONE;
import static io.logits.kernels.simd.DoubleConstants.SPECIES;
import static io.logits.kernels.simd.DoubleConstants.wholeVectors;
import static io.logits.kernels.simd.FloatConstants.FLOATS;
import static io.logits.kernels.simd.FloatConstants.FLOATS_LENGTH;
import static io.logits.kernels.simd.FloatConstants.HALF;
import static io.logits.kernels.simd.FloatConstants.INTS;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.F2D;

import io.logits.kernels.spec.Exp;
import io.logits.kernels.spec.FloatExp;
import io.logits.kernels.spec.FloatRows;
import io.logits.kernels.spec.ShortFloatRows;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorOperators;

/**
 * Log-softmax of {@link FloatRows} for rows of one block, but more entries than there are lanes. What is done once a row takes long
 * if rows come one after the other; here several go through each stage together, so that one does not wait for another. If
 * one needs a shift, or has a logit below the floor, all of the batch are copied first, or taken one by one if they are long; so are
 * long rows whose largest entry has nearly all of the sum.
 *
 * <p>The loop over a row's vectors has a step that is no constant, so that the compiler neither peels nor unrolls it: all
 * constants are in registers then, and rows of 100 take a fifth less. They are spread over the lanes within the loop over the rows: the
 * compiler takes them out of it, but boxes them where they stand before it. For other boxes see {@link TiledFloatSoftmax}.
 */
final class BatchedFloatRows extends FloatRows {
    private static final FloatVector ZEROS = FloatVector.broadcast(FLOATS, 0);
    private static final FloatVector ONES = FloatVector.broadcast(FLOATS, 1);
    private static final IntVector MAGNITUDE = IntVector.broadcast(INTS, Integer.MAX_VALUE);
    private static final IntVector SMALLEST = IntVector.broadcast(INTS, Integer.MIN_VALUE);

    /** The longest rows whose log-softmax this is. */
    static final int LONGEST = BLOCK;

    /** How many entries make a batch: they and their results stay in the first-level cache. */
    private static final int ENTRIES = 6144;

    /** How many rows a batch has at most, and the first index of those that are summed anew. */
    private static final int ROWS = 128;

    /** Lanes are folded in pairs first. */
    private static final int PAIRS = LANES / 2;

    /** From {@code n} on a factor that leaves the last {@code n} lanes. */
    private static final float[] MASKS = new float[2 * LANES];

    static {
        Arrays.fill(MASKS, LANES, 2 * LANES, 1);
    }

    /** Not final: a constant would let the compiler unroll. */
    private int step = LANES;

    /** The rows' largest logits, and in lanes the bits of the largest magnitudes of all. */
    private final float[] largest = new float[ROWS];

    private final int[] magnitudes = new int[LANES];
    private final boolean[] near = new boolean[ROWS];

    /** The sums lane by lane, as in {@link io.logits.kernels.spec.FloatLanes}. */
    private final float[] seeds = new float[2 * ROWS];

    private final float[] rounds = new float[2 * ROWS];

    private final float[] high = new float[2 * ROWS * LANES];
    private final float[] rest = new float[2 * ROWS * LANES];
    private final double[] parts = new double[2 * ROWS * PAIRS];
    private final double[] sums = new double[2 * ROWS];

    private final double[] logs = new double[ROWS];

    /** The rows whose largest logits have more than half of the sum: which they are, and for each the largest in two forms. */
    private final int[] dominated = new int[ROWS + 1];

    private final int[] anew = new int[ROWS];

    private final double[] tops = new double[ROWS + 1];
    private final double[] exps = new double[ROWS];
    private final double[] others = new double[ROWS];

    /** The largest logits of these, NaN for other rows, and their results. */
    private final float[] dominants = new float[ROWS];

    private final double[] surprises = new double[ROWS];

    /** The shifted logits of a batch, or of rows to be summed anew. */
    private final float[] scratch = new float[ENTRIES];

    /** For long rows that cannot be taken as they are. */
    private final SimdFloatRows singly = new SimdFloatRows();

    @Override
    public void logSoftmax(
            float[] z, int zOffset, int zStride, int rows, int cols, float[] out, int outOffset, int outStride) {
        int most = Math.min(ROWS, ENTRIES / cols);
        for (int i = 0; i < rows; i += most) {
            int count = Math.min(most, rows - i);
            batch(z, zOffset + i * zStride, zStride, count, cols, out, outOffset + i * outStride, outStride);
        }
    }

    private void batch(float[] z, int at, int stride, int rows, int cols, float[] out, int outAt, int outStride) {
        Arrays.fill(magnitudes, 0);
        for (int t = 0; t < rows; t++) {
            maximum(z, at + t * stride, cols, t);
        }
        boolean asTheyAre = seed(rows);
        if (!asTheyAre && cols > ShortFloatRows.LONGEST) {
            singly.logSoftmax(z, at, stride, rows, cols, out, outAt, outStride);
            return;
        }
        if (asTheyAre) {
            sum(z, at, stride, 0, rows, cols);
        } else {
            for (int t = 0; t < rows; t++) {
                shift(t);
                raise(z, at + t * stride, cols, t * cols);
            }
            sum(scratch, 0, cols, 0, rows, cols);
        }
        takeLogs(z, at, stride, rows, cols, asTheyAre);
        write(z, at, stride, rows, cols, out, outAt, outStride);
        for (int t = 0; t < rows; t++) {
            if (!near[t]) {
                writeShifted(z, at + t * stride, cols, out, outAt + t * outStride, t);
            }
        }
    }

    /** Finds which rows need no shift, and where their sums start; whether all can be taken as they are. */
    private boolean seed(int rows) {
        unshifted();
        boolean all = magnitude() <= Float.floatToRawIntBits(-floor);
        for (int t = 0; t < rows; t++) {
            near[t] = isNear(largest[t], true);
            all &= near[t];
            shift(t);
            rounds[t] = round;
            seeds[t] = above(largest[t]);
        }
        return all;
    }

    /** Shifts as a row needs it; false if its largest logit is not finite. */
    private boolean shift(int t) {
        if (near[t]) {
            unshifted();
            return true;
        }
        return shift(largest[t], -1);
    }

    /** Writes a row's shifted logits to the scratch. */
    private void raise(float[] z, int at, int n, int to) {
        for (int k = 0; k < n; k++) {
            scratch[to + k] = Math.max(z[at + k] - subtrahend, floor);
        }
    }

    /** The largest of a row's shifted logits in the scratch but the one at {@code leftOut}, which is taken out. */
    private float takeOut(int at, int n, int leftOut) {
        scratch[at + leftOut] = floor;
        float most = floor;
        for (int k = at; k < at + n; k++) {
            most = Math.max(most, scratch[k]);
        }
        return most;
    }

    /** Sums the exponentials of rows {@code from <= t < to}, of which {@code from} is at {@code at}. */
    private void sum(float[] z, int at, int stride, int from, int to, int cols) {
        int left = cols % LANES;
        for (int lane = 0; lane < LANES; lane += FLOATS_LENGTH) {
            add(z, at + lane, stride, from, to, cols - left, lane, step);
        }
        int end = at + cols - LANES;
        for (int lane = (LANES - left) / FLOATS_LENGTH * FLOATS_LENGTH; lane < LANES; lane += FLOATS_LENGTH) {
            last(z, end + lane, stride, from, to, left, lane);
        }
        fold(from, to);
    }

    /** Sums the exponentials in a vector of lanes, from {@code lane} on, of {@code n} entries of each row, whole groups of them. */
    private void add(float[] z, int at, int stride, int from, int to, int n, int lane, int step) {
        for (int i = from, row = at; i < to; i++, row += stride) {
            FloatVector log2e = FloatVector.broadcast(FLOATS, FloatExp.LOG2_E);
            FloatVector minusLn2 = FloatVector.broadcast(FLOATS, -FloatExp.LN2_HIGH);
            FloatVector q0 = FloatVector.broadcast(FLOATS, FloatExp.Q0);
            FloatVector q1 = FloatVector.broadcast(FLOATS, FloatExp.Q1);
            FloatVector q2 = FloatVector.broadcast(FLOATS, FloatExp.Q2);
            FloatVector q3 = FloatVector.broadcast(FLOATS, FloatExp.Q3);
            FloatVector q4 = FloatVector.broadcast(FLOATS, FloatExp.Q4);
            FloatVector rounding = FloatVector.broadcast(FLOATS, rounds[i]);
            FloatVector sum = FloatVector.broadcast(FLOATS, seeds[i]);
            FloatVector left = FloatVector.broadcast(FLOATS, 0);
            int end = row + n;
            for (int k = row; k < end; k += step) {
                FloatVector before = sum;
                FloatVector x = FloatVector.fromArray(FLOATS, z, k);
                FloatVector rounded = x.fma(log2e, rounding);
                FloatVector whole = rounded.sub(rounding);
                FloatVector y = whole.fma(minusLn2, x);
                FloatVector square = y.mul(y);
                FloatVector first = y.fma(q1, q0);
                FloatVector second = y.fma(q3, q2);
                FloatVector poly = square.fma(q4, second).fma(square, first);
                FloatVector t = poly.fma(square, y);
                FloatVector power = rounded.reinterpretAsInts()
                        .lanewise(VectorOperators.LSHL, 23)
                        .reinterpretAsFloats();
                sum = t.fma(power, power).add(before);
                left = t.fma(power, power.sub(sum.sub(before))).add(left);
            }
            ZEROS.add(sum).intoArray(high, i * LANES + lane);
            ZEROS.add(left).intoArray(rest, i * LANES + lane);
        }
    }

    /** Adds the last groups of rows, of which {@code left} entries count, in a vector of lanes. */
    private void last(float[] z, int at, int stride, int from, int to, int left, int lane) {
        FloatVector mask = ONES.mul(FloatVector.fromArray(FLOATS, MASKS, left + lane));
        for (int t = from, k = at; t < to; t++, k += stride) {
            int sums = t * LANES + lane;
            FloatVector log2e = FloatVector.broadcast(FLOATS, FloatExp.LOG2_E);
            FloatVector minusLn2 = FloatVector.broadcast(FLOATS, -FloatExp.LN2_HIGH);
            FloatVector q0 = FloatVector.broadcast(FLOATS, FloatExp.Q0);
            FloatVector q1 = FloatVector.broadcast(FLOATS, FloatExp.Q1);
            FloatVector q2 = FloatVector.broadcast(FLOATS, FloatExp.Q2);
            FloatVector q3 = FloatVector.broadcast(FLOATS, FloatExp.Q3);
            FloatVector q4 = FloatVector.broadcast(FLOATS, FloatExp.Q4);
            FloatVector rounding = FloatVector.broadcast(FLOATS, rounds[t]);
            FloatVector x = FloatVector.fromArray(FLOATS, z, k);
            FloatVector rounded = x.fma(log2e, rounding);
            FloatVector y = rounded.sub(rounding).fma(minusLn2, x);
            FloatVector square = y.mul(y);
            FloatVector first = y.fma(q1, q0);
            FloatVector second = y.fma(q3, q2);
            FloatVector s = square.fma(q4, second).fma(square, first).fma(square, y);
            FloatVector power = mask.mul(rounded.reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 23)
                    .reinterpretAsFloats());
            FloatVector before = FloatVector.fromArray(FLOATS, high, sums);
            FloatVector sum = s.fma(power, power).add(before);
            FloatVector lost = s.fma(power, power.sub(sum.sub(before)));
            ZEROS.add(sum).intoArray(high, sums);
            ZEROS.add(lost).add(FloatVector.fromArray(FLOATS, rest, sums)).intoArray(rest, sums);
        }
    }

    /** Ends the sums, as {@link io.logits.kernels.spec.FloatLanes#end} does; of two rows at once, so that it is not inlined. */
    private void fold(int from, int to) {
        for (int lane = 0; lane < PAIRS; lane += LENGTH) {
            for (int t = from; t < to; t += 2) {
                int k = t * LANES + lane;
                DoubleVector seed = ONE.mul(DoubleVector.broadcast(SPECIES, -seeds[t]));
                DoubleVector low = ONE.fma(wide(rest, k), ONE.fma(wide(high, k), seed));
                DoubleVector up = ONE.fma(wide(rest, k + PAIRS), ONE.fma(wide(high, k + PAIRS), seed));
                DoubleVector seed1 = ONE.mul(DoubleVector.broadcast(SPECIES, -seeds[t + 1]));
                DoubleVector low1 = ONE.fma(wide(rest, k + LANES), ONE.fma(wide(high, k + LANES), seed1));
                DoubleVector up1 =
                        ONE.fma(wide(rest, k + LANES + PAIRS), ONE.fma(wide(high, k + LANES + PAIRS), seed1));
                DoubleVector sum = low.add(up);
                DoubleVector sum1 = low1.add(up1);
                sum.intoArray(parts, t * PAIRS + lane);
                sum1.intoArray(parts, (t + 1) * PAIRS + lane);
            }
        }
        for (int t = from; t < to; t++) {
            sums[t] = Lanes.fold(parts, t * PAIRS);
        }
    }

    private static Vector<Double> wide(float[] from, int at) {
        return FloatVector.fromArray(HALF, from, at).convertShape(F2D, SPECIES, 0);
    }

    /**
     * Takes the exponentials of the largest logits, in two words, and the logarithms of the sums, and finds the rows whose largest
     * exponential is more than half of it. In a shorter method, which is inlined, the logarithms would be boxed.
     */
    private void takeLogs(float[] z, int at, int stride, int rows, int cols, boolean asTheyAre) {
        if (asTheyAre) {
            // Those in the lanes are summed with nothing: the sum is an exponential, and what is left out its second
            // word.
            Arrays.fill(seeds, 0, rows, 0);
            for (int lane = 0; lane < LANES; lane += FLOATS_LENGTH) {
                add(largest, lane, LANES, 0, (rows + LANES - 1) / LANES, LANES, lane, step);
            }
        }
        int found = 0;
        unshifted();
        for (int t = 0; t < rows; t++) {
            if (!asTheyAre) {
                shift(t);
                addend(largest[t]);
                high[t] = e;
                rest[t] = (float) (wide - e);
            }
            double top = (double) high[t] + rest[t];
            logs[t] = corrected(sums[t], cols);
            tops[found] = top;
            dominated[found] = t;
            found += top + top > sums[t] ? 1 : 0;
        }
        Arrays.fill(dominants, 0, rows, Float.NaN);
        SimdFloatPointwise.log(logs, wholeVectors(rows), logs);
        for (int t = 0; t < rows; t++) {
            // The power of two that is taken out of the row.
            float power = FloatExp.rounding(0) - rounds[t];
            logs[t] = Math.fma((double) power - FloatExp.UP, Exp.LN2_HIGH, logs[t]);
        }
        if (found > 0) {
            takeSurprises(z, at, stride, found, cols);
        }
    }

    /** Takes the results of the rows that are dominated by their largest logits. */
    private void takeSurprises(float[] z, int at, int stride, int found, int cols) {
        int count = 0;
        for (int i = 0; i < found; i++) {
            int t = dominated[i];
            boolean finite = shift(t);
            dominants[t] = largest[t];
            max = largest[t];
            exps[i] = largest();
            others[i] = corrected(sums[t] - tops[i], cols);
            boolean nearlyAll = isNearlyAll(tops[i], sums[t], cols) && finite;
            if (nearlyAll && cols > ShortFloatRows.LONGEST) {
                // To be done singly.
                near[t] = false;
            } else if (nearlyAll) {
                int row = ROWS + count;
                raise(z, at + t * stride, cols, count * cols);
                float most = takeOut(count * cols, cols, indexOf(largest[t], z, at + t * stride, cols));
                rounds[row] = round;
                seeds[row] = 2 * FloatExp.power(Math.fma(most, FloatExp.LOG2_E, round));
                anew[count++] = i;
            }
        }
        sum(scratch, 0, cols, ROWS, ROWS + count, cols);
        for (int j = 0; j < count; j++) {
            shift(dominated[anew[j]]);
            others[anew[j]] = corrected(sums[ROWS + j], cols);
        }
        int whole = wholeVectors(found);
        SimdFloatPointwise.logOnePlusRatio(others, exps, whole, exps);
        for (int i = 0; i < found; i++) {
            surprises[dominated[i]] = exps[i];
        }
    }

    /** Subtracts the logarithm of the sum, and replaces what is left of the largest logit if that dominates. */
    private void write(float[] z, int at, int stride, int rows, int n, float[] out, int outAt, int outStride) {
        int last = n - FLOATS_LENGTH;
        for (int t = 0; t < rows; t++) {
            if (!near[t]) {
                continue;
            }
            int row = at + t * stride;
            int to = outAt + t * outStride;
            float log = (float) logs[t];
            FloatVector high = ONES.mul(FloatVector.broadcast(FLOATS, -log));
            FloatVector low = ONES.mul(FloatVector.broadcast(FLOATS, (float) (logs[t] - log)));
            FloatVector end = FloatVector.fromArray(FLOATS, z, row + last);
            if (dominants[t] == largest[t]) {
                FloatVector dominant = ONES.mul(FloatVector.broadcast(FLOATS, dominants[t]));
                FloatVector result = ONES.mul(FloatVector.broadcast(FLOATS, (float) -surprises[t]));
                for (int k = 0; k < last; k += FLOATS_LENGTH) {
                    FloatVector x = FloatVector.fromArray(FLOATS, z, row + k);
                    high.add(x).sub(low).blend(result, dominant.compare(EQ, x)).intoArray(out, to + k);
                }
                high.add(end).sub(low).blend(result, dominant.compare(EQ, end)).intoArray(out, to + last);
            } else {
                for (int k = 0; k < last; k += FLOATS_LENGTH) {
                    FloatVector x = FloatVector.fromArray(FLOATS, z, row + k);
                    high.add(x).sub(low).intoArray(out, to + k);
                }
                high.add(end).sub(low).intoArray(out, to + last);
            }
        }
    }

    /** Does so for a row that is shifted, or is long and to be done singly. */
    private void writeShifted(float[] z, int at, int n, float[] out, int outAt, int t) {
        if (n > ShortFloatRows.LONGEST) {
            singly.logSoftmax(z, at, n, 1, n, out, outAt, n);
            return;
        }
        if (!shift(t)) {
            super.logSoftmax(z, at, n, 1, n, out, outAt, n);
            return;
        }
        int most = dominants[t] == largest[t] ? indexOf(largest[t], z, at, n) : -1;
        float log = (float) logs[t];
        subtract(z, at, n, out, outAt, log, (float) (logs[t] - log));
        if (most >= 0) {
            out[outAt + most] = (float) -surprises[t];
        }
    }

    /** The largest logit of a row, and the largest magnitudes. As integers floats are ordered, the negative ones the other way round. */
    private void maximum(float[] z, int at, int n, int t) {
        IntVector most = IntVector.broadcast(INTS, Integer.MIN_VALUE);
        IntVector far = IntVector.fromArray(INTS, magnitudes, 0);
        int last = at + n - FLOATS_LENGTH;
        for (int k = at; k < last; k += FLOATS_LENGTH) {
            IntVector x = ints(z, k);
            most = x.max(most);
            far = MAGNITUDE.and(x).max(far);
        }
        IntVector x = ints(z, last);
        MAGNITUDE.and(x).max(far).intoArray(magnitudes, 0);
        int bits = SMALLEST.max(most).max(x).reduceLanes(VectorOperators.MAX);
        largest[t] = Float.intBitsToFloat(bits >= 0 ? bits : leastOfNegative(z, at, n));
    }

    /** The largest of the magnitudes. */
    private int magnitude() {
        int most = 0;
        for (int lane = 0; lane < FLOATS_LENGTH; lane++) {
            most = Math.max(most, magnitudes[lane]);
        }
        return most;
    }

    private static int leastOfNegative(float[] z, int at, int n) {
        IntVector least = ints(z, at + n - FLOATS_LENGTH);
        for (int k = at; k < at + n - FLOATS_LENGTH; k += FLOATS_LENGTH) {
            least = ints(z, k).min(least);
        }
        return MAGNITUDE.min(least).reduceLanes(VectorOperators.MIN);
    }

    private static IntVector ints(float[] z, int at) {
        return FloatVector.fromArray(FLOATS, z, at).reinterpretAsInts();
    }
}
