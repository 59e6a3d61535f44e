package io.logits.estimator;

/** The penalties a fit can have. */
public enum PenaltyKind {
    /** Half the squared coefficients. */
    L2,
    /** None: maximum likelihood. */
    NONE,
    /** Firth's: half the logarithm of the determinant of the information, for {@code io.logits.inference} alone. */
    FIRTH
}
