package io.logits.data;

/** Input that cannot be used. The message is one line for a person: where, what was found, what is allowed. */
public final class InputException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /**
     * An error at a place of the input.
     *
     * @param where a file, with line and column where they are known: {@code train.csv:17:42}
     * @param message what was found and what is allowed
     */
    public InputException(String where, String message) {
        super(where + ": " + message);
    }
}
