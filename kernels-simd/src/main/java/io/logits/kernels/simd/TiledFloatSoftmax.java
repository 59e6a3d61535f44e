package io.logits.kernels.simd;

import static io.logits.kernels.simd.FloatConstants.FLOATS;
import static io.logits.kernels.simd.FloatConstants.FLOATS_LENGTH;
import static jdk.incubator.vector.VectorOperators.F2D;

import io.logits.kernels.spec.Exp;
import io.logits.kernels.spec.ShortFloatSoftmax;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The lanewise twin of {@link ShortFloatSoftmax}. A row alone does not fill vectors, so the exponentials of a tile of rows are
 * taken together. What follows is done row by row, in whole vectors: what the last one of a row writes beyond it, the next
 * row overwrites.
 *
 * <p>The compiler of JDK 17 boxes a vector that is stored if it does not know its class. It does know those of constants and of
 * what arithmetic on these returns; not of what {@code fromArray}, {@code broadcast}, a conversion or a loop carries, which
 * are therefore arguments. And it gives up on what it inlines last into something large, so that the stages are methods
 * of more than 325 bytes of code (FreqInlineSize), which it compiles each for itself.
 */
final class TiledFloatSoftmax extends TiledFloatExponentials {
    // Sums are over eight lanes at any width: two vectors of four doubles.
    private static final VectorSpecies<Double> FOUR_DOUBLES = DoubleVector.SPECIES_256;
    private static final VectorSpecies<Float> FOUR_FLOATS = FloatVector.SPECIES_128;
    private static final VectorSpecies<Integer> EIGHT_INTS = IntVector.SPECIES_256;
    private static final VectorSpecies<Float> EIGHT_FLOATS = FloatVector.SPECIES_256;

    private static final DoubleVector FOUR_ONES = DoubleVector.broadcast(FOUR_DOUBLES, 1);
    private static final FloatVector EIGHT_ONES = FloatVector.broadcast(EIGHT_FLOATS, 1);
    private static final FloatVector ONES = FloatVector.broadcast(FLOATS, 1);
    private static final IntVector EIGHT_STEPS = IntVector.broadcast(EIGHT_INTS, LANES);
    private static final IntVector NOT_INDEX = IntVector.broadcast(EIGHT_INTS, ~INDEX);

    /** Rows of up to so many classes are two vectors each. */
    private static final int FEW = 2 * LANES;

    /** From {@code FEW - n} on a factor that leaves the first {@code n} lanes. */
    private static final float[] MASKS = new float[2 * FEW];

    private static final double[] WIDE_MASKS = new double[2 * FEW];

    private static final int[] COUNT = new int[FEW];

    static {
        Arrays.fill(MASKS, 0, FEW, 1);
        Arrays.fill(WIDE_MASKS, 0, FEW, 1);
        Arrays.setAll(COUNT, k -> k);
    }

    private final float[] restParts = new float[ROWS * LANES];
    private final double[] parts = new double[ROWS * LANES / 2];
    private final double[] sums = new double[ROWS];
    private final double[] own = new double[ROWS];
    private final double[] surprises = new double[ROWS];
    private final int[] places = new int[ROWS];

    /** What the rows are multiplied by or lessened by, in two words. */
    private final float[] high = new float[ROWS];

    private final float[] low = new float[ROWS];

    @Override
    public void softmax(
            float[] z, int zOffset, int zStride, int rows, int cols, float[] out, int outOffset, int outStride) {
        int tile = tile(cols);
        for (int i = 0; i < rows; i += tile) {
            int count = Math.min(tile, rows - i);
            int at = zOffset + i * zStride;
            int outAt = outOffset + i * outStride;
            if (!exponentials(z, at, zStride, count, cols, false)) {
                super.softmax(z, at, zStride, count, cols, out, outAt, outStride);
                continue;
            }
            sum(count, cols);
            for (int t = 0; t < count; t++) {
                sums[t] = 1 / sums[t];
            }
            inTwoWords(sums, count);
            write(false, count, cols, out, outAt, outStride);
        }
    }

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
            findMost(count, cols);
            logs(count, cols);
            write(true, count, cols, out, outAt, outStride);
            for (int t = 0; t < count; t++) {
                out[outAt + t * outStride + places[t]] = (float) -surprises[t];
            }
        }
    }

    /** Writes the results, but those of the last rows by way of {@link #results}: what these write beyond themselves is not theirs. */
    private void write(boolean logs, int rows, int cols, float[] out, int outAt, int outStride) {
        int inPlace = outStride == cols ? inPlace(rows, cols) : 0;
        for (int from = 0, to = inPlace; from < rows; from = to, to = rows) {
            float[] target = from < inPlace ? out : results;
            int targetAt = from < inPlace ? outAt : 0;
            write(logs, from, to, cols, target, targetAt);
        }
        copy(results, inPlace * cols, cols, rows - inPlace, cols, out, outAt + inPlace * cols, outStride);
    }

    /** How many rows can be written where they belong: what they write beyond themselves is still within the tile. */
    private static int inPlace(int rows, int cols) {
        int width = cols <= FEW ? FEW : (cols + FLOATS_LENGTH - 1) / FLOATS_LENGTH * FLOATS_LENGTH;
        return Math.max(0, rows + 1 - (width + cols - 1) / cols);
    }

    /** Sums the exponentials of each row. It is too long to be inlined: see the class. */
    private void sum(int rows, int cols) {
        if (cols > FEW) {
            int full = cols - cols % LANES;
            for (int t = 0; t < rows; t++) {
                sum(t * cols, full, cols - full, t);
            }
            fold(rows);
            return;
        }
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
        fold(rows);
    }

    private void sum(int row, int full, int left, int t) {
        DoubleVector even = DoubleVector.broadcast(FOUR_DOUBLES, 0);
        DoubleVector odd = DoubleVector.broadcast(FOUR_DOUBLES, 0);
        FloatVector rest = FloatVector.broadcast(EIGHT_FLOATS, 0);
        int k = row;
        for (; k < row + full; k += LANES) {
            even = FOUR_ONES.fma(wide(exps, k), even);
            odd = FOUR_ONES.fma(wide(exps, k + 4), odd);
            rest = EIGHT_ONES.fma(FloatVector.fromArray(EIGHT_FLOATS, rests, k), rest);
        }
        DoubleVector mask = FOUR_ONES.mul(DoubleVector.fromArray(FOUR_DOUBLES, WIDE_MASKS, FEW - left));
        DoubleVector mask1 = FOUR_ONES.mul(DoubleVector.fromArray(FOUR_DOUBLES, WIDE_MASKS, FEW - left + 4));
        FloatVector restMask = EIGHT_ONES.mul(FloatVector.fromArray(EIGHT_FLOATS, MASKS, FEW - left));
        restMask.fma(FloatVector.fromArray(EIGHT_FLOATS, rests, k), rest).intoArray(restParts, LANES * t);
        mask.fma(wide(exps, k), even).add(mask1.fma(wide(exps, k + 4), odd)).intoArray(parts, 4 * t);
    }

    /** Adds the sums of the second words, and the lanes of the first. */
    private void fold(int rows) {
        for (int t = 0; t < rows; t++) {
            DoubleVector rest = FOUR_ONES.fma(wide(restParts, LANES * t), wide(restParts, LANES * t + 4));
            rest.add(DoubleVector.fromArray(FOUR_DOUBLES, parts, 4 * t)).intoArray(parts, 4 * t);
        }
        for (int t = 0; t < rows; t++) {
            int at = 4 * t;
            sums[t] = (parts[at] + parts[at + 2]) + (parts[at + 1] + parts[at + 3]);
        }
    }

    private static Vector<Double> wide(float[] from, int at) {
        return FloatVector.fromArray(FOUR_FLOATS, from, at).convertShape(F2D, FOUR_DOUBLES, 0);
    }

    /** Finds each row's largest exponential. */
    private void findMost(int rows, int cols) {
        if (cols > FEW) {
            int full = cols - cols % LANES;
            for (int t = 0; t < rows; t++) {
                places[t] = most(t * cols, full, cols - full);
            }
        } else {
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
        }
        for (int t = 0; t < rows; t++) {
            int at = t * cols + places[t];
            own[t] = (double) exps[at] + rests[at];
        }
    }

    private int most(int row, int full, int left) {
        IntVector index = IntVector.fromArray(EIGHT_INTS, COUNT, 0);
        IntVector key = IntVector.broadcast(EIGHT_INTS, 0);
        int k = row;
        for (; k < row + full; k += LANES) {
            FloatVector e = FloatVector.fromArray(EIGHT_FLOATS, exps, k);
            key = NOT_INDEX.and(e.reinterpretAsInts()).or(index).max(key);
            index = EIGHT_STEPS.add(index);
        }
        FloatVector mask = EIGHT_ONES.mul(FloatVector.fromArray(EIGHT_FLOATS, MASKS, FEW - left));
        FloatVector e = mask.mul(FloatVector.fromArray(EIGHT_FLOATS, exps, k));
        return NOT_INDEX.and(e.reinterpretAsInts()).or(index).max(key).reduceLanes(VectorOperators.MAX) & INDEX;
    }

    /** Takes the logarithms of the sums, in two words, and of the sums over the largest entries. */
    private void logs(int rows, int cols) {
        int whole = (rows + DoubleConstants.LENGTH - 1) / DoubleConstants.LENGTH * DoubleConstants.LENGTH;
        Arrays.fill(sums, rows, whole, 1);
        Arrays.fill(own, rows, whole, 1);
        SimdFloatPointwise.logOfRatio(sums, own, whole, surprises);
        for (int t = 0; t < rows; t++) {
            if (isNearlyAll(own[t], sums[t])) {
                surprises[t] = surpriseOfNearlyAll(t * cols, cols, places[t]);
            }
        }
        for (int t = 0; t < rows; t++) {
            sums[t] *= DOWN;
        }
        SimdFloatPointwise.log(sums, whole, own);
        for (int t = 0; t < rows; t++) {
            own[t] = Math.fma(powers[t], Exp.LN2_HIGH, own[t]);
        }
        inTwoWords(own, rows);
    }

    private void inTwoWords(double[] numbers, int rows) {
        for (int t = 0; t < rows; t++) {
            high[t] = (float) numbers[t];
            low[t] = (float) (numbers[t] - high[t]);
        }
    }

    /** Too long to be inlined, as {@link #sum(int, int)}. */
    private void write(boolean logs, int from, int to, int cols, float[] out, int outAt) {
        if (!logs && cols <= FEW) {
            for (int t = from, k = from * cols; t < to; t++, k += cols) {
                FloatVector factor = EIGHT_ONES.mul(FloatVector.broadcast(EIGHT_FLOATS, high[t]));
                FloatVector rest = EIGHT_ONES.mul(FloatVector.broadcast(EIGHT_FLOATS, low[t]));
                FloatVector e = FloatVector.fromArray(EIGHT_FLOATS, exps, k);
                FloatVector e1 = FloatVector.fromArray(EIGHT_FLOATS, exps, k + LANES);
                FloatVector small = factor.mul(FloatVector.fromArray(EIGHT_FLOATS, rests, k));
                FloatVector small1 = factor.mul(FloatVector.fromArray(EIGHT_FLOATS, rests, k + LANES));
                factor.fma(e, rest.fma(e, small)).intoArray(out, outAt + k);
                factor.fma(e1, rest.fma(e1, small1)).intoArray(out, outAt + k + LANES);
            }
        } else if (!logs) {
            for (int t = from; t < to; t++) {
                FloatVector factor = ONES.mul(FloatVector.broadcast(FLOATS, high[t]));
                FloatVector rest = ONES.mul(FloatVector.broadcast(FLOATS, low[t]));
                int end = (t + 1) * cols;
                for (int k = t * cols; k < end; k += FLOATS_LENGTH) {
                    FloatVector e = FloatVector.fromArray(FLOATS, exps, k);
                    FloatVector small = factor.mul(FloatVector.fromArray(FLOATS, rests, k));
                    factor.fma(e, rest.fma(e, small)).intoArray(out, outAt + k);
                }
            }
        } else if (cols <= FEW) {
            for (int t = from, k = from * cols; t < to; t++, k += cols) {
                FloatVector log = EIGHT_ONES.mul(FloatVector.broadcast(EIGHT_FLOATS, -high[t]));
                FloatVector rest = FloatVector.broadcast(EIGHT_FLOATS, low[t]);
                FloatVector x = log.add(FloatVector.fromArray(EIGHT_FLOATS, logits, k));
                FloatVector x1 = log.add(FloatVector.fromArray(EIGHT_FLOATS, logits, k + LANES));
                x.sub(rest).intoArray(out, outAt + k);
                x1.sub(rest).intoArray(out, outAt + k + LANES);
            }
        } else {
            for (int t = from; t < to; t++) {
                FloatVector log = ONES.mul(FloatVector.broadcast(FLOATS, -high[t]));
                FloatVector rest = FloatVector.broadcast(FLOATS, low[t]);
                int end = (t + 1) * cols;
                for (int k = t * cols; k < end; k += FLOATS_LENGTH) {
                    log.add(FloatVector.fromArray(FLOATS, logits, k)).sub(rest).intoArray(out, outAt + k);
                }
            }
        }
    }
}
