package io.logits.tables;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Numbers rows by what they share, from 0 on in order of appearance. */
final class Groups {
    private final Map<Object, Integer> found = new HashMap<>();
    private int[] numbers = new int[1024];
    private int count;

    void add(Object shared) {
        if (count == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * count);
        }
        Integer known = found.putIfAbsent(shared, found.size());
        numbers[count++] = known == null ? found.size() - 1 : known;
    }

    int[] build() {
        return Arrays.copyOf(numbers, count);
    }
}
