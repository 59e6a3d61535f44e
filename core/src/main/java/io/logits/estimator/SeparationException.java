package io.logits.estimator;

/**
 * The data has no best fit: some combination of features that no penalty holds back, all of them or those of penalty factor
 * 0, tells classes apart without error, so the likelihood grows for ever along it (Albert and Anderson 1984).
 */
public final class SeparationException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    SeparationException(String message) {
        super(message);
    }
}
