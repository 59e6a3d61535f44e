package io.logits.kernels.simd;

import io.logits.kernels.spec.Exp;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Softmax and log-softmax of rows of up to {@value #FEW} entries, which are two vectors each. */
final class FewFloatSoftmax extends TiledFloatSoftmax {
    private static final VectorSpecies<Integer> EIGHT_INTS = IntVector.SPECIES_256;
    private static final IntVector NOT_INDEX = IntVector.broadcast(EIGHT_INTS, ~INDEX);

    private static final int[] COUNT = new int[FEW];

    static {
        Arrays.setAll(COUNT, k -> k);
    }

    private final double[] own = new double[ROWS];
    private final double[] surprises = new double[ROWS];
    private final int[] places = new int[ROWS];
    /** Each row's two logarithms, taken by one call: first those of the sums. */
    private final double[] logs = new double[2 * ROWS];

    @Override
    public void logSoftmax(
            float[] z, int zOffset, int zStride, int rows, int cols, float[] out, int outOffset, int outStride) {
        int tile = tile(cols);
        for (int i = 0; i < rows; i += tile) {
            int count = Math.min(tile, rows - i);
            int at = zOffset + i * zStride;
            int outAt = outOffset + i * outStride;
            if (!exponentials(z, at, zStride, count, cols, true)) {
                super.logSoftmax(z, at, zStride, count, cols, out, outAt, outStride);
                continue;
            }
            sum(count, cols);
            logs(count, cols);
            write(true, count, cols, out, outAt, outStride);
            for (int t = 0; t < count; t++) {
                out[outAt + t * outStride + places[t]] = (float) -surprises[t];
            }
        }
    }

    /** It is too long to be inlined: see the class above. */
    @Override
    void sum(int rows, int cols) {
        DoubleVector mask = FOUR_ONES.mul(DoubleVector.fromArray(FOUR_DOUBLES, WIDE_MASKS, FEW - cols));
        DoubleVector mask1 = FOUR_ONES.mul(DoubleVector.fromArray(FOUR_DOUBLES, WIDE_MASKS, FEW - cols + 4));
        DoubleVector mask2 = FOUR_ONES.mul(DoubleVector.fromArray(FOUR_DOUBLES, WIDE_MASKS, FEW - cols + 8));
        DoubleVector mask3 = FOUR_ONES.mul(DoubleVector.fromArray(FOUR_DOUBLES, WIDE_MASKS, FEW - cols + 12));
        FloatVector restMask = EIGHT_ONES.mul(FloatVector.fromArray(EIGHT_FLOATS, MASKS, FEW - cols));
        FloatVector restMask1 = EIGHT_ONES.mul(FloatVector.fromArray(EIGHT_FLOATS, MASKS, FEW - cols + LANES));
        for (int t = 0, k = 0; t < rows; t++, k += cols) {
            FloatVector rest = restMask.mul(FloatVector.fromArray(EIGHT_FLOATS, rests, k));
            restMask1
                    .fma(FloatVector.fromArray(EIGHT_FLOATS, rests, k + LANES), rest)
                    .intoArray(restParts, LANES * t);
            DoubleVector even = mask2.fma(wide(exps, k + 8), mask.mul(wide(exps, k)));
            DoubleVector odd = mask3.fma(wide(exps, k + 12), mask1.mul(wide(exps, k + 4)));
            even.add(odd).intoArray(parts, 4 * t);
        }
        for (int t = 0; t < rows; t++) {
            DoubleVector rest = FOUR_ONES.fma(wide(restParts, LANES * t), wide(restParts, LANES * t + 4));
            rest.add(DoubleVector.fromArray(FOUR_DOUBLES, parts, 4 * t)).intoArray(parts, 4 * t);
        }
        fold(rows);
    }

    /**
     * Finds each row's largest exponential, and takes the logarithms of the sums, in two words, and of the sums over the largest.
     * Too long to be inlined, as {@link #sum(int, int)}.
     */
    private void logs(int rows, int cols) {
        IntVector index = IntVector.fromArray(EIGHT_INTS, COUNT, 0);
        IntVector index1 = IntVector.fromArray(EIGHT_INTS, COUNT, LANES);
        FloatVector mask = EIGHT_ONES.mul(FloatVector.fromArray(EIGHT_FLOATS, MASKS, FEW - cols));
        FloatVector mask1 = EIGHT_ONES.mul(FloatVector.fromArray(EIGHT_FLOATS, MASKS, FEW - cols + LANES));
        for (int t = 0, k = 0; t < rows; t++, k += cols) {
            FloatVector e = mask.mul(FloatVector.fromArray(EIGHT_FLOATS, exps, k));
            FloatVector e1 = mask1.mul(FloatVector.fromArray(EIGHT_FLOATS, exps, k + LANES));
            IntVector key = NOT_INDEX.and(e.reinterpretAsInts()).or(index);
            IntVector key1 = NOT_INDEX.and(e1.reinterpretAsInts()).or(index1);
            places[t] = key.max(key1).reduceLanes(VectorOperators.MAX) & INDEX;
        }
        for (int t = 0; t < rows; t++) {
            int at = t * cols + places[t];
            own[t] = (double) exps[at] + rests[at];
        }
        int whole = DoubleConstants.wholeVectors(rows);
        Arrays.fill(sums, rows, whole, 1);
        Arrays.fill(own, rows, whole, 1);
        for (int t = 0; t < whole; t++) {
            logs[t] = sums[t] * DOWN;
            logs[whole + t] = sums[t] / own[t];
        }
        SimdFloatPointwise.log(logs, 2 * whole, logs);
        for (int t = 0; t < rows; t++) {
            surprises[t] =
                    isNearlyAll(own[t], sums[t]) ? surpriseOfNearlyAll(t * cols, cols, places[t]) : logs[whole + t];
        }
        for (int t = 0; t < rows; t++) {
            logs[t] = Math.fma(powers[t], Exp.LN2_HIGH, logs[t]);
        }
        inTwoWords(logs, rows);
    }

    /** Too long to be inlined, as {@link #sum(int, int)}. */
    @Override
    void write(boolean logs, int from, int to, int cols, float[] out, int outAt) {
        if (logs) {
            for (int t = from, k = from * cols; t < to; t++, k += cols) {
                FloatVector log = EIGHT_ONES.mul(FloatVector.broadcast(EIGHT_FLOATS, -high[t]));
                FloatVector rest = FloatVector.broadcast(EIGHT_FLOATS, low[t]);
                FloatVector x = log.add(FloatVector.fromArray(EIGHT_FLOATS, logits, k));
                FloatVector x1 = log.add(FloatVector.fromArray(EIGHT_FLOATS, logits, k + LANES));
                x.sub(rest).intoArray(out, outAt + k);
                x1.sub(rest).intoArray(out, outAt + k + LANES);
            }
            return;
        }
        for (int t = from, k = from * cols; t < to; t++, k += cols) {
            FloatVector factor = EIGHT_ONES.mul(FloatVector.broadcast(EIGHT_FLOATS, high[t]));
            FloatVector rest = EIGHT_ONES.mul(FloatVector.broadcast(EIGHT_FLOATS, low[t]));
            FloatVector e = FloatVector.fromArray(EIGHT_FLOATS, exps, k);
            FloatVector e1 = FloatVector.fromArray(EIGHT_FLOATS, exps, k + LANES);
            FloatVector small = factor.mul(FloatVector.fromArray(EIGHT_FLOATS, rests, k));
            FloatVector small1 = factor.mul(FloatVector.fromArray(EIGHT_FLOATS, rests, k + LANES));
            factor.fma(e, rest.fma(e, small)).mul(BACK).intoArray(out, outAt + k);
            factor.fma(e1, rest.fma(e1, small1)).mul(BACK).intoArray(out, outAt + k + LANES);
        }
    }
}
