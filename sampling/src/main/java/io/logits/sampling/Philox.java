package io.logits.sampling;

/**
 * Philox 4x32-10, a random function of a counter (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as
 * 1, 2, 3", section 3.3): no state, so that a number depends on its place alone. The key is the seed of a row; the
 * counter holds the position in the text, an index and the {@link Stream} that says what the number is for.
 */
final class Philox {
    private static final long MULTIPLIER_0 = 0xD2511F53L;
    private static final long MULTIPLIER_1 = 0xCD9E8D57L;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;
    private static final long LOW = 0xFFFFFFFFL;

    /** What a random number is for: numbers for different ends never meet. */
    enum Stream {
        DRAW(0),
        DRAFT(1),
        ACCEPT(2),
        XTC(3),
        GUMBEL(4),
        DRAFT_GUMBEL(5);

        private final int code;

        Stream(int code) {
            this.code = code;
        }
    }

    private Philox() {}

    /** A uniform number in [0, 1), a multiple of 2^-53. */
    static double uniform(long seed, long position, int index, Stream stream) {
        return (bits(seed, position, index, stream.code) >>> 11) * 0x1p-53;
    }

    /** The noise of a token in the Gumbel draw number {@code draw}: {@code -ln(-ln(u))}, finite. */
    static double gumbel(long seed, long position, int token, int draw, Stream stream) {
        long bits = bits(seed, position, token, stream.code | draw << 8);
        double u = ((bits >>> 12) + .5) * 0x1p-52;
        return -StrictMath.log(-StrictMath.log(u));
    }

    private static long bits(long seed, long position, int index, int purpose) {
        return words((int) position, (int) (position >>> 32), index, purpose, (int) seed, (int) (seed >>> 32), 0);
    }

    /** Words {@code pair} and {@code pair + 1} of the function's four, the first in the low half. */
    static long words(int counter0, int counter1, int counter2, int counter3, int key0, int key1, int pair) {
        int c0 = counter0;
        int c1 = counter1;
        int c2 = counter2;
        int c3 = counter3;
        int k0 = key0;
        int k1 = key1;
        for (int round = 0; round < 10; round++) {
            long product0 = MULTIPLIER_0 * (c0 & LOW);
            long product1 = MULTIPLIER_1 * (c2 & LOW);
            c0 = (int) (product1 >>> 32) ^ c1 ^ k0;
            c2 = (int) (product0 >>> 32) ^ c3 ^ k1;
            c1 = (int) product1;
            c3 = (int) product0;
            k0 += WEYL_0;
            k1 += WEYL_1;
        }
        return pair == 0 ? (c0 & LOW) | (long) c1 << 32 : (c2 & LOW) | (long) c3 << 32;
    }
}
