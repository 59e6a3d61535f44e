package io.logits.solver;

import io.logits.objective.CompositeObjective;
import io.logits.objective.WorkingSet;
import java.util.Arrays;

/** A minimisation over the coefficients of a working set, each with a penalty of its own. */
abstract class SeparableDescent implements ModelDescent {
    final CompositeObjective objective;
    final WorkingSet set;
    final double[] w;
    final double[] gradient;
    /** The coefficients of the set now. */
    final double[] value;
    /** The changes of the intercepts. */
    final double[] intercept;

    SeparableDescent(CompositeObjective objective, WorkingSet set, double[] w, double[] gradient) {
        this.objective = objective;
        this.set = set;
        this.w = w;
        this.gradient = gradient;
        value = new double[set.size()];
        intercept = new double[set.logits()];
        begin();
    }

    /** Puts all that moves to the point {@link #w} as it is now. */
    final void begin() {
        int[] position = set.position();
        for (int e = 0; e < value.length; e++) {
            value[e] = w[position[e]];
        }
        Arrays.fill(intercept, 0);
    }

    @Override
    public final void place(double[] base, double t, double[] out) {
        int[] position = set.position();
        for (int e = 0; e < value.length; e++) {
            int c = position[e];
            // Between the ends also when rounded: both are within the bounds.
            double between = Math.fma(t, value[e] - base[c], base[c]);
            out[c] = t == 1
                    ? value[e]
                    : Math.max(Math.min(base[c], value[e]), Math.min(Math.max(base[c], value[e]), between));
        }
        for (int k = 0; k < intercept.length && objective.intercept(k) >= 0; k++) {
            int c = objective.intercept(k);
            out[c] = base[c] + t * intercept[k];
        }
    }

    @Override
    public final double decrease() {
        int[] position = set.position();
        int[] feature = set.feature();
        double sum = 0;
        for (int e = 0; e < value.length; e++) {
            int c = position[e];
            if (value[e] != w[c]) {
                sum += gradient[c] * (value[e] - w[c])
                        + (objective.penaltyValue(feature[e], value[e]) - objective.penaltyValue(feature[e], w[c]));
            }
        }
        for (int k = 0; k < intercept.length && objective.intercept(k) >= 0; k++) {
            sum += gradient[objective.intercept(k)] * intercept[k];
        }
        return sum;
    }
}
