package io.logits.inference;

/**
 * How well a fit describes the rows. Trials that were counted together have the likelihood of their counts, as in R; that
 * depends on the counts and the fit only, and both R2 are of single trials, however these are grouped.
 *
 * @param single the log-likelihood: the weighted sum of the logarithms of the probabilities of the rows' classes
 * @param nullSingle the same where only intercepts, if there are any, are fitted beside the offset
 * @param perfect the same of a perfect fit: 0, but for trials that are counted together
 * @param arrangements the logarithm of the number of orders that the counted trials can have come in, else 0
 * @param parameters how many were fitted, those that depend on others not counted
 * @param observations how many there are: the sum of frequencies, or the rows of positive weight ({@link WeightKind}), or
 *     the groups of trials
 * @param singles how many there are if trials are counted one by one
 */
public record GoodnessOfFit(
        double single,
        double nullSingle,
        double perfect,
        double arrangements,
        int parameters,
        double observations,
        double singles) {
    /** The log-likelihood. */
    public double logLikelihood() {
        return single + arrangements;
    }

    /** The log-likelihood of the fit of intercepts alone. */
    public double nullLogLikelihood() {
        return nullSingle + arrangements;
    }

    /** Twice the distance to the log-likelihood of a perfect fit. */
    public double deviance() {
        return 2 * (perfect - single);
    }

    /** The deviance of the fit of intercepts alone. */
    public double nullDeviance() {
        return 2 * (perfect - nullSingle);
    }

    /** Akaike's criterion: {@code -2 log L + 2 parameters}. */
    public double aic() {
        return -2 * logLikelihood() + 2.0 * parameters;
    }

    /** Schwarz' criterion: {@code -2 log L + log(observations) parameters}. */
    public double bic() {
        return -2 * logLikelihood() + StrictMath.log(observations) * parameters;
    }

    /** McFadden (1974): {@code 1 - log L / log L0}. */
    public double mcfaddenR2() {
        return 1 - single / nullSingle;
    }

    /** Nagelkerke (1991): {@code (1 - (L0/L)^(2/n)) / (1 - L0^(2/n))}, between 0 and 1. */
    public double nagelkerkeR2() {
        return StrictMath.expm1(2 * (nullSingle - single) / singles) / StrictMath.expm1(2 * nullSingle / singles);
    }
}
