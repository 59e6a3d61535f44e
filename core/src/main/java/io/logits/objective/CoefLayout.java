package io.logits.objective;

/**
 * How coefficients and intercepts lie in a vector: feature-major, the logits of a feature side by side, intercepts last.
 * Coefficient of feature j in logit k: {@code j*stride + k}; intercept of logit k: {@code features*stride + k}. Entries
 * with {@code k >= logits}, and with {@code k == 0} where the first class is the reference, are always 0.
 *
 * @param features p
 * @param logits 1 for two classes, K for more
 * @param intercept whether there are intercepts
 * @param reference whether the first of several classes is the reference, its coefficients 0
 */
public record CoefLayout(int features, int logits, boolean intercept, boolean reference) {
    /**
     * Checks that the vector can be an array.
     *
     * @throws IllegalArgumentException if the coefficients do not fit into one array
     */
    public CoefLayout {
        int stride = logits == 1 ? 1 : (logits + 3) / 4 * 4;
        if ((features + 1L) * stride > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(features + " features x " + logits
                    + " classes are more coefficients than one array holds (" + Integer.MAX_VALUE + ")");
        }
    }

    /** Distance between neighbouring features: 1 for one logit, else the logits padded to a multiple of 4. */
    public int stride() {
        return logits == 1 ? 1 : (logits + 3) / 4 * 4;
    }

    /** Length of the vector. */
    public int size() {
        return rows() * stride();
    }

    /** Features, and one more where there are intercepts. */
    public int rows() {
        return features + (intercept ? 1 : 0);
    }

    /** Index of the first intercept; the end of the penalised part. */
    public int interceptStart() {
        return features * stride();
    }

    /** The first logit that is free: 1 where the first class is the reference, else 0. */
    public int firstFree() {
        return reference ? 1 : 0;
    }

    /** How many logits are free. */
    public int freeLogits() {
        return logits - firstFree();
    }
}
