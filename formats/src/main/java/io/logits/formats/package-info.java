/** Files: models, and what needs no library to be read. */
@NullMarked
package io.logits.formats;

import org.jspecify.annotations.NullMarked;
