package io.logits.sampling;

import java.util.Arrays;

/** Tokens and their probabilities, id ascending; tokens of probability 0 are left out. It can be filled anew. */
public final class Distribution {
    private int size;
    private int[] ids = new int[0];
    private double[] probabilities = new double[0];

    /** No token at all. */
    public Distribution() {}

    /** Tokens of a probability above 0. */
    public int size() {
        return size;
    }

    /** The i-th token, {@code 0 <= i < size()}. */
    public int id(int i) {
        return ids[i];
    }

    /** The probability of the i-th token. */
    public double p(int i) {
        return probabilities[i];
    }

    /** The probability of a token, 0 if it is not among these. */
    public double probabilityOf(int id) {
        int at = Arrays.binarySearch(ids, 0, size, id);
        return at < 0 ? 0 : probabilities[at];
    }

    /** A distribution of its own with the same content. */
    public Distribution copy() {
        Distribution copy = new Distribution();
        copy.size = size;
        copy.ids = Arrays.copyOf(ids, size);
        copy.probabilities = Arrays.copyOf(probabilities, size);
        return copy;
    }

    void clear() {
        size = 0;
    }

    void add(int id, double p) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, Math.max(64, 2 * size));
            probabilities = Arrays.copyOf(probabilities, ids.length);
        }
        ids[size] = id;
        probabilities[size++] = p;
    }
}
