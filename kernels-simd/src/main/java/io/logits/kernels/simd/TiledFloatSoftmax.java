package io.logits.kernels.simd;

import static io.logits.kernels.simd.FloatConstants.FLOATS;
import static io.logits.kernels.simd.FloatConstants.FLOATS_LENGTH;
import static jdk.incubator.vector.VectorOperators.F2D;

import io.logits.kernels.spec.ShortFloatSoftmax;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The lanewise twin of {@link ShortFloatSoftmax}. A row alone does not fill vectors, so the exponentials of a tile of rows are
 * taken together. What follows is done row by row, in whole vectors: what the last one of a row writes beyond it, the next
 * row overwrites.
 *
 * <p>The compiler of JDK 17 boxes a vector that is stored if it does not know its class. It does know those of constants and of
 * what arithmetic on these returns; not of what {@code fromArray}, {@code broadcast}, a conversion or a loop carries, which
 * are therefore arguments. And it gives up on what it inlines last into something large, so that long stages are methods
 * of more than 325 bytes of code (FreqInlineSize), which it compiles each for itself.
 */
class TiledFloatSoftmax extends TiledFloatExponentials {
    // Sums are over eight lanes at any width: two vectors of four doubles.
    static final VectorSpecies<Double> FOUR_DOUBLES = DoubleVector.SPECIES_256;
    static final VectorSpecies<Float> FOUR_FLOATS = FloatVector.SPECIES_128;
    static final VectorSpecies<Float> EIGHT_FLOATS = FloatVector.SPECIES_256;

    static final DoubleVector FOUR_ONES = DoubleVector.broadcast(FOUR_DOUBLES, 1);
    static final FloatVector EIGHT_ONES = FloatVector.broadcast(EIGHT_FLOATS, 1);
    private static final FloatVector ONES = FloatVector.broadcast(FLOATS, 1);

    /** From {@code FEW - n} on a factor that leaves the first {@code n} lanes. */
    static final float[] MASKS = new float[2 * FEW];

    static final double[] WIDE_MASKS = new double[2 * FEW];

    static {
        Arrays.fill(MASKS, 0, FEW, 1);
        Arrays.fill(WIDE_MASKS, 0, FEW, 1);
    }

    /** The sums of the rows: of second words in eight lanes, of first ones in four, and of all. */
    final float[] restParts = new float[ROWS * LANES];

    final double[] parts = new double[ROWS * LANES / 2];
    final double[] sums = new double[ROWS];

    /** What the rows are multiplied by or lessened by, in two words. */
    final float[] high = new float[ROWS];

    final float[] low = new float[ROWS];

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
                sums[t] = LIFT / sums[t];
            }
            inTwoWords(sums, count);
            write(false, count, cols, out, outAt, outStride);
        }
    }

    /** Writes the results, but those of the last rows by way of {@link #results}: what these write beyond themselves is not theirs. */
    final void write(boolean logs, int rows, int cols, float[] out, int outAt, int outStride) {
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
    void sum(int rows, int cols) {
        int left = cols % LANES;
        DoubleVector mask = FOUR_ONES.mul(DoubleVector.fromArray(FOUR_DOUBLES, WIDE_MASKS, FEW - left));
        DoubleVector mask1 = FOUR_ONES.mul(DoubleVector.fromArray(FOUR_DOUBLES, WIDE_MASKS, FEW - left + 4));
        FloatVector restMask = EIGHT_ONES.mul(FloatVector.fromArray(EIGHT_FLOATS, MASKS, FEW - left));
        for (int t = 0, row = 0; t < rows; t++, row += cols) {
            DoubleVector even = DoubleVector.broadcast(FOUR_DOUBLES, 0);
            DoubleVector odd = DoubleVector.broadcast(FOUR_DOUBLES, 0);
            FloatVector rest = FloatVector.broadcast(EIGHT_FLOATS, 0);
            int k = row;
            for (; k < row + cols - left; k += LANES) {
                even = FOUR_ONES.fma(wide(exps, k), even);
                odd = FOUR_ONES.fma(wide(exps, k + 4), odd);
                rest = EIGHT_ONES.fma(FloatVector.fromArray(EIGHT_FLOATS, rests, k), rest);
            }
            restMask.fma(FloatVector.fromArray(EIGHT_FLOATS, rests, k), rest).intoArray(restParts, LANES * t);
            mask.fma(wide(exps, k), even).add(mask1.fma(wide(exps, k + 4), odd)).intoArray(parts, 4 * t);
        }
        for (int t = 0; t < rows; t++) {
            DoubleVector rest = FOUR_ONES.fma(wide(restParts, LANES * t), wide(restParts, LANES * t + 4));
            rest.add(DoubleVector.fromArray(FOUR_DOUBLES, parts, 4 * t)).intoArray(parts, 4 * t);
        }
        fold(rows);
    }

    /** Adds the lanes of the sums. */
    final void fold(int rows) {
        for (int t = 0; t < rows; t++) {
            int at = 4 * t;
            sums[t] = (parts[at] + parts[at + 2]) + (parts[at + 1] + parts[at + 3]);
        }
    }

    static Vector<Double> wide(float[] from, int at) {
        return FloatVector.fromArray(FOUR_FLOATS, from, at).convertShape(F2D, FOUR_DOUBLES, 0);
    }

    final void inTwoWords(double[] numbers, int rows) {
        for (int t = 0; t < rows; t++) {
            high[t] = (float) numbers[t];
            low[t] = (float) (numbers[t] - high[t]);
        }
    }

    /** Writes rows {@code from <= t < to}, and beyond the last of them up to whole vectors: softmax; log-softmax is for classes that know it. */
    void write(boolean logs, int from, int to, int cols, float[] out, int outAt) {
        for (int t = from; t < to; t++) {
            FloatVector factor = ONES.mul(FloatVector.broadcast(FLOATS, high[t]));
            FloatVector rest = ONES.mul(FloatVector.broadcast(FLOATS, low[t]));
            int end = (t + 1) * cols;
            for (int k = t * cols; k < end; k += FLOATS_LENGTH) {
                FloatVector e = FloatVector.fromArray(FLOATS, exps, k);
                FloatVector small = factor.mul(FloatVector.fromArray(FLOATS, rests, k));
                factor.fma(e, rest.fma(e, small)).mul(BACK).intoArray(out, outAt + k);
            }
        }
    }
}
