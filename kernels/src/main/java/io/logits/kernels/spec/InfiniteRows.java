package io.logits.kernels.spec;

/** Rows of float32 logits whose largest one is infinite: {@code +inf} shares the row, {@code -inf} alone and NaN give NaN. */
final class InfiniteRows {
    private InfiniteRows() {}

    static void softmax(float[] z, int at, int n, float[] out, int outAt) {
        float share = 1 / count(z, at, n);
        for (int k = 0; k < n; k++) {
            out[outAt + k] = z[at + k] == Float.POSITIVE_INFINITY ? share : 0 * share;
        }
    }

    static void logSoftmax(float[] z, int at, int n, float[] out, int outAt) {
        float count = count(z, at, n);
        float share = Float.isNaN(count) ? count : (float) -Log.ofWords(0, 0, count, 0, 0);
        for (int k = 0; k < n; k++) {
            out[outAt + k] = z[at + k] == Float.POSITIVE_INFINITY ? share : share + Float.NEGATIVE_INFINITY;
        }
    }

    /** The largest logit; NaN if there is one. */
    static float logSumExp(float[] z, int at, int n) {
        float max = Float.NEGATIVE_INFINITY;
        for (int k = 0; k < n; k++) {
            max = Math.max(max, z[at + k]);
        }
        return max;
    }

    /** How many logits are {@code +inf}; NaN if one is NaN or none is {@code +inf}. */
    private static float count(float[] z, int at, int n) {
        int count = 0;
        boolean nan = false;
        for (int k = 0; k < n; k++) {
            count += z[at + k] == Float.POSITIVE_INFINITY ? 1 : 0;
            nan |= Float.isNaN(z[at + k]);
        }
        return count == 0 || nan ? Float.NaN : count;
    }
}
