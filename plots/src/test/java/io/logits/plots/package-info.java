/** Tests of the pictures. */
@NullMarked
package io.logits.plots;

import org.jspecify.annotations.NullMarked;
