package io.logits.kernels.spec;

import java.util.Arrays;

/**
 * Running sums of float32 exponentials, one a lane, for a block of a row. A sum is a float32 number to which each
 * exponential is added; it starts at a power of two above all of them, so that what an addition has added is exact
 * (Sterbenz), and what it has left out is summed beside.
 */
public final class FloatLanes {
    /** The sums, too large by where they started. */
    public final float[] high = new float[FloatRows.LANES];

    /** What the additions left out. */
    public final float[] rest = new float[FloatRows.LANES];

    private final double[] pairs = new double[FloatRows.LANES / 2];

    /** Sums of nothing; {@link #start} comes next. */
    public FloatLanes() {}

    /** Starts a block, above exponentials below {@code seed}. */
    public void start(float seed) {
        Arrays.fill(high, seed);
        Arrays.fill(rest, 0);
    }

    /** Adds {@code (1 + t) power}, which is {@code e} when rounded, to a lane. */
    public void add(int lane, float e, float t, float power) {
        float before = high[lane];
        high[lane] = before + e;
        rest[lane] += Math.fma(t, power, power - (high[lane] - before));
    }

    /** Ends a block that started at {@code seed}: all lanes, the upper half added to the lower, and so on. */
    public double end(double seed) {
        int half = pairs.length;
        for (int l = 0; l < half; l++) {
            pairs[l] = ((high[l] - seed) + rest[l]) + ((high[l + half] - seed) + rest[l + half]);
        }
        for (half /= 2; half > 0; half /= 2) {
            for (int l = 0; l < half; l++) {
                pairs[l] += pairs[l + half];
            }
        }
        return pairs[0];
    }
}
