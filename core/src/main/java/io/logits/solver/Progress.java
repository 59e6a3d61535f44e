package io.logits.solver;

/**
 * The state of a fit after an iteration.
 *
 * @param iteration outer iterations so far
 * @param passes passes over the data so far
 * @param objective the objective now
 * @param measure what is compared with the tolerance: the relative gap, or half the squared Newton decrement over the
 *     objective where there is no penalty
 * @param seconds since the fit began
 */
public record Progress(int iteration, int passes, double objective, double measure, double seconds) {}
