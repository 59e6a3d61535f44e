/**
 * The kernels of {@link io.logits.kernels} in {@code jdk.incubator.vector}. Each has its scalar twin there, and gives
 * the same bits at any vector width.
 */
@NullMarked
package io.logits.kernels.simd;

import org.jspecify.annotations.NullMarked;
