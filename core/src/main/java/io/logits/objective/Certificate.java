package io.logits.objective;

/**
 * How far a point can be from the optimum.
 *
 * @param penalisedGap the part of the duality gap that comes from penalised coordinates; NaN without a penalty
 * @param freeGap the part from coordinates without a penalty, whose gradient should be zero: what stays of it is paid
 *     for. A bound for intercepts; for a feature without a penalty an estimate, {@code |w_j g_j|} and twice what a Newton
 *     step of it alone would gain. NaN without a penalty
 */
public record Certificate(double penalisedGap, double freeGap) {
    /** Of a point where no dual bound exists. */
    public static final Certificate NONE = new Certificate(Double.NaN, Double.NaN);

    /** {@code F(w) - D}: the optimum is at most this far below. */
    public double gap() {
        return penalisedGap + freeGap;
    }

    /** The gap over the value of the objective; 0 where offsets alone fit all rows, so that both are 0. */
    public double relativeGap(double value) {
        return gap() == 0 ? 0 : gap() / value;
    }
}
