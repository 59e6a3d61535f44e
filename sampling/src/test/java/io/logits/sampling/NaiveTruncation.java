package io.logits.sampling;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** The rules of truncation word by word, by sorting everything: the oracle of the tests. */
final class NaiveTruncation {
    private final float[] row;
    private final double temperature;
    private final Integer[] ranked;
    private final double[] p;

    NaiveTruncation(float[] row, double temperature) {
        this.row = row;
        this.temperature = temperature;
        ranked = IntStream.range(0, row.length)
                .filter(id -> row[id] > Float.NEGATIVE_INFINITY)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer id) -> -(row[id] + 0.0))
                        .thenComparing(Comparator.naturalOrder()))
                .toArray(Integer[]::new);
        p = new double[row.length];
        double sum = 0;
        for (int id : ranked) {
            p[id] = Math.exp(((double) row[id] - row[ranked[0]]) / temperature);
            sum += p[id];
        }
        for (int id : ranked) {
            p[id] /= sum;
        }
    }

    private int[] ascending(int count) {
        return Arrays.stream(ranked, 0, Math.min(count, ranked.length))
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }

    int[] topK(int k, boolean ties) {
        int count = Math.min(k, ranked.length);
        while (ties && count < ranked.length && row[ranked[count]] == row[ranked[count - 1]]) {
            count++;
        }
        return ascending(count);
    }

    int[] nucleus(double mass, int minKeep) {
        int count = 0;
        double before = 0;
        while (count < ranked.length && (before < mass || count < Math.max(1, minKeep))) {
            before += p[ranked[count++]];
        }
        return ascending(count);
    }

    /** How near a mass is to one at which the nucleus grows: there, rounding decides. */
    double nearestBoundary(double mass) {
        double nearest = 1;
        double before = 0;
        for (int id : ranked) {
            nearest = Math.min(nearest, Math.abs(before - mass));
            before += p[id];
        }
        return nearest;
    }

    int[] fromLogit(double bound, int minKeep) {
        int count = 0;
        while (count < ranked.length && (row[ranked[count]] >= bound || count < Math.max(1, minKeep))) {
            count++;
        }
        return ascending(count);
    }

    double entropy() {
        double entropy = 0;
        for (int id : ranked) {
            entropy -= p[id] > 0 ? p[id] * Math.log(p[id]) : 0;
        }
        return entropy;
    }

    int[] typical(double mass, int minKeep) {
        double entropy = entropy();
        double top = Math.log(p[ranked[0]]);
        Integer[] order = ranked.clone();
        // From logits, so that equal logits are equally far.
        Arrays.sort(
                order,
                Comparator.comparingDouble(id ->
                        Math.abs(-(top + ((double) row[id] - row[ranked[0]]) / temperature) - entropy)));
        int count = 0;
        double before = 0;
        while (count < order.length && (before < mass || count < Math.max(1, minKeep))) {
            before += p[order[count++]];
        }
        return Arrays.stream(order, 0, count)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }

    double max() {
        return row[ranked[0]];
    }

    double p(int id) {
        return p[id];
    }
}
