package io.logits.calibration;

import io.logits.model.Calibrator.Steps;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Isotonic regression of a class on its score by pooling adjacent violators (Ayer et al. 1955). */
final class AdjacentPools {
    /** Of each pool: weight, weight of the rows of the class, and where it begins and ends. */
    private final double[] weight;

    private final double[] found;
    private final double[] first;
    private final double[] last;
    private int pools;

    private AdjacentPools(int most) {
        weight = new double[most];
        found = new double[most];
        first = new double[most];
        last = new double[most];
    }

    static Steps of(double[] scores, boolean[] is, double[] weights) {
        int[] order = IntStream.range(0, scores.length)
                .filter(i -> weights[i] > 0)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> scores[i] + 0.0))
                .mapToInt(Integer::intValue)
                .toArray();
        AdjacentPools pools = new AdjacentPools(order.length);
        double all = 0;
        for (int from = 0; from < order.length; ) {
            // -0.0 is 0.0 here.
            double score = scores[order[from]] + 0.0;
            double w = 0;
            double of = 0;
            int to = from;
            for (; to < order.length && scores[order[to]] + 0.0 == score; to++) {
                w += weights[order[to]];
                of += is[order[to]] ? weights[order[to]] : 0;
            }
            pools.add(score, w, of);
            all += w;
            from = to;
        }
        return pools.steps(1 / (all + 2));
    }

    private void add(double score, double w, double of) {
        weight[pools] = w;
        found[pools] = of;
        first[pools] = score;
        last[pools] = score;
        pools++;
        while (pools > 1 && share(pools - 2) >= share(pools - 1)) {
            pools--;
            weight[pools - 1] += weight[pools];
            found[pools - 1] += found[pools];
            last[pools - 1] = last[pools];
        }
    }

    private double share(int pool) {
        return found[pool] / weight[pool];
    }

    /** The ends of each pool. */
    private Steps steps(double margin) {
        double[] x = new double[2 * pools];
        double[] p = new double[2 * pools];
        int count = 0;
        for (int i = 0; i < pools; i++) {
            double share = Math.max(margin, Math.min(1 - margin, share(i)));
            x[count] = first[i];
            p[count++] = share;
            if (last[i] > first[i]) {
                x[count] = last[i];
                p[count++] = share;
            }
        }
        return new Steps(Arrays.copyOf(x, count), Arrays.copyOf(p, count));
    }
}
