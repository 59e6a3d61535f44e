package io.logits.kernels;

/** How 16 bits hold a floating-point number. */
public enum HalfFormat {
    /** IEEE 754 binary16: 5 bits of exponent, 10 of fraction; largest number 65504. */
    FLOAT16,
    /** The upper half of a float32: 8 bits of exponent, 7 of fraction. */
    BFLOAT16;

    void widen(FunctionKernels kernels, short[] z, int zOffset, int n, float[] out, int outOffset) {
        if (this == FLOAT16) {
            kernels.fromFloat16(z, zOffset, n, out, outOffset);
        } else {
            kernels.fromBfloat16(z, zOffset, n, out, outOffset);
        }
    }
}
