/**
 * Calibration of a model's probabilities on rows that it has not seen. {@code z} logits, {@code y} class indices, {@code n}
 * rows, {@code k} logits.
 */
@NullMarked
package io.logits.calibration;

import org.jspecify.annotations.NullMarked;
