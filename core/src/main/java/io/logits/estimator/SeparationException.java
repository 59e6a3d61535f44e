package io.logits.estimator;

/**
 * Without a penalty, the data has no best fit: some combination of features tells classes apart without error, so the
 * likelihood grows for ever along it (Albert and Anderson 1984).
 */
public final class SeparationException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    SeparationException(String message) {
        super(message);
    }
}
