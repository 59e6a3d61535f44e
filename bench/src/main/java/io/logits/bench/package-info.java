/** Benchmarks in JMH: kernels in pairs of scalar and SIMD, each in forks of its own. Never published. */
@NullMarked
package io.logits.bench;

import org.jspecify.annotations.NullMarked;
