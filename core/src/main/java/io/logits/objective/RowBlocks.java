package io.logits.objective;

import io.logits.data.CsrMatrix;
import io.logits.data.Matrix;
import java.util.Arrays;

/**
 * The rows cut into blocks of about equal work. Where the cuts are depends on the data and the size of what a block
 * sums, never on the number of threads, so that neither do the sums.
 */
final class RowBlocks {
    /** A block should be worth handing to a thread: about 50 microseconds of work. */
    private static final long LEAST_WORK = 1 << 17;

    private static final int MOST_BLOCKS = 64;
    /** Accumulators of all blocks together: 8 MB, or two of them where one is larger. */
    private static final long MOST_ACCUMULATED = 1L << 20;

    /** Where blocks of dense rows have as many as this or more, they begin where tiles do. */
    private static final int LARGE = 128;

    private final int[] start;

    private RowBlocks(int[] start) {
        this.start = start;
    }

    /**
     * Cuts the rows of a matrix.
     *
     * @param workPerEntry multiply-adds for each stored entry
     * @param size doubles that a block sums
     */
    static RowBlocks of(Matrix x, long workPerEntry, long size) {
        long work = (x.storedEntries(x.rows()) + x.rows()) * workPerEntry;
        long blocks = Math.min(MOST_BLOCKS, Math.min(work / LEAST_WORK, work / (4 * Math.max(1, size))));
        blocks = Math.min(blocks, Math.max(2, MOST_ACCUMULATED / Math.max(1, size)));
        blocks = Math.max(1, Math.min(blocks, x.rows()));
        boolean wholeTiles = !(x instanceof CsrMatrix) && x.rows() >= LARGE * blocks;
        int[] start = new int[(int) blocks + 1];
        start[(int) blocks] = x.rows();
        for (int b = 1; b < blocks; b++) {
            int row = rowAt(x, b / (double) blocks);
            start[b] = wholeTiles ? row / Matrix.TILE_ROWS * Matrix.TILE_ROWS : row;
        }
        // Very uneven rows can put two cuts at one row; an empty block is harmless.
        Arrays.sort(start);
        return new RowBlocks(start);
    }

    /** The first row with at least this share of entries and rows before it. */
    private static int rowAt(Matrix x, double share) {
        double wanted = share * (x.storedEntries(x.rows()) + (double) x.rows());
        int low = 0;
        int high = x.rows();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (x.storedEntries(middle) + (double) middle < wanted) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    int count() {
        return start.length - 1;
    }

    int start(int block) {
        return start[block];
    }

    int end(int block) {
        return start[block + 1];
    }
}
