/**
 * What solvers minimise: the weighted mean loss plus the penalty, as a function of one vector, with a lower bound of its
 * minimum. The only room that knows how coefficients and intercepts lie in that vector.
 */
@NullMarked
package io.logits.objective;

import org.jspecify.annotations.NullMarked;
