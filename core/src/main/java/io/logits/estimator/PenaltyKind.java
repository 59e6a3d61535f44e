package io.logits.estimator;

/** The penalties a fit can have. */
public enum PenaltyKind {
    /** Half the squared coefficients. */
    L2,
    /** The absolute coefficients: many of them become 0. */
    L1,
    /** A mixture of both, by {@link Options#l1Ratio()}. */
    ELASTICNET,
    /** None: maximum likelihood. */
    NONE,
    /** Firth's: half the logarithm of the determinant of the information, for {@code io.logits.inference} alone. */
    FIRTH
}
