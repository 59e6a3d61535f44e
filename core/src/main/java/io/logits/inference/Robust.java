package io.logits.inference;

/**
 * Covariances that do not lean on the variance that the model gives a response: {@code V (sum_i s_i s_i') V} with V the
 * inverse of the information and {@code s_i} the score of an observation, after White (1980); names of MacKinnon and White
 * (1985).
 */
public enum Robust {
    /** As it stands. */
    HC0,
    /** Times {@code n / (n - parameters)}. */
    HC1,
    /** Squared residuals over {@code 1 - h}, h the observation's leverage, of many classes a matrix. */
    HC2,
    /** Squared residuals over {@code (1 - h)^2}: about what leaving out each observation gives. */
    HC3;

    /** Whether residuals are divided by what leverage leaves of them. */
    boolean byLeverage() {
        return this == HC2 || this == HC3;
    }
}
