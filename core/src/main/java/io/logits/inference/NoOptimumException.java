package io.logits.inference;

/** Steps towards the best fit, with Firth's penalty or under constraints, ended where none is. */
public final class NoOptimumException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** After that many steps. */
    NoOptimumException(int steps) {
        super("no optimum was found in " + steps + " steps");
    }

    private NoOptimumException(String message, NoOptimumException cause) {
        super(message, cause);
    }

    /** The same, which says of what fit. */
    NoOptimumException of(String what) {
        return new NoOptimumException(what + ": " + getMessage(), this);
    }
}
