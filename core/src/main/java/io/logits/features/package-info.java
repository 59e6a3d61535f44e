/**
 * What the features of a model are and how raw values become them: names, one-hot levels, fills for missing values,
 * vocabularies. Learnt from a table once, stored in the model, applied to every later row.
 */
@NullMarked
package io.logits.features;

import org.jspecify.annotations.NullMarked;
