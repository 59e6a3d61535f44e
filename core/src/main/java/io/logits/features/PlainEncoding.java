package io.logits.features;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Features that are numbers as they come, with a name each.
 *
 * @param featureNames distinct names
 */
public record PlainEncoding(List<String> featureNames) implements Encoding {
    /** Copies the names. */
    public PlainEncoding {
        featureNames = List.copyOf(featureNames);
    }

    /** Features x1, x2, ..., x{@code size}. */
    public static PlainEncoding numbered(int size) {
        return new PlainEncoding(
                IntStream.rangeClosed(1, size).mapToObj(j -> "x" + j).toList());
    }
}
