package io.logits.data;

import java.util.Arrays;

/**
 * Which columns of compressed rows are the same, bit for bit: as words that occur in the same documents, or in none. Columns whose
 * hashes are equal are compared entry by entry. Reads the rows twice, on one thread.
 */
public final class DuplicateColumns {
    /** Odd, its bits without a pattern: 2^64 over the golden ratio. */
    static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final int[] place;
    private final int[] first;
    private final int[] count;

    private DuplicateColumns(int[] leader) {
        place = new int[leader.length];
        int[] firsts = new int[leader.length];
        int[] counts = new int[leader.length];
        int distinct = 0;
        for (int j = 0; j < leader.length; j++) {
            if (leader[j] == j) {
                firsts[distinct] = j;
                place[j] = distinct++;
            } else {
                place[j] = place[leader[j]];
            }
            counts[place[j]]++;
        }
        first = Arrays.copyOf(firsts, distinct);
        count = Arrays.copyOf(counts, distinct);
    }

    /** Those of a matrix. */
    public static DuplicateColumns of(CsrMatrix x) {
        int[] entries = new int[x.cols()];
        int[] leader = firstOfHash(hashes(x, entries));
        for (int j = 0; j < leader.length; j++) {
            leader[j] = entries[j] == entries[leader[j]] ? leader[j] : j;
        }
        separate(x, leader);
        return new DuplicateColumns(leader);
    }

    /** A number for each column that depends on all its entries; counts these too. */
    private static long[] hashes(CsrMatrix x, int[] entries) {
        long[] hash = new long[x.cols()];
        long row = 0;
        for (CsrMatrix.Block block : x.blocks()) {
            int[] start = block.rowStart();
            int[] index = block.index();
            for (int i = 0; i < block.rows(); i++) {
                row += SPREAD;
                for (int e = start[i]; e < start[i + 1]; e++) {
                    int j = index[e];
                    hash[j] = mixed(hash[j] ^ row ^ Double.doubleToRawLongBits(block.value(e)));
                    entries[j]++;
                }
            }
        }
        return hash;
    }

    static long mixed(long bits) {
        long product = bits * SPREAD;
        return product ^ product >>> 32;
    }

    /** Of each column the first whose hash is the same, which may be itself. */
    private static int[] firstOfHash(long[] hash) {
        long[] sorted = hash.clone();
        Arrays.sort(sorted);
        int[] first = new int[hash.length];
        Arrays.fill(first, -1);
        int[] leader = new int[hash.length];
        for (int j = 0; j < hash.length; j++) {
            // Any of several equal places will do, as the search ends at the same one each time.
            int at = Arrays.binarySearch(sorted, hash[j]);
            first[at] = first[at] < 0 ? j : first[at];
            leader[j] = first[at];
        }
        return leader;
    }

    /** A column that differs from its leader in an entry is its own; both have as many. */
    private static void separate(CsrMatrix x, int[] leader) {
        int[] row = new int[leader.length];
        double[] value = new double[leader.length];
        boolean[] differs = new boolean[leader.length];
        int i = 0;
        for (CsrMatrix.Block block : x.blocks()) {
            int[] start = block.rowStart();
            int[] index = block.index();
            for (int own = 0; own < block.rows(); own++) {
                i++;
                for (int e = start[own]; e < start[own + 1]; e++) {
                    int j = index[e];
                    row[j] = i;
                    value[j] = block.value(e);
                    int like = leader[j];
                    differs[j] |= row[like] != i
                            || Double.doubleToRawLongBits(value[like]) != Double.doubleToRawLongBits(value[j]);
                }
            }
        }
        for (int j = 0; j < leader.length; j++) {
            leader[j] = differs[j] ? j : leader[j];
        }
    }

    /** How many columns differ from all before them. */
    public int distinct() {
        return first.length;
    }

    /** The first of each kind, increasing. Not to be changed. */
    public int[] firsts() {
        return first;
    }

    /** Which of the {@link #firsts} column j is like. */
    public int place(int j) {
        return place[j];
    }

    /** How many columns are like the first of a kind, which counts too. */
    public int count(int place) {
        return count[place];
    }

    /** How many columns there are in all. */
    public int columns() {
        return place.length;
    }

    /** What the distinct columns have, for each of all. */
    public double[] spread(double[] ofDistinct) {
        return Arrays.stream(place).mapToDouble(d -> ofDistinct[d]).toArray();
    }
}
