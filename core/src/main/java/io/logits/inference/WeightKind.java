package io.logits.inference;

/** What the weight of a row means. The best coefficients are the same, how sure they are is not. */
public enum WeightKind {
    /** A row of weight 3 stands for three equal rows: there are as many observations as weights add up to. */
    FREQUENCY,
    /** A row is one observation, whatever its weight, which says how precise or how important it is. */
    PRECISION
}
