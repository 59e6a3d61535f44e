package io.logits.inference;

/**
 * By what factor the other terms inflate the confidence region of one (Fox and Monette 1992), intercept aside.
 *
 * @param term the block of features
 * @param degrees how many coefficients it has
 * @param factor of the squared volume; with one coefficient the factor of its variance
 */
public record Inflation(String term, int degrees, double factor) {
    /**
     * Refuses more classes than two.
     *
     * @throws IllegalArgumentException if there are more
     */
    public static void checkClasses(int classes) {
        if (classes > 2) {
            throw new IllegalArgumentException("variance inflation is for two classes, the data has " + classes);
        }
    }

    /** The factor of a standard error, as if all coefficients of the term shared in it alike. */
    public double perError() {
        return Math.pow(factor, 0.5 / degrees);
    }
}
