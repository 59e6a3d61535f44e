package io.logits.objective;

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
}
