package io.logits.cli;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers for a person. */
final class Words {
    private static final double SMALLEST_PLAIN = 1e-4;
    private static final double LARGEST_PLAIN = 1e9;

    private Words() {}

    /** A number in so many significant digits, without zeros at the end. */
    static String number(double value, int digits) {
        if (!Double.isFinite(value) || value == 0) {
            return Double.isFinite(value) ? "0" : Double.toString(value);
        }
        BigDecimal rounded =
                new BigDecimal(value).round(new MathContext(digits)).stripTrailingZeros();
        double size = Math.abs(value);
        return size >= SMALLEST_PLAIN && size < LARGEST_PLAIN
                ? rounded.toPlainString()
                : rounded.toString().replace("E", "e");
    }

    /** A number in six significant digits. */
    static String number(double value) {
        return number(value, 6);
    }
}
