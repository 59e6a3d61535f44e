package io.logits.features;

import java.util.AbstractList;
import java.util.List;
import java.util.Objects;

/**
 * Pixels of an IDX file, bytes scaled to [0, 1], named {@code pixel(row,column)} from 0, row by row.
 *
 * @param height rows of an image, at least 1
 * @param width columns of an image, at least 1
 */
public record ImageEncoding(int height, int width) implements Encoding {
    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if a side is below 1
     */
    public ImageEncoding {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("images of " + height + " x " + width + " pixels, 1 x 1 at least");
        }
    }

    @Override
    public List<String> featureNames() {
        return new AbstractList<>() {
            @Override
            public String get(int j) {
                Objects.checkIndex(j, size());
                return "pixel(" + j / width + "," + j % width + ")";
            }

            @Override
            public int size() {
                return height * width;
            }
        };
    }
}
