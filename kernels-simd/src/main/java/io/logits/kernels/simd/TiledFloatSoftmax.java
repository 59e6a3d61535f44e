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
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The lanewise twin of {@link ShortFloatSoftmax}. A row alone does not fill vectors, so the exponentials of a tile of rows are
 * taken together. What follows is done row by row, in whole vectors: what the last one of a row writes beyond it, the next
 * row overwrites. Methods are as small as they are because the compiler of JDK 17 boxes what is carried by larger loops.
 */
final class TiledFloatSoftmax extends TiledFloatExponentials {
    // Sums are over eight lanes at any width: two vectors of four doubles.
    private static final VectorSpecies<Double> FOUR_DOUBLES = DoubleVector.SPECIES_256;
    private static final VectorSpecies<Float> FOUR_FLOATS = FloatVector.SPECIES_128;
    private static final VectorSpecies<Integer> FOUR_INTS = IntVector.SPECIES_128;
    private static final VectorSpecies<Integer> EIGHT_INTS = IntVector.SPECIES_256;
    private static final VectorSpecies<Float> EIGHT_FLOATS = FloatVector.SPECIES_256;

    /** Rows of up to so many classes are two vectors each. */
    private static final int FEW = 2 * LANES;

    /** From {@code FEW - n} on a mask of the first {@code n} lanes. */
    private static final int[] MASKS = new int[2 * FEW];

    private static final int[] COUNT = new int[LANES];

    static {
        Arrays.fill(MASKS, 0, FEW, -1);
        Arrays.setAll(COUNT, k -> k);
    }

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
            int inPlace = outStride == cols ? inPlace(count, cols) : 0;
            multiply(0, inPlace, cols, out, outAt);
            multiply(inPlace, count, cols, results, 0);
            copy(results, inPlace * cols, cols, count - inPlace, cols, out, outAt + inPlace * cols, outStride);
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
            int inPlace = outStride == cols ? inPlace(count, cols) : 0;
            subtract(0, inPlace, cols, out, outAt);
            subtract(inPlace, count, cols, results, 0);
            copy(results, inPlace * cols, cols, count - inPlace, cols, out, outAt + inPlace * cols, outStride);
            for (int t = 0; t < count; t++) {
                out[outAt + t * outStride + places[t]] = (float) -surprises[t];
            }
        }
    }

    /** How many rows can be written where they belong: what they write beyond themselves is still within the tile. */
    private static int inPlace(int rows, int cols) {
        int width = cols <= FEW ? FEW : (cols + FLOATS_LENGTH - 1) / FLOATS_LENGTH * FLOATS_LENGTH;
        return Math.max(0, rows + 1 - (width + cols - 1) / cols);
    }

    /** Sums the exponentials of each row. */
    private void sum(int rows, int cols) {
        if (cols <= FEW) {
            sumFew(rows, cols);
        } else {
            int full = cols - cols % LANES;
            for (int t = 0; t < rows; t++) {
                sum(t * cols, full, cols - full, t * LANES / 2);
            }
        }
        for (int t = 0; t < rows; t++) {
            int at = t * LANES / 2;
            sums[t] = (parts[at] + parts[at + 2]) + (parts[at + 1] + parts[at + 3]);
        }
    }

    /** In two loops, as the compiler of JDK 17 boxes some vectors of one that does all. */
    private void sumFew(int rows, int cols) {
        sumPowersOfFew(rows, cols);
        addRestsOfFew(rows, cols);
    }

    private void sumPowersOfFew(int rows, int cols) {
        IntVector mask0 = IntVector.fromArray(FOUR_INTS, MASKS, FEW - cols);
        IntVector mask1 = IntVector.fromArray(FOUR_INTS, MASKS, FEW - cols + 4);
        IntVector mask2 = IntVector.fromArray(FOUR_INTS, MASKS, FEW - cols + 8);
        IntVector mask3 = IntVector.fromArray(FOUR_INTS, MASKS, FEW - cols + 12);
        for (int t = 0, k = 0; t < rows; t++, k += cols) {
            FloatVector e0 = FloatVector.fromArray(FOUR_FLOATS, exps, k)
                    .reinterpretAsInts()
                    .and(mask0)
                    .reinterpretAsFloats();
            FloatVector e1 = FloatVector.fromArray(FOUR_FLOATS, exps, k + 4)
                    .reinterpretAsInts()
                    .and(mask1)
                    .reinterpretAsFloats();
            FloatVector e2 = FloatVector.fromArray(FOUR_FLOATS, exps, k + 8)
                    .reinterpretAsInts()
                    .and(mask2)
                    .reinterpretAsFloats();
            FloatVector e3 = FloatVector.fromArray(FOUR_FLOATS, exps, k + 12)
                    .reinterpretAsInts()
                    .and(mask3)
                    .reinterpretAsFloats();
            DoubleVector w0 = (DoubleVector) e0.convertShape(F2D, FOUR_DOUBLES, 0);
            DoubleVector w1 = (DoubleVector) e1.convertShape(F2D, FOUR_DOUBLES, 0);
            DoubleVector w2 = (DoubleVector) e2.convertShape(F2D, FOUR_DOUBLES, 0);
            DoubleVector w3 = (DoubleVector) e3.convertShape(F2D, FOUR_DOUBLES, 0);
            w0.add(w2).add(w1.add(w3)).intoArray(parts, 4 * t);
        }
    }

    private void addRestsOfFew(int rows, int cols) {
        IntVector mask0 = IntVector.fromArray(FOUR_INTS, MASKS, FEW - cols);
        IntVector mask1 = IntVector.fromArray(FOUR_INTS, MASKS, FEW - cols + 4);
        IntVector mask2 = IntVector.fromArray(FOUR_INTS, MASKS, FEW - cols + 8);
        IntVector mask3 = IntVector.fromArray(FOUR_INTS, MASKS, FEW - cols + 12);
        for (int t = 0, k = 0; t < rows; t++, k += cols) {
            FloatVector c0 = FloatVector.fromArray(FOUR_FLOATS, rests, k)
                    .reinterpretAsInts()
                    .and(mask0)
                    .reinterpretAsFloats();
            FloatVector c1 = FloatVector.fromArray(FOUR_FLOATS, rests, k + 4)
                    .reinterpretAsInts()
                    .and(mask1)
                    .reinterpretAsFloats();
            FloatVector c2 = FloatVector.fromArray(FOUR_FLOATS, rests, k + 8)
                    .reinterpretAsInts()
                    .and(mask2)
                    .reinterpretAsFloats();
            FloatVector c3 = FloatVector.fromArray(FOUR_FLOATS, rests, k + 12)
                    .reinterpretAsInts()
                    .and(mask3)
                    .reinterpretAsFloats();
            DoubleVector c = (DoubleVector) c0.add(c2).add(c1.add(c3)).convertShape(F2D, FOUR_DOUBLES, 0);
            DoubleVector.fromArray(FOUR_DOUBLES, parts, 4 * t).add(c).intoArray(parts, 4 * t);
        }
    }

    private void sum(int row, int full, int left, int to) {
        DoubleVector a = DoubleVector.broadcast(FOUR_DOUBLES, 0);
        DoubleVector b = DoubleVector.broadcast(FOUR_DOUBLES, 0);
        FloatVector c = FloatVector.broadcast(FOUR_FLOATS, 0);
        FloatVector c1 = FloatVector.broadcast(FOUR_FLOATS, 0);
        int k = row;
        for (; k < row + full; k += LANES) {
            a = ((DoubleVector) FloatVector.fromArray(FOUR_FLOATS, exps, k).convertShape(F2D, FOUR_DOUBLES, 0)).add(a);
            b = ((DoubleVector) FloatVector.fromArray(FOUR_FLOATS, exps, k + 4).convertShape(F2D, FOUR_DOUBLES, 0))
                    .add(b);
            c = FloatVector.fromArray(FOUR_FLOATS, rests, k).add(c);
            c1 = FloatVector.fromArray(FOUR_FLOATS, rests, k + 4).add(c1);
        }
        IntVector mask = IntVector.fromArray(FOUR_INTS, MASKS, FEW - left);
        IntVector mask1 = IntVector.fromArray(FOUR_INTS, MASKS, FEW - left + 4);
        FloatVector e = FloatVector.fromArray(FOUR_FLOATS, exps, k)
                .reinterpretAsInts()
                .and(mask)
                .reinterpretAsFloats();
        FloatVector e1 = FloatVector.fromArray(FOUR_FLOATS, exps, k + 4)
                .reinterpretAsInts()
                .and(mask1)
                .reinterpretAsFloats();
        FloatVector rest = FloatVector.fromArray(FOUR_FLOATS, rests, k)
                .reinterpretAsInts()
                .and(mask)
                .reinterpretAsFloats();
        FloatVector rest1 = FloatVector.fromArray(FOUR_FLOATS, rests, k + 4)
                .reinterpretAsInts()
                .and(mask1)
                .reinterpretAsFloats();
        DoubleVector high = ((DoubleVector) e.convertShape(F2D, FOUR_DOUBLES, 0)).add(a);
        DoubleVector high1 = ((DoubleVector) e1.convertShape(F2D, FOUR_DOUBLES, 0)).add(b);
        DoubleVector low = (DoubleVector) rest.add(c).add(rest1.add(c1)).convertShape(F2D, FOUR_DOUBLES, 0);
        high.add(high1).add(low).intoArray(parts, to);
    }

    /** Finds each row's largest exponential. */
    private void findMost(int rows, int cols) {
        if (cols <= FEW) {
            mostOfFew(rows, cols);
        } else {
            int full = cols - cols % LANES;
            for (int t = 0; t < rows; t++) {
                places[t] = most(t * cols, full, cols - full);
            }
        }
        for (int t = 0; t < rows; t++) {
            int at = t * cols + places[t];
            own[t] = (double) exps[at] + rests[at];
        }
    }

    private void mostOfFew(int rows, int cols) {
        IntVector index = IntVector.fromArray(EIGHT_INTS, COUNT, 0);
        IntVector index1 = index.add(LANES);
        IntVector mask = IntVector.fromArray(EIGHT_INTS, MASKS, FEW - cols).and(~INDEX);
        IntVector mask1 =
                IntVector.fromArray(EIGHT_INTS, MASKS, FEW - cols + LANES).and(~INDEX);
        for (int t = 0, k = 0; t < rows; t++, k += cols) {
            IntVector key = FloatVector.fromArray(EIGHT_FLOATS, exps, k)
                    .reinterpretAsInts()
                    .and(mask)
                    .or(index);
            IntVector key1 = FloatVector.fromArray(EIGHT_FLOATS, exps, k + LANES)
                    .reinterpretAsInts()
                    .and(mask1)
                    .or(index1);
            places[t] = key.max(key1).reduceLanes(VectorOperators.MAX) & INDEX;
        }
    }

    private int most(int row, int full, int left) {
        IntVector notIndex = IntVector.broadcast(EIGHT_INTS, ~INDEX);
        IntVector index = IntVector.fromArray(EIGHT_INTS, COUNT, 0);
        IntVector step = IntVector.broadcast(EIGHT_INTS, LANES);
        IntVector key = IntVector.broadcast(EIGHT_INTS, 0);
        int k = row;
        for (; k < row + full; k += LANES) {
            key = FloatVector.fromArray(EIGHT_FLOATS, exps, k)
                    .reinterpretAsInts()
                    .and(notIndex)
                    .or(index)
                    .max(key);
            index = step.add(index);
        }
        IntVector mask = IntVector.fromArray(EIGHT_INTS, MASKS, FEW - left);
        return FloatVector.fromArray(EIGHT_FLOATS, exps, k)
                        .reinterpretAsInts()
                        .and(notIndex)
                        .or(index)
                        .and(mask)
                        .max(key)
                        .reduceLanes(VectorOperators.MAX)
                & INDEX;
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

    private void multiply(int from, int to, int cols, float[] out, int outAt) {
        if (cols <= FEW) {
            multiplyFew(from, to, cols, out, outAt);
            return;
        }
        for (int t = from; t < to; t++) {
            FloatVector factor = FloatVector.broadcast(FLOATS, high[t]);
            FloatVector rest = FloatVector.broadcast(FLOATS, low[t]);
            int end = (t + 1) * cols;
            for (int k = t * cols; k < end; k += FLOATS_LENGTH) {
                FloatVector e = FloatVector.fromArray(FLOATS, exps, k);
                FloatVector small = FloatVector.fromArray(FLOATS, rests, k).mul(factor);
                e.fma(factor, e.fma(rest, small)).intoArray(out, outAt + k);
            }
        }
    }

    private void multiplyFew(int from, int to, int cols, float[] out, int outAt) {
        for (int t = from, k = from * cols; t < to; t++, k += cols) {
            FloatVector factor = FloatVector.broadcast(EIGHT_FLOATS, high[t]);
            FloatVector rest = FloatVector.broadcast(EIGHT_FLOATS, low[t]);
            FloatVector e = FloatVector.fromArray(EIGHT_FLOATS, exps, k);
            FloatVector e1 = FloatVector.fromArray(EIGHT_FLOATS, exps, k + LANES);
            FloatVector small = FloatVector.fromArray(EIGHT_FLOATS, rests, k).mul(factor);
            FloatVector small1 =
                    FloatVector.fromArray(EIGHT_FLOATS, rests, k + LANES).mul(factor);
            e.fma(factor, e.fma(rest, small)).intoArray(out, outAt + k);
            e1.fma(factor, e1.fma(rest, small1)).intoArray(out, outAt + k + LANES);
        }
    }

    private void subtract(int from, int to, int cols, float[] out, int outAt) {
        if (cols <= FEW) {
            subtractFew(from, to, cols, out, outAt);
            return;
        }
        for (int t = from; t < to; t++) {
            FloatVector log = FloatVector.broadcast(FLOATS, high[t]);
            FloatVector rest = FloatVector.broadcast(FLOATS, low[t]);
            int end = (t + 1) * cols;
            for (int k = t * cols; k < end; k += FLOATS_LENGTH) {
                FloatVector.fromArray(FLOATS, logits, k).sub(log).sub(rest).intoArray(out, outAt + k);
            }
        }
    }

    private void subtractFew(int from, int to, int cols, float[] out, int outAt) {
        for (int t = from, k = from * cols; t < to; t++, k += cols) {
            FloatVector log = FloatVector.broadcast(EIGHT_FLOATS, high[t]);
            FloatVector rest = FloatVector.broadcast(EIGHT_FLOATS, low[t]);
            FloatVector.fromArray(EIGHT_FLOATS, logits, k).sub(log).sub(rest).intoArray(out, outAt + k);
            FloatVector.fromArray(EIGHT_FLOATS, logits, k + LANES)
                    .sub(log)
                    .sub(rest)
                    .intoArray(out, outAt + k + LANES);
        }
    }
}
