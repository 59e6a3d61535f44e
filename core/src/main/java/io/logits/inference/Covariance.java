package io.logits.inference;

import java.util.List;

/**
 * The covariances of estimated parameters. A parameter that depends linearly on those before it has none: NaN.
 *
 * <p>Immutable. Entries keep about 16 digits less those of the condition number of the information matrix scaled to unit
 * diagonal.
 */
public final class Covariance {
    private final List<Parameter> parameters;
    private final double[] entries;
    /** The same by the free coordinates, 0 where there is none. */
    private final double[] ofFree;

    Covariance(List<Parameter> parameters, double[] entries, double[] ofFree) {
        this.parameters = parameters;
        this.entries = entries;
        this.ofFree = ofFree;
    }

    double[] ofFree() {
        return ofFree;
    }

    /** The variance of a sum of free coordinates with these factors. */
    double variance(double[] factors) {
        double sum = 0;
        for (int a = 0; a < factors.length; a++) {
            for (int b = 0; b < factors.length; b++) {
                sum = Math.fma(factors[a] * factors[b], ofFree[a * factors.length + b], sum);
            }
        }
        return sum;
    }

    /** The parameters in order. */
    public List<Parameter> parameters() {
        return parameters;
    }

    /** The covariance of parameters a and b. */
    public double get(int a, int b) {
        return entries[a * parameters.size() + b];
    }

    /** The standard error of parameter a: the root of its variance. */
    public double standardError(int a) {
        return Math.sqrt(get(a, a));
    }
}
