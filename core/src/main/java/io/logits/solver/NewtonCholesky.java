package io.logits.solver;

import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;
import io.logits.objective.Preconditioner;
import io.logits.objective.TwiceSmoothObjective;

/**
 * Newton's method with a Cholesky factor of the second derivatives: few passes, {@code freeSize()^2} numbers of memory.
 * Columns that depend linearly on earlier ones keep their start values.
 */
public final class NewtonCholesky implements Solver<TwiceSmoothObjective> {
    /** Below this share of its own diagonal a pivot is rounding: the column depends on those before it. */
    private static final double PIVOT_TOLERANCE = 1e-11;

    private final MatrixKernels kernels = Kernels.best().matrices();

    /** A solver; it keeps no state between problems. */
    public NewtonCholesky() {}

    @Override
    public String name() {
        return "newton-cholesky";
    }

    @Override
    public Minimum minimize(TwiceSmoothObjective objective, double[] start, StopRule rule) {
        Descent descent = new Descent(objective, start, rule);
        Divergence divergence = new Divergence(objective, this, NewtonCholesky::factor, rule);
        int n = objective.freeSize();
        double[] h = new double[Math.multiplyExact(n, n)];
        boolean[] dependent = new boolean[n];
        double[] free = new double[n];
        double[] d = new double[start.length];
        double measure = Double.NaN;
        while (!descent.certified()) {
            if (!descent.passesLeft()) {
                return descent.end(StopReason.MAX_PASSES, name(), measure);
            }
            objective.hessian(h);
            int dropped = kernels.cholesky(h, n, PIVOT_TOLERANCE, dependent);
            measure = direction(objective, descent, h, dependent, free, d);
            if (!objective.hasCertificate()) {
                descent.tell(measure);
                double[] recession = divergence.look(descent, d);
                if (recession.length > 0) {
                    return descent.end(StopReason.UNBOUNDED, name(), measure, recession);
                }
            }
            boolean last = measure <= rule.tolerance() && divergence.settled();
            if (last && dropped > 0 && !divergence.solves(descent, d)) {
                double[] recession = divergence.evenly(descent);
                if (recession.length > 0) {
                    return descent.end(StopReason.UNBOUNDED, name(), measure, recession);
                }
                last = false;
            }
            boolean moved = descent.newtonStep(d);
            descent.iterations++;
            if (last) {
                // The step squared the error; the factor, taken a little way back, still measures it.
                double[] unused = new double[start.length];
                return descent.end(
                        StopReason.CONVERGED, name(), direction(objective, descent, h, dependent, free, unused));
            }
            if (!moved && !descent.refined() && !descent.certified()) {
                StopReason reason = descent.passesLeft() ? StopReason.NO_PROGRESS : StopReason.MAX_PASSES;
                return descent.end(reason, name(), measure);
            }
        }
        return descent.end(StopReason.CONVERGED, name(), measure);
    }

    /**
     * {@code d = -H^-1 g}.
     *
     * @return half the squared Newton decrement over the objective where that is the measure, else NaN
     */
    private double direction(
            TwiceSmoothObjective objective,
            Descent descent,
            double[] h,
            boolean[] dependent,
            double[] free,
            double[] d) {
        objective.toFree(descent.g, free);
        for (int f = 0; f < free.length; f++) {
            free[f] = -free[f];
        }
        kernels.choleskySolve(h, free.length, dependent, free, 1, 1);
        objective.fromFree(free, d);
        return objective.hasCertificate() ? Double.NaN : -kernels.dot(descent.g, d, d.length) / 2 / descent.value;
    }

    /** The inverse of the second derivatives at the point evaluated last, zero along dependent columns. */
    static Preconditioner factor(TwiceSmoothObjective objective) {
        MatrixKernels kernels = Kernels.best().matrices();
        int n = objective.freeSize();
        double[] h = new double[Math.multiplyExact(n, n)];
        boolean[] dependent = new boolean[n];
        objective.hessian(h);
        kernels.cholesky(h, n, PIVOT_TOLERANCE, dependent);
        double[] free = new double[n];
        return (r, out) -> {
            objective.toFree(r, free);
            kernels.choleskySolve(h, n, dependent, free, 1, 1);
            objective.fromFree(free, out);
        };
    }
}
