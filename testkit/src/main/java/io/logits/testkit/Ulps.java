package io.logits.testkit;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Distances between a computed number and the truth, in units in the last place of the format. One unit is
 * {@code 2^(e-52)} (float64) or {@code 2^(e-23)} (float32) where the truth lies in {@code [2^e, 2^(e+1))}, and the least
 * subnormal below the normal range: a correctly rounded result is at most 0.5 away.
 */
public final class Ulps {
    private static final MathContext DIGITS = new MathContext(20);

    private Ulps() {}

    /** The distance from the truth in float64 units; infinite if {@code computed} is not finite while the truth is. */
    public static double of(double computed, BigDecimal truth) {
        double near = truth.doubleValue();
        if (Double.isInfinite(near)) {
            return computed == near ? 0 : Double.POSITIVE_INFINITY;
        }
        double toward = below(near, truth) ? near : Math.nextAfter(near, 0);
        return distance(computed, truth, Math.ulp(near == 0 ? 0 : toward));
    }

    /** The distance from the truth in float32 units. */
    public static double ofFloat(float computed, BigDecimal truth) {
        float near = truth.floatValue();
        if (Float.isInfinite(near)) {
            return computed == near ? 0 : Double.POSITIVE_INFINITY;
        }
        float toward = below(near, truth) ? near : Math.nextAfter(near, 0);
        return distance(computed, truth, Math.ulp(near == 0 ? 0 : toward));
    }

    /** The distance from a truth that is itself a double of far higher accuracy than a float. */
    public static double ofFloat(float computed, double truth) {
        return ofFloat(computed, new BigDecimal(truth));
    }

    private static boolean below(double near, BigDecimal truth) {
        return new BigDecimal(near).abs().compareTo(truth.abs()) <= 0;
    }

    private static double distance(double computed, BigDecimal truth, double ulp) {
        if (!Double.isFinite(computed)) {
            return Double.POSITIVE_INFINITY;
        }
        return new BigDecimal(computed)
                .subtract(truth)
                .abs()
                .divide(new BigDecimal(ulp), DIGITS)
                .doubleValue();
    }
}
