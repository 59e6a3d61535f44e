package io.logits.kernels;

/** The plain loops that state what {@link SelectionKernels} computes, operation by operation. */
final class ScalarSelection implements SelectionKernels {
    private static final int LANES = 8;

    /** Adding 1.5 * 2^52 rounds to an integer, which then stands in the low bits. */
    private static final double ROUND = 0x1.8p52;

    /**
     * {@code 2^t}, 0 for {@code t < -1022}: {@code t = k + f}, {@code |f| <= 1/2}, {@code 2^(f/2) = 1 + f q(f)} with q
     * the minimax polynomial of degree 7 (relative error 1.8e-15, by Remez's algorithm), squared, which costs one
     * multiplication less than a polynomial for {@code 2^f}; the exponent is added as an integer.
     */
    static double exp2(double t) {
        if (!(t >= -1022)) {
            return 0;
        }
        double rounded = t + ROUND;
        double f = t - (rounded - ROUND);
        double q = 0x1.6394436806567p-28;
        q = Math.fma(q, f, 0x1.0025a956780a6p-23);
        q = Math.fma(q, f, 0x1.4308f0a23b732p-19);
        q = Math.fma(q, f, 0x1.5d87f21a0b248p-15);
        q = Math.fma(q, f, 0x1.3b2ab6ff1a2adp-11);
        q = Math.fma(q, f, 0x1.c6b08d7211e9ep-8);
        q = Math.fma(q, f, 0x1.ebfbdff82c008p-5);
        q = Math.fma(q, f, 0x1.62e42fefa37b8p-2);
        double root = Math.fma(q, f, 1);
        double power = root * root;
        return Double.longBitsToDouble(Double.doubleToRawLongBits(power) + (Double.doubleToRawLongBits(rounded) << 52));
    }

    private static double exponent(float z, double max, double scale) {
        return (z - max) * scale;
    }

    /** Folds the eight lanes at {@code sums[at]} into that entry. */
    private static void fold(double[] sums, int at) {
        sums[at] = ((sums[at] + sums[at + 4]) + (sums[at + 2] + sums[at + 6]))
                + ((sums[at + 1] + sums[at + 5]) + (sums[at + 3] + sums[at + 7]));
    }

    private static void clear(double[] sums, int at) {
        for (int lane = 0; lane < LANES; lane++) {
            sums[at + lane] = 0;
        }
    }

    @Override
    public float blockMaxima(float[] z, int offset, int n, float[] maxima, int at) {
        float least = Float.POSITIVE_INFINITY;
        for (int from = 0, block = at; from < n; from += BLOCK, block++) {
            int end = offset + Math.min(n, from + BLOCK);
            float max = Float.NEGATIVE_INFINITY;
            for (int j = offset + from; j < end; j++) {
                max = Math.max(max, z[j]);
                least = Math.min(least, z[j]);
            }
            maxima[block] = max;
        }
        return least;
    }

    @Override
    public void blockSums(float[] z, int offset, int n, float least, double max, double scale, double[] sums, int at) {
        for (int from = 0, block = at; from < n; from += BLOCK, block++) {
            int length = Math.min(BLOCK, n - from);
            clear(sums, block);
            for (int j = 0; j < length; j++) {
                sums[block + j % LANES] += exp2(exponent(z[offset + from + j], max, scale));
            }
            fold(sums, block);
        }
    }

    @Override
    public void blockSumsAbove(
            float[] z,
            int offset,
            int n,
            float least,
            double max,
            double scale,
            float bound,
            double[] sums,
            double[] above,
            int at) {
        blockSums(z, offset, n, least, max, scale, sums, at);
        for (int from = 0, block = at; from < n; from += BLOCK, block++) {
            int length = Math.min(BLOCK, n - from);
            clear(above, block);
            for (int j = 0; j < length; j++) {
                float logit = z[offset + from + j];
                above[block + j % LANES] += logit >= bound ? exp2(exponent(logit, max, scale)) : 0;
            }
            fold(above, block);
        }
    }

    @Override
    public void blockMoments(
            float[] z, int offset, int n, double max, double scale, double[] sums, double[] moments, int at) {
        blockSums(z, offset, n, Float.NEGATIVE_INFINITY, max, scale, sums, at);
        for (int from = 0, block = at; from < n; from += BLOCK, block++) {
            int length = Math.min(BLOCK, n - from);
            clear(moments, block);
            for (int j = 0; j < length; j++) {
                double t = exponent(z[offset + from + j], max, scale);
                int lane = block + j % LANES;
                moments[lane] = t >= -1022 ? Math.fma(exp2(t), t, moments[lane]) : moments[lane];
            }
            fold(moments, block);
        }
    }

    @Override
    public void weights(float[] z, int offset, int n, double max, double scale, double[] out, int at) {
        for (int j = 0; j < n; j++) {
            out[at + j] = exp2(exponent(z[offset + j], max, scale));
        }
    }

    @Override
    public int collect(
            float[] z, int offset, int n, float low, float high, int first, int[] ids, float[] values, int count) {
        int end = count;
        for (int j = 0; j < n; j++) {
            float logit = z[offset + j];
            ids[end] = first + j;
            values[end] = logit;
            if (logit >= low && logit < high) {
                end++;
            }
        }
        return end;
    }

    @Override
    public void widenFloat16(short[] half, int offset, int n, float[] out, int at) {
        for (int j = 0; j < n; j++) {
            out[at + j] = widenFloat16(half[offset + j]);
        }
    }

    /** The exponent moves from bias 15 to bias 127 by a multiplication, which makes subnormals right as well. */
    private static float widenFloat16(short half) {
        int magnitude = (half & 0x7fff) << 13;
        float value = Float.intBitsToFloat(magnitude) * 0x1p112f;
        int bits = magnitude >= 0x7c00 << 13 ? magnitude | 0x7f800000 : Float.floatToRawIntBits(value);
        return Float.intBitsToFloat(bits | (half & 0x8000) << 16);
    }

    @Override
    public void widenBfloat16(short[] half, int offset, int n, float[] out, int at) {
        for (int j = 0; j < n; j++) {
            out[at + j] = Float.intBitsToFloat(half[offset + j] << 16);
        }
    }
}
