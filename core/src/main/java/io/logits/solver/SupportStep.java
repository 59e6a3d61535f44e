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
    private static final int MOST_ITERATIONS = 100;
    /** The residual, over that at the start, in the norm of the preconditioner. */
    private static final double SOLVED = 1e-3;
    /** Curvature along a direction, over that of its single coefficients, that is but rounding. */
    private static final double FLAT = 1e-12;

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
     * Moves coefficients and intercepts, and the model with them, if that lowers the model.
     *
     * @param value the coefficients of the set, changed
     * @param intercept the changes of the intercepts, changed
     * @param curvature second derivatives of the loss by single coefficients
     */
    void take(double[] value, double[] intercept, double[] curvature) {
        Vector slope = new Vector(value.length, intercept.length);
        Vector inverse = new Vector(value.length, intercept.length);
        derivatives(value, curvature, slope, inverse);
        Vector d = solve(slope, inverse);
        double whole = 1;
        double[] moved = new double[value.length];
        for (int e = 0; e < value.length; e++) {
            double next = value[e] + d.a[e];
            moved[e] = d.a[e] == 0 ? value[e] : objective.withinPiece(set.feature()[e], value[e], next);
            if (moved[e] != next && d.a[e] != 0) {
                whole = Math.min(whole, (moved[e] - value[e]) / d.a[e]);
            }
        }
        if (whole < 1 && !lowers(slope, value, moved, d)) {
            d.combine(whole, 0, d);
            for (int e = 0; e < value.length; e++) {
                moved[e] =
                        d.a[e] == 0 ? value[e] : objective.withinPiece(set.feature()[e], value[e], value[e] + d.a[e]);
            }
        }
        for (int e = 0; e < value.length; e++) {
            d.a[e] = moved[e] - value[e];
            value[e] = moved[e];
        }
        for (int k = 0; k < intercept.length; k++) {
            model.follow(k, set, d.a, d.b[k]);
            intercept[k] += d.b[k];
        }
    }

    private void derivatives(double[] value, double[] curvature, Vector slope, Vector inverse) {
        for (int k = 0; k < set.logits(); k++) {
            int position = objective.intercept(k);
            double b = model.load(k, position < 0 ? 0 : gradient[position]);
            slope.b[k] = position < 0 ? 0 : b;
            inverse.b[k] = position < 0 || !(model.curvatureSum() > 0) ? 0 : 1 / model.curvatureSum();
            for (int e = set.start()[k]; e < set.start()[k + 1]; e++) {
                int j = set.feature()[e];
                if (objective.isSmoothAt(j, value[e])) {
                    slope.a[e] = gradient[set.position()[e]] + model.slope(j, 0) + objective.penaltySlope(j, value[e]);
                    inverse.a[e] = 1 / (curvature[e] + objective.penaltyCurvature(j));
                }
            }
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

    private void curve(Vector v, Vector out) {
        model.product(set, v.a, v.b, out.a, out.b);
        for (int e = 0; e < v.a.length; e++) {
            out.a[e] = v.a[e] == 0 ? 0 : Math.fma(objective.penaltyCurvature(set.feature()[e]), v.a[e], out.a[e]);
        }
    }

    /** About {@code -H^-1 slope}, as far as there is curvature. */
    private Vector solve(Vector slope, Vector inverse) {
        Vector d = new Vector(slope.a.length, slope.b.length);
        Vector r = new Vector(slope.a.length, slope.b.length);
        r.combine(0, -1, slope);
        Vector z = times(inverse, r);
        Vector v = new Vector(slope.a.length, slope.b.length);
        Vector hv = new Vector(slope.a.length, slope.b.length);
        double rz = r.dot(z);
        double enough = SOLVED * SOLVED * rz;
        for (int it = 0; it < MOST_ITERATIONS && rz > enough; it++) {
            v.combine(it == 0 ? 0 : 1, 1, z);
            curve(v, hv);
            double curvature = v.dot(hv);
            double t = rz / curvature;
            if (!(curvature > FLAT * rz)) {
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

    /** Whether the model falls on the way to {@code moved} and the intercepts of d. */
    private boolean lowers(Vector slope, double[] value, double[] moved, Vector d) {
        Vector step = new Vector(value.length, d.b.length);
        for (int e = 0; e < value.length; e++) {
            step.a[e] = moved[e] - value[e];
        }
        System.arraycopy(d.b, 0, step.b, 0, d.b.length);
        Vector hv = new Vector(value.length, d.b.length);
        curve(step, hv);
        return slope.dot(step) + step.dot(hv) / 2 < 0;
    }
}
