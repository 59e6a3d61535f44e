package io.logits.inference;

import java.util.Arrays;

/** Sums and products of short vectors. */
final class Vectors {
    private Vectors() {}

    /** {@code a + factor b}. */
    static double[] plus(double[] a, double factor, double[] b) {
        double[] sum = new double[a.length];
        for (int f = 0; f < a.length; f++) {
            sum[f] = Math.fma(factor, b[f], a[f]);
        }
        return sum;
    }

    static double[] times(double factor, double[] a) {
        return Arrays.stream(a).map(entry -> factor * entry).toArray();
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int f = 0; f < a.length; f++) {
            sum = Math.fma(a[f], b[f], sum);
        }
        return sum;
    }
}
