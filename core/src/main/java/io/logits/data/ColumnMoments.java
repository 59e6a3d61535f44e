package io.logits.data;

/**
 * Weighted mean and variance of each column. In two passes: squares of differences from the mean lose no digits, and what
 * rounding made of the mean is taken back (Chan, Golub and LeVeque 1983).
 *
 * @param mean of each column
 * @param variance of each column, {@code >= 0}
 * @param squaredError the mean square of the differences from {@code mean} as it is rounded: {@code variance} is this less the
 *     square of what is wrong with the mean
 */
public record ColumnMoments(double[] mean, double[] variance, double[] squaredError) {
    /**
     * Reads the stored entries of all rows twice.
     *
     * @param share the weight of each row over that of all
     */
    public static ColumnMoments of(Matrix x, double[] share) {
        int p = x.cols();
        double[] mean = new double[p];
        x.transposeMultiplyAdd(0, x.rows(), share, 1, mean);
        double[] squares = new double[p];
        double[] differences = new double[p];
        double[] stored = new double[p];
        int[] count = new int[p];
        x.forEach(0, x.rows(), (i, j, value) -> {
            double difference = value - mean[j];
            squares[j] = Math.fma(share[i] * difference, difference, squares[j]);
            differences[j] = Math.fma(share[i], difference, differences[j]);
            stored[j] += share[i];
            count[j]++;
        });
        double[] variance = new double[p];
        for (int j = 0; j < p; j++) {
            // Shares add up to 1 but for rounding, which the square of a large mean would make much of.
            double zeros = count[j] == x.rows() ? 0 : Math.max(0, 1 - stored[j]);
            squares[j] += zeros * mean[j] * mean[j];
            double error = differences[j] - zeros * mean[j];
            variance[j] = Math.max(0, squares[j] - error * error);
        }
        return new ColumnMoments(mean, variance, squares);
    }
}
