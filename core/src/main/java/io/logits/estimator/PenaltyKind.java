package io.logits.estimator;

import java.util.Locale;

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
    FIRTH;

    /** The name as the command line and reports spell it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it has a strength: a lambda, and with it a lower bound of the optimum. */
    public boolean hasStrength() {
        return this != NONE && this != FIRTH;
    }
}
