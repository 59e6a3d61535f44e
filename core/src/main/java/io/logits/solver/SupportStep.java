package io.logits.solver;

import io.logits.objective.ColumnQuadratic;
import io.logits.objective.CompositeObjective;
import io.logits.objective.WorkingSet;

/**
 * A step of all coefficients that are not 0, and all intercepts, together: as long as none changes its sign the penalty is
 * smooth, and the minimum of the quadratic model is a linear system, here solved by conjugate gradients. It goes quickly
 * where coefficients are tied to each other and coordinate descent goes slowly, as with correlated columns or many classes.
 */
final class SupportStep {
    /** No smaller share of a step is tried. */
    private static final double LEAST_SHARE = 0.01;
    /** The residual, over that at the start, in the norm of the preconditioner. */
    private static final double SOLVED = 1e-3;
    /** Curvature along a direction, over that of its single coefficients, of which rounding may be the greater part. */
    private static final double FLAT = 1e-8;

    private final CompositeObjective objective;
    private final WorkingSet set;
    private final ColumnQuadratic model;
    private final double[] gradient;

    SupportStep(CompositeObjective objective, WorkingSet set, ColumnQuadratic model, double[] gradient) {
        this.objective = objective;
        this.set = set;
        this.model = model;
        this.gradient = gradient;
    }

    /** A number for each coefficient of the set, 0 where it does not take part, and for each intercept. */
    private record Vector(double[] a, double[] b) {
        Vector(int size, int logits) {
            this(new double[size], new double[logits]);
        }

        double dot(Vector other) {
            double sum = 0;
            for (int e = 0; e < a.length; e++) {
                sum = Math.fma(a[e], other.a[e], sum);
            }
            for (int k = 0; k < b.length; k++) {
                sum = Math.fma(b[k], other.b[k], sum);
            }
            return sum;
        }

        /** {@code this = scale this + t other}. */
        void combine(double scale, double t, Vector other) {
            for (int e = 0; e < a.length; e++) {
                a[e] = Math.fma(scale, a[e], t * other.a[e]);
            }
            for (int k = 0; k < b.length; k++) {
                b[k] = Math.fma(scale, b[k], t * other.b[k]);
            }
        }
    }

    /**
     * Moves coefficients and intercepts, and the model with them, if that lowers the model. Those that would change their
     * sign stop at 0; where that does not lower the model less of the step is tried.
     *
     * @param value the coefficients of the set, changed
     * @param intercept the changes of the intercepts, changed
     * @param curvature second derivatives of the loss by single coefficients
     * @param iterations of conjugate gradients, at most
     */
    void take(double[] value, double[] intercept, double[] curvature, int iterations) {
        Vector slope = new Vector(value.length, intercept.length);
        Vector inverse = new Vector(value.length, intercept.length);
        derivatives(value, curvature, slope, inverse);
        Vector whole = solve(slope, inverse, iterations);
        Vector step = new Vector(value.length, intercept.length);
        for (double t = 1; t >= LEAST_SHARE; t /= 4) {
            if (!cut(value, t, whole, step) || lowers(slope, step)) {
                for (int e = 0; e < value.length; e++) {
                    value[e] = objective.withinPiece(set.feature()[e], value[e], value[e] + step.a[e]);
                }
                for (int k = 0; k < intercept.length; k++) {
                    intercept[k] += step.b[k];
                }
                model.moveAll(set, step.a, step.b);
                return;
            }
        }
    }

    /** The share t of a step, as far as no coefficient leaves the piece on which the penalty is smooth; whether one would. */
    private boolean cut(double[] value, double t, Vector whole, Vector step) {
        boolean any = false;
        step.combine(0, t, whole);
        for (int e = 0; e < value.length; e++) {
            if (step.a[e] != 0) {
                double next = value[e] + step.a[e];
                double kept = objective.withinPiece(set.feature()[e], value[e], next);
                if (kept != next) {
                    any = true;
                    step.a[e] = kept - value[e];
                }
            }
        }
        return any;
    }

    private void derivatives(double[] value, double[] curvature, Vector slope, Vector inverse) {
        model.slopes(set, value, slope.a, slope.b, inverse.b);
        for (int k = 0; k < set.logits(); k++) {
            int position = objective.intercept(k);
            slope.b[k] = position < 0 ? 0 : slope.b[k] + gradient[position];
            inverse.b[k] = position < 0 || !(inverse.b[k] > 0) ? 0 : 1 / inverse.b[k];
        }
        for (int e = 0; e < value.length; e++) {
            int j = set.feature()[e];
            boolean smooth = objective.isSmoothAt(j, value[e]);
            slope.a[e] = smooth ? slope.a[e] + gradient[set.position()[e]] + objective.penaltySlope(j, value[e]) : 0;
            inverse.a[e] = smooth ? 1 / (curvature[e] + objective.penaltyCurvature(j)) : 0;
        }
    }

    private static Vector times(Vector inverse, Vector r) {
        Vector out = new Vector(r.a.length, r.b.length);
        for (int e = 0; e < r.a.length; e++) {
            out.a[e] = inverse.a[e] * r.a[e];
        }
        for (int k = 0; k < r.b.length; k++) {
            out.b[k] = inverse.b[k] * r.b[k];
        }
        return out;
    }

    /** What the curvature along v would be if no coefficient had to do with another. */
    private static double single(Vector inverse, Vector v) {
        double sum = 0;
        for (int e = 0; e < v.a.length; e++) {
            sum += v.a[e] == 0 ? 0 : v.a[e] * v.a[e] / inverse.a[e];
        }
        for (int k = 0; k < v.b.length; k++) {
            sum += v.b[k] == 0 ? 0 : v.b[k] * v.b[k] / inverse.b[k];
        }
        return sum;
    }

    private void curve(Vector v, Vector out) {
        model.product(set, v.a, v.b, out.a, out.b);
        for (int e = 0; e < v.a.length; e++) {
            out.a[e] = v.a[e] == 0 ? 0 : Math.fma(objective.penaltyCurvature(set.feature()[e]), v.a[e], out.a[e]);
        }
    }

    /** About {@code -H^-1 slope}, as far as there is curvature. */
    private Vector solve(Vector slope, Vector inverse, int iterations) {
        Vector d = new Vector(slope.a.length, slope.b.length);
        Vector r = new Vector(slope.a.length, slope.b.length);
        r.combine(0, -1, slope);
        Vector z = times(inverse, r);
        Vector v = new Vector(slope.a.length, slope.b.length);
        Vector hv = new Vector(slope.a.length, slope.b.length);
        double rz = r.dot(z);
        double enough = SOLVED * SOLVED * rz;
        for (int it = 0; it < iterations && rz > enough; it++) {
            v.combine(it == 0 ? 0 : 1, 1, z);
            curve(v, hv);
            double curvature = v.dot(hv);
            double t = rz / curvature;
            if (!(curvature > FLAT * single(inverse, v))) {
                // Along a direction without curvature, as a common change of all intercepts, the model says nothing.
                return d;
            }
            d.combine(1, t, v);
            r.combine(1, -t, hv);
            z = times(inverse, r);
            double next = r.dot(z);
            v.combine(next / rz, 0, v);
            rz = next;
        }
        return d;
    }

    /** Whether the model falls on a step. */
    private boolean lowers(Vector slope, Vector step) {
        Vector hv = new Vector(step.a.length, step.b.length);
        curve(step, hv);
        return slope.dot(step) + step.dot(hv) / 2 < 0;
    }
}
