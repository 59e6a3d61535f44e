package io.logits.solver;

import java.util.function.Consumer;

/**
 * When a solver stops.
 *
 * @param tolerance bound of the relative gap, {@code > 0}
 * @param maxPasses passes over the data after which it gives up
 * @param listener told after each iteration
 */
public record StopRule(double tolerance, int maxPasses, Consumer<Progress> listener) {}
