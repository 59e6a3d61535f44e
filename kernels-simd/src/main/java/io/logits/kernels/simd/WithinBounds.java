package io.logits.kernels.simd;

import static io.logits.kernels.simd.FloatConstants.FLOATS;
import static io.logits.kernels.simd.FloatConstants.FLOATS_LENGTH;
import static io.logits.kernels.simd.FloatConstants.INTS;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;

/**
 * Collects elements within bounds: first a bit for each, then the positions of the bits, then the elements there. Each step is
 * a method of its own, since in one the compiler leaves calls in the loop. An object serves one thread.
 */
final class WithinBounds {
    /** Elements that have a word of bits together. */
    static final int WORD = Long.SIZE;

    private static final int WORDS = 128;

    private static final long LOW_HALF = 0xffffffffL;

    /** A word is left in as many parts as a vector has longs, each bit in one of them. */
    private static final int PARTS = FLOATS_LENGTH / 2;

    private static final int[] LANE_BITS = new int[Integer.SIZE];

    static {
        for (int lane = 0; lane < LANE_BITS.length; lane++) {
            LANE_BITS[lane] = 1 << lane;
        }
    }

    private final long[] within = new long[WORDS * PARTS];
    private final long[] above = new long[WORDS * PARTS];

    /** {@link io.logits.kernels.SelectionKernels#collect} of whole words; {@code low > -Float.MAX_VALUE}. */
    int collect(float[] z, int offset, int n, float low, float high, int first, int[] ids, float[] values, int count) {
        int end = count;
        for (int j = 0; j < n; j += WORDS * WORD) {
            int words = Math.min(WORDS, (n - j) / WORD);
            // One call for both bounds: the compiler of JDK 17 leaves the vectors of a second one boxed.
            int bounds = high < Float.POSITIVE_INFINITY ? 2 : 1;
            for (int b = 0; b < bounds; b++) {
                bits(Math.nextDown(b == 0 ? low : high), z, offset + j, words, b == 0 ? within : above);
            }
            for (int i = 0; bounds == 2 && i < words * PARTS; i++) {
                within[i] &= ~above[i];
            }
            int before = end;
            end = positions(within, words, first + j, ids, before);
            // While they are in a near cache.
            elements(z, offset - first, ids, values, before, end);
        }
        return end;
    }

    private static void bits(float below, float[] z, int at, int words, long[] out) {
        int end = at + words * WORD;
        int to = 0;
        for (int i = at; i < end; i += WORD) {
            word(below, z, i, out, to);
            to += PARTS;
        }
    }

    /**
     * A bit for each element of a word that is above a finite number: the sign of their difference, which is right however
     * small the difference is. A lane of a vector has its bits in half a long, so there are two vectors, the halves of
     * whose longs are put together. No vector lives longer than this: one that did, across another loop, would be boxed by
     * the compiler of JDK 17. A comparison and a choice by its mask are no fewer instructions, and keep more registers.
     */
    private static void word(float below, float[] z, int at, long[] out, int to) {
        FloatVector bound = FloatVector.broadcast(FLOATS, below);
        IntVector low = IntVector.zero(INTS);
        IntVector high = IntVector.zero(INTS);
        for (int j = 0; j < WORD / 2; j += FLOATS_LENGTH) {
            IntVector bits = IntVector.fromArray(INTS, LANE_BITS, j);
            FloatVector x = FloatVector.fromArray(FLOATS, z, at + j);
            FloatVector y = FloatVector.fromArray(FLOATS, z, at + WORD / 2 + j);
            low = bound.sub(x)
                    .reinterpretAsInts()
                    .lanewise(ASHR, Integer.SIZE - 1)
                    .and(bits)
                    .or(low);
            high = bound.sub(y)
                    .reinterpretAsInts()
                    .lanewise(ASHR, Integer.SIZE - 1)
                    .and(bits)
                    .or(high);
        }
        LongVector first = IntVector.zero(INTS).or(low).reinterpretAsLongs();
        LongVector second = IntVector.zero(INTS).or(high).reinterpretAsLongs();
        LongVector lower = first.or(first.lanewise(LSHR, WORD / 2)).and(LOW_HALF);
        LongVector upper = second.or(second.lanewise(LSHL, WORD / 2)).and(~LOW_HALF);
        lower.or(upper).intoArray(out, to);
    }

    /** A word put together. */
    private static long word(long[] parts, int at) {
        long word = parts[at] | parts[at + 1];
        if (PARTS >= 4) {
            word |= parts[at + 2] | parts[at + 3];
        }
        if (PARTS >= 8) {
            word |= parts[at + 4] | parts[at + 5] | parts[at + 6] | parts[at + 7];
        }
        return word;
    }

    /**
     * Appends {@code first + i} for each bit i that is set, in order, and up to two numbers more, which are overwritten: how
     * many bits a word has cannot be predicted, and what costs most of a loop over them is that.
     */
    private static int positions(long[] parts, int words, int first, int[] ids, int count) {
        int end = count;
        for (int w = 0; w < words; w++) {
            long left = word(parts, w * PARTS);
            int start = first + w * WORD;
            int bits = Long.bitCount(left);
            ids[end] = start + Long.numberOfTrailingZeros(left);
            left &= left - 1;
            ids[end + 1] = start + Long.numberOfTrailingZeros(left);
            if (bits > 2) {
                positions(left & (left - 1), start, ids, end + 2);
            }
            end += bits;
        }
        return end;
    }

    /** The same of one word. */
    private static void positions(long word, int first, int[] ids, int at) {
        int end = at;
        for (long left = word; left != 0; left &= left - 1) {
            ids[end++] = first + Long.numberOfTrailingZeros(left);
        }
    }

    private static void elements(float[] z, int shift, int[] ids, float[] values, int from, int to) {
        for (int i = from; i < to; i++) {
            values[i] = z[shift + ids[i]];
        }
    }
}
