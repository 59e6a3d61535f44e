package io.logits.objective;

/**
 * How far a point can be from the optimum.
 *
 * @param penalisedGap the part of the duality gap that comes from penalised coordinates; NaN without a penalty
 * @param freeGap the part from coordinates without a penalty, whose gradient should be zero: what stays of it is paid
 *     for. Exact for intercepts; {@code |w_j g_j|} for a feature without a penalty. NaN without a penalty
 */
public record Certificate(double penalisedGap, double freeGap) {
    /** Of a point where no dual bound exists. */
    public static final Certificate NONE = new Certificate(Double.NaN, Double.NaN);

    /** {@code F(w) - D}: the optimum is at most this far below. */
    public double gap() {
        return penalisedGap + freeGap;
    }
}
