package io.logits.kernels.simd;

import io.logits.kernels.spec.Exp;
import io.logits.kernels.spec.Log;
import io.logits.kernels.spec.Pointwise;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Numbers spread over all lanes, once: a broadcast inside a kernel costs the compiler so many nodes that it stops
 * inlining, and vectors are then boxed.
 */
final class DoubleConstants {
    static final VectorSpecies<Double> SPECIES = Lanes.DOUBLES;
    static final VectorSpecies<Long> LONGS = VectorSpecies.of(long.class, Lanes.SHAPE);
    /** As many ints as there are doubles in a vector; of no use at 128 bits, where 64-bit shapes are not compiled well. */
    static final VectorSpecies<Integer> INTS =
            VectorSpecies.of(int.class, VectorShape.forBitSize(Math.max(64, Lanes.BITS / 2)));

    static final int LENGTH = SPECIES.length();

    static final DoubleVector ZERO = all(0);
    static final DoubleVector ONE = all(1);
    static final DoubleVector TWO = all(2);
    static final DoubleVector NEGATIVE_INFINITY = all(Double.NEGATIVE_INFINITY);
    static final DoubleVector POSITIVE_INFINITY = all(Double.POSITIVE_INFINITY);
    static final DoubleVector NAN = all(Double.NaN);

    static final DoubleVector LOG2_E = all(Exp.LOG2_E);
    static final DoubleVector ROUND = all(Exp.ROUND);
    static final DoubleVector MINUS_LN2_HIGH = all(-Exp.LN2_HIGH);
    static final DoubleVector MINUS_LN2_LOW = all(-Exp.LN2_LOW);
    static final DoubleVector Q0 = all(Exp.Q0);
    static final DoubleVector Q1 = all(Exp.Q1);
    static final DoubleVector Q2 = all(Exp.Q2);
    static final DoubleVector Q3 = all(Exp.Q3);
    static final DoubleVector Q4 = all(Exp.Q4);
    static final DoubleVector Q5 = all(Exp.Q5);
    static final DoubleVector Q6 = all(Exp.Q6);
    static final DoubleVector Q7 = all(Exp.Q7);
    static final DoubleVector Q8 = all(Exp.Q8);
    static final DoubleVector Q9 = all(Exp.Q9);

    static final DoubleVector LN2_HEAD = all(Log.LN2_HEAD);
    static final DoubleVector LN2_TAIL = all(Log.LN2_TAIL);
    static final DoubleVector HALVING = all(Log.SQRT2 - 1);
    static final DoubleVector R0 = all(Log.R0);
    static final DoubleVector R1 = all(Log.R1);
    static final DoubleVector R2 = all(Log.R2);
    static final DoubleVector R3 = all(Log.R3);
    static final DoubleVector R4 = all(Log.R4);
    static final DoubleVector R5 = all(Log.R5);
    static final DoubleVector R6 = all(Log.R6);

    static final DoubleVector MINUS_CUT = all(-Pointwise.CUT);
    static final DoubleVector UP = all(1 / Pointwise.DOWN);
    static final DoubleVector DOWN = all(Pointwise.DOWN);
    static final DoubleVector TINY_EXPONENT = all(Pointwise.TINY_EXPONENT);
    static final DoubleVector LINEAR = all(Pointwise.LINEAR);

    static final LongVector BIAS_UP = LongVector.broadcast(LONGS, Exp.BIAS + Pointwise.UP);

    private DoubleConstants() {}

    static DoubleVector all(double x) {
        return DoubleVector.broadcast(SPECIES, x);
    }

    /** The least multiple of {@link #LENGTH} that is not below {@code n}. */
    static int wholeVectors(int n) {
        return (n + LENGTH - 1) / LENGTH * LENGTH;
    }
}
