package io.logits.features;

import java.util.AbstractList;
import java.util.List;
import java.util.Objects;

/**
 * Features of an svmlight file, named by their index in the file.
 *
 * @param size the number of features
 * @param base the smallest index a file may use: 0 or 1
 */
public record IndexedEncoding(int size, int base) implements Encoding {
    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if {@code size < 0} or {@code base} is neither 0 nor 1
     */
    public IndexedEncoding {
        if (size < 0 || base < 0 || base > 1) {
            throw new IllegalArgumentException("size " + size + " and base " + base + ": size >= 0, base 0 or 1");
        }
    }

    @Override
    public List<String> featureNames() {
        return new AbstractList<>() {
            @Override
            public String get(int j) {
                return Integer.toString(Objects.checkIndex(j, size) + base);
            }

            @Override
            public int size() {
                return size;
            }
        };
    }
}
