package io.logits.kernels.spec;

/** Running sums in two words, one a lane: each addition's rounding error is exact (TwoSum) and summed beside. */
public final class TwoWordLanes {
    /** The rounded sums. */
    public final double[] high;
    /** The summed rounding errors. */
    public final double[] low;

    /** So many sums, all zero. */
    public TwoWordLanes(int lanes) {
        high = new double[lanes];
        low = new double[lanes];
    }

    /** Adds {@code value + rest} to a lane, {@code rest} being small beside {@code value}. */
    public void add(int lane, double value, double rest) {
        double before = high[lane];
        double sum = before + value;
        double part = sum - before;
        low[lane] = (low[lane] + rest) + ((before - (sum - part)) + (value - part));
        high[lane] = sum;
    }

    /** Starts the first {@code lanes} again at zero. */
    public void clear(int lanes) {
        for (int l = 0; l < lanes; l++) {
            high[l] = 0;
            low[l] = 0;
        }
    }

    /** Adds the first {@code lanes} (a power of two) up in lane 0: the upper half to the lower, and so on. */
    public void fold(int lanes) {
        for (int step = lanes / 2; step > 0; step /= 2) {
            for (int l = 0; l < step; l++) {
                add(l, high[l + step], low[l + step]);
            }
        }
    }

    /** Lane 0 rounded. */
    public double sum() {
        return high[0] + low[0];
    }

    /** What {@link #sum()} leaves out. */
    public double rest() {
        return low[0] - ((high[0] + low[0]) - high[0]);
    }
}
