package io.logits.inference;

/**
 * Weights are no frequencies: a row stands for less than one, and one such row by itself would draw its fitted logits to its
 * own response or beyond. As {@link WeightKind#PRECISION} any weights are right.
 */
public final class FrequencyException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    FrequencyException() {
        super("weights below 1 are no frequencies: a row that stands for less than one has a leverage of 1 or more");
    }
}
