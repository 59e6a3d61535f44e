/**
 * Directions, step lengths and stop rules over vectors of doubles. Knows nothing of classes, rows or labels. Names:
 * {@code w} the point, {@code g} the gradient, {@code d} a direction.
 */
@NullMarked
package io.logits.solver;

import org.jspecify.annotations.NullMarked;
