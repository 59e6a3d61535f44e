package io.logits.kernels.simd;

import static io.logits.kernels.simd.FloatConstants.FLOATS;
import static io.logits.kernels.simd.FloatConstants.FLOATS_LENGTH;
import static io.logits.kernels.simd.FloatConstants.INTS;
import static jdk.incubator.vector.VectorOperators.F2D;

import io.logits.kernels.spec.FloatExp;
import io.logits.kernels.spec.ShortFloatSoftmax;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The lanewise twin of {@link ShortFloatSoftmax}. A row alone does not fill vectors, so a tile of rows is laid out without
 * gaps and its exponentials are taken as if it were one row, without a shift as long as no logit exceeds {@link #UNSHIFTED}
 * in magnitude (else the scalar loops serve the tile). What follows is done row by row, in whole vectors: what the last one of
 * a row writes beyond it, the next row overwrites.
 */
final class TiledFloatSoftmax extends ShortFloatSoftmax {
    private static final int CAPACITY = 1024;
    private static final int ROWS = CAPACITY / 2;

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

    private final float[] logits = new float[CAPACITY + FEW];
    private final float[] results = new float[CAPACITY + FEW];
    private final double[] parts = new double[ROWS * LANES / 2];
    private final double[] sums = new double[ROWS];
    private final double[] own = new double[ROWS];
    private final double[] surprises = new double[ROWS];
    private final int[] places = new int[ROWS];

    /** What the rows are multiplied by or lessened by, in two words. */
    private final float[] high = new float[ROWS];

    private final float[] low = new float[ROWS];

    TiledFloatSoftmax() {
        super(CAPACITY + FEW);
    }

    /** How many rows make a tile: as many as have room, a multiple of what makes the tile whole vectors. */
    private static int tile(int cols) {
        int rows = CAPACITY / Math.max(cols, 2);
        return rows - rows % LANES;
    }

    @Override
    public void softmax(
            float[] z, int zOffset, int zStride, int rows, int cols, float[] out, int outOffset, int outStride) {
        int tile = tile(cols);
        for (int i = 0; i < rows; i += tile) {
            int count = Math.min(tile, rows - i);
            int at = zOffset + i * zStride;
            int outAt = outOffset + i * outStride;
            if (!exponentials(z, at, zStride, count, cols)) {
                super.softmax(z, at, zStride, count, cols, out, outAt, outStride);
                continue;
            }
            sum(count, cols);
            for (int t = 0; t < count; t++) {
                sums[t] = 1 / sums[t];
            }
            inTwoWords(sums, count);
            if (cols <= FEW) {
                multiplyFew(count, cols);
            } else {
                multiply(count, cols);
            }
            copy(results, 0, cols, count, cols, out, outAt, outStride);
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
            if (!exponentials(z, at, zStride, count, cols)) {
                super.logSoftmax(z, at, zStride, count, cols, out, outAt, outStride);
                continue;
            }
            sum(count, cols);
            findMost(count, cols);
            logs(count, cols);
            if (cols <= FEW) {
                subtractFew(count, cols);
            } else {
                subtract(count, cols);
            }
            for (int t = 0; t < count; t++) {
                results[t * cols + places[t]] = (float) -surprises[t];
            }
            copy(results, 0, cols, count, cols, out, outAt, outStride);
        }
    }

    private static void copy(float[] from, int at, int stride, int rows, int cols, float[] to, int toAt, int toStride) {
        if (stride == cols && toStride == cols) {
            System.arraycopy(from, at, to, toAt, rows * cols);
            return;
        }
        for (int t = 0; t < rows; t++) {
            System.arraycopy(from, at + t * stride, to, toAt + t * toStride, cols);
        }
    }

    /** Takes the exponentials of a tile; false if a logit is too large for that, or NaN. */
    private boolean exponentials(float[] z, int at, int stride, int rows, int cols) {
        int n = rows * cols;
        int whole = (n + FLOATS_LENGTH - 1) / FLOATS_LENGTH * FLOATS_LENGTH;
        copy(z, at, stride, rows, cols, logits, 0, cols);
        Arrays.fill(logits, n, whole, 0);
        return exponentials(logits, 0, whole);
    }

    private boolean exponentials(float[] z, int at, int n) {
        IntVector bitsOfMagnitude = IntVector.broadcast(INTS, Integer.MAX_VALUE);
        IntVector far = IntVector.broadcast(INTS, 0);
        FloatVector rounding = FloatVector.broadcast(FLOATS, FloatExp.rounding(0));
        FloatVector log2e = FloatVector.broadcast(FLOATS, FloatExp.LOG2_E);
        FloatVector minusLn2High = FloatVector.broadcast(FLOATS, -FloatExp.LN2_HIGH);
        FloatVector minusLn2Low = FloatVector.broadcast(FLOATS, -FloatExp.LN2_LOW);
        FloatVector q0 = FloatVector.broadcast(FLOATS, FloatExp.Q0);
        FloatVector q1 = FloatVector.broadcast(FLOATS, FloatExp.Q1);
        FloatVector q2 = FloatVector.broadcast(FLOATS, FloatExp.Q2);
        FloatVector q3 = FloatVector.broadcast(FLOATS, FloatExp.Q3);
        FloatVector q4 = FloatVector.broadcast(FLOATS, FloatExp.Q4);
        for (int k = 0; k < n; k += FLOATS_LENGTH) {
            FloatVector x = FloatVector.fromArray(FLOATS, z, at + k);
            far = x.reinterpretAsInts().and(bitsOfMagnitude).max(far);
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
            e.intoArray(exps, k);
            t.fma(power, power.sub(e)).intoArray(rests, k);
        }
        return far.reduceLanes(VectorOperators.MAX) <= Float.floatToRawIntBits(UNSHIFTED);
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

    private void sumFew(int rows, int cols) {
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
            DoubleVector w0 = (DoubleVector) e0.convertShape(F2D, FOUR_DOUBLES, 0);
            DoubleVector w1 = (DoubleVector) e1.convertShape(F2D, FOUR_DOUBLES, 0);
            DoubleVector w2 = (DoubleVector) e2.convertShape(F2D, FOUR_DOUBLES, 0);
            DoubleVector w3 = (DoubleVector) e3.convertShape(F2D, FOUR_DOUBLES, 0);
            DoubleVector c = (DoubleVector) c0.add(c1).add(c2).add(c3).convertShape(F2D, FOUR_DOUBLES, 0);
            w0.add(w2).add(w1.add(w3)).add(c).intoArray(parts, 4 * t);
        }
    }

    private void sum(int row, int full, int left, int to) {
        DoubleVector a = DoubleVector.broadcast(FOUR_DOUBLES, 0);
        DoubleVector b = DoubleVector.broadcast(FOUR_DOUBLES, 0);
        FloatVector c = FloatVector.broadcast(FOUR_FLOATS, 0);
        int k = row;
        for (; k < row + full; k += LANES) {
            a = ((DoubleVector) FloatVector.fromArray(FOUR_FLOATS, exps, k).convertShape(F2D, FOUR_DOUBLES, 0)).add(a);
            b = ((DoubleVector) FloatVector.fromArray(FOUR_FLOATS, exps, k + 4).convertShape(F2D, FOUR_DOUBLES, 0))
                    .add(b);
            c = FloatVector.fromArray(FOUR_FLOATS, rests, k).add(c);
            c = FloatVector.fromArray(FOUR_FLOATS, rests, k + 4).add(c);
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
        DoubleVector low = (DoubleVector) rest1.add(rest.add(c)).convertShape(F2D, FOUR_DOUBLES, 0);
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
        IntVector notIndex = IntVector.broadcast(EIGHT_INTS, ~INDEX);
        IntVector index = IntVector.fromArray(EIGHT_INTS, COUNT, 0);
        IntVector index1 = index.add(LANES);
        IntVector mask = IntVector.fromArray(EIGHT_INTS, MASKS, FEW - cols);
        IntVector mask1 = IntVector.fromArray(EIGHT_INTS, MASKS, FEW - cols + LANES);
        for (int t = 0, k = 0; t < rows; t++, k += cols) {
            IntVector key = FloatVector.fromArray(FloatVector.SPECIES_256, exps, k)
                    .reinterpretAsInts()
                    .and(notIndex)
                    .or(index)
                    .and(mask);
            IntVector key1 = FloatVector.fromArray(FloatVector.SPECIES_256, exps, k + LANES)
                    .reinterpretAsInts()
                    .and(notIndex)
                    .or(index1)
                    .and(mask1);
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
            key = FloatVector.fromArray(FloatVector.SPECIES_256, exps, k)
                    .reinterpretAsInts()
                    .and(notIndex)
                    .or(index)
                    .max(key);
            index = step.add(index);
        }
        IntVector mask = IntVector.fromArray(EIGHT_INTS, MASKS, FEW - left);
        return FloatVector.fromArray(FloatVector.SPECIES_256, exps, k)
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
        inTwoWords(own, rows);
    }

    private void inTwoWords(double[] numbers, int rows) {
        for (int t = 0; t < rows; t++) {
            high[t] = (float) numbers[t];
            low[t] = (float) (numbers[t] - high[t]);
        }
    }

    private void multiply(int rows, int cols) {
        for (int t = 0; t < rows; t++) {
            FloatVector factor = FloatVector.broadcast(FLOATS, high[t]);
            FloatVector rest = FloatVector.broadcast(FLOATS, low[t]);
            int end = (t + 1) * cols;
            for (int k = t * cols; k < end; k += FLOATS_LENGTH) {
                FloatVector e = FloatVector.fromArray(FLOATS, exps, k);
                FloatVector small = FloatVector.fromArray(FLOATS, rests, k).mul(factor);
                e.fma(factor, e.fma(rest, small)).intoArray(results, k);
            }
        }
    }

    private void multiplyFew(int rows, int cols) {
        for (int t = 0, k = 0; t < rows; t++, k += cols) {
            FloatVector factor = FloatVector.broadcast(EIGHT_FLOATS, high[t]);
            FloatVector rest = FloatVector.broadcast(EIGHT_FLOATS, low[t]);
            FloatVector e = FloatVector.fromArray(EIGHT_FLOATS, exps, k);
            FloatVector e1 = FloatVector.fromArray(EIGHT_FLOATS, exps, k + LANES);
            FloatVector small = FloatVector.fromArray(EIGHT_FLOATS, rests, k).mul(factor);
            FloatVector small1 =
                    FloatVector.fromArray(EIGHT_FLOATS, rests, k + LANES).mul(factor);
            e.fma(factor, e.fma(rest, small)).intoArray(results, k);
            e1.fma(factor, e1.fma(rest, small1)).intoArray(results, k + LANES);
        }
    }

    private void subtract(int rows, int cols) {
        for (int t = 0; t < rows; t++) {
            FloatVector log = FloatVector.broadcast(FLOATS, high[t]);
            FloatVector rest = FloatVector.broadcast(FLOATS, low[t]);
            int end = (t + 1) * cols;
            for (int k = t * cols; k < end; k += FLOATS_LENGTH) {
                FloatVector.fromArray(FLOATS, logits, k).sub(log).sub(rest).intoArray(results, k);
            }
        }
    }

    private void subtractFew(int rows, int cols) {
        for (int t = 0, k = 0; t < rows; t++, k += cols) {
            FloatVector log = FloatVector.broadcast(EIGHT_FLOATS, high[t]);
            FloatVector rest = FloatVector.broadcast(EIGHT_FLOATS, low[t]);
            FloatVector.fromArray(EIGHT_FLOATS, logits, k).sub(log).sub(rest).intoArray(results, k);
            FloatVector.fromArray(EIGHT_FLOATS, logits, k + LANES)
                    .sub(log)
                    .sub(rest)
                    .intoArray(results, k + LANES);
        }
    }
}
