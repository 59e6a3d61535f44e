package io.logits.estimator;

/** The penalties a fit can have. */
public enum PenaltyKind {
    /** Half the squared coefficients. */
    L2,
    /** None: maximum likelihood. */
    NONE
}
