package io.logits.selection;

import io.logits.data.Dataset;
import io.logits.data.Labels;
import java.util.Arrays;
import java.util.Random;

/**
 * Rows in folds: each is held out once. Which fold a row is in depends on the seed, the labels and the groups alone.
 */
public final class Folds {
    private final int count;
    private final int[] foldOf;
    private final String description;

    private Folds(int count, int[] foldOf, String description) {
        this.count = count;
        this.foldOf = foldOf;
        this.description = description;
    }

    /**
     * Folds in which each class has its share, to one row: the rows of each class, in random order, are dealt to the folds
     * in turn, each class going on where the last ended.
     *
     * @param count at least 2
     * @throws IllegalArgumentException if there are more folds than rows, or a class has one row alone
     */
    public static Folds stratified(Labels labels, int count, long seed) {
        checkCount(count, labels.rows());
        int[] rows = new int[labels.classes().size()];
        for (int label : labels.indices()) {
            rows[label]++;
        }
        for (int k = 0; k < rows.length; k++) {
            if (rows[k] == 1) {
                throw new IllegalArgumentException("class " + labels.classes().get(k)
                        + " has 1 row; held out, none would be left to learn it from: 2 at least are needed");
            }
        }
        int[] order = shuffled(labels.rows(), new Random(seed));
        int[] place = new int[rows.length];
        for (int k = 1; k < place.length; k++) {
            place[k] = place[k - 1] + rows[k - 1];
        }
        int[] foldOf = new int[order.length];
        for (int i : order) {
            foldOf[i] = place[labels.indices()[i]]++ % count;
        }
        return new Folds(count, foldOf, count + " stratified folds, seed " + seed);
    }

    /**
     * Folds that keep groups whole: the largest group first, each goes to the fold that has fewest rows so far, groups of
     * equal size in random order.
     *
     * @param groups a number for each row, rows of one group having the same; 0, 1, ...
     * @param count at least 2
     * @throws IllegalArgumentException if there are more folds than groups
     */
    public static Folds grouped(int[] groups, int count, long seed) {
        int all = Arrays.stream(groups).max().orElse(-1) + 1;
        int[] size = new int[all];
        for (int group : groups) {
            size[group]++;
        }
        long present = Arrays.stream(size).filter(rows -> rows > 0).count();
        if (count < 2 || count > present) {
            throw new IllegalArgumentException(
                    count + " folds of " + present + " groups, 2 to " + present + " are possible");
        }
        int[] order = Arrays.stream(shuffled(all, new Random(seed)))
                .boxed()
                .sorted((a, b) -> Integer.compare(size[b], size[a]))
                .mapToInt(Integer::intValue)
                .toArray();
        int[] filled = new int[count];
        int[] foldOfGroup = new int[all];
        for (int group : order) {
            int least = 0;
            for (int f = 1; f < count; f++) {
                least = filled[f] < filled[least] ? f : least;
            }
            foldOfGroup[group] = least;
            filled[least] += size[group];
        }
        return new Folds(
                count,
                Arrays.stream(groups).map(group -> foldOfGroup[group]).toArray(),
                count + " folds of " + present + " groups, seed " + seed);
    }

    /**
     * Folds that are known.
     *
     * @param foldOf the fold of each row, copied; 0, 1, ..., each of which has a row
     * @throws IllegalArgumentException if there are fewer than 2, or one has no row
     */
    public static Folds of(int[] foldOf) {
        int count = Arrays.stream(foldOf).max().orElse(-1) + 1;
        boolean[] present = new boolean[count];
        for (int fold : foldOf) {
            if (fold < 0) {
                throw new IllegalArgumentException("a row is in fold " + fold + ", folds are numbered from 0");
            }
            present[fold] = true;
        }
        for (int f = 0; f < count; f++) {
            if (!present[f]) {
                throw new IllegalArgumentException("fold " + f + " has no row, there are rows of fold " + (count - 1));
            }
        }
        if (count < 2) {
            throw new IllegalArgumentException(count + " folds are given, at least 2 are needed");
        }
        return new Folds(count, foldOf.clone(), count + " given folds");
    }

    private static void checkCount(int count, int rows) {
        if (count < 2 || count > rows) {
            throw new IllegalArgumentException(count + " folds of " + rows + " rows, 2 to " + rows + " are possible");
        }
    }

    private static int[] shuffled(int n, Random random) {
        int[] order = new int[n];
        Arrays.setAll(order, i -> i);
        for (int i = n - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int row = order[i];
            order[i] = order[other];
            order[other] = row;
        }
        return order;
    }

    /** How many folds there are. */
    public int count() {
        return count;
    }

    /** How they were made, in words. */
    public String description() {
        return description;
    }

    /** The number of rows. */
    public int size() {
        return foldOf.length;
    }

    /** The fold of row {@code i}. */
    public int of(int i) {
        return foldOf[i];
    }

    /** The rows of a fold, in order. */
    public int[] rows(int fold) {
        int[] rows = new int[foldOf.length];
        int size = 0;
        for (int i = 0; i < foldOf.length; i++) {
            if (foldOf[i] == fold) {
                rows[size++] = i;
            }
        }
        return Arrays.copyOf(rows, size);
    }

    /**
     * The data to learn from while a fold is held out: its rows have weight 0, which is as if they were not there, so that
     * nothing is copied.
     *
     * @throws IllegalArgumentException if a class has no row of positive weight left, or {@code data} other rows
     */
    public Dataset without(int fold, Dataset data) {
        double[] weights = data.weights();
        double[] left = new double[foldOf.length];
        boolean[] learnt = new boolean[data.labels().classes().size()];
        boolean[] present = new boolean[learnt.length];
        for (int i = 0; i < left.length; i++) {
            double weight = weights == null ? 1 : weights[i];
            left[i] = foldOf[i] == fold ? 0 : weight;
            learnt[data.labels().indices()[i]] |= left[i] > 0;
            present[data.labels().indices()[i]] |= weight > 0;
        }
        for (int k = 0; k < learnt.length; k++) {
            if (present[k] && !learnt[k]) {
                throw new IllegalArgumentException("all rows of class "
                        + data.labels().classes().get(k) + " are in one fold, so that none is left to"
                        + " learn it from while that is held out; fewer folds or larger classes are needed");
            }
        }
        return data.withWeights(left);
    }
}
