package io.logits.formats;

import io.logits.data.Precision;
import java.util.Arrays;

/**
 * Rows of numbers, of any length each, one after the other in an array: a block of a text. It is filled again and
 * again, and whoever gets it may compute in its arrays.
 */
public final class NumberRows {
    private final Precision precision;
    private final boolean labelled;

    private double[] doubles = new double[0];
    private float[] floats = new float[0];
    private int size;
    private int[] ends = new int[64];
    private int[] labels = new int[64];
    private int rows;
    private boolean first;

    NumberRows(Precision precision, boolean labelled) {
        this.precision = precision;
        this.labelled = labelled;
    }

    /** How many rows there are, at least 1. */
    public int rows() {
        return rows;
    }

    /** Where row {@code i} begins; its last number is before the start of row {@code i + 1}, {@code 0 <= i <= rows()}. */
    public int start(int i) {
        return i == 0 ? 0 : ends[i - 1];
    }

    /** The first row behind row {@code i} that has another length, {@code rows()} if there is none. */
    public int endOfSameLength(int i) {
        int length = start(i + 1) - start(i);
        int end = i + 1;
        while (end < rows && start(end + 1) - start(end) == length) {
            end++;
        }
        return end;
    }

    /** The numbers, if they are float64. */
    public double[] doubles() {
        return doubles;
    }

    /** The numbers, if they are float32. */
    public float[] floats() {
        return floats;
    }

    /** The label that stood first in each row, if rows are labelled; labels are no part of the numbers. */
    public int[] labels() {
        return labels;
    }

    /** Whether these are the first rows of the text. */
    public boolean first() {
        return first;
    }

    boolean labelled() {
        return labelled;
    }

    void clear(boolean isFirst) {
        size = 0;
        rows = 0;
        first = isFirst;
    }

    int size() {
        return size;
    }

    void add(double value) {
        if (precision == Precision.FLOAT32) {
            if (size == floats.length) {
                floats = Arrays.copyOf(floats, grown());
            }
            floats[size++] = (float) value;
        } else {
            if (size == doubles.length) {
                doubles = Arrays.copyOf(doubles, grown());
            }
            doubles[size++] = value;
        }
    }

    private int grown() {
        return (int) Math.min(Integer.MAX_VALUE - 64, Math.max(1024, 2L * size));
    }

    void endRow(int label) {
        if (rows == ends.length) {
            ends = Arrays.copyOf(ends, 2 * rows);
            labels = Arrays.copyOf(labels, 2 * rows);
        }
        labels[rows] = label;
        ends[rows++] = size;
    }
}
