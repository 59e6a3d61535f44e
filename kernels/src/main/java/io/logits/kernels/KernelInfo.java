package io.logits.kernels;

/**
 * Which kernels serve, and why.
 *
 * @param name {@code "scalar"} or {@code "simd"}
 * @param bits width of the vectors in bits; 64 for scalar kernels
 * @param reason why these kernels were chosen, as half a sentence for a person
 */
public record KernelInfo(String name, int bits, String reason) {}
