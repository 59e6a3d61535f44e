package io.logits.kernels.spec;

/**
 * Running sums of float32 exponentials, one a lane. Within a block a sum is a float32 number to which each exponential is
 * added; it starts at a power of two above all of them, so that what an addition has added is exact (Sterbenz), and what
 * it has left out is summed beside. After a block both go to float64.
 */
public final class FloatLanes {
    /** The sums of the blocks that are done. */
    public final double[] sums;
    /** The sums of the block at hand, too large by where they started. */
    public final float[] high;
    /** What the additions of the block at hand left out. */
    public final float[] rest;

    /** So many sums, all zero; {@link #start} comes next. */
    public FloatLanes(int lanes) {
        sums = new double[lanes];
        high = new float[lanes];
        rest = new float[lanes];
    }

    /** Starts a block, above exponentials below {@code seed}. */
    public void start(float seed) {
        for (int l = 0; l < high.length; l++) {
            high[l] = seed;
            rest[l] = 0;
        }
    }

    /** Adds {@code (1 + t) power}, which is {@code e} when rounded, to a lane. */
    public void add(int lane, float e, float t, float power) {
        float before = high[lane];
        float sum = before + e;
        rest[lane] += Math.fma(t, power, power - (sum - before));
        high[lane] = sum;
    }

    /** Ends a block that started at {@code seed}. */
    public void end(float seed) {
        for (int l = 0; l < high.length; l++) {
            sums[l] += ((double) high[l] - seed) + rest[l];
        }
    }

    /** All lanes (a power of two) added up, the upper half to the lower, and so on; they are zero afterwards. */
    public double fold() {
        for (int step = sums.length / 2; step > 0; step /= 2) {
            for (int l = 0; l < step; l++) {
                sums[l] += sums[l + step];
                sums[l + step] = 0;
            }
        }
        double sum = sums[0];
        sums[0] = 0;
        return sum;
    }
}
