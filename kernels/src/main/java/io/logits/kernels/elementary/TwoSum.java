package io.logits.kernels.elementary;

/** A running sum in two words: each addition's rounding error is exact (Knuth's TwoSum) and summed beside. */
public final class TwoSum {
    private double high;
    private double low;

    /** Starts again at zero. */
    public void clear() {
        high = 0;
        low = 0;
    }

    /** Adds {@code value + rest}, {@code rest} being small beside {@code value}. */
    public void add(double value, double rest) {
        double sum = high + value;
        double part = sum - high;
        low = (low + rest) + ((high - (sum - part)) + (value - part));
        high = sum;
    }

    /** Adds another sum. */
    public void add(TwoSum other) {
        add(other.high, other.low);
    }

    /** The sum rounded. */
    public double high() {
        return high + low;
    }

    /** What {@link #high()} leaves out. */
    public double low() {
        return low - ((high + low) - high);
    }
}
