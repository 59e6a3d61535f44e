package io.logits.calibration;

/**
 * Logits of rows by models that had not seen them, with what is true of them. The arrays are not copied.
 *
 * @param z {@code n*k} finite logits, row after row; k is 1 for two classes, else their number, {@code >= 3}
 * @param y the class of each row, {@code 0 <= y[i] < max(2, k)}
 * @param weights one for each row, finite and {@code >= 0}
 */
public record HeldOut(double[] z, int[] y, double[] weights) {
    /**
     * Checks lengths and ranges.
     *
     * @throws IllegalArgumentException if lengths do not fit each other, k is 0 or 2, a logit or weight is not finite or a weight
     *     negative, or a class is none of the logits'
     */
    public HeldOut {
        if (y.length == 0 || z.length % y.length != 0 || weights.length != y.length) {
            throw new IllegalArgumentException(
                    z.length + " logits and " + weights.length + " weights were given for " + y.length + " rows");
        }
        int k = z.length / y.length;
        if (k == 0 || k == 2) {
            throw new IllegalArgumentException(
                    k + " logits a row were given, 1 for two classes or one for each of 3 or more is needed");
        }
        int classes = Math.max(2, k);
        for (int e = 0; e < z.length; e++) {
            if (!Double.isFinite(z[e])) {
                throw new IllegalArgumentException(
                        "logit " + e % k + " of row " + e / k + " is " + z[e] + ", a finite number is needed");
            }
        }
        for (int i = 0; i < y.length; i++) {
            if (!(weights[i] >= 0 && weights[i] < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "weight of row " + i + " is " + weights[i] + ", a finite number >= 0 is needed");
            }
            if (y[i] < 0 || y[i] >= classes) {
                throw new IllegalArgumentException(
                        "row " + i + " is of class " + y[i] + ", 0 to " + (classes - 1) + " are possible");
            }
        }
    }

    int count() {
        return y.length;
    }

    int logits() {
        return z.length / y.length;
    }
}
