package io.logits.objective;

import io.logits.data.ColumnMatrix;
import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;
import io.logits.kernels.Workers;
import io.logits.objective.BlockInverse.Block;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
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

    /** The second derivatives along single logits, by the rows' shares. */
    interface Curvature {
        /** That along logit k of row i. */
        double of(int k, int i);

        /** Those along logit k of all rows. */
        void write(int k, double[] out);
    }

    /** Whether the blocks take no longer to make than some tens of products, and not much more memory than a model. */
    boolean isWorthwhile() {
        double[] costs = new double[p.length];
        double margins = (double) share.length * p.length;
        double product = margins;
        double numbers = 0;
        int largest = 0;
        workers.run(p.length, k -> costs[k] = costOfClass(k));
        int[] classes = new int[mostFeature() + 1];
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

    /** The coefficients of logit k that take part. */
    private int[] members(int k) {
        int[] members = new int[set.start()[k + 1] - set.start()[k]];
        int count = 0;
        for (int e = set.start()[k]; e < set.start()[k + 1]; e++) {
            if (part[e]) {
                members[count++] = e;
            }
        }
        return Arrays.copyOf(members, count);
    }

    BlockInverse build() {
        Block[] classes = new Block[p.length];
        // Those of most coefficients in the set first, as they take longest.
        Integer[] order = new Integer[p.length];
        Arrays.setAll(order, k -> k);
        Arrays.sort(order, Comparator.comparingInt(k -> set.start()[k] - set.start()[k + 1]));
        Queue<double[]> spare = new ConcurrentLinkedQueue<>();
        workers.run(p.length, task -> classes[order[task]] = ofClass(order[task], spare));
        int[] logit = new int[set.size()];
        for (int k = 0; k < p.length; k++) {
            Arrays.fill(logit, set.start()[k], set.start()[k + 1], k);
        }
        int[][] groups = byFeature();
        Block[] features = new Block[groups.length + (intercept ? 1 : 0)];
        workers.run(groups.length, g -> features[g] = ofFeature(groups[g], logit));
        if (intercept) {
            features[groups.length] = ofIntercepts();
        }
        return new BlockInverse(List.of(classes), List.of(features), workers);
    }

    /** The coefficients that take part, those of a feature together. */
    private int[][] byFeature() {
        int[] count = new int[mostFeature() + 1];
        for (int e = 0; e < part.length; e++) {
            count[set.feature()[e]] += part[e] ? 1 : 0;
        }
        int[][] members = new int[count.length][];
        for (int e = part.length - 1; e >= 0; e--) {
            int j = set.feature()[e];
            if (part[e]) {
                members[j] = members[j] == null ? new int[count[j]] : members[j];
                members[j][--count[j]] = e;
            }
        }
        return Arrays.stream(members).filter(Objects::nonNull).toArray(int[][]::new);
    }

    private int mostFeature() {
        int most = 0;
        for (int j : set.feature()) {
            most = Math.max(most, j);
        }
        return most;
    }

    /**
     * The block of logit k.
     *
     * @param spare matrices of blocks that are done, of which one serves again where it is large enough; gets this block's
     */
    private Block ofClass(int k, Queue<double[]> spare) {
        int[] coefficients = members(k);
        int[] columns = new int[coefficients.length];
        for (int c = 0; c < columns.length; c++) {
            columns[c] = set.feature()[coefficients[c]];
        }
        double[] h = new double[share.length];
        curvature.write(k, h);
        int size = columns.length + (intercept ? 1 : 0);
        double[] known = spare.poll();
        double[] matrix = known != null && known.length >= size * size ? known : new double[size * size];
        Arrays.fill(matrix, 0, size * size, 0);
        x.gram(columns, h, matrix, size);
        for (int c = 0; c < columns.length; c++) {
            matrix[c * size + c] =
                    Math.fma(more, matrix[c * size + c], matrix[c * size + c] + penalty[coefficients[c]]);
        }
        int[] member = Arrays.copyOf(coefficients, size);
        if (intercept) {
            int last = columns.length;
            for (int c = 0; c < last; c++) {
                matrix[last * size + c] = x.dot(columns[c], h);
            }
            matrix[last * size + last] = (1 + more) * ColumnQuadratic.sum(h);
            member[last] = set.size() + k;
        }
        Block block = Block.of(member, matrix);
        spare.add(matrix);
        return block;
    }

    private Block ofFeature(int[] member, int[] logitOf) {
        int size = member.length;
        int[] logit = new int[size];
        for (int c = 0; c < size; c++) {
            logit[c] = logitOf[member[c]];
        }
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
            curvature.write(c, scaled);
            matrix[c * size + c] = (1 + more) * ColumnQuadratic.sum(scaled);
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
