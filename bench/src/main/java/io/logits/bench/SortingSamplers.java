package io.logits.bench;

import java.util.Arrays;

/**
 * Top-p as samplers on the JVM usually have it, written from its description: softmax of the whole row, candidates of at least
 * {@code (1-p)/(V-1)}, and then either a heap from which the most probable are taken one by one (as llama3.java does), or a
 * sort of the whole vocabulary.
 */
final class SortingSamplers {
    private final float[] p;
    private final int[] ids;

    SortingSamplers(int vocabulary) {
        p = new float[vocabulary];
        ids = new int[vocabulary];
    }

    private void softmax(float[] z) {
        float max = Float.NEGATIVE_INFINITY;
        for (float x : z) {
            max = Math.max(max, x);
        }
        float sum = 0;
        for (int i = 0; i < z.length; i++) {
            p[i] = (float) Math.exp(z[i] - max);
            sum += p[i];
        }
        for (int i = 0; i < z.length; i++) {
            p[i] /= sum;
        }
    }

    /** The token at {@code coin} of the nucleus, its tokens taken from a heap. */
    int heap(float[] z, float topP, float coin) {
        softmax(z);
        float cutoff = (1 - topP) / (z.length - 1);
        int n = 0;
        for (int i = 0; i < z.length; i++) {
            if (p[i] >= cutoff) {
                ids[n++] = i;
            }
        }
        for (int i = n / 2 - 1; i >= 0; i--) {
            sink(i, n);
        }
        int end = n;
        float mass = 0;
        while (end > 0 && mass < topP) {
            int best = ids[0];
            ids[0] = ids[--end];
            ids[end] = best;
            sink(0, end);
            mass += p[best];
        }
        float target = coin * mass;
        float before = 0;
        for (int i = n - 1; i >= end; i--) {
            before += p[ids[i]];
            if (before > target) {
                return ids[i];
            }
        }
        return ids[end];
    }

    private void sink(int from, int n) {
        int i = from;
        int id = ids[i];
        for (int child = 2 * i + 1; child < n; child = 2 * i + 1) {
            if (child + 1 < n && p[ids[child + 1]] > p[ids[child]]) {
                child++;
            }
            if (p[ids[child]] <= p[id]) {
                break;
            }
            ids[i] = ids[child];
            i = child;
        }
        ids[i] = id;
    }

    /** The token at {@code coin} of the nucleus, the vocabulary sorted, least probable first. */
    int sort(float[] z, float topP, float coin) {
        softmax(z);
        long[] keys = new long[z.length];
        for (int i = 0; i < z.length; i++) {
            keys[i] = (long) Float.floatToRawIntBits(p[i]) << 32 | i;
        }
        Arrays.sort(keys);
        int end = z.length;
        float mass = 0;
        while (end > 0 && mass < topP) {
            mass += p[(int) keys[--end]];
        }
        float target = coin * mass;
        float before = 0;
        for (int i = z.length - 1; i >= end; i--) {
            before += p[(int) keys[i]];
            if (before > target) {
                return (int) keys[i];
            }
        }
        return (int) keys[end];
    }
}
