package io.logits.data;

import java.util.Arrays;

/**
 * Which columns of compressed rows are the same, bit for bit: as words that occur in the same documents, or in none. Columns whose
 * hashes are equal are compared entry by entry. Reads the rows twice, on one thread.
 */
public final class DuplicateColumns {
    /** Odd, its bits without a pattern: 2^64 over the golden ratio. */
    static final long SPREAD = 0x9E3779B97F4A7C15L;

    /** Columns up to which a table of twice as many places is an array. */
    public static final int MOST_COLUMNS = 1 << 28;

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

    /** Those of a matrix of at most {@link #MOST_COLUMNS} columns. */
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
        return product ^ (product >>> 32);
    }

    /** Of each column the first whose hash is the same, which may be itself; by a table of places, half of them empty. */
    private static int[] firstOfHash(long[] hash) {
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(2 * hash.length);
        int[] taken = new int[1 << bits];
        Arrays.fill(taken, -1);
        int[] leader = new int[hash.length];
        for (int j = 0; j < hash.length; j++) {
            int at = (int) (hash[j] >>> (Long.SIZE - bits));
            while (taken[at] >= 0 && hash[taken[at]] != hash[j]) {
                at = (at + 1) & (taken.length - 1);
            }
            taken[at] = taken[at] < 0 ? j : taken[at];
            leader[j] = taken[at];
        }
        return leader;
    }

    /** A column that differs from its leader in an entry is its own; both have as many. */
    private static void separate(CsrMatrix x, int[] leader) {
        boolean[] compared = new boolean[leader.length];
        for (int j = 0; j < leader.length; j++) {
            if (leader[j] != j) {
                compared[j] = true;
                compared[leader[j]] = true;
            }
        }
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
                    if (!compared[j]) {
                        continue;
                    }
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
