/**
 * From a language model's batch of logits to tokens: processors, truncations, draws. Sees only the kernels.
 */
@NullMarked
package io.logits.sampling;

import org.jspecify.annotations.NullMarked;
