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

    private SeparationException(String message, SeparationException cause) {
        super(message, cause);
    }

    /**
     * The same of a fit without the rows of a fold: those of all folds need not be separable.
     *
     * @param fold from 0
     * @param folds how many there are
     */
    public SeparationException whileHeldOut(int fold, int folds) {
        return new SeparationException(
                "while fold " + (fold + 1) + " of " + folds + " is held out: " + getMessage(), this);
    }
}
