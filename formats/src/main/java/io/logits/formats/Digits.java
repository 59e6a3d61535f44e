package io.logits.formats;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/**
 * Writes floating-point numbers with the fewest digits that read back as the same number; of several such decimals the
 * nearest to it. The spelling is Java's ({@code 0.5}, {@code 1.0E-5}, {@code Infinity}, {@code NaN}), the digits are not
 * always those of {@link Double#toString(double)}: before JDK 19 that has one too many for 2.0E23 and others
 * (JDK-4511638), and always two at least, 4.9E-324 where 5.0E-324 will do.
 *
 * <p>A number {@code c 2^q} is the nearest one to all decimals within half a unit, {@code [v - h, v + h]}; so are the
 * ends if {@code c} is even. All three are scaled by a power of ten that gives {@code v} 17 digits (9 for float32)
 * before the point, in integers of 64 bits before and 64 behind it, from powers of ten of 128 bits: the error is below
 * {@value #SLACK} units of the last bit. Powers of ten are divided out as long as a whole number stays between the ends.
 * If an end, or the half-way between two candidates, is within the error of a whole number, arithmetic without error
 * decides instead.
 */
public final class Digits {
    /** The most bytes that a number takes, as {@code -1.2345678901234567E-300} does. */
    public static final int LONGEST = 24;

    private static final int DOUBLE_DIGITS = 17;
    private static final int FLOAT_DIGITS = 9;
    private static final long SLACK = 8;

    /** What is written without an exponent: 0.001 to 9999999, as far as the place of the point goes. */
    private static final int LEAST_PLAIN_POINT = -2;

    private static final int MOST_PLAIN_POINT = 7;

    /** The powers 10^n that scaling needs, for {@code LEAST_POWER <= n <= MOST_POWER}. */
    private static final int LEAST_POWER = -292;

    private static final int MOST_POWER = 340;

    /** {@code 10^n = (HIGH 2^64 + LOW) 2^(log2(10^n) - 127)}, rounded down to 128 bits. */
    private static final long[] HIGH = new long[MOST_POWER - LEAST_POWER + 1];

    private static final long[] LOW = new long[HIGH.length];

    static {
        for (int n = LEAST_POWER; n <= MOST_POWER; n++) {
            BigInteger power = BigInteger.TEN.pow(Math.abs(n));
            BigInteger bits = n < 0
                    ? BigInteger.ONE.shiftLeft(127 - floorLog2OfPower(n)).divide(power)
                    : power.shiftLeft(127).shiftRight(floorLog2OfPower(n));
            HIGH[n - LEAST_POWER] = bits.shiftRight(64).longValue();
            LOW[n - LEAST_POWER] = bits.longValue();
        }
    }

    private Digits() {}

    /** The text of a double. */
    public static String of(double x) {
        byte[] text = new byte[LONGEST];
        return new String(text, 0, put(x, text, 0), StandardCharsets.ISO_8859_1);
    }

    /** The text of a float. */
    public static String of(float x) {
        byte[] text = new byte[LONGEST];
        return new String(text, 0, put(x, text, 0), StandardCharsets.ISO_8859_1);
    }

    /**
     * Writes a double to {@code out} from {@code at} on.
     *
     * @return where the text ends, at most {@link #LONGEST} bytes further
     */
    public static int put(double x, byte[] out, int at) {
        long bits = Double.doubleToRawLongBits(x);
        int biased = (int) (bits >>> 52) & 0x7ff;
        long fraction = bits & 0xfffffffffffffL;
        if (biased == 0x7ff || (biased | fraction) == 0) {
            return putText(Double.toString(x), out, at);
        }
        long c = biased == 0 ? fraction : fraction | 1L << 52;
        int start = bits < 0 ? putSign(out, at) : at;
        return put(c, Math.max(1, biased) - 1075, fraction == 0 && biased > 1, DOUBLE_DIGITS, out, start);
    }

    /**
     * Writes a float to {@code out} from {@code at} on.
     *
     * @return where the text ends, at most {@link #LONGEST} bytes further
     */
    public static int put(float x, byte[] out, int at) {
        int bits = Float.floatToRawIntBits(x);
        int biased = bits >>> 23 & 0xff;
        int fraction = bits & 0x7fffff;
        if (biased == 0xff || (biased | fraction) == 0) {
            return putText(Float.toString(x), out, at);
        }
        int c = biased == 0 ? fraction : fraction | 1 << 23;
        int start = bits < 0 ? putSign(out, at) : at;
        return put(c, Math.max(1, biased) - 150, fraction == 0 && biased > 1, FLOAT_DIGITS, out, start);
    }

    /**
     * Writes {@code c 2^q}.
     *
     * @param uneven whether the next smaller number is only half a unit away
     * @param digits that always suffice
     */
    private static int put(long c, int q, boolean uneven, int digits, byte[] out, int at) {
        int zeros = Long.numberOfLeadingZeros(c);
        int k = floorLog10OfPower(63 - zeros + q) - digits + 1;
        long high = HIGH[-k - LEAST_POWER];
        long low = LOW[-k - LEAST_POWER];
        // The first bit of the scaled number's fraction is bit 63 - shift of the upper half of c 2^zeros times 10^-k.
        int shift = 127 - floorLog2OfPower(-k) + zeros - q - 128;
        long normal = c << zeros;
        long middle = normal * high;
        long lower = middle + unsignedHigh(normal, low);
        long upper = unsignedHigh(normal, high) + (Long.compareUnsigned(lower, middle) < 0 ? 1 : 0);
        long whole = upper >>> shift;
        long part = upper << (64 - shift) | lower >>> shift;

        int halfShift = shift + 65 - zeros;
        long halfWhole = halfShift < 64 ? high >>> halfShift : 0;
        long halfPart = halfShift < 64 ? high << (64 - halfShift) | low >>> halfShift : high >>> (halfShift - 64);
        long belowPart = uneven ? halfPart >>> 1 | halfWhole << 63 : halfPart;
        long belowWhole = uneven ? halfWhole >>> 1 : halfWhole;
        long leastPart = part - belowPart;
        long least = whole - belowWhole - (Long.compareUnsigned(part, belowPart) < 0 ? 1 : 0);
        long mostPart = part + halfPart;
        long most = whole + halfWhole + (Long.compareUnsigned(mostPart, part) < 0 ? 1 : 0);
        if (isNearWhole(leastPart) || isNearWhole(mostPart)) {
            return putExactly(c, q, uneven, out, at);
        }
        // Whole numbers from least + 1 to most will do.
        int dropped = 0;
        long unit = 1;
        while (most / 10 > least / 10) {
            most /= 10;
            least /= 10;
            unit *= 10;
            dropped++;
        }
        long decimal = whole / unit;
        long twice = 2 * (whole - decimal * unit);
        boolean mayTie = unit == 1
                ? isNearWhole(part + Long.MIN_VALUE)
                : isNearWhole(part) && (twice == unit || twice == unit - 2);
        if (mayTie) {
            return putExactly(c, q, uneven, out, at);
        }
        decimal += (unit == 1 ? part < 0 : twice >= unit) ? 1 : 0;
        return putDecimal(Math.max(least + 1, Math.min(most, decimal)), k + dropped, out, at);
    }

    private static boolean isNearWhole(long part) {
        return Long.compareUnsigned(part + SLACK, 2 * SLACK) < 0;
    }

    /** The same without rounding errors, for the one in many thousands that needs it. */
    private static int putExactly(long c, int q, boolean uneven, byte[] out, int at) {
        BigDecimal unit = q < 0
                ? BigDecimal.ONE.divide(new BigDecimal(BigInteger.ONE.shiftLeft(-q)))
                : new BigDecimal(BigInteger.ONE.shiftLeft(q));
        BigDecimal value = unit.multiply(BigDecimal.valueOf(c));
        BigDecimal half = unit.multiply(new BigDecimal("0.5"));
        BigDecimal least = value.subtract(uneven ? half.multiply(new BigDecimal("0.5")) : half);
        BigDecimal most = value.add(half);
        int inside = (int) (c & 1);
        for (int digits = 1; ; digits++) {
            BigDecimal best = null;
            for (RoundingMode mode :
                    new RoundingMode[] {RoundingMode.HALF_EVEN, RoundingMode.FLOOR, RoundingMode.CEILING}) {
                BigDecimal candidate = value.round(new MathContext(digits, mode));
                if (best == null && candidate.compareTo(least) >= inside && candidate.compareTo(most) <= -inside) {
                    best = candidate.stripTrailingZeros();
                }
            }
            if (best != null) {
                return putDecimal(best.unscaledValue().longValueExact(), -best.scale(), out, at);
            }
        }
    }

    /** Writes {@code decimal 10^exponent}; the decimal is above 0 and no multiple of ten. */
    private static int putDecimal(long decimal, int exponent, byte[] out, int at) {
        int digits = length(decimal);
        int point = digits + exponent;
        if (point > 0 && point <= MOST_PLAIN_POINT) {
            if (digits <= point) {
                putDigits(decimal, digits, out, at);
                int end = at + digits;
                for (; end < at + point; end++) {
                    out[end] = '0';
                }
                out[end] = '.';
                out[end + 1] = '0';
                return end + 2;
            }
            putDigits(decimal, digits, out, at + 1);
            System.arraycopy(out, at + 1, out, at, point);
            out[at + point] = '.';
            return at + digits + 1;
        }
        if (point <= 0 && point >= LEAST_PLAIN_POINT) {
            int from = at;
            out[from++] = '0';
            out[from++] = '.';
            for (int i = point; i < 0; i++) {
                out[from++] = '0';
            }
            putDigits(decimal, digits, out, from);
            return from + digits;
        }
        putDigits(decimal, digits, out, at + 1);
        out[at] = out[at + 1];
        out[at + 1] = '.';
        int end = at + digits + 1;
        if (digits == 1) {
            out[end++] = '0';
        }
        out[end++] = 'E';
        if (point <= 0) {
            out[end++] = '-';
        }
        int power = Math.abs(point - 1);
        int places = power < 10 ? 1 : power < 100 ? 2 : 3;
        putDigits(power, places, out, end);
        return end + places;
    }

    private static int length(long decimal) {
        int digits = 1;
        for (long power = 10; digits < 18 && decimal >= power; power *= 10) {
            digits++;
        }
        return digits;
    }

    private static void putDigits(long decimal, int digits, byte[] out, int at) {
        int to = at + digits;
        long rest = decimal;
        while (rest > Integer.MAX_VALUE) {
            long above = rest / 100_000_000;
            int below = (int) (rest - above * 100_000_000);
            for (int i = 0; i < 8; i++) {
                out[--to] = (byte) ('0' + below % 10);
                below /= 10;
            }
            rest = above;
        }
        for (int last = (int) rest; to > at; last /= 10) {
            out[--to] = (byte) ('0' + last % 10);
        }
    }

    private static int putSign(byte[] out, int at) {
        out[at] = '-';
        return at + 1;
    }

    private static int putText(String text, byte[] out, int at) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, out, at, bytes.length);
        return at + bytes.length;
    }

    /** The upper half of a product of unsigned numbers; the JDK has one of its own from 18 on. */
    private static long unsignedHigh(long a, long b) {
        return Math.multiplyHigh(a, b) + (a >> 63 & b) + (b >> 63 & a);
    }

    /** {@code floor(log10(2^e))}; right for |e| up to 1650, which a test goes through. */
    static int floorLog10OfPower(int e) {
        return (int) ((e * 315_653L) >> 20);
    }

    /** {@code floor(log2(10^n))}; right for |n| up to 1233, which a test goes through. */
    static int floorLog2OfPower(int n) {
        return (int) ((n * 1_741_647L) >> 19);
    }
}
