/**
 * Loops over arrays, and nothing else: arrays in, arrays out, no data types of the rest of the library.
 *
 * <p>{@link io.logits.kernels.ScalarKernels} is the specification. A twin found by {@link java.util.ServiceLoader} (the
 * module kernels-simd) gives the same bits, because every reduction is specified over a fixed number of virtual lanes
 * (8 doubles, 16 floats) that are folded in a fixed tree, and every elementary function is an own polynomial over
 * {@link java.lang.Math#fma(double, double, double)}.
 *
 * <p>Names: {@code z} logits, {@code p} probabilities, {@code x} data, {@code w} coefficients, {@code n} a count of
 * elements or rows, {@code k} a count of classes; {@code offset} is an index into an array, {@code stride} the distance
 * between the first elements of neighbouring rows, both in elements.
 */
@NullMarked
package io.logits.kernels;

import org.jspecify.annotations.NullMarked;
