package io.logits.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PhiloxTest {
    private static void check(int[] counter, int[] key, int... expected) {
        for (int pair = 0; pair < 2; pair++) {
            long words = Philox.words(counter[0], counter[1], counter[2], counter[3], key[0], key[1], pair);
            assertThat((int) words).isEqualTo(expected[2 * pair]);
            assertThat((int) (words >>> 32)).isEqualTo(expected[2 * pair + 1]);
        }
    }

    /** The file kat_vectors of Random123 1.14, lines "philox4x32 10". */
    @Test
    void givesTheKnownAnswers() {
        check(new int[4], new int[2], 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
        check(new int[] {-1, -1, -1, -1}, new int[] {-1, -1}, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
        check(
                new int[] {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
                new int[] {0xa4093822, 0x299f31d0},
                0xd16cfe09,
                0x94fdcceb,
                0x5001e420,
                0x24126ea1);
    }

    @Test
    void everyPartOfThePlaceMatters() {
        double number = Philox.uniform(1, 2, 3, Philox.Stream.DRAW);
        assertThat(number).isGreaterThanOrEqualTo(0).isLessThan(1);
        assertThat(Philox.uniform(1, 2, 3, Philox.Stream.DRAW)).isEqualTo(number);
        assertThat(Philox.uniform(1L << 40, 2, 3, Philox.Stream.DRAW)).isNotEqualTo(number);
        assertThat(Philox.uniform(1, 2L << 40, 3, Philox.Stream.DRAW)).isNotEqualTo(number);
        assertThat(Philox.uniform(1, 2, 4, Philox.Stream.DRAW)).isNotEqualTo(number);
        assertThat(Philox.uniform(1, 2, 3, Philox.Stream.DRAFT)).isNotEqualTo(number);
    }
}
