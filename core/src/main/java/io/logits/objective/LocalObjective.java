package io.logits.objective;

import io.logits.data.ColumnMatrix;
import io.logits.penalty.ElasticNet;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The part of an objective that a few sparse features have, on the rows in which they are not 0, the coefficients of all others and the
 * intercepts held. Where a step has changed margins by so much that its model does not hold any more, but in few rows, it can
 * be put right by this at little cost.
 */
public final class LocalObjective {
    /** A change of a margin by this changes second derivatives by about as much of them. */
    private static final double FAR = 0.1;
    /** All features together have at most as many entries as one of so many rows would be: those that went farthest. */
    private static final int PART = 8;
    /** Where margins of more than this share of all rows with a weight have changed by far, it is not a matter of a few. */
    private static final double MOST_TOUCHED = 0.9;

    private final int[] features;
    private final CoefLayout whole;
    private final CoefLayout own;
    private final CompositeObjective objective;
    private final double[] start;

    private LocalObjective(CompositeObjective of, int[] features, int[] rows, double[] w) {
        this.features = features;
        LinearObjective smooth = of.smooth();
        whole = smooth.layout();
        LinearObjective local = smooth.local(rows, features, w);
        own = local.layout();
        start = new double[own.size()];
        forEach((there, here) -> start[here] = w[there]);
        ElasticNet penalty = of.penalty().select(features, smooth.totalWeight() / local.totalWeight());
        objective = new CompositeObjective(local, penalty, local.columns()).asPart();
    }

    /**
     * That of the features of which a step changed margins by far.
     *
     * @param set beyond which the step moved no coefficient
     * @param before where the step began
     * @param w where it led
     * @return null if there are none
     */
    static @Nullable LocalObjective movedFar(CompositeObjective of, WorkingSet set, double[] before, double[] w) {
        double[] change = changes(of, set, before, w);
        int[] far =
                IntStream.range(0, change.length).filter(j -> change[j] > FAR).toArray();
        if (far.length == 0) {
            return null;
        }
        double[] shares = of.shares();
        long count = Arrays.stream(shares).filter(share -> share > 0).count();
        if (rows(far, of.columns(), shares).length > MOST_TOUCHED * count) {
            return null;
        }
        int[] features = farthest(far, change, shares.length / PART, of.columns());
        int[] rows = rows(features, of.columns(), shares);
        return rows.length == 0 ? null : new LocalObjective(of, features, rows, w);
    }

    /** By how much a margin has changed at most with each feature; 0 for those that are in too many rows, or have no penalty. */
    private static double[] changes(CompositeObjective of, WorkingSet set, double[] before, double[] w) {
        double[] change = new double[of.smooth().layout().features()];
        int[] feature = set.feature();
        int[] position = set.position();
        for (int e = 0; e < position.length; e++) {
            int c = position[e];
            if (w[c] != before[c]) {
                change[feature[e]] = Math.max(change[feature[e]], Math.abs(w[c] - before[c]));
            }
        }
        ElasticNet penalty = of.penalty();
        int most = of.shares().length / PART;
        for (int j = 0; j < change.length; j++) {
            if (change[j] > 0) {
                boolean free = of.columns().stored(j) <= most && (penalty.absolute(j) > 0 || penalty.curvature(j) > 0);
                change[j] *= free ? of.columns().largest(j) : 0;
            }
        }
        return change;
    }

    /** As many of the features as have no more than so many entries, those of the largest changes first; in increasing order. */
    private static int[] farthest(int[] far, double[] change, int entries, ColumnMatrix columns) {
        int[] features = new int[far.length];
        int count = 0;
        int left = entries;
        int[] farthestFirst = IntStream.of(far)
                .boxed()
                .sorted(Comparator.comparingDouble(j -> -change[j]))
                .mapToInt(j -> j)
                .toArray();
        for (int j : farthestFirst) {
            if (columns.stored(j) <= left) {
                left -= columns.stored(j);
                features[count++] = j;
            }
        }
        Arrays.sort(features, 0, count);
        return Arrays.copyOf(features, count);
    }

    /** The rows with a weight in which some of these features are not 0. */
    private static int[] rows(int[] features, ColumnMatrix columns, double[] shares) {
        boolean[] read = new boolean[shares.length];
        for (int j : features) {
            columns.mark(j, read);
        }
        return IntStream.range(0, read.length)
                .filter(i -> read[i] && shares[i] > 0)
                .toArray();
    }

    /** The objective, its features those of this. */
    public CompositeObjective objective() {
        return objective;
    }

    /** Where the step led. */
    public double[] start() {
        return start;
    }

    /** Writes a point of this into one of the whole. */
    public void put(double[] point, double[] w) {
        forEach((there, here) -> w[there] = point[here]);
    }

    /** Receives where a coefficient is in a point of the whole, and in one of this. */
    @FunctionalInterface
    private interface Places {
        void accept(int there, int here);
    }

    private void forEach(Places places) {
        for (int f = 0; f < features.length; f++) {
            for (int k = 0; k < whole.logits(); k++) {
                places.accept(whole.index(features[f], k), own.index(f, k));
            }
        }
    }
}
