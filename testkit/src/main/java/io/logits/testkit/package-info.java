/** What tests share: tolerances that give their reason, truth in arbitrary precision, seeded generators. */
@NullMarked
package io.logits.testkit;

import org.jspecify.annotations.NullMarked;
