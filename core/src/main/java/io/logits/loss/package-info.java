/**
 * Losses in link space: value, gradient and curvature by the logits of a row. Never sees features or coefficients.
 * Names: {@code z} logits, {@code p} probabilities, {@code y} class index, {@code k} classes.
 */
@NullMarked
package io.logits.loss;

import org.jspecify.annotations.NullMarked;
