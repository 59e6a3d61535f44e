package io.logits.objective;

import io.logits.data.ColumnMatrix;
import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;
import io.logits.kernels.Workers;
import io.logits.objective.BlockInverse.Block;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Sums up the blocks of a {@link BlockInverse}: the second derivatives of the mean loss among the coefficients of a class, and
 * among those of a feature.
 *
 * @param share the weights of the rows over that of all
 * @param p probabilities, by logit, then row
 * @param curvature second derivatives along a logit of a row
 * @param part the coefficients of the set that take part
 * @param penalty what is added to second derivatives by single coefficients
 * @param more the share by which they are raised before
 */
record BlockBuilder(
        ColumnMatrix x,
        double[] share,
        double[][] p,
        Curvature curvature,
        boolean intercept,
        WorkingSet set,
        boolean[] part,
        double[] penalty,
        double more,
        Workers workers) {
    /** Blocks that take longer than so many products do not pay. */
    private static final double MOST_PRODUCTS = 50;
    /** What a factor costs for each triple of a class's coefficients, over a product for each entry. */
    private static final double TRIPLE = 0.01;
    /** Numbers in the matrices of classes, for each margin; a model has 3, and factors are a quarter of it. */
    private static final double MOST_NUMBERS = 5;
    /** Coefficients of a class: a factor is in one array. */
    private static final int MOST_MEMBERS = 1 << 14;

    /** The second derivative along logit k of row i, by its share. */
    @FunctionalInterface
    interface Curvature {
        double of(int k, int i);
    }

    /** Whether the blocks take no longer to make than some tens of products, and not much more memory than a model. */
    boolean isWorthwhile() {
        double[] costs = new double[p.length];
        double margins = (double) share.length * p.length;
        double product = margins;
        double numbers = 0;
        int largest = 0;
        workers.run(p.length, k -> costs[k] = costOfClass(k));
        int[] classes = new int[Arrays.stream(set.feature()).max().orElse(0) + 1];
        for (int k = 0; k < p.length; k++) {
            int[] members = members(k);
            double size = members.length;
            largest = Math.max(largest, members.length);
            numbers += size * size;
            costs[k] += TRIPLE * size * size * size + (intercept ? margins / 2 : 0);
            for (int e : members) {
                int j = set.feature()[e];
                product += 2.0 * x.stored(j);
                // The square of how many classes the feature is in, summed up.
                costs[k] += (2.0 * classes[j]++ + 1) * x.stored(j);
            }
        }
        return largest <= MOST_MEMBERS
                && numbers <= MOST_NUMBERS * margins
                && Arrays.stream(costs).sum() <= MOST_PRODUCTS * product;
    }

    /** Pairs of entries of each row in columns of logit k's. */
    private double costOfClass(int k) {
        int[] inRow = new int[share.length];
        for (int e : members(k)) {
            x.forEach(set.feature()[e], (i, value) -> inRow[i]++);
        }
        double sum = 0;
        for (int count : inRow) {
            sum += (double) count * count;
        }
        return sum;
    }

    private int[] members(int k) {
        return IntStream.range(set.start()[k], set.start()[k + 1])
                .filter(e -> part[e])
                .toArray();
    }

    BlockInverse build() {
        Block[] classes = new Block[p.length];
        // The largest first.
        int[] order = IntStream.range(0, p.length)
                .boxed()
                .sorted(Comparator.comparingInt(k -> set.start()[k] - set.start()[k + 1]))
                .mapToInt(k -> k)
                .toArray();
        workers.run(p.length, task -> classes[order[task]] = ofClass(order[task]));
        TreeMap<Integer, List<Integer>> byFeature = new TreeMap<>();
        int[] logit = new int[set.size()];
        for (int k = 0; k < p.length; k++) {
            for (int e : members(k)) {
                logit[e] = k;
                byFeature
                        .computeIfAbsent(set.feature()[e], j -> new ArrayList<>())
                        .add(e);
            }
        }
        List<List<Integer>> groups = List.copyOf(byFeature.values());
        Block[] features = new Block[groups.size() + (intercept ? 1 : 0)];
        workers.run(groups.size(), g -> {
            int[] member = groups.get(g).stream().mapToInt(e -> e).toArray();
            features[g] =
                    ofFeature(member, Arrays.stream(member).map(e -> logit[e]).toArray());
        });
        if (intercept) {
            features[groups.size()] = ofIntercepts();
        }
        return new BlockInverse(List.of(classes), List.of(features), workers);
    }

    private Block ofClass(int k) {
        int[] coefficients = members(k);
        int[] columns = Arrays.stream(coefficients).map(e -> set.feature()[e]).toArray();
        double[] h = new double[share.length];
        Arrays.setAll(h, i -> curvature.of(k, i));
        int size = columns.length + (intercept ? 1 : 0);
        double[] matrix = new double[size * size];
        x.gram(columns, h, matrix, size);
        for (int c = 0; c < columns.length; c++) {
            matrix[c * size + c] =
                    Math.fma(more, matrix[c * size + c], matrix[c * size + c] + penalty[coefficients[c]]);
        }
        if (!intercept) {
            return Block.of(coefficients, matrix);
        }
        int last = columns.length;
        for (int c = 0; c < last; c++) {
            matrix[last * size + c] = x.dot(columns[c], h);
        }
        matrix[last * size + last] = (1 + more) * Arrays.stream(h).sum();
        int[] member = Arrays.copyOf(coefficients, size);
        member[last] = set.size() + k;
        return Block.of(member, matrix);
    }

    private Block ofFeature(int[] member, int[] logit) {
        int size = member.length;
        double[] matrix = new double[size * size];
        x.forEach(set.feature()[member[0]], (i, value) -> add(i, value * value, logit, matrix));
        for (int c = 0; c < size; c++) {
            matrix[c * size + c] = Math.fma(more, matrix[c * size + c], matrix[c * size + c] + penalty[member[c]]);
        }
        return Block.of(member, matrix);
    }

    private Block ofIntercepts() {
        int size = p.length;
        double[] matrix = new double[size * size];
        MatrixKernels kernels = Kernels.best().matrices();
        workers.run(size, task -> {
            // The longest first.
            int c = size - 1 - task;
            double[] scaled = new double[share.length];
            Arrays.setAll(scaled, i -> -share[i] * p[c][i]);
            for (int d = 0; d < c; d++) {
                matrix[c * size + d] = kernels.dot(scaled, p[d], scaled.length);
            }
            double sum = 0;
            for (int i = 0; i < scaled.length; i++) {
                sum += curvature.of(c, i);
            }
            matrix[c * size + c] = (1 + more) * sum;
        });
        return Block.of(IntStream.range(set.size(), set.size() + size).toArray(), matrix);
    }

    /** Adds what row i has of the second derivatives along some logits, times a square, to a lower triangle. */
    private void add(int i, double square, int[] logit, double[] matrix) {
        int size = logit.length;
        for (int c = 0; c < size; c++) {
            double scaled = -share[i] * square * p[logit[c]][i];
            for (int d = 0; d < c; d++) {
                matrix[c * size + d] = Math.fma(scaled, p[logit[d]][i], matrix[c * size + d]);
            }
            matrix[c * size + c] = Math.fma(square, curvature.of(logit[c], i), matrix[c * size + c]);
        }
    }
}
