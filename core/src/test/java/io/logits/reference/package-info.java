/** The same mathematics as the library's, written again in the plainest way: the oracle of the tests. */
@NullMarked
package io.logits.reference;

import org.jspecify.annotations.NullMarked;
