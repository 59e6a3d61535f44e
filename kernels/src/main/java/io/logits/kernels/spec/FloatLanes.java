package io.logits.kernels.spec;

/** Running sums of float32 exponentials in float64, and of their rounding errors in float32, one a lane. */
public final class FloatLanes {
    /** The sums. */
    public final double[] sums;
    /** What the summands' rounding left out. */
    public final float[] errors;

    /** So many sums, all zero. */
    public FloatLanes(int lanes) {
        sums = new double[lanes];
        errors = new float[lanes];
    }

    /** Adds {@code value + error power} to a lane. */
    public void add(int lane, float value, float error, float power) {
        sums[lane] += value;
        errors[lane] = Math.fma(error, power, errors[lane]);
    }

    /** Starts the first {@code lanes} again at zero. */
    public void clear(int lanes) {
        for (int l = 0; l < lanes; l++) {
            sums[l] = 0;
            errors[l] = 0;
        }
    }

    /** The first {@code lanes} (a power of two) added up: the upper half to the lower, and so on. */
    public double fold(int lanes) {
        for (int l = 0; l < lanes; l++) {
            sums[l] += errors[l];
        }
        for (int step = lanes / 2; step > 0; step /= 2) {
            for (int l = 0; l < step; l++) {
                sums[l] += sums[l + step];
            }
        }
        return sums[0];
    }
}
