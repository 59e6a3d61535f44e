package io.logits.inference;

/**
 * What one coefficient is of.
 *
 * @param className the class whose logit it is in
 * @param feature the feature, or {@link #INTERCEPT}
 */
public record Parameter(String className, String feature) {
    /** What an intercept has for a feature. */
    public static final String INTERCEPT = "(intercept)";
}
