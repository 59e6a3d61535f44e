package io.logits.solver;

/**
 * What a solver gives.
 *
 * @param point where it stopped
 * @param solution how it ended
 * @param recession where the reason is {@link StopReason#UNBOUNDED}: a direction along which the objective falls for
 *     ever; else empty
 */
public record Minimum(double[] point, Solution solution, double[] recession) {}
