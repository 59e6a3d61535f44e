package io.logits.objective;

/**
 * The objective of a copy of some of the rows, spread over all of them.
 *
 * @param objective of these rows
 * @param share of all rows, {@code 0 < share < 1}
 */
public record Sample(LinearObjective objective, double share) {
    /** The passes over all rows that those made over these come to, rounded up. */
    public int passes() {
        return (int) Math.ceil(share * objective.passes());
    }

    /** How many passes over these rows come to no more than so many over all. */
    public int passesWithin(double passes) {
        return (int) Math.min(Integer.MAX_VALUE, passes / share);
    }
}
