package io.logits.kernels;

import io.logits.kernels.spec.FloatExp;
import io.logits.kernels.spec.Weight;

/** The plain loops that state what {@link SelectionKernels} computes, operation by operation. */
final class ScalarSelection implements SelectionKernels {
    private static final int LANES = 8;
    private static final int COARSE_LANES = 16;

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
        float largest = 0;
        for (int from = 0, block = at; from < n; from += BLOCK, block++) {
            int end = offset + Math.min(n, from + BLOCK);
            float max = Float.NEGATIVE_INFINITY;
            for (int j = offset + from; j < end; j++) {
                max = Math.max(max, z[j]);
                largest = Math.max(largest, Math.abs(z[j]));
            }
            maxima[block] = max;
        }
        return largest;
    }

    @Override
    public void blockSums(float[] z, int offset, int n, float least, double max, double scale, double[] sums, int at) {
        for (int from = 0, block = at; from < n; from += BLOCK, block++) {
            int length = Math.min(BLOCK, n - from);
            clear(sums, block);
            for (int j = 0; j < length; j++) {
                sums[block + j % LANES] += Weight.of(z[offset + from + j] - max, scale);
            }
            fold(sums, block);
        }
    }

    @Override
    public void coarseSums(
            float[] z,
            int offset,
            int n,
            float[] maxima,
            int block,
            float least,
            double max,
            double scale,
            double[] sums,
            int at) {
        for (int from = 0, group = 0; from < n; from += GROUP * BLOCK, group++) {
            int end = Math.min(n, from + GROUP * BLOCK);
            if (Weight.isCoarse(scale)) {
                float largest = Float.NEGATIVE_INFINITY;
                for (int start = from, b = block + GROUP * group; start < end; start += BLOCK, b++) {
                    largest = Math.max(largest, maxima[b]);
                }
                coarseSum(z, offset + from, offset + end, largest, max, scale, sums, at + group);
            } else {
                double sum = 0;
                for (int start = from; start < end; start += BLOCK) {
                    blockSums(z, offset + start, Math.min(BLOCK, end - start), least, max, scale, sums, at + group);
                    sum += sums[at + group];
                }
                sums[at + group] = sum;
            }
        }
    }

    /** The coarse sum of {@code z[start .. end-1]}, none of which is above {@code largest}. */
    private static void coarseSum(
            float[] z, int start, int end, float largest, double max, double scale, double[] sums, int at) {
        float exponent = Weight.exponent(max, scale);
        float shift = Weight.shift(max, scale);
        float floor = Weight.floor(exponent, scale);
        float round = FloatExp.rounding(exponent);
        float high = (float) scale;
        float low = (float) (scale - high);
        float seed = Weight.seed(Math.max(largest - shift, floor), high, round);
        clear(sums, at);
        for (int lane = 0; lane < COARSE_LANES; lane++) {
            float sum = seed;
            float rest = 0;
            for (int j = start + lane; j < end; j += 2 * COARSE_LANES) {
                float pair = coarseWeight(Math.max(z[j] - shift, floor), high, low, round);
                int next = j + COARSE_LANES;
                if (next < end) {
                    pair += coarseWeight(Math.max(z[next] - shift, floor), high, low, round);
                }
                float before = sum;
                sum = before + pair;
                rest += pair - (sum - before);
            }
            sums[at + lane % LANES] += ((double) sum - seed) + rest;
        }
        fold(sums, at);
        sums[at] *= Weight.unit(max, scale);
    }

    private static float coarseWeight(float x, float high, float low, float round) {
        float rounded = Math.fma(x, high, round);
        float f = Math.fma(x, low, Math.fma(x, high, round - rounded));
        return Weight.coarse(f, FloatExp.power(rounded));
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
                above[block + j % LANES] += logit >= bound ? Weight.of(logit - max, scale) : 0;
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
                double d = z[offset + from + j] - max;
                double t = d * scale;
                int lane = block + j % LANES;
                moments[lane] = t >= Weight.LEAST ? Math.fma(Weight.of(d, scale), t, moments[lane]) : moments[lane];
            }
            fold(moments, block);
        }
    }

    @Override
    public void weights(float[] z, int offset, int n, double max, double scale, double[] out, int at) {
        for (int j = 0; j < n; j++) {
            out[at + j] = Weight.of(z[offset + j] - max, scale);
        }
    }

    @Override
    public void massFrom(float[] z, double[] weights, int n, float bound, double[] sums, int at) {
        clear(sums, at);
        for (int j = 0; j < n; j++) {
            sums[at + j % LANES] += z[j] >= bound ? weights[j] : 0;
        }
        fold(sums, at);
    }

    @Override
    public int collect(
            float[] z, int offset, int n, float low, float high, int first, int[] ids, float[] values, int count) {
        int end = count;
        for (int j = 0; j < n; j++) {
            float logit = z[offset + j];
            ids[end] = first + j;
            values[end] = logit;
            if (logit >= low && (logit < high || high == Float.POSITIVE_INFINITY)) {
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
