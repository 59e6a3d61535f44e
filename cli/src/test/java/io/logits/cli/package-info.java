/** The command, run inside the test's own process. */
@NullMarked
package io.logits.cli;

import org.jspecify.annotations.NullMarked;
