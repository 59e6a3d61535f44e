package io.logits.data;

import io.logits.features.Encoding;
import io.logits.features.PlainEncoding;
import org.jspecify.annotations.Nullable;

/**
 * Rows to learn from.
 *
 * @param features n x p
 * @param labels the class of each row
 * @param weights a finite weight {@code >= 0} per row, not all zero; null means 1 each
 * @param offset added to the logits and not learnt, finite: one per row for two classes, {@code offset[i*K + k]} for K
 *     classes; null means 0
 * @param encoding what the features are and how they came from raw values
 */
public record Dataset(
        Matrix features, Labels labels, double @Nullable [] weights, double @Nullable [] offset, Encoding encoding) {
    /**
     * Checks that the parts fit.
     *
     * @throws IllegalArgumentException if they do not
     */
    public Dataset {
        int n = features.rows();
        if (labels.rows() != n) {
            throw new IllegalArgumentException("labels has " + labels.rows() + " entries, the data has " + n + " rows");
        }
        if (encoding.size() != features.cols()) {
            throw new IllegalArgumentException(
                    "the encoding names " + encoding.size() + " features, the data has " + features.cols());
        }
        if (weights != null) {
            checkWeights(weights, n);
        }
        if (offset != null) {
            checkOffset(offset, n, labels.classes().size());
        }
    }

    /** Rows of equal weight without an offset, whose features are named x1, x2, ... */
    public static Dataset of(Matrix features, Labels labels) {
        return of(features, labels, PlainEncoding.numbered(features.cols()));
    }

    /** Rows of equal weight without an offset, whose features are described by {@code encoding}. */
    public static Dataset of(Matrix features, Labels labels, Encoding encoding) {
        return new Dataset(features, labels, null, null, encoding);
    }

    private static void checkWeights(double[] weights, int n) {
        if (weights.length != n) {
            throw new IllegalArgumentException(
                    "weights has " + weights.length + " entries, the data has " + n + " rows");
        }
        double sum = 0;
        for (int i = 0; i < n; i++) {
            if (!(weights[i] >= 0 && weights[i] < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "weight of row " + i + " is " + weights[i] + ", a finite number >= 0 is needed");
            }
            sum += weights[i];
        }
        if (!(sum > 0)) {
            throw new IllegalArgumentException("all weights are 0, one at least must be positive");
        }
    }

    private static void checkOffset(double[] offset, int n, int classes) {
        int logits = classes == 2 ? 1 : classes;
        if (offset.length != (long) n * logits) {
            throw new IllegalArgumentException("offset has " + offset.length + " entries, " + n + " rows x " + logits
                    + (logits == 1 ? " logit" : " logits") + " are needed");
        }
        for (int i = 0; i < offset.length; i++) {
            if (!Double.isFinite(offset[i])) {
                throw new IllegalArgumentException(
                        "offset of row " + i / logits + " is " + offset[i] + ", a finite number is needed");
            }
        }
    }

    /**
     * A copy of these rows, in this order.
     *
     * @throws IllegalArgumentException if all of them have weight 0
     */
    public Dataset select(int[] rows) {
        int logits = labels.classes().size() == 2 ? 1 : labels.classes().size();
        return new Dataset(
                features.select(rows),
                labels.select(rows),
                select(weights, 1, rows),
                select(offset, logits, rows),
                encoding);
    }

    private static double @Nullable [] select(double @Nullable [] values, int each, int[] rows) {
        if (values == null) {
            return null;
        }
        double[] selected = new double[rows.length * each];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(values, rows[i] * each, selected, i * each, each);
        }
        return selected;
    }

    /** The same rows with these weights. */
    public Dataset withWeights(double @Nullable [] newWeights) {
        return new Dataset(features, labels, newWeights, offset, encoding);
    }

    /** The same rows with this offset. */
    public Dataset withOffset(double @Nullable [] newOffset) {
        return new Dataset(features, labels, weights, newOffset, encoding);
    }

    /** The same rows with features described by {@code newEncoding}. */
    public Dataset withEncoding(Encoding newEncoding) {
        return new Dataset(features, labels, weights, offset, newEncoding);
    }
}
