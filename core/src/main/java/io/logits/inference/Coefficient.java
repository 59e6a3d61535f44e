package io.logits.inference;

/**
 * One line of a table of coefficients. NaN stands for what does not exist: all but the estimate where a parameter depends
 * on others.
 *
 * @param parameter what it is of
 * @param estimate the coefficient
 * @param standardError the root of its variance
 * @param z the estimate in standard errors, or with profile intervals the signed root of the likelihood ratio of 0
 * @param low lower end of its interval
 * @param high upper end of its interval
 */
public record Coefficient(
        Parameter parameter, double estimate, double standardError, double z, double low, double high) {
    /** The probability, were the true coefficient 0, of a z farther from 0 than this one: two-sided, normal. */
    public double p() {
        return Normal.twoSidedTail(z);
    }

    /** By what factor the odds grow where the feature grows by 1. */
    public double oddsRatio() {
        return StrictMath.exp(estimate);
    }

    /** Lower end of the odds ratio's interval. */
    public double oddsRatioLow() {
        return StrictMath.exp(low);
    }

    /** Upper end of the odds ratio's interval. */
    public double oddsRatioHigh() {
        return StrictMath.exp(high);
    }
}
