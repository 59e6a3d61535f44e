package io.logits.kernels.simd;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.F2D;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.MIN;
import static jdk.incubator.vector.VectorOperators.OR;
import static jdk.incubator.vector.VectorOperators.S2I;
import static jdk.incubator.vector.VectorOperators.XOR;

import io.logits.kernels.SelectionKernels;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link SelectionKernels} several lanes at a time. A vector holds {@code D} of the 8 virtual lanes of a sum; a block is
 * walked once for each group of D lanes, so that one loop serves every width. What does not fill vectors is left to the
 * scalar twin.
 */
final class SimdSelection implements SelectionKernels {
    private static final int LANES = 8;
    private static final double ROUND = 0x1.8p52;

    private static final VectorSpecies<Double> DOUBLES = Lanes.DOUBLES;
    private static final VectorSpecies<Float> FLOATS = Lanes.FLOATS;
    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, Lanes.SHAPE);
    /** As many floats as there are doubles in a vector. */
    private static final VectorSpecies<Float> HALF_FLOATS =
            VectorSpecies.of(float.class, VectorShape.forBitSize(Lanes.BITS / 2));
    /** As many 16-bit numbers as there are floats in a vector. */
    private static final VectorSpecies<Short> HALF_SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(Lanes.BITS / 2));

    private static final int ORDERED_INFINITY = 0x7f800000;

    private static final int D = DOUBLES.length();
    private static final int F = FLOATS.length();

    /** Entry i has the bit pattern of the integer {@code 1 << i}. */
    private static final float[] LANE_BITS = new float[F];

    static {
        for (int lane = 0; lane < F; lane++) {
            LANE_BITS[lane] = Float.intBitsToFloat(1 << lane);
        }
    }

    private final SelectionKernels scalar;

    SimdSelection(SelectionKernels scalar) {
        this.scalar = scalar;
    }

    private static DoubleVector exponent(float[] z, int at, DoubleVector max, DoubleVector scale) {
        FloatVector logits = FloatVector.fromArray(HALF_FLOATS, z, at);
        return ((DoubleVector) logits.convertShape(F2D, DOUBLES, 0)).sub(max).mul(scale);
    }

    /** {@code 2^t}, 0 for {@code t < -1022}: the operations of the scalar twin in its order. */
    private static DoubleVector exp2(DoubleVector t) {
        return normalExp2(t).blend(0, t.compare(LT, -1022));
    }

    /** {@code 2^t} for {@code t >= -1022}. */
    private static DoubleVector normalExp2(DoubleVector t) {
        DoubleVector rounded = t.add(ROUND);
        DoubleVector f = t.sub(rounded.sub(ROUND));
        DoubleVector q = DoubleVector.broadcast(DOUBLES, 0x1.6394436806567p-28);
        q = q.fma(f, DoubleVector.broadcast(DOUBLES, 0x1.0025a956780a6p-23));
        q = q.fma(f, DoubleVector.broadcast(DOUBLES, 0x1.4308f0a23b732p-19));
        q = q.fma(f, DoubleVector.broadcast(DOUBLES, 0x1.5d87f21a0b248p-15));
        q = q.fma(f, DoubleVector.broadcast(DOUBLES, 0x1.3b2ab6ff1a2adp-11));
        q = q.fma(f, DoubleVector.broadcast(DOUBLES, 0x1.c6b08d7211e9ep-8));
        q = q.fma(f, DoubleVector.broadcast(DOUBLES, 0x1.ebfbdff82c008p-5));
        q = q.fma(f, DoubleVector.broadcast(DOUBLES, 0x1.62e42fefa37b8p-2));
        DoubleVector root = q.fma(f, DoubleVector.broadcast(DOUBLES, 1));
        DoubleVector power = root.mul(root);
        return power.reinterpretAsLongs()
                .add(rounded.reinterpretAsLongs().lanewise(LSHL, 52))
                .reinterpretAsDoubles();
    }

    private static void fold(double[] sums, int at) {
        sums[at] = ((sums[at] + sums[at + 4]) + (sums[at + 2] + sums[at + 6]))
                + ((sums[at + 1] + sums[at + 5]) + (sums[at + 3] + sums[at + 7]));
    }

    @Override
    public float blockMaxima(float[] z, int offset, int n, float[] maxima, int at) {
        int whole = n - n % BLOCK;
        int least = ORDERED_INFINITY;
        boolean nan = false;
        for (int from = 0, block = at; from < whole; from += BLOCK, block++) {
            int smallest = blockExtremes(z, offset + from, maxima, block);
            least = Math.min(least, smallest);
            nan |= smallest < ~ORDERED_INFINITY || Float.isNaN(maxima[block]);
        }
        float smallest = nan ? Float.NaN : Float.intBitsToFloat(least ^ (least >> 31) >>> 1);
        if (whole < n) {
            float ofRest = scalar.blockMaxima(z, offset + whole, n - whole, maxima, at + whole / BLOCK);
            smallest = Math.min(smallest, ofRest);
        }
        return smallest;
    }

    /**
     * Writes the maximum and returns the bits of the minimum, made monotone. Vectors that live across two nested loops
     * are boxed by the compiler of JDK 17, so a block is a method.
     */
    private static int blockExtremes(float[] z, int start, float[] maxima, int block) {
        // The bits of floats, those below the sign inverted in negative ones, are ordered like the floats;
        // NaN comes out above infinity or below -infinity.
        IntVector max = IntVector.broadcast(INTS, Integer.MIN_VALUE);
        IntVector min = IntVector.broadcast(INTS, Integer.MAX_VALUE);
        for (int j = start; j < start + BLOCK; j += F) {
            IntVector bits = FloatVector.fromArray(FLOATS, z, j).reinterpretAsInts();
            IntVector ordered = bits.lanewise(XOR, bits.lanewise(ASHR, 31).lanewise(LSHR, 1));
            max = max.max(ordered);
            min = min.min(ordered);
        }
        int largest = max.reduceLanes(MAX);
        maxima[block] = Float.intBitsToFloat(largest ^ (largest >> 31) >>> 1);
        return min.reduceLanes(MIN);
    }

    @Override
    public void blockSums(float[] z, int offset, int n, float least, double max, double scale, double[] sums, int at) {
        DoubleVector maximum = DoubleVector.broadcast(DOUBLES, max);
        boolean normal = (least - max) * scale >= -1022;
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
                    DoubleVector t = exponent(z, j, maximum, factor);
                    sum = sum.add(normal ? normalExp2(t) : exp2(t));
                }
                sum.intoArray(sums, block + lane);
            }
            fold(sums, block);
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
        boolean normal = (least - max) * scale >= -1022;
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
                    DoubleVector logits = (DoubleVector)
                            FloatVector.fromArray(HALF_FLOATS, z, j).convertShape(F2D, DOUBLES, 0);
                    DoubleVector t = logits.sub(maximum).mul(factor);
                    DoubleVector weight = normal ? normalExp2(t) : exp2(t);
                    sum = sum.add(weight);
                    kept = kept.add(weight.blend(0, logits.compare(LT, bound)));
                }
                sum.intoArray(sums, block + lane);
                kept.intoArray(above, block + lane);
            }
            fold(sums, block);
            fold(above, block);
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
                    DoubleVector t = exponent(z, j, maximum, factor);
                    DoubleVector weight = exp2(t);
                    sum = sum.add(weight);
                    // Where the weight is 0, t may be infinite.
                    moment = weight.fma(t.blend(0, t.compare(LT, -1022)), moment);
                }
                sum.intoArray(sums, block + lane);
                moment.intoArray(moments, block + lane);
            }
            fold(sums, block);
            fold(moments, block);
        }
    }

    @Override
    public void weights(float[] z, int offset, int n, double max, double scale, double[] out, int at) {
        DoubleVector maximum = DoubleVector.broadcast(DOUBLES, max);
        DoubleVector factor = DoubleVector.broadcast(DOUBLES, scale);
        int whole = n - n % D;
        for (int j = 0; j < whole; j += D) {
            exp2(exponent(z, offset + j, maximum, factor)).intoArray(out, at + j);
        }
        if (whole < n) {
            scalar.weights(z, offset + whole, n - whole, max, scale, out, at + whole);
        }
    }

    @Override
    public int collect(
            float[] z, int offset, int n, float low, float high, int first, int[] ids, float[] values, int count) {
        int end = count;
        int whole = n - n % F;
        for (int j = 0; j < whole; j += F) {
            for (int lanes = lanesWithin(z, offset + j, low, high); lanes != 0; lanes &= lanes - 1) {
                int i = j + Integer.numberOfTrailingZeros(lanes);
                ids[end] = first + i;
                values[end++] = z[offset + i];
            }
        }
        return scalar.collect(z, offset + whole, n - whole, low, high, first + whole, ids, values, end);
    }

    /**
     * A bit for each lane with {@code low <= z < high}. No vector lives longer than this: one that did, across the loop
     * over the bits, would be boxed by the compiler of JDK 17.
     */
    private static int lanesWithin(float[] z, int at, float low, float high) {
        FloatVector logits = FloatVector.fromArray(FLOATS, z, at);
        VectorMask<Float> within = logits.compare(GE, low).and(logits.compare(LT, high));
        if (!within.anyTrue()) {
            return 0;
        }
        // VectorMask.toLong would say the same, slowly on JDK 17.
        return FloatVector.zero(FLOATS)
                .blend(FloatVector.fromArray(FLOATS, LANE_BITS, 0), within)
                .reinterpretAsInts()
                .reduceLanes(OR);
    }

    @Override
    public void widenFloat16(short[] half, int offset, int n, float[] out, int at) {
        int whole = n - n % F;
        for (int j = 0; j < whole; j += F) {
            IntVector bits = (IntVector)
                    ShortVector.fromArray(HALF_SHORTS, half, offset + j).convertShape(S2I, INTS, 0);
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
            IntVector bits = (IntVector)
                    ShortVector.fromArray(HALF_SHORTS, half, offset + j).convertShape(S2I, INTS, 0);
            bits.lanewise(LSHL, 16).reinterpretAsFloats().intoArray(out, at + j);
        }
        scalar.widenBfloat16(half, offset + whole, n - whole, out, at + whole);
    }
}
