package io.logits.kernels.simd;

import static io.logits.kernels.simd.FloatConstants.*;

import io.logits.kernels.spec.HalfFloats;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/** The lanewise twin of {@link HalfFloats}, for the multiple of a vector's length at the start of a range. */
final class SimdHalfFloats {
    private static final FloatVector REBIAS = FloatVector.broadcast(FLOATS, HalfFloats.REBIAS);
    private static final IntVector MAGNITUDE = IntVector.broadcast(INTS, HalfFloats.MAGNITUDE);
    private static final IntVector SIGN = IntVector.broadcast(INTS, ~HalfFloats.MAGNITUDE);
    private static final IntVector NOT_FINITE = IntVector.broadcast(INTS, HalfFloats.NOT_FINITE);
    private static final IntVector ALL_ONES = IntVector.broadcast(INTS, HalfFloats.ALL_ONES);
    private static final IntVector NONE = IntVector.broadcast(INTS, 0);

    private SimdHalfFloats() {}

    static int fromFloat16(short[] z, int zOffset, int n, float[] out, int outOffset) {
        int i = 0;
        for (; i <= n - FLOATS_LENGTH; i += FLOATS_LENGTH) {
            IntVector bits = (IntVector)
                    ShortVector.fromArray(SHORTS, z, zOffset + i).convertShape(VectorOperators.S2I, INTS, 0);
            IntVector magnitude = bits.lanewise(VectorOperators.AND, MAGNITUDE).lanewise(VectorOperators.LSHL, 13);
            IntVector widened = magnitude.reinterpretAsFloats().mul(REBIAS).reinterpretAsInts();
            IntVector special = NONE.blend(ALL_ONES, magnitude.compare(VectorOperators.GE, NOT_FINITE));
            IntVector sign = bits.lanewise(VectorOperators.AND, SIGN).lanewise(VectorOperators.LSHL, 16);
            widened.lanewise(VectorOperators.OR, special)
                    .lanewise(VectorOperators.OR, sign)
                    .reinterpretAsFloats()
                    .intoArray(out, outOffset + i);
        }
        return i;
    }

    static int fromBfloat16(short[] z, int zOffset, int n, float[] out, int outOffset) {
        int i = 0;
        for (; i <= n - FLOATS_LENGTH; i += FLOATS_LENGTH) {
            IntVector bits = (IntVector)
                    ShortVector.fromArray(SHORTS, z, zOffset + i).convertShape(VectorOperators.S2I, INTS, 0);
            bits.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(out, outOffset + i);
        }
        return i;
    }
}
