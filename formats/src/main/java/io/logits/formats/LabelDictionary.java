package io.logits.formats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Numbers the distinct labels of a text as they come, 0, 1, 2, ..., without making a string of each. For one thread. */
final class LabelDictionary {
    private final List<byte[]> tokens = new ArrayList<>();
    private int[] hashes = new int[16];
    /** Open addressing: number + 1 of a token, 0 where empty; at most half full. */
    private int[] slots = new int[32];

    /** The number of the label {@code b[from .. to-1]}; {@code size()} grows if it is a new one. */
    int number(byte[] b, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + b[i];
        }
        int slot = slot(hash);
        while (slots[slot] != 0) {
            int number = slots[slot] - 1;
            byte[] token = tokens.get(number);
            if (hashes[number] == hash && Arrays.equals(token, 0, token.length, b, from, to)) {
                return number;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        return add(Arrays.copyOfRange(b, from, to), hash, slot);
    }

    private int add(byte[] token, int hash, int slot) {
        int number = tokens.size();
        tokens.add(token);
        if (number == hashes.length) {
            hashes = Arrays.copyOf(hashes, 2 * number);
        }
        hashes[number] = hash;
        slots[slot] = number + 1;
        if (2 * tokens.size() > slots.length) {
            slots = new int[2 * slots.length];
            for (int i = 0; i < tokens.size(); i++) {
                int free = slot(hashes[i]);
                while (slots[free] != 0) {
                    free = (free + 1) & (slots.length - 1);
                }
                slots[free] = i + 1;
            }
        }
        return number;
    }

    private int slot(int hash) {
        // Fibonacci hashing spreads what 31-fold sums of digits leave close together.
        return (hash * 0x9e3779b9) >>> (Integer.numberOfLeadingZeros(slots.length) + 1);
    }

    /** The number of distinct labels. */
    int size() {
        return tokens.size();
    }

    /** The bytes of a label. */
    byte[] token(int number) {
        return tokens.get(number);
    }
}
