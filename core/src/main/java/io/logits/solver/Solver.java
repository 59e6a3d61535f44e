package io.logits.solver;

/** A method of minimising objectives of kind O: what it needs of an objective is in its type. */
public interface Solver<O> {
    /** The name in options and reports. */
    String name();

    /**
     * Minimises from a start, which is not changed.
     *
     * @param start a point whose padded and fixed entries are 0
     */
    Minimum minimize(O objective, double[] start, StopRule rule);
}
