package io.logits.kernels.simd;

import static io.logits.kernels.simd.DoubleConstants.*;

import jdk.incubator.vector.DoubleVector;

/**
 * The lanewise twin of {@link io.logits.kernels.spec.Exp}. A method of our own is inlined as long as the compiler has few
 * nodes: this one, if it is the first that a loop calls, and no second one. Where it is not, vectors are boxed and the
 * tests of allocation fail.
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
}
