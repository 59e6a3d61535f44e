package io.logits.kernels.simd;

import static io.logits.kernels.simd.FloatConstants.FLOATS;
import static io.logits.kernels.simd.FloatConstants.FLOATS_LENGTH;
import static io.logits.kernels.simd.FloatConstants.INTS;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.OR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;

/**
 * Collects elements within bounds: first a bit for each, then the positions of the bits. Each step is a method of its own,
 * since in one the compiler leaves calls in the loop. An object serves one thread.
 */
final class WithinBounds {
    /** Elements that have a word of bits together. */
    static final int WORD = Long.SIZE;

    private static final int WORDS = 32;
    /** Positions appended without asking whether there are so many. */
    private static final int UNROLLED = 2;

    private static final long LOW_HALF = 0xffffffffL;

    /** Entry i has the bit pattern of the integer {@code 1 << i}. */
    private static final float[] LANE_BITS = new float[Integer.SIZE];

    static {
        for (int lane = 0; lane < LANE_BITS.length; lane++) {
            LANE_BITS[lane] = Float.intBitsToFloat(1 << lane);
        }
    }

    private final long[] within = new long[WORDS];
    private final long[] above = new long[WORDS];

    /** {@link io.logits.kernels.SelectionKernels#collect} of whole words. */
    int collect(float[] z, int offset, int n, float low, float high, int first, int[] ids, float[] values, int count) {
        int end = count;
        for (int j = 0; j < n; j += WORDS * WORD) {
            int words = Math.min(WORDS, (n - j) / WORD);
            bits(low, z, offset + j, words, within);
            if (high < Float.POSITIVE_INFINITY) {
                bits(high, z, offset + j, words, above);
                for (int w = 0; w < words; w++) {
                    within[w] &= ~above[w];
                }
            }
            int before = end;
            end = positions(within, words, first + j, ids, before);
            // While they are in the nearest cache.
            for (int i = before; i < end; i++) {
                values[i] = z[offset + ids[i] - first];
            }
        }
        return end;
    }

    private static void bits(float bound, float[] z, int at, int words, long[] out) {
        for (int w = 0; w < words; w++) {
            out[w] = word(bound, z, at + w * WORD);
        }
    }

    /**
     * A bit for each element of a word that is not below a bound. A lane of a vector has its bits in half a long, so there
     * are two vectors; once the halves of their longs are put together, both are reduced as one. No vector lives longer than
     * this: one that did, across another loop, would be boxed by the compiler of JDK 17.
     */
    private static long word(float bound, float[] z, int at) {
        IntVector low = IntVector.zero(INTS);
        IntVector high = IntVector.zero(INTS);
        for (int j = 0; j < WORD / 2; j += FLOATS_LENGTH) {
            // VectorMask.toLong would say the same, slowly on JDK 17.
            FloatVector bits = FloatVector.fromArray(FLOATS, LANE_BITS, j);
            low = FloatVector.zero(FLOATS)
                    .blend(bits, FloatVector.fromArray(FLOATS, z, at + j).compare(GE, bound))
                    .reinterpretAsInts()
                    .or(low);
            FloatVector other = FloatVector.fromArray(FLOATS, z, at + WORD / 2 + j);
            high = FloatVector.zero(FLOATS)
                    .blend(bits, other.compare(GE, bound))
                    .reinterpretAsInts()
                    .or(high);
        }
        LongVector first = IntVector.zero(INTS).or(low).reinterpretAsLongs();
        LongVector second = IntVector.zero(INTS).or(high).reinterpretAsLongs();
        LongVector lower = first.or(first.lanewise(LSHR, WORD / 2)).and(LOW_HALF);
        LongVector upper = second.or(second.lanewise(LSHL, WORD / 2)).and(~LOW_HALF);
        return lower.or(upper).reduceLanes(OR);
    }

    /**
     * Appends {@code first + i} for each bit i that is set, in order, and up to two numbers more, which are overwritten: how
     * often a loop over the bits of a word goes round cannot be predicted, and what costs most of it is that.
     */
    private static int positions(long[] words, int n, int first, int[] ids, int count) {
        int end = count;
        for (int w = 0; w < n; w++) {
            long left = words[w];
            int at = end;
            end += Long.bitCount(left);
            do {
                for (int i = 0; i < UNROLLED; i++) {
                    ids[at + i] = first + w * WORD + Long.numberOfTrailingZeros(left);
                    left &= left - 1;
                }
                at += UNROLLED;
            } while (at < end);
        }
        return end;
    }
}
