/**
 * How sure a fit by maximum likelihood is: standard errors, tests, intervals. Parameters come in the order of
 * {@link io.logits.inference.Parameters}: logit by logit, the intercept first. Names: {@code n} rows, {@code p} features,
 * {@code k} logits.
 */
@NullMarked
package io.logits.inference;

import org.jspecify.annotations.NullMarked;
