package io.logits.penalty;

/** {@code sum_j lambda f_j / 2 |w_j|^2}: L2, with a factor for each feature. */
public final class Ridge implements SmoothPenalty {
    private final double lambda;
    private final double[] factors;

    private Ridge(double lambda, double[] factors) {
        if (!(lambda > 0 && lambda < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("lambda is " + lambda + ", a finite number > 0 is needed");
        }
        this.lambda = lambda;
        this.factors = factors;
    }

    /**
     * The same penalty on every feature.
     *
     * @param lambda finite and {@code > 0}
     */
    public static Ridge of(double lambda) {
        return new Ridge(lambda, new double[0]);
    }

    /**
     * A penalty of {@code lambda factors[j]} on feature j.
     *
     * @param factors finite and {@code >= 0}, copied; 0 leaves a feature free
     */
    public static Ridge of(double lambda, double[] factors) {
        for (int j = 0; j < factors.length; j++) {
            if (!(factors[j] >= 0 && factors[j] < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "penalty factor " + j + " is " + factors[j] + ", a finite number >= 0 is needed");
            }
        }
        return new Ridge(lambda, factors.clone());
    }

    @Override
    public double curvature(int j) {
        return factors.length == 0 ? lambda : lambda * factors[j];
    }

    @Override
    public boolean isNone() {
        return false;
    }
}
