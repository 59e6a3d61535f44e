package io.logits.kernels.simd;

import static io.logits.kernels.simd.DoubleConstants.ONE;
import static io.logits.kernels.simd.FloatConstants.HALF;
import static io.logits.kernels.simd.FloatConstants.SHORTS;
import static jdk.incubator.vector.VectorOperators.F2D;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.MIN;
import static jdk.incubator.vector.VectorOperators.S2I;

import io.logits.kernels.SelectionKernels;
import io.logits.kernels.spec.Weight;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link SelectionKernels} several lanes at a time. A vector holds {@code D} of the 8 virtual lanes of a sum; a block is
 * walked once for each group of D lanes, so that one loop serves every width. What does not fill vectors is left to the
 * scalar twin.
 */
final class SimdSelection implements SelectionKernels {
    private static final int LANES = 8;

    private static final VectorSpecies<Double> DOUBLES = Lanes.DOUBLES;
    private static final VectorSpecies<Float> FLOATS = Lanes.FLOATS;
    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, Lanes.SHAPE);
    private static final int MAGNITUDE = 0x7fffffff;
    private static final int INFINITY = 0x7f800000;

    // From fields: so many broadcasts beside would be more than the compiler of JDK 17 inlines, and vectors are then
    // boxed.
    private static final DoubleVector ROUND = DoubleVector.broadcast(DOUBLES, Weight.ROUND);
    private static final DoubleVector Q0 = DoubleVector.broadcast(DOUBLES, Weight.Q0);
    private static final DoubleVector Q1 = DoubleVector.broadcast(DOUBLES, Weight.Q1);
    private static final DoubleVector Q2 = DoubleVector.broadcast(DOUBLES, Weight.Q2);
    private static final DoubleVector Q3 = DoubleVector.broadcast(DOUBLES, Weight.Q3);
    private static final DoubleVector Q4 = DoubleVector.broadcast(DOUBLES, Weight.Q4);
    private static final DoubleVector Q5 = DoubleVector.broadcast(DOUBLES, Weight.Q5);
    private static final DoubleVector Q6 = DoubleVector.broadcast(DOUBLES, Weight.Q6);
    private static final DoubleVector Q7 = DoubleVector.broadcast(DOUBLES, Weight.Q7);

    private static final int D = DOUBLES.length();
    private static final int F = FLOATS.length();

    private final SelectionKernels scalar;
    /** Room for what passes keep, made once so that a call allocates nothing. */
    private final ThreadLocal<CoarseSums> coarseSums = ThreadLocal.withInitial(CoarseSums::new);

    private final ThreadLocal<WithinBounds> withinBounds = ThreadLocal.withInitial(WithinBounds::new);

    SimdSelection(SelectionKernels scalar) {
        this.scalar = scalar;
    }

    /** How far logits are below the largest: zero or less. */
    private static DoubleVector distance(float[] z, int at, DoubleVector max) {
        FloatVector logits = FloatVector.fromArray(HALF, z, at);
        return ((DoubleVector) logits.convertShape(F2D, DOUBLES, 0)).sub(max);
    }

    /** The lanewise twin of {@link Weight#of}. */
    private static DoubleVector weight(DoubleVector d, DoubleVector scale) {
        return normalWeight(d, scale).blend(0, d.mul(scale).compare(LT, Weight.LEAST));
    }

    /** The same where no weight is 0. */
    private static DoubleVector normalWeight(DoubleVector d, DoubleVector scale) {
        DoubleVector rounded = d.fma(scale, ROUND);
        DoubleVector f = d.fma(scale, ROUND.sub(rounded));
        DoubleVector q = Q7.fma(f, Q6)
                .fma(f, Q5)
                .fma(f, Q4)
                .fma(f, Q3)
                .fma(f, Q2)
                .fma(f, Q1)
                .fma(f, Q0);
        DoubleVector root = q.fma(f, ONE);
        DoubleVector power = root.mul(root);
        return power.reinterpretAsLongs()
                .add(rounded.reinterpretAsLongs().lanewise(LSHL, 52))
                .reinterpretAsDoubles();
    }

    @Override
    public float blockMaxima(float[] z, int offset, int n, float[] maxima, int at) {
        int whole = n - n % BLOCK;
        int far = 0;
        for (int from = 0, block = at; from < whole; from += BLOCK, block++) {
            far = Math.max(far, blockExtremes(z, offset + from, maxima, block));
        }
        float largest = far > INFINITY ? Float.NaN : Float.intBitsToFloat(far);
        if (whole < n) {
            largest = Math.max(largest, scalar.blockMaxima(z, offset + whole, n - whole, maxima, at + whole / BLOCK));
        }
        return largest;
    }

    /**
     * Writes the maximum and returns the bits of the largest magnitude, NaN being above infinity. As integers, floats are
     * ordered, but for the negative ones, the other way round. Vectors that live across two nested loops are boxed by the
     * compiler of JDK 17, so a block is a method.
     */
    private static int blockExtremes(float[] z, int start, float[] maxima, int block) {
        IntVector bitsOfMagnitude = IntVector.broadcast(INTS, MAGNITUDE);
        IntVector most = IntVector.broadcast(INTS, Integer.MIN_VALUE);
        IntVector far = IntVector.broadcast(INTS, 0);
        for (int j = start; j < start + BLOCK; j += F) {
            IntVector bits = FloatVector.fromArray(FLOATS, z, j).reinterpretAsInts();
            most = bits.max(most);
            far = bits.and(bitsOfMagnitude).max(far);
        }
        int largest = most.reduceLanes(MAX);
        maxima[block] = Float.intBitsToFloat(largest >= 0 ? largest : leastOfNegative(z, start));
        return far.reduceLanes(MAX);
    }

    /** The bits of the largest of a block of numbers that are all negative. */
    private static int leastOfNegative(float[] z, int start) {
        IntVector least = IntVector.broadcast(INTS, Integer.MAX_VALUE);
        for (int j = start; j < start + BLOCK; j += F) {
            least = FloatVector.fromArray(FLOATS, z, j).reinterpretAsInts().min(least);
        }
        return least.reduceLanes(MIN);
    }

    @Override
    public void blockSums(float[] z, int offset, int n, float least, double max, double scale, double[] sums, int at) {
        DoubleVector maximum = DoubleVector.broadcast(DOUBLES, max);
        boolean normal = (least - max) * scale >= Weight.LEAST;
        DoubleVector factor = DoubleVector.broadcast(DOUBLES, scale);
        for (int from = 0, block = at; from < n; from += BLOCK, block++) {
            int start = offset + from;
            int length = Math.min(BLOCK, n - from);
            if (length % LANES != 0) {
                scalar.blockSums(z, start, length, least, max, scale, sums, block);
                return;
            }
            for (int lane = 0; lane < LANES; lane += D) {
                DoubleVector sum = DoubleVector.zero(DOUBLES);
                for (int j = start + lane; j < start + length; j += LANES) {
                    DoubleVector d = distance(z, j, maximum);
                    DoubleVector weight = normal ? normalWeight(d, factor) : weight(d, factor);
                    sum = weight.add(sum);
                }
                // The receiver is of one class then, whatever other vectors the program uses.
                DoubleVector.zero(DOUBLES).add(sum).intoArray(sums, block + lane);
            }
            sums[block] = Lanes.fold(sums, block);
        }
    }

    @Override
    public void coarseSums(
            float[] z,
            int offset,
            int n,
            float[] maxima,
            int block,
            float least,
            double max,
            double scale,
            double[] sums,
            int at) {
        if (!Weight.isCoarse(scale)) {
            scalar.coarseSums(z, offset, n, maxima, block, least, max, scale, sums, at);
            return;
        }
        CoarseSums groups = coarseSums.get();
        groups.scale(least, max, scale);
        int blocks = (n + BLOCK - 1) / BLOCK;
        for (int b = 0; b < blocks; b += GROUP) {
            float largest = maxima[block + b];
            for (int next = b + 1; next < Math.min(b + GROUP, blocks); next++) {
                largest = Math.max(largest, maxima[block + next]);
            }
            int from = b * BLOCK;
            groups.sum(z, offset + from, Math.min(GROUP * BLOCK, n - from), largest, sums, at + b / GROUP);
        }
    }

    @Override
    public void blockSumsAbove(
            float[] z,
            int offset,
            int n,
            float least,
            double max,
            double scale,
            float bound,
            double[] sums,
            double[] above,
            int at) {
        DoubleVector maximum = DoubleVector.broadcast(DOUBLES, max);
        boolean normal = (least - max) * scale >= Weight.LEAST;
        DoubleVector factor = DoubleVector.broadcast(DOUBLES, scale);
        for (int from = 0, block = at; from < n; from += BLOCK, block++) {
            int start = offset + from;
            int length = Math.min(BLOCK, n - from);
            if (length % LANES != 0) {
                scalar.blockSumsAbove(z, start, length, least, max, scale, bound, sums, above, block);
                return;
            }
            for (int lane = 0; lane < LANES; lane += D) {
                DoubleVector sum = DoubleVector.zero(DOUBLES);
                DoubleVector kept = DoubleVector.zero(DOUBLES);
                for (int j = start + lane; j < start + length; j += LANES) {
                    DoubleVector logits =
                            (DoubleVector) FloatVector.fromArray(HALF, z, j).convertShape(F2D, DOUBLES, 0);
                    DoubleVector d = logits.sub(maximum);
                    DoubleVector weight = normal ? normalWeight(d, factor) : weight(d, factor);
                    sum = weight.add(sum);
                    kept = weight.blend(0, logits.compare(LT, bound)).add(kept);
                }
                // The receiver is of one class then, whatever other vectors the program uses: else both are boxed in
                // some runs on JDK 17.
                DoubleVector.zero(DOUBLES).add(sum).intoArray(sums, block + lane);
                DoubleVector.zero(DOUBLES).add(kept).intoArray(above, block + lane);
            }
            sums[block] = Lanes.fold(sums, block);
            above[block] = Lanes.fold(above, block);
        }
    }

    @Override
    public void blockMoments(
            float[] z, int offset, int n, double max, double scale, double[] sums, double[] moments, int at) {
        DoubleVector maximum = DoubleVector.broadcast(DOUBLES, max);
        DoubleVector factor = DoubleVector.broadcast(DOUBLES, scale);
        for (int from = 0, block = at; from < n; from += BLOCK, block++) {
            int start = offset + from;
            int length = Math.min(BLOCK, n - from);
            if (length % LANES != 0) {
                scalar.blockMoments(z, start, length, max, scale, sums, moments, block);
                return;
            }
            for (int lane = 0; lane < LANES; lane += D) {
                DoubleVector sum = DoubleVector.zero(DOUBLES);
                DoubleVector moment = DoubleVector.zero(DOUBLES);
                for (int j = start + lane; j < start + length; j += LANES) {
                    DoubleVector d = distance(z, j, maximum);
                    DoubleVector t = d.mul(factor);
                    DoubleVector weight = weight(d, factor);
                    sum = weight.add(sum);
                    // Where the weight is 0, t may be infinite.
                    moment = weight.fma(t.blend(0, t.compare(LT, Weight.LEAST)), moment);
                }
                sum.intoArray(sums, block + lane);
                moment.intoArray(moments, block + lane);
            }
            sums[block] = Lanes.fold(sums, block);
            moments[block] = Lanes.fold(moments, block);
        }
    }

    @Override
    public void weights(float[] z, int offset, int n, double max, double scale, double[] out, int at) {
        DoubleVector maximum = DoubleVector.broadcast(DOUBLES, max);
        DoubleVector factor = DoubleVector.broadcast(DOUBLES, scale);
        int whole = n - n % D;
        for (int j = 0; j < whole; j += D) {
            // As weight does: it is called so few times that the compiler of JDK 17 leaves the call in some runs, and
            // boxes.
            DoubleVector d = ((DoubleVector)
                            FloatVector.fromArray(HALF, z, offset + j).convertShape(F2D, DOUBLES, 0))
                    .sub(maximum);
            DoubleVector rounded = d.fma(factor, ROUND);
            DoubleVector f = d.fma(factor, ROUND.sub(rounded));
            DoubleVector q = Q7.fma(f, Q6)
                    .fma(f, Q5)
                    .fma(f, Q4)
                    .fma(f, Q3)
                    .fma(f, Q2)
                    .fma(f, Q1)
                    .fma(f, Q0);
            DoubleVector root = q.fma(f, ONE);
            root.mul(root)
                    .reinterpretAsLongs()
                    .add(rounded.reinterpretAsLongs().lanewise(LSHL, 52))
                    .reinterpretAsDoubles()
                    .blend(0, d.mul(factor).compare(LT, Weight.LEAST))
                    .intoArray(out, at + j);
        }
        if (whole < n) {
            scalar.weights(z, offset + whole, n - whole, max, scale, out, at + whole);
        }
    }

    @Override
    public void massFrom(float[] z, double[] weights, int n, float bound, double[] sums, int at) {
        int whole = n - n % LANES;
        for (int lane = 0; lane < LANES; lane += D) {
            DoubleVector mass = DoubleVector.zero(DOUBLES);
            for (int j = lane; j < whole; j += LANES) {
                DoubleVector logits =
                        (DoubleVector) FloatVector.fromArray(HALF, z, j).convertShape(F2D, DOUBLES, 0);
                DoubleVector weight = DoubleVector.fromArray(DOUBLES, weights, j);
                mass = weight.blend(0, logits.compare(LT, bound)).add(mass);
            }
            DoubleVector.zero(DOUBLES).add(mass).intoArray(sums, at + lane);
        }
        for (int j = whole; j < n; j++) {
            sums[at + j - whole] += z[j] >= bound ? weights[j] : 0;
        }
        sums[at] = Lanes.fold(sums, at);
    }

    @Override
    public int collect(
            float[] z, int offset, int n, float low, float high, int first, int[] ids, float[] values, int count) {
        // If nothing but -infinity is below the bound, next to all are appended.
        int whole = low > -Float.MAX_VALUE ? n - n % WithinBounds.WORD : 0;
        int end = withinBounds.get().collect(z, offset, whole, low, high, first, ids, values, count);
        return scalar.collect(z, offset + whole, n - whole, low, high, first + whole, ids, values, end);
    }

    @Override
    public void widenFloat16(short[] half, int offset, int n, float[] out, int at) {
        int whole = n - n % F;
        for (int j = 0; j < whole; j += F) {
            IntVector bits =
                    (IntVector) ShortVector.fromArray(SHORTS, half, offset + j).convertShape(S2I, INTS, 0);
            IntVector magnitude = bits.and(0x7fff).lanewise(LSHL, 13);
            IntVector value = magnitude.reinterpretAsFloats().mul(0x1p112f).reinterpretAsInts();
            VectorMask<Integer> special = magnitude.compare(GE, 0x7c00 << 13);
            IntVector sign = bits.and(0x8000).lanewise(LSHL, 16);
            value.blend(magnitude.or(0x7f800000), special)
                    .or(sign)
                    .reinterpretAsFloats()
                    .intoArray(out, at + j);
        }
        scalar.widenFloat16(half, offset + whole, n - whole, out, at + whole);
    }

    @Override
    public void widenBfloat16(short[] half, int offset, int n, float[] out, int at) {
        int whole = n - n % F;
        for (int j = 0; j < whole; j += F) {
            IntVector bits =
                    (IntVector) ShortVector.fromArray(SHORTS, half, offset + j).convertShape(S2I, INTS, 0);
            bits.lanewise(LSHL, 16).reinterpretAsFloats().intoArray(out, at + j);
        }
        scalar.widenBfloat16(half, offset + whole, n - whole, out, at + whole);
    }
}
