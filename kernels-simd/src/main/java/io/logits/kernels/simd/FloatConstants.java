package io.logits.kernels.simd;

import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The shapes of float32 vectors and of what they are converted to. */
final class FloatConstants {
    static final VectorSpecies<Float> FLOATS = Lanes.FLOATS;
    static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, Lanes.SHAPE);
    /** As many floats as there are doubles in a vector. */
    static final VectorSpecies<Float> HALF =
            VectorSpecies.of(float.class, VectorShape.forBitSize(Math.max(64, Lanes.BITS / 2)));
    /** As many shorts as there are floats in a vector. */
    static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(Math.max(64, Lanes.BITS / 2)));

    static final int FLOATS_LENGTH = FLOATS.length();

    private FloatConstants() {}
}
