/**
 * Options and data to an objective, a solver and a model: the only room that knows all the others. {@code lambda} and
 * {@code C} meet here.
 */
@NullMarked
package io.logits.estimator;

import org.jspecify.annotations.NullMarked;
