/** A small program per use of the library; {@code examples/README.md} lists them with the commands that run them. */
@NullMarked
package io.logits.examples;

import org.jspecify.annotations.NullMarked;
