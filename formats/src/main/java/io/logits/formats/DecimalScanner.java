package io.logits.formats;

import java.nio.charset.StandardCharsets;

/**
 * Reads decimal numbers from bytes: an optional sign, digits with at most one point among them, an optional exponent.
 * The result is the nearest double or float, ties to even, as of {@link Double#parseDouble} and
 * {@link Float#parseFloat}. No names for infinity or not-a-number, no hexadecimal digits, no suffix.
 *
 * <p>Short numbers take one operation on exact doubles (Clinger 1990); up to 19 digits take a quotient or product with
 * its error term, kept only if the error bound cannot change the rounding (Ziv 1991); the rest goes to the JDK.
 */
final class DecimalScanner {
    /** 10^22 is the largest power of ten that is a double. */
    private static final int EXACT_POWERS = 22;

    private static final double[] POWERS = new double[EXACT_POWERS + 1];

    static {
        for (int k = 0; k <= EXACT_POWERS; k++) {
            POWERS[k] = Double.parseDouble("1e" + k);
        }
    }

    private static final long EXACT_INTEGERS = 1L << 53;

    /** The part of a double's fraction that a float has no room for, and its value half-way between two floats. */
    private static final long BEYOND_FLOAT = (1L << 29) - 1;

    private static final long HALF_WAY = 1L << 28;

    private final boolean single;
    private double value;
    private boolean valid;

    /**
     * A scanner for one thread.
     *
     * @param single whether numbers are rounded to float32
     */
    DecimalScanner(boolean single) {
        this.single = single;
    }

    /** The number found last. Infinite if it is too large. */
    double value() {
        return value;
    }

    /** Whether the last scan found a number. */
    boolean valid() {
        return valid;
    }

    /**
     * Scans a number.
     *
     * @param b must hold a byte that no number contains somewhere behind {@code start}
     * @return where the number ends, or where it stopped to be one
     */
    int scan(byte[] b, int start) {
        int at = start;
        boolean negative = b[at] == '-';
        if (negative || b[at] == '+') {
            at++;
        }
        int first = at;
        long digits = 0;
        int c;
        while ((c = b[at] - '0') >= 0 && c <= 9) {
            digits = digits * 10 + c;
            at++;
        }
        int count = at - first;
        int exponent = 0;
        if (b[at] == '.') {
            int point = at++;
            while ((c = b[at] - '0') >= 0 && c <= 9) {
                digits = digits * 10 + c;
                at++;
            }
            exponent = point + 1 - at;
            count -= exponent;
        }
        valid = count > 0;
        if (valid && (b[at] | 0x20) == 'e') {
            at++;
            boolean down = b[at] == '-';
            if (down || b[at] == '+') {
                at++;
            }
            int power = 0;
            int firstOfPower = at;
            while ((c = b[at] - '0') >= 0 && c <= 9) {
                power = Math.min(power * 10 + c, 100_000);
                at++;
            }
            valid = at > firstOfPower;
            exponent += down ? -power : power;
        }
        if (valid) {
            convert(b, start, at, negative, digits, significant(b, first, count), exponent);
        }
        return at;
    }

    /** How many of the digits count, leading zeros left out where it matters. */
    private static int significant(byte[] b, int first, int count) {
        if (count <= 18) {
            return count;
        }
        int zeros = 0;
        for (int at = first; zeros < count && (b[at] == '0' || b[at] == '.'); at++) {
            zeros += b[at] == '0' ? 1 : 0;
        }
        return count - zeros;
    }

    private void convert(byte[] b, int start, int end, boolean negative, long digits, int significant, int exponent) {
        // 19 digits fit an unsigned long; those that do not fit a signed one come out negative.
        boolean exact = significant <= 19 && digits >= 0 && Math.abs(exponent) <= EXACT_POWERS;
        double magnitude = exact ? nearest(digits, exponent) : Double.NaN;
        if (single) {
            magnitude = single(magnitude);
        }
        if (Double.isNaN(magnitude)) {
            String text = new String(b, start, end - start, StandardCharsets.ISO_8859_1);
            value = single ? Float.parseFloat(text) : Double.parseDouble(text);
        } else {
            value = negative ? -magnitude : magnitude;
        }
    }

    /** {@code digits * 10^exponent} rounded once, or NaN if it is too near to half-way between two doubles. */
    private static double nearest(long digits, int exponent) {
        double power = POWERS[Math.abs(exponent)];
        double high = (double) digits;
        if (digits <= EXACT_INTEGERS) {
            return exponent < 0 ? high / power : high * power;
        }
        // digits = high + low exactly. With q the rounded quotient high/power = q + (high - q*power)/power, and the fma
        // gives
        // the numerator without error; so the quotient is q + correction, the correction good to a few units of its
        // own.
        // Likewise for the product.
        double low = (double) (digits - (long) high);
        double q;
        double ofHigh;
        double ofLow;
        if (exponent < 0) {
            q = high / power;
            ofHigh = Math.fma(-q, power, high) / power;
            ofLow = low / power;
        } else {
            q = high * power;
            ofHigh = Math.fma(high, power, -q);
            ofLow = low * power;
        }
        double correction = ofHigh + ofLow;
        double bound = 0x1p-50 * (Math.abs(ofHigh) + Math.abs(ofLow));
        double down = q + (correction - bound);
        return down == q + (correction + bound) ? down : Double.NaN;
    }

    /**
     * Rounds the nearest double of a number to the nearest float of that number. Rounding twice is rounding once except
     * where the double lies half-way between two floats and below the normal floats: NaN there.
     */
    private static double single(double magnitude) {
        if (magnitude == 0) {
            return magnitude;
        }
        boolean halfWay = (Double.doubleToRawLongBits(magnitude) & BEYOND_FLOAT) == HALF_WAY;
        return halfWay || magnitude < Float.MIN_NORMAL ? Double.NaN : (float) magnitude;
    }
}
