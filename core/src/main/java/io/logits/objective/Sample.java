package io.logits.objective;

/**
 * The objective of some of the rows, spread over all of them.
 *
 * @param objective of these rows
 * @param share of all rows, {@code 0 < share < 1}
 */
public record Sample(LinearObjective objective, double share) {
    /** The passes over all rows that so many over these come to, rounded up. */
    public int passes(int ofThese) {
        return (int) Math.ceil(share * ofThese);
    }

    /** About what the minimum of these rows is above that of all: of n rows and p coordinates {@code p / (2 n)} (Akaike 1974). */
    public double excess() {
        return objective.freeSize() / (2.0 * objective.rows());
    }

    /** How many passes over these rows come to no more than so many over all. */
    public int passesWithin(double passes) {
        return (int) Math.min(Integer.MAX_VALUE, passes / share);
    }
}
