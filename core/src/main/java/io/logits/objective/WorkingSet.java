package io.logits.objective;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Some of the coefficients, logit by logit: those of logit k are {@code start[k] .. start[k+1]-1}.
 *
 * @param feature the feature of each
 * @param position where in a point it is
 * @param start one more than there are logits
 * @param violation the largest distance of any coefficient, of these or others, or intercept from its optimality condition
 */
public record WorkingSet(int[] feature, int[] position, int[] start, double violation) {
    /** How many coefficients there are. */
    public int size() {
        return feature.length;
    }

    /** How many logits there are. */
    public int logits() {
        return start.length - 1;
    }

    /** For each feature of which the coefficients of all logits are here, where they are; of many logits. */
    public List<int[]> completeFeatures() {
        if (logits() == 1) {
            return List.of();
        }
        int[] count = new int[Arrays.stream(feature).max().orElse(-1) + 1];
        for (int j : feature) {
            count[j]++;
        }
        int[][] places = new int[count.length][];
        for (int k = 0; k < logits(); k++) {
            for (int e = start[k]; e < start[k + 1]; e++) {
                int j = feature[e];
                if (count[j] == logits()) {
                    places[j] = places[j] == null ? new int[logits()] : places[j];
                    places[j][k] = e;
                }
            }
        }
        return Arrays.stream(places).filter(Objects::nonNull).toList();
    }

    /** Coefficients one by one, those of a logit in the order of their features. */
    static final class Part {
        private int[] feature = new int[16];
        private int[] logit = new int[16];
        private int size;
        private double violation;

        /** Adds the coefficient of feature j in logit k. */
        void add(int j, int k, double itsViolation) {
            if (size == feature.length) {
                feature = Arrays.copyOf(feature, 2 * size);
                logit = Arrays.copyOf(logit, 2 * size);
            }
            feature[size] = j;
            logit[size++] = k;
            violation = Math.max(violation, itsViolation);
        }
    }

    /** The coefficients of some parts in order, and the largest of their violations and another. */
    static WorkingSet of(Part[] parts, CoefLayout layout, double violation) {
        int[] start = new int[layout.logits() + 1];
        double largest = violation;
        for (Part part : parts) {
            largest = Math.max(largest, part.violation);
            for (int e = 0; e < part.size; e++) {
                start[part.logit[e] + 1]++;
            }
        }
        for (int k = 0; k < layout.logits(); k++) {
            start[k + 1] += start[k];
        }
        int[] next = start.clone();
        int[] feature = new int[start[layout.logits()]];
        int[] position = new int[feature.length];
        for (Part part : parts) {
            for (int e = 0; e < part.size; e++) {
                int at = next[part.logit[e]]++;
                feature[at] = part.feature[e];
                position[at] = layout.index(part.feature[e], part.logit[e]);
            }
        }
        return new WorkingSet(feature, position, start, largest);
    }
}
