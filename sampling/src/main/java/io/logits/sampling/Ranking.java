package io.logits.sampling;

/**
 * Rank order of candidates: logit descending, then index ascending. A candidate is one long that sorts ascending in
 * this order: the bits of the logit, made monotone and inverted, above the index. No method allocates.
 */
final class Ranking {
    private static final int SMALL = 24;

    private Ranking() {}

    /** The key of a logit that is not NaN, at an index from 0; both zeros are the same logit. */
    static long key(float logit, int index) {
        int bits = Float.floatToRawIntBits(logit + 0f);
        int ascending = bits ^ (bits >> 31) >>> 1;
        return (long) ~ascending << 32 | index;
    }

    /** The logit of a key. */
    static float logit(long key) {
        int ascending = ~(int) (key >> 32);
        return Float.intBitsToFloat(ascending ^ (ascending >> 31) >>> 1);
    }

    /** The index of a key. */
    static int index(long key) {
        return (int) key;
    }

    /** Moves the {@code k} first in rank of {@code keys[0..n)} to {@code keys[0..k)}, the last of them to the end. */
    static void select(long[] keys, int n, int k) {
        int low = 0;
        int high = n - 1;
        while (high - low > SMALL) {
            int middle = partition(keys, low, high);
            if (middle == k - 1) {
                return;
            }
            if (middle < k) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        insertionSort(keys, low, high);
    }

    /**
     * How many of {@code keys[0..n)} are in the nucleus: those before which, in rank order, the mass is below
     * {@code target}. They are moved to the front, the last of them to the end of these.
     *
     * @param weights mass of each key, by its index
     * @param before mass ranked before all keys
     */
    static int nucleus(long[] keys, int n, double[] weights, double before, double target) {
        int low = 0;
        int high = n - 1;
        double mass = before;
        while (high - low > SMALL) {
            int middle = partition(keys, low, high);
            double better = 0;
            for (int i = low; i < middle; i++) {
                better += weights[(int) keys[i]];
            }
            if (mass + better >= target) {
                high = middle - 1;
                continue;
            }
            mass += better + weights[(int) keys[middle]];
            low = middle + 1;
            if (mass >= target) {
                return low;
            }
        }
        insertionSort(keys, low, high);
        while (low <= high && mass < target) {
            mass += weights[(int) keys[low++]];
        }
        return low;
    }

    /** Sorts {@code keys[from..to)}. */
    static void sort(long[] keys, int from, int to) {
        int low = from;
        int high = to - 1;
        while (high - low > SMALL) {
            int middle = partition(keys, low, high);
            // The shorter part by recursion: the stack stays logarithmic.
            if (middle - low < high - middle) {
                sort(keys, low, middle);
                low = middle + 1;
            } else {
                sort(keys, middle + 1, high + 1);
                high = middle - 1;
            }
        }
        insertionSort(keys, low, high);
    }

    /** Puts a pivot of {@code keys[low..high]} where it belongs, smaller keys before it, and returns that place. */
    private static int partition(long[] keys, int low, int high) {
        int at = pivot(keys, low, high);
        long pivot = keys[at];
        keys[at] = keys[high];
        int middle = low;
        for (int i = low; i < high; i++) {
            long key = keys[i];
            keys[i] = keys[middle];
            keys[middle] = key;
            middle += key < pivot ? 1 : 0;
        }
        keys[high] = keys[middle];
        keys[middle] = pivot;
        return middle;
    }

    /** The place of the median of three. */
    private static int pivot(long[] keys, int low, int high) {
        int centre = (low + high) >>> 1;
        long a = keys[low];
        long b = keys[centre];
        long c = keys[high];
        if (a < b == b < c) {
            return centre;
        }
        return b < a == a < c ? low : high;
    }

    private static void insertionSort(long[] keys, int low, int high) {
        for (int i = low + 1; i <= high; i++) {
            long key = keys[i];
            int j = i;
            for (; j > low && keys[j - 1] > key; j--) {
                keys[j] = keys[j - 1];
            }
            keys[j] = key;
        }
    }
}
