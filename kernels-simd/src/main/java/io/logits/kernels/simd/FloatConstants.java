package io.logits.kernels.simd;

import io.logits.kernels.spec.FloatExp;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Float32 numbers spread over all lanes, once, as {@link DoubleConstants} has it. */
final class FloatConstants {
    static final VectorSpecies<Float> FLOATS = Lanes.FLOATS;
    static final VectorSpecies<Double> DOUBLES = Lanes.DOUBLES;
    static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, Lanes.SHAPE);
    /** As many floats as there are doubles in a vector. */
    static final VectorSpecies<Float> HALF =
            VectorSpecies.of(float.class, VectorShape.forBitSize(Math.max(64, Lanes.BITS / 2)));
    /** As many shorts as there are floats in a vector. */
    static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(Math.max(64, Lanes.BITS / 2)));

    static final int FLOATS_LENGTH = FLOATS.length();
    static final int DOUBLES_LENGTH = DOUBLES.length();

    static final FloatVector ONE_F = all(1);
    static final FloatVector LOG2_E_F = all(FloatExp.LOG2_E);
    static final FloatVector ROUND_F = all(FloatExp.ROUND);
    static final FloatVector MINUS_LN2_HIGH_F = all(-FloatExp.LN2_HIGH);
    static final FloatVector MINUS_LN2_LOW_F = all(-FloatExp.LN2_LOW);
    static final FloatVector Q0_F = all(FloatExp.Q0);
    static final FloatVector Q1_F = all(FloatExp.Q1);
    static final FloatVector Q2_F = all(FloatExp.Q2);
    static final FloatVector Q3_F = all(FloatExp.Q3);
    static final FloatVector Q4_F = all(FloatExp.Q4);

    static final IntVector BIAS_F = IntVector.broadcast(INTS, FloatExp.BIAS);

    private FloatConstants() {}

    static FloatVector all(float x) {
        return FloatVector.broadcast(FLOATS, x);
    }
}
