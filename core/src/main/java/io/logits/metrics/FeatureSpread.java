package io.logits.metrics;

import io.logits.data.Matrix;
import java.util.Arrays;

/** How far the features of some rows vary. */
public final class FeatureSpread {
    private FeatureSpread() {}

    /** The standard deviation of each feature over all rows, in two passes over their stored entries; NaN without rows. */
    public static double[] deviations(Matrix x) {
        int n = x.rows();
        double[] share = new double[n];
        Arrays.fill(share, 1.0 / n);
        double[] mean = new double[x.cols()];
        x.transposeMultiplyAdd(0, n, share, 1, mean);
        double[] squares = new double[x.cols()];
        int[] stored = new int[x.cols()];
        x.forEach(0, n, (i, j, value) -> {
            double difference = value - mean[j];
            squares[j] = Math.fma(difference, difference, squares[j]);
            stored[j]++;
        });
        double[] deviations = new double[x.cols()];
        for (int j = 0; j < deviations.length; j++) {
            double zeros = n - stored[j];
            deviations[j] = Math.sqrt((squares[j] + zeros * mean[j] * mean[j]) / n);
        }
        return deviations;
    }
}
