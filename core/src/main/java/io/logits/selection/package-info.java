/**
 * How much penalty: paths of fits along lambda, and cross-validation. Letters as in {@code io.logits.estimator}: n rows, p
 * features, K classes.
 */
@NullMarked
package io.logits.selection;

import org.jspecify.annotations.NullMarked;
