/**
 * What a fit is given: the shape and sparsity of the features, their rows, weights and labels. Names: {@code n} rows,
 * {@code p} features, {@code k} classes.
 */
@NullMarked
package io.logits.data;

import org.jspecify.annotations.NullMarked;
