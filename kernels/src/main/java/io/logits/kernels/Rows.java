package io.logits.kernels;

/**
 * Where rows lie in an array: row {@code i} is the entries {@code offset + i*stride ... offset + i*stride + cols - 1}.
 *
 * @param count how many rows, at least 0
 * @param cols entries in a row, at least 1: an empty row has no softmax
 * @param offset index of the first entry, at least 0
 * @param stride distance between the first entries of neighbouring rows, at least {@code cols}
 */
public record Rows(int count, int cols, int offset, int stride) {
    /** Checks the components. */
    public Rows {
        if (count < 0) {
            throw new IllegalArgumentException("count is " + count + ", at least 0 is needed");
        }
        if (cols < 1) {
            throw new IllegalArgumentException("cols is " + cols + ": a row needs at least one entry");
        }
        if (offset < 0) {
            throw new IllegalArgumentException("offset is " + offset + ", at least 0 is needed");
        }
        if (stride < cols) {
            throw new IllegalArgumentException("stride is " + stride + ", rows of " + cols + " would overlap");
        }
    }

    /** Rows one after the other from the start of an array. */
    public static Rows of(int count, int cols) {
        return new Rows(count, cols, 0, cols);
    }

    /** The same rows from another index on. */
    public Rows withOffset(int newOffset) {
        return new Rows(count, cols, newOffset, stride);
    }

    /** The same rows at another distance. */
    public Rows withStride(int newStride) {
        return new Rows(count, cols, offset, newStride);
    }

    /** Where row {@code i} starts. */
    public int start(int i) {
        return offset + i * stride;
    }

    /** Fails unless the rows lie within an array of {@code length} entries. */
    void checkWithin(int length, String name) {
        long end = count == 0 ? offset : offset + (count - 1L) * stride + cols;
        if (end > length) {
            throw new IllegalArgumentException(name + " has " + length + " entries, " + count + " rows of " + cols
                    + " from " + offset + " with stride " + stride + " need " + end);
        }
    }

    /** Fails unless {@code other} has the same number of rows and columns. */
    void checkSameShape(Rows other) {
        if (other.count != count || other.cols != cols) {
            throw new IllegalArgumentException(
                    "the logits are " + count + " x " + cols + ", the output is " + other.count + " x " + other.cols);
        }
    }
}
