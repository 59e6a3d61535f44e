package io.logits.testkit;

import java.util.function.ToDoubleFunction;

/** Derivatives from values alone. */
public final class FiniteDifferences {
    /** Balances rounding, about {@code 1e-16/h}, against the truncation, about {@code h^4}. */
    private static final double STEP = 1e-3;

    private FiniteDifferences() {}

    /**
     * Partial derivatives by the five-point formula {@code (f(-2h) - 8 f(-h) + 8 f(h) - f(2h)) / 12h}, whose truncation
     * error is {@code h^4 f'''''/30} (Abramowitz and Stegun, 25.3.6).
     */
    public static double[] gradient(ToDoubleFunction<double[]> f, double[] at) {
        double[] gradient = new double[at.length];
        for (int c = 0; c < at.length; c++) {
            double h = STEP * Math.max(1, Math.abs(at[c]));
            gradient[c] = (shifted(f, at, c, -2 * h)
                            - 8 * shifted(f, at, c, -h)
                            + 8 * shifted(f, at, c, h)
                            - shifted(f, at, c, 2 * h))
                    / (12 * h);
        }
        return gradient;
    }

    private static double shifted(ToDoubleFunction<double[]> f, double[] at, int c, double by) {
        double[] moved = at.clone();
        moved[c] += by;
        return f.applyAsDouble(moved);
    }
}
