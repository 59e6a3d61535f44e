/** Tests of the generator, on a small trained decoder and on exports made for them. */
@NullMarked
package io.logits.generate;

import org.jspecify.annotations.NullMarked;
