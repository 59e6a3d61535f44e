/** Tests of readers and writers, against the JDK's own number parsing and readers written apart from the library. */
@NullMarked
package io.logits.formats;

import org.jspecify.annotations.NullMarked;
