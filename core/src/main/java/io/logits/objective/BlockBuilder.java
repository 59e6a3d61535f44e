package io.logits.objective;

import io.logits.data.ColumnMatrix;
import io.logits.kernels.Workers;
import io.logits.objective.BlockInverse.Block;
import java.util.ArrayList;
import java.util.Arrays;
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
 */
record BlockBuilder(
        ColumnMatrix x, double[] share, double[][] p, Curvature curvature, boolean intercept, Workers workers) {
    /** The second derivative along logit k of row i, by its share. */
    @FunctionalInterface
    interface Curvature {
        double of(int k, int i);
    }

    /** See {@link ColumnQuadratic#blockInverse}. */
    BlockInverse build(WorkingSet set, boolean[] part, double[] penalty, double more) {
        Block[] classes = new Block[p.length];
        workers.run(p.length, k -> classes[k] = ofClass(k, set, part, penalty, more));
        TreeMap<Integer, List<Integer>> byFeature = new TreeMap<>();
        int[] logit = new int[set.size()];
        for (int k = 0; k < p.length; k++) {
            for (int e = set.start()[k]; e < set.start()[k + 1]; e++) {
                logit[e] = k;
                if (part[e]) {
                    byFeature
                            .computeIfAbsent(set.feature()[e], j -> new ArrayList<>())
                            .add(e);
                }
            }
        }
        List<List<Integer>> groups = List.copyOf(byFeature.values());
        Block[] features = new Block[groups.size() + (intercept ? 1 : 0)];
        workers.run(features.length, g -> {
            if (g == groups.size()) {
                features[g] = ofIntercepts(set.size(), more);
            } else {
                int[] member = groups.get(g).stream().mapToInt(e -> e).toArray();
                int[] classesOf = Arrays.stream(member).map(e -> logit[e]).toArray();
                features[g] = ofFeature(set.feature()[member[0]], member, classesOf, penalty, more);
            }
        });
        return new BlockInverse(List.of(classes), List.of(features), workers);
    }

    private Block ofClass(int k, WorkingSet set, boolean[] part, double[] penalty, double more) {
        int[] coefficients = IntStream.range(set.start()[k], set.start()[k + 1])
                .filter(e -> part[e])
                .toArray();
        int[] columns = Arrays.stream(coefficients).map(e -> set.feature()[e]).toArray();
        double[] h = new double[share.length];
        Arrays.setAll(h, i -> curvature.of(k, i));
        double[][] products = x.products(columns, columns, h, workers);
        int size = columns.length + (intercept ? 1 : 0);
        double[] matrix = new double[size * size];
        for (int c = 0; c < columns.length; c++) {
            System.arraycopy(products[c], 0, matrix, c * size, columns.length);
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

    private Block ofFeature(int j, int[] member, int[] logit, double[] penalty, double more) {
        int size = member.length;
        double[] matrix = new double[size * size];
        x.forEach(j, (i, value) -> add(i, value * value, logit, matrix));
        for (int c = 0; c < size; c++) {
            matrix[c * size + c] = Math.fma(more, matrix[c * size + c], matrix[c * size + c] + penalty[member[c]]);
        }
        return Block.of(member, matrix);
    }

    private Block ofIntercepts(int coefficients, double more) {
        int size = p.length;
        int[] logit = IntStream.range(0, size).toArray();
        double[] matrix = new double[size * size];
        for (int i = 0; i < share.length; i++) {
            add(i, 1, logit, matrix);
        }
        for (int k = 0; k < size; k++) {
            matrix[k * size + k] *= 1 + more;
        }
        return Block.of(Arrays.stream(logit).map(k -> coefficients + k).toArray(), matrix);
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
