package io.logits.features;

import java.util.List;

/** What the features of a matrix are. */
public sealed interface Encoding permits PlainEncoding, IndexedEncoding, ImageEncoding, TableEncoding {
    /** The names of the features in order of columns. The list may be a view that makes names as they are asked for. */
    List<String> featureNames();

    /** The number of features. */
    default int size() {
        return featureNames().size();
    }
}
