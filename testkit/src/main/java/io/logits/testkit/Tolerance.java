package io.logits.testkit;

/**
 * A bound that knows why it is what it is; it prints both.
 *
 * @param name what is bounded
 * @param bound the largest value allowed
 * @param reason where the bound comes from
 */
public record Tolerance(String name, double bound, String reason) {
    /** A tolerance in units in the last place. */
    public static Tolerance ulps(double bound, String reason) {
        return new Tolerance("error in ulp", bound, reason);
    }

    /** A tolerance on a difference. */
    public static Tolerance absolute(double bound, String reason) {
        return new Tolerance("absolute error", bound, reason);
    }

    /** A tolerance on a difference divided by the expected value's magnitude. */
    public static Tolerance relative(double bound, String reason) {
        return new Tolerance("relative error", bound, reason);
    }

    /** Whether {@code value} keeps within the bound; NaN does not. */
    public boolean allows(double value) {
        return value <= bound;
    }

    /**
     * Fails unless {@code value} keeps within the bound.
     *
     * @param where what was measured, for the message
     */
    public void check(double value, String where) {
        if (!allows(value)) {
            throw new AssertionError(where + ": " + name + " is " + value + ", at most " + this);
        }
    }

    @Override
    public String toString() {
        return bound + " (" + reason + ")";
    }
}
