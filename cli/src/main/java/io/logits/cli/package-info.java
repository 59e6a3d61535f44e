/**
 * The command {@code logits}: parses what is asked, reads, lets the library compute, prints. No arithmetic happens here.
 */
@NullMarked
package io.logits.cli;

import org.jspecify.annotations.NullMarked;
