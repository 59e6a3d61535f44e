/**
 * Fitted models: frozen coefficients, class names, the encoding of their features, and where they came from. Immutable,
 * safe for use from many threads.
 */
@NullMarked
package io.logits.model;

import org.jspecify.annotations.NullMarked;
