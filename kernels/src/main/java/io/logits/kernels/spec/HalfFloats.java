package io.logits.kernels.spec;

/** The two 16-bit floating-point formats, widened to float32, which holds all their numbers exactly. */
public final class HalfFloats {
    /** All bits but the sign. */
    public static final int MAGNITUDE = 0x7fff;

    /** The least magnitude bits, in a float32, of what is infinite or NaN in float16. */
    public static final int NOT_FINITE = 0x7c00 << 13;

    /** The exponent field of such a float32, to be set in addition. */
    public static final int ALL_ONES = 0x7f800000;

    /** 2^(127 - 15): the distance of the biases; the product is exact, also where a subnormal becomes normal. */
    public static final float REBIAS = 0x1p112f;

    private HalfFloats() {}

    /** The float16 number with these bits. (The JDK has this from version 20 on.) */
    public static float fromFloat16(short bits) {
        int magnitude = (bits & MAGNITUDE) << 13;
        int widened = Float.floatToRawIntBits(Float.intBitsToFloat(magnitude) * REBIAS);
        int special = magnitude >= NOT_FINITE ? ALL_ONES : 0;
        return Float.intBitsToFloat(widened | special | (bits & ~MAGNITUDE) << 16);
    }

    /** The bfloat16 number with these bits. */
    public static float fromBfloat16(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }
}
