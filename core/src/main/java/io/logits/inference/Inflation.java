package io.logits.inference;

/**
 * By what factor the other terms inflate the confidence region of one (Fox and Monette 1992), intercepts aside: from the
 * correlations of the coefficients, as R's {@code car::vif} has it. Of many classes a term's coefficients are those in all
 * logits; the factor is the same whichever class is the reference.
 *
 * @param term the block of features
 * @param degrees how many coefficients it has
 * @param factor of the squared volume; with one coefficient the factor of its variance
 */
public record Inflation(String term, int degrees, double factor) {
    /** The factor of a standard error, as if all coefficients of the term shared in it alike. */
    public double perError() {
        return Math.pow(factor, 0.5 / degrees);
    }
}
