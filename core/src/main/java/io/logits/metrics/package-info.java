/**
 * How good a model's probabilities are on labelled rows: log loss, accuracy, Brier score, area under the curve,
 * calibration, confusion. Rows are taken in blocks, so that no n x K matrix of probabilities is ever formed.
 */
@NullMarked
package io.logits.metrics;

import org.jspecify.annotations.NullMarked;
