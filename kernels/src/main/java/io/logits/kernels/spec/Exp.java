package io.logits.kernels.spec;

/**
 * The exponential function in float64: {@code exp(x) = 2^k exp(r + low)} with {@code k = round(x / ln 2)}.
 *
 * <p>{@code r = x - k LN2_HIGH} is exact, because the fused product has at most 53 bits left once the leading ones
 * cancel (both terms are multiples of 2^-54 and {@code |r| < 1/2}); {@code low = -k LN2_LOW} carries what ln 2 has
 * beyond its first 53 bits. For {@code |k| < 2^13}.
 */
public final class Exp {
    public static final double LOG2_E = 0x1.71547652b82fep0;
    public static final double LN2_HIGH = 0x1.62e42fefa39efp-1;
    public static final double LN2_LOW = 0x1.abc9e3b39803fp-56;

    /** Added to a number below 2^51 in magnitude it rounds to an integer, which then stands in the lowest bits. */
    public static final double ROUND = 0x1.8p52;

    /** The exponent bias of float64. */
    public static final int BIAS = 1023;

    // (exp(r) - 1 - r) / r^2 for |r| <= ln(2)/2: relative error of 1 + r + r^2 q(r) 7.3e-18
    // (src/test/python/polynomials.py)
    public static final double Q0 = 0x1.0000000000009p-1;
    public static final double Q1 = 0x1.55555555553a9p-3;
    public static final double Q2 = 0x1.5555555550871p-5;
    public static final double Q3 = 0x1.1111111182b3ap-7;
    public static final double Q4 = 0x1.6c16c1848bf6cp-10;
    public static final double Q5 = 0x1.a019ff23245bbp-13;
    public static final double Q6 = 0x1.a019986f4af86p-16;
    public static final double Q7 = 0x1.71e3da62a43cep-19;
    public static final double Q8 = 0x1.28af42b02f6b4p-22;
    public static final double Q9 = 0x1.a5d3958373d5ep-26;

    private Exp() {}

    /** {@code c} with {@code exp(r + low) = 1 + r + c}: error at most 0.1 ulp of the exponential. */
    public static double rest(double r, double low) {
        double x = r + low;
        double square = x * x;
        double even = Math.fma(Math.fma(Math.fma(Math.fma(Q8, square, Q6), square, Q4), square, Q2), square, Q0);
        double odd = Math.fma(Math.fma(Math.fma(Math.fma(Q9, square, Q7), square, Q5), square, Q3), square, Q1);
        return Math.fma(Math.fma(odd, x, even), square, low);
    }

    /**
     * {@code 2^(k + bias - 1023)}, where {@code rounded = k + ROUND}.
     *
     * @param bias such that the exponent field {@code k + bias} falls in 1..2046
     */
    public static double power(double rounded, long bias) {
        return Double.longBitsToDouble((Double.doubleToRawLongBits(rounded) + bias) << 52);
    }
}
