/**
 * The steps of which every exponential and logarithm of this library is made: argument reductions, polynomials,
 * constants. Exported to the SIMD twin alone, which repeats each step lane by lane.
 *
 * <p>Everything is fused multiply-add, addition, multiplication, division and moving of exponent bits, all of them
 * correctly rounded by IEEE 754, so that a step has one result on every machine. A number in two words is an unevaluated
 * sum {@code high + low} with {@code |low| <= ulp(high)/2}. Fast2Sum and TwoSum: Muller et al., Handbook of
 * Floating-Point Arithmetic, 2nd ed., 4.3.
 */
@NullMarked
package io.logits.kernels.spec;

import org.jspecify.annotations.NullMarked;
