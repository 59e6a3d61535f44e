package io.logits.testkit;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Truth in arbitrary precision: exponentials and logarithms with a relative error below 1e-55. Written for tens of
 * thousands of evaluations: fixed-point integers of {@value #BITS} bits, argument reduction by ln 2, Taylor series.
 */
public final class BigMath {
    /** Decimal digits of the results. */
    public static final MathContext CONTEXT = new MathContext(64, RoundingMode.HALF_EVEN);

    private static final int BITS = 256;
    private static final BigInteger ONE = BigInteger.ONE.shiftLeft(BITS);
    /** The exponential is taken of x / 2^HALVINGS and squared so often. */
    private static final int HALVINGS = 12;
    // 2 artanh(1/3)
    private static final BigInteger LN2 =
            artanhSeries(ONE.divide(BigInteger.valueOf(3))).shiftLeft(1);

    private BigMath() {}

    /** The exact value of a finite double. */
    public static BigDecimal of(double x) {
        return new BigDecimal(x);
    }

    /** {@code e^x}; {@code |x|} below 1e6. */
    public static BigDecimal exp(BigDecimal x) {
        // Bits enough to keep the fraction of a large argument exact.
        BigInteger fixed = fixed(x);
        BigInteger[] parts = divideFloor(fixed, LN2);
        int power = parts[0].intValueExact();
        BigInteger r = parts[1].shiftRight(HALVINGS);
        BigInteger sum = ONE;
        BigInteger term = ONE;
        for (int n = 1; term.signum() != 0; n++) {
            term = term.multiply(r).shiftRight(BITS).divide(BigInteger.valueOf(n));
            sum = sum.add(term);
        }
        for (int i = 0; i < HALVINGS; i++) {
            sum = sum.multiply(sum).shiftRight(BITS);
        }
        return scaled(sum, power);
    }

    /** {@code e^x - 1}, without cancellation near 0. */
    public static BigDecimal expm1(BigDecimal x) {
        if (x.abs().compareTo(new BigDecimal("1e-3")) > 0) {
            return exp(x).subtract(BigDecimal.ONE, CONTEXT);
        }
        BigDecimal sum = BigDecimal.ZERO;
        BigDecimal term = BigDecimal.ONE;
        for (int n = 1; n < 40 && term.signum() != 0; n++) {
            term = term.multiply(x, CONTEXT).divide(BigDecimal.valueOf(n), CONTEXT);
            sum = sum.add(term, CONTEXT);
        }
        return sum;
    }

    /** {@code ln x} for {@code x > 0}, with a small relative error near 1 too. */
    public static BigDecimal log(BigDecimal x) {
        if (x.signum() <= 0) {
            throw new IllegalArgumentException("log of " + x);
        }
        int power = 0;
        BigDecimal m = x;
        double rough = log2(x);
        if (Math.abs(rough) > 0.5) {
            power = (int) Math.rint(rough);
            m = power > 0
                    ? x.divide(new BigDecimal(BigInteger.ONE.shiftLeft(power)), new MathContext(90))
                    : x.multiply(new BigDecimal(BigInteger.ONE.shiftLeft(-power)));
        }
        BigDecimal log = log1p(m.subtract(BigDecimal.ONE));
        return power == 0 ? log : log.add(BigDecimal.valueOf(power).multiply(scaled(LN2, 0)), CONTEXT);
    }

    /** {@code ln(1 + x)} for {@code x > -1}, without cancellation near 0. */
    public static BigDecimal log1p(BigDecimal x) {
        if (x.compareTo(BigDecimal.ONE) > 0 || x.compareTo(new BigDecimal("-0.5")) < 0) {
            return log(BigDecimal.ONE.add(x));
        }
        // 2 artanh(x / (2 + x)), with as many more bits as the argument is small.
        if (x.abs().compareTo(new BigDecimal("1e-12")) < 0) {
            BigDecimal square = x.multiply(x, CONTEXT);
            BigDecimal cube = square.multiply(x, CONTEXT);
            BigDecimal fourth = square.multiply(square, CONTEXT);
            return x.subtract(square.divide(BigDecimal.valueOf(2), CONTEXT), CONTEXT)
                    .add(cube.divide(BigDecimal.valueOf(3), CONTEXT), CONTEXT)
                    .subtract(fourth.divide(BigDecimal.valueOf(4), CONTEXT), CONTEXT)
                    .add(fourth.multiply(x, CONTEXT).divide(BigDecimal.valueOf(5), CONTEXT), CONTEXT);
        }
        BigDecimal s = x.divide(BigDecimal.valueOf(2).add(x), new MathContext(90));
        return scaled(artanhSeries(fixed(s)).shiftLeft(1), 0);
    }

    /** {@code 1 / (1 + e^-x)}. */
    public static BigDecimal sigmoid(BigDecimal x) {
        BigDecimal e = exp(x.abs().negate());
        BigDecimal d = BigDecimal.ONE.add(e);
        return (x.signum() >= 0 ? BigDecimal.ONE : e).divide(d, CONTEXT);
    }

    /** {@code ln(1 + e^x)}. */
    public static BigDecimal softplus(BigDecimal x) {
        return log1p(exp(x.abs().negate())).add(x.max(BigDecimal.ZERO), CONTEXT);
    }

    private static BigInteger artanhSeries(BigInteger s) {
        BigInteger square = s.multiply(s).shiftRight(BITS);
        BigInteger sum = s;
        BigInteger power = s;
        for (int n = 3; power.signum() != 0 && power.signum() + power.bitLength() > 0; n += 2) {
            power = power.multiply(square).shiftRight(BITS);
            if (power.signum() == 0 || power.equals(BigInteger.ONE.negate())) {
                break;
            }
            sum = sum.add(power.divide(BigInteger.valueOf(n)));
        }
        return sum;
    }

    private static BigInteger fixed(BigDecimal x) {
        return x.multiply(new BigDecimal(ONE))
                .setScale(0, RoundingMode.HALF_EVEN)
                .toBigInteger();
    }

    private static BigInteger[] divideFloor(BigInteger a, BigInteger b) {
        BigInteger[] parts = a.divideAndRemainder(b);
        if (parts[1].signum() < 0) {
            return new BigInteger[] {parts[0].subtract(BigInteger.ONE), parts[1].add(b)};
        }
        return parts;
    }

    /** {@code fixed * 2^power}, rounded to {@link #CONTEXT}. */
    private static BigDecimal scaled(BigInteger fixed, int power) {
        int shift = power - BITS;
        BigDecimal value = new BigDecimal(fixed);
        return shift >= 0
                ? value.multiply(new BigDecimal(BigInteger.ONE.shiftLeft(shift)), CONTEXT)
                : value.divide(new BigDecimal(BigInteger.ONE.shiftLeft(-shift)), CONTEXT);
    }

    /** The binary logarithm, to a few digits. */
    private static double log2(BigDecimal x) {
        BigDecimal head = x.round(new MathContext(17));
        double digits = head.unscaledValue().doubleValue();
        return (Math.log(digits) - head.scale() * Math.log(10)) / Math.log(2);
    }
}
