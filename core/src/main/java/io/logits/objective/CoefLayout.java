package io.logits.objective;

import io.logits.data.Matrix;

/**
 * How coefficients and intercepts lie in a vector: the coefficients in the order that the matrix asks for
 * ({@link Matrix#byFeature()}), then the intercepts. Padding, and the entries of logit 0 where the first class is the
 * reference, are always 0.
 *
 * @param features p
 * @param logits 1 for two classes, K for more
 * @param intercept whether there are intercepts
 * @param reference whether the first of several classes is the reference, its coefficients 0
 * @param byFeature whether the logits of a feature lie side by side, else the features of a logit
 * @param stride distance between the margins of neighbouring rows, and by feature between neighbouring features
 */
public record CoefLayout(
        int features, int logits, boolean intercept, boolean reference, boolean byFeature, int stride) {
    /**
     * Checks that the vector can be an array.
     *
     * @throws IllegalArgumentException if the coefficients do not fit into one array
     */
    public CoefLayout {
        if ((features + 1L) * stride > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(features + " features x " + logits
                    + " classes are more coefficients than one array holds (" + Integer.MAX_VALUE + ")");
        }
    }

    /** The layout that suits a matrix. */
    public static CoefLayout of(Matrix x, int logits, boolean intercept, boolean reference) {
        return new CoefLayout(x.cols(), logits, intercept, reference, x.byFeature(), x.stride(logits));
    }

    /** Where the coefficient of feature j in logit k is; {@code j == features()} is the intercept. */
    public int index(int j, int k) {
        return byFeature || j == features ? j * stride + k : k * features + j;
    }

    /** Length of the vector. */
    public int size() {
        return rows() * stride;
    }

    /** Features, and one more where there are intercepts. */
    public int rows() {
        return features + (intercept ? 1 : 0);
    }

    /** Index of the first intercept; the end of the penalised part. */
    public int interceptStart() {
        return features * stride;
    }

    /** The first logit that is free: 1 where the first class is the reference, else 0. */
    public int firstFree() {
        return reference ? 1 : 0;
    }

    /** How many logits are free. */
    public int freeLogits() {
        return logits - firstFree();
    }

    /** How many coordinates are free: those of the free logits. */
    public int freeSize() {
        return rows() * freeLogits();
    }

    /** Where free coordinate f is: logit by logit, each its features and then its intercept. */
    public int freeIndex(int f) {
        return index(f % rows(), firstFree() + f / rows());
    }
}
