package io.logits.inference;

/**
 * How the probability of a class changes with a feature, on average over the rows: the mean derivative. A level of a
 * category counts as a number like any other. NaN stands for what does not exist: all but the effect where a coefficient of
 * the feature depends on others.
 *
 * @param parameter the class and the feature
 * @param effect the weighted mean of the derivatives
 * @param standardError by the delta method
 * @param low lower end of its Wald interval
 * @param high upper end of its Wald interval
 */
public record MarginalEffect(Parameter parameter, double effect, double standardError, double low, double high) {
    /** The effect in standard errors. */
    public double z() {
        return effect / standardError;
    }

    /** The probability, were there no effect, of a z farther from 0 than this one: two-sided, normal. */
    public double p() {
        return Normal.twoSidedTail(z());
    }
}
