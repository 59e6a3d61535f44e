package io.logits.kernels.spec;

/**
 * Running sums of float32 exponentials, one a lane, for a block of a row. A sum is a float32 number to which each
 * exponential is added; it starts at a power of two above all of them, so that what an addition has added is exact
 * (Sterbenz), and what it has left out is summed beside.
 */
public final class FloatLanes {
    /** The number of lanes. */
    public static final int LANES = 16;

    /** The sums, too large by where they started. */
    public final float[] high = new float[LANES];

    /** What the additions left out. */
    public final float[] rest = new float[LANES];

    private final double[] pairs = new double[LANES / 2];

    /** Sums of nothing; {@link #start} comes next. */
    public FloatLanes() {}

    /** Starts a block, above exponentials below {@code seed}. */
    public void start(float seed) {
        for (int l = 0; l < LANES; l++) {
            high[l] = seed;
            rest[l] = 0;
        }
    }

    /** Adds {@code (1 + t) power}, which is {@code e} when rounded, to a lane. */
    public void add(int lane, float e, float t, float power) {
        add(lane, high[lane], high[lane] + e, t, power);
    }

    /** The same where the exponential is not rounded for itself. */
    public void add(int lane, float t, float power) {
        add(lane, high[lane], Math.fma(t, power, high[lane] + power), t, power);
    }

    private void add(int lane, float before, float sum, float t, float power) {
        rest[lane] += Math.fma(t, power, power - (sum - before));
        high[lane] = sum;
    }

    /** Ends a block that started at {@code seed}: all lanes, the upper half added to the lower, and so on. */
    public double end(double seed) {
        for (int l = 0; l < LANES / 2; l++) {
            pairs[l] = ((high[l] - seed) + rest[l]) + ((high[l + LANES / 2] - seed) + rest[l + LANES / 2]);
        }
        return ((pairs[0] + pairs[4]) + (pairs[2] + pairs[6])) + ((pairs[1] + pairs[5]) + (pairs[3] + pairs[7]));
    }
}
