package io.logits.kernels.spec;

/**
 * The logarithm in float64, as {@code log(a/b) = 2 artanh(s)} with {@code s = (a-b)/(a+b)} in two words, for ratios
 * between {@code sqrt(1/2)} and {@code sqrt(2)}; a power of two brings every other ratio there.
 */
public final class Log {
    /** ln 2 in two words, the first of 37 bits: its product with an integer below 2^16 is exact. */
    public static final double LN2_HEAD = 0x1.62e42fefap-1;

    public static final double LN2_TAIL = 0x1.cf79abc9e3b3ap-40;
    public static final double SQRT2 = 0x1.6a09e667f3bcdp0;

    // (2 artanh(s) - 2s) / s^3 in powers of s^2 for s^2 <= 0.02944: relative error of 2s + s^3 r(s^2) 1.3e-18
    // (src/test/python/polynomials.py)
    public static final double R0 = 0x1.5555555555592p-1;
    public static final double R1 = 0x1.999999997ff04p-2;
    public static final double R2 = 0x1.24924941e33c0p-2;
    public static final double R3 = 0x1.c71c52125374cp-3;
    public static final double R4 = 0x1.74663d69122f8p-3;
    public static final double R5 = 0x1.39a1daaa85d5dp-3;
    public static final double R6 = 0x1.2f045750a4a0ep-3;

    private Log() {}

    /**
     * {@code base + count ln 2 + 2 artanh((nHigh + nLow) / (dHigh + dLow)) - taken}, rounded once (error at most 0.6
     * ulp) if {@code taken} is 0 or near the result; for {@code |n/d| <= 0.1716}, an integer {@code |count| < 2^16} and
     * {@code base + count ln 2} either zero or larger than the last term.
     */
    public static double sum(
            double base, double count, double nHigh, double nLow, double dHigh, double dLow, double taken) {
        double inverse = 1 / dHigh;
        double s = nHigh * inverse;
        double low = (Math.fma(-s, dHigh, nHigh) + Math.fma(-s, dLow, nLow)) * inverse;
        double rest = Math.fma(count, LN2_TAIL, rest(s, low + low));
        double twos = count * LN2_HEAD;
        double w = twos + base;
        double part = w - twos;
        double wLow = (twos - (w - part)) + (base - part);
        double v = w + (s + s);
        double vLow = (s + s) - (v - w);
        return (v - taken) + (vLow + (wLow + rest));
    }

    /** {@code 2 artanh(s) - 2s + low} for {@code |s| <= 0.1716}. */
    private static double rest(double s, double low) {
        double square = s * s;
        double fourth = square * square;
        double even = Math.fma(Math.fma(Math.fma(R6, fourth, R4), fourth, R2), fourth, R0);
        double odd = Math.fma(Math.fma(R5, fourth, R3), fourth, R1);
        return Math.fma(Math.fma(odd, square, even), s * square, low);
    }

    /**
     * {@code base + log(high + low) - taken} for a positive normal number in two words; rounded once as {@link #sum}
     * is, where {@code base} is 0 or {@code |base| >= 2 |log(high)|}.
     *
     * @param exponent counted in: the logarithm is that of {@code 2^exponent (high + low)}
     */
    public static double ofWords(double base, double exponent, double high, double low, double taken) {
        long bits = Double.doubleToRawLongBits(high) + (0x3ff0000000000000L - 0x3fe6a09e667f3bcdL);
        int field = (int) (bits >>> 52);
        double down = Double.longBitsToDouble((long) (2 * Exp.BIAS - field) << 52);
        double h = high * down;
        double l = low * down;
        double d = 1 + h;
        return sum(base, exponent + (field - Exp.BIAS), h - 1, l, d, (h - (d - 1)) + l, taken);
    }

    /** {@code log(1 + (nHigh + nLow) / (dHigh + dLow))}, rounded once, for {@code 0 <= n <= d}. */
    public static double onePlusRatio(double nHigh, double nLow, double dHigh, double dLow) {
        return onePlusRatio(0, nHigh, nLow, dHigh, dLow);
    }

    /** {@code base + log(1 + n/d)}, for a base that is zero or larger than the logarithm. */
    static double onePlusRatio(double base, double nHigh, double nLow, double dHigh, double dLow) {
        // Beyond sqrt(2) the ratio 1 + n/d is halved: s = (n - d) / (n + 3d) instead of n / (n + 2d).
        // By a sign bit: it is 1 of all rows at first and of few at last, which no compiler should take for granted.
        double halvings = Double.doubleToRawLongBits((SQRT2 - 1) * dHigh - nHigh) >>> 63;
        double taken = halvings * dHigh;
        double n = nHigh - taken;
        double nRest = (nHigh - (n + taken)) + (nLow - halvings * dLow);
        double given = (2 + halvings) * dHigh;
        double d = given + nHigh;
        double dRest = (nHigh - (d - given)) + (Math.fma(2 + halvings, dHigh, -given) + (2 + halvings) * dLow + nLow);
        return sum(base, halvings, n, nRest, d, dRest, 0);
    }
}
