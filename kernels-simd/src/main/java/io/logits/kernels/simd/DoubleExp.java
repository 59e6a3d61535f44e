package io.logits.kernels.simd;

import static io.logits.kernels.simd.DoubleConstants.*;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The lanewise twin of {@link io.logits.kernels.spec.Exp}. These helpers are inlined if they are called early in a
 * kernel; the tests of allocation stand guard.
 */
final class DoubleExp {
    private DoubleExp() {}

    static DoubleVector rest(DoubleVector r, DoubleVector low) {
        DoubleVector x = r.add(low);
        DoubleVector square = x.mul(x);
        DoubleVector even = Q8.fma(square, Q6).fma(square, Q4).fma(square, Q2).fma(square, Q0);
        DoubleVector odd = Q9.fma(square, Q7).fma(square, Q5).fma(square, Q3).fma(square, Q1);
        return odd.fma(x, even).fma(square, low);
    }

    static DoubleVector power(DoubleVector rounded, LongVector bias) {
        return rounded.reinterpretAsLongs()
                .add(bias)
                .lanewise(VectorOperators.LSHL, 52)
                .reinterpretAsDoubles();
    }
}
