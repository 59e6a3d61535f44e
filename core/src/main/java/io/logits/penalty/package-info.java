/**
 * Penalties of the coefficients: value, gradient and curvature. Coefficients are feature-major,
 * {@code w[j*stride + k]}; whatever follows the {@code p*stride} coefficients (intercepts) is not penalised.
 */
@NullMarked
package io.logits.penalty;

import org.jspecify.annotations.NullMarked;
