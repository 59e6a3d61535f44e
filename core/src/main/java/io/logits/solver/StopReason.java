package io.logits.solver;

import java.util.Locale;

/** Why a solver stopped. Only the first means success. */
public enum StopReason {
    /** The relative gap (or, without a penalty, half the squared Newton decrement over the objective) is within the tolerance. */
    CONVERGED("the gap is within the tolerance"),
    /** The allowed number of passes over the data is used up. */
    MAX_PASSES("the allowed passes are used up"),
    /** No step lowers the objective any more in floating point, and the gap is still above the tolerance. */
    NO_PROGRESS("rounding errors leave no further progress"),
    /** The objective has no minimum: it falls for ever along a direction. */
    UNBOUNDED("the objective falls for ever along a direction");

    private final String sentence;

    StopReason(String sentence) {
        this.sentence = sentence;
    }

    /** The name as reports and model files spell it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The reason in words for a person. */
    public String sentence() {
        return sentence;
    }
}
