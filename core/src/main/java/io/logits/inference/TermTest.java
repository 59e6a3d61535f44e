package io.logits.inference;

/**
 * Tests of the hypothesis that all coefficients of one term, in all logits, are 0: each statistic is chi-squared with its
 * degrees of freedom if it is true and the rows are many.
 *
 * @param term the block of features
 * @param degrees how many coefficients it has, those that depend on others not counted
 * @param wald {@code b' C^-1 b}, C the covariance of the coefficients b. Where C has not full rank, as with fewer clusters
 *     than coefficients, of those whose covariances do not depend on those before them, NaN if there is none
 * @param waldDegrees how many coefficients that tests: the rank of C
 * @param likelihoodRatio twice what the log-likelihood loses without the term
 * @param score Rao's statistic, from the fit without the term alone; NaN with Firth's penalty
 */
public record TermTest(String term, int degrees, double wald, int waldDegrees, double likelihoodRatio, double score) {
    /** The probability of a larger {@link #wald}. */
    public double waldP() {
        return ChiSquared.tail(wald, waldDegrees);
    }

    /** The probability of a larger {@link #likelihoodRatio}. */
    public double likelihoodRatioP() {
        return ChiSquared.tail(likelihoodRatio, degrees);
    }

    /** The probability of a larger {@link #score}. */
    public double scoreP() {
        return ChiSquared.tail(score, degrees);
    }
}
