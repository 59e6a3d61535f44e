package io.logits.formats;

import io.logits.data.Dataset;

/**
 * What an svmlight file holds.
 *
 * @param dataset its rows; the matrix is a {@link io.logits.data.CsrMatrix}, the encoding an
 *     {@link io.logits.features.IndexedEncoding}
 * @param ignoredEntries how many entries were left out because their index is beyond the expected features; 0 if none
 *     were expected
 */
public record SvmlightData(Dataset dataset, long ignoredEntries) {}
