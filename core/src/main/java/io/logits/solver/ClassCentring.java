package io.logits.solver;

import io.logits.objective.CompositeObjective;
import io.logits.objective.WorkingSet;
import java.util.Arrays;
import java.util.List;

/**
 * Moves of all classes of a feature alike, which the loss does not see: L1 is least there where one of them is 0. Else a system
 * of second derivatives would have no curvature along such a move, and a slope.
 */
final class ClassCentring {
    private final CompositeObjective objective;
    private final WorkingSet set;
    /** For features of which all classes are in the set, their places in it. */
    private final List<int[]> complete;

    ClassCentring(CompositeObjective objective, WorkingSet set) {
        this.objective = objective;
        this.set = set;
        complete = set.completeFeatures();
    }

    /** Receives the classes of a feature, by their places in the set, and the move of all that leaves L1 least. */
    @FunctionalInterface
    interface Move {
        void by(int[] classes, double d);
    }

    /** Gives those features away of which no class is 0, and L1 is the only penalty. */
    void forEach(double[] value, Move move) {
        for (int[] classes : complete) {
            double[] sorted = new double[classes.length];
            boolean free = true;
            for (int k = 0; k < classes.length; k++) {
                sorted[k] = value[classes[k]];
                free &= sorted[k] != 0;
            }
            if (free && objective.isPlainL1(set.feature()[classes[0]])) {
                Arrays.sort(sorted);
                double low = sorted[(classes.length - 1) / 2];
                double high = sorted[classes.length / 2];
                move.by(classes, Math.abs(low) < Math.abs(high) ? -low : -high);
            }
        }
    }
}
