package io.logits.calibration;

/**
 * Logits of rows by models that had not seen them, with what is true of them. The arrays are not copied.
 *
 * @param z {@code n*k} logits, row after row; k is 1 for two classes
 * @param y the class of each row
 * @param weights one for each row, {@code >= 0}
 */
public record HeldOut(double[] z, int[] y, double[] weights) {
    /**
     * Checks the lengths.
     *
     * @throws IllegalArgumentException if they do not fit each other
     */
    public HeldOut {
        if (y.length == 0 || z.length % y.length != 0 || weights.length != y.length) {
            throw new IllegalArgumentException(
                    z.length + " logits and " + weights.length + " weights were given for " + y.length + " rows");
        }
    }

    int count() {
        return y.length;
    }

    int logits() {
        return z.length / y.length;
    }
}
