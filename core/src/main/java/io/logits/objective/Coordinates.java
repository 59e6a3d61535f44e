package io.logits.objective;

import io.logits.kernels.Workers;

/**
 * Loops over all coordinates of long vectors, on all threads, in ranges that do not depend on how many threads there are:
 * neither do the sums.
 */
public final class Coordinates {
    private static final int RANGE = 1 << 14;

    private final Workers workers;
    private final int size;

    /** Of vectors with so many entries. */
    Coordinates(Workers workers, int size) {
        this.workers = workers;
        this.size = size;
    }

    /** Does something with each range. */
    public void forEachRange(Workers.RangeTask task) {
        workers.runRanges(size, RANGE, task);
    }

    /** Adds up the sums of the ranges, in order. */
    public double sum(Workers.RangeSum range) {
        return workers.sumRanges(size, RANGE, range);
    }

    /** {@code a'b}. */
    public double dot(double[] a, double[] b) {
        return sum((from, to) -> {
            double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
            int c = from;
            for (; c + 4 <= to; c += 4) {
                s0 = Math.fma(a[c], b[c], s0);
                s1 = Math.fma(a[c + 1], b[c + 1], s1);
                s2 = Math.fma(a[c + 2], b[c + 2], s2);
                s3 = Math.fma(a[c + 3], b[c + 3], s3);
            }
            for (; c < to; c++) {
                s0 = Math.fma(a[c], b[c], s0);
            }
            return (s0 + s2) + (s1 + s3);
        });
    }
}
