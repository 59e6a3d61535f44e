package io.logits.metrics;

import io.logits.data.ColumnMoments;
import io.logits.data.Matrix;
import java.util.Arrays;

/** How far the features of some rows vary. */
public final class FeatureSpread {
    private FeatureSpread() {}

    /** The standard deviation of each feature over all rows; NaN without rows. */
    public static double[] deviations(Matrix x) {
        double[] share = new double[x.rows()];
        Arrays.fill(share, 1.0 / x.rows());
        double[] variance = ColumnMoments.of(x, share).variance();
        return Arrays.stream(variance)
                .map(v -> x.rows() == 0 ? Double.NaN : Math.sqrt(v))
                .toArray();
    }
}
