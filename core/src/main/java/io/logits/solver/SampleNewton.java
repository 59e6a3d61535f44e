package io.logits.solver;

import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;
import io.logits.objective.LinearObjective;
import io.logits.objective.SampleSpace;

/**
 * The steps of {@link NewtonCholesky} where there are fewer rows than coordinates: the same system, solved by a factor of
 * {@code n x n} numbers. The features are read once for {@code K = X P^-1 X'}, and at the end for the coefficients and their
 * certificate. Two classes, all features penalised. Starts from zero coefficients, whatever the start, for the start need
 * not be a combination of rows; one that is good enough already is returned as it is. Keeps {@code 2 n^2} numbers, or 8 MB
 * where that is more.
 */
public final class SampleNewton implements Solver<LinearObjective> {
    /** What the steps aim at, below the tolerance: the next step would square it anyhow. */
    private static final double BELOW_TOLERANCE = 0.1;
    /** Passes of a whole fit beside those of the certificate: the kernel, the coefficients, their value. */
    private static final int PASSES = 3;

    private static final int MOST_STEPS = 100;
    private static final int MOST_TRIALS = 40;
    /** Sufficient decrease of a step (Nocedal and Wright 2006, 3.1). */
    private static final double DECREASE = 1e-4;
    /** Relative differences of values below this are rounding. */
    private static final double NOISE = 1e-13;

    private final MatrixKernels kernels = Kernels.best().matrices();

    /** A solver; it keeps no state between problems. */
    public SampleNewton() {}

    @Override
    public String name() {
        return "newton-cholesky";
    }

    @Override
    public Minimum minimize(LinearObjective objective, double[] start, StopRule rule) {
        Descent descent = new Descent(objective, start, rule);
        if (descent.certified()) {
            return descent.end(StopReason.CONVERGED, name(), Double.NaN);
        }
        if (descent.passes() + PASSES > rule.maxPasses()) {
            return descent.end(StopReason.MAX_PASSES, name(), Double.NaN);
        }
        new Run(objective.sampleSpace(), descent).go(rule.tolerance());
        objective.refine();
        descent.reevaluate();
        if (!Double.isFinite(descent.value)) {
            System.arraycopy(start, 0, descent.w, 0, start.length);
            descent.reevaluate();
        }
        if (descent.certified()) {
            return descent.end(StopReason.CONVERGED, name(), Double.NaN);
        }
        // K loses digits where the penalty is next to nothing; what it lost is found in the features.
        Minimum rough = descent.end(StopReason.NO_PROGRESS, name(), Double.NaN);
        int left = rule.maxPasses() - descent.passes();
        if (left < 1) {
            return descent.end(StopReason.MAX_PASSES, name(), Double.NaN);
        }
        StopRule rest = new StopRule(rule.tolerance(), left, rule.listener());
        Minimum further = new NewtonCg().minimize(objective, descent.w, rest);
        return new Minimum(further.point(), further.solution().after(rough.solution()), further.recession());
    }

    /** One minimisation: coefficients {@code P^-1 X'a}, intercept b, margins z. */
    private final class Run {
        private final SampleSpace space;
        private final Descent descent;
        private final int n;
        private final double[] kernel;
        private final double[] factor;
        private final boolean[] dependent;
        private final double[] a;
        private double b;
        private final double[] z;
        /** Kernel times {@code a}. */
        private final double[] ka;
        /** Derivatives of the mean loss by each margin. */
        private final double[] slopes;

        private final double[] curvatures;
        private double value;

        Run(SampleSpace space, Descent descent) {
            this.space = space;
            this.descent = descent;
            n = space.rows();
            kernel = space.kernel();
            factor = new double[n * n];
            dependent = new boolean[n];
            a = new double[n];
            ka = new double[n];
            z = new double[n];
            slopes = new double[n];
            curvatures = new double[n];
            value = evaluate();
        }

        /** Steps until the gap is small enough or no step lessens the objective, and sets the point. */
        void go(double tolerance) {
            double[] residual = new double[n];
            for (int step = 0; step < MOST_STEPS; step++) {
                for (int i = 0; i < n; i++) {
                    residual[i] = a[i] + slopes[i];
                }
                double[] kr = times(residual);
                double gap =
                        kernels.dot(residual, kr, n) / 2 + (space.intercept() ? space.interceptPrice(sum(slopes)) : 0);
                if (step > 0) {
                    descent.iterations++;
                    descent.value = value;
                    descent.tell(gap / value);
                }
                if (!(gap > BELOW_TOLERANCE * tolerance * value) || !step(residual, kr)) {
                    break;
                }
            }
            space.toPoint(a, b, descent.w);
        }

        private double evaluate() {
            for (int i = 0; i < n; i++) {
                z[i] = ka[i] + b;
            }
            space.addOffset(z);
            return space.loss(z, slopes, curvatures) + kernels.dot(a, ka, n) / 2;
        }

        private double[] times(double[] v) {
            double[] out = new double[n];
            kernels.multiplyAdd(kernel, 0, n, n, v, 1, out, 0);
            return out;
        }

        /**
         * Newton's step: with D the curvatures {@code (I + D K) da + D db = -residual}, and the new {@code a} sums to 0 where
         * there is an intercept.
         */
        private boolean step(double[] residual, double[] kr) {
            factorise();
            double[] da = unwound(residual, kr);
            double db = 0;
            if (space.intercept()) {
                double[] shifted = unwound(curvatures, times(curvatures));
                db = (sum(a) - sum(da)) / sum(shifted);
                kernels.axpy(db, shifted, da, n);
            }
            for (int i = 0; i < n; i++) {
                da[i] = -da[i];
            }
            return search(da, db, times(da));
        }

        /** A factor of {@code I + D^1/2 K D^1/2}. */
        private void factorise() {
            for (int i = 0; i < n; i++) {
                double root = Math.sqrt(curvatures[i]);
                for (int j = 0; j <= i; j++) {
                    factor[i * n + j] = root * kernel[i * n + j] * Math.sqrt(curvatures[j]);
                }
                factor[i * n + i] += 1;
            }
            kernels.cholesky(factor, n, 0, dependent);
        }

        /** {@code (I + D K)^-1 v = v - D^1/2 (I + D^1/2 K D^1/2)^-1 D^1/2 K v}. */
        private double[] unwound(double[] v, double[] kv) {
            double[] out = new double[n];
            for (int i = 0; i < n; i++) {
                out[i] = Math.sqrt(curvatures[i]) * kv[i];
            }
            kernels.choleskySolve(factor, n, dependent, out, 1, 1);
            for (int i = 0; i < n; i++) {
                out[i] = v[i] - Math.sqrt(curvatures[i]) * out[i];
            }
            return out;
        }

        /** Goes along a direction, by halves of it until the objective falls enough. */
        private boolean search(double[] da, double db, double[] kd) {
            double slope = kernels.dot(slopes, kd, n) + db * sum(slopes) + kernels.dot(a, kd, n);
            double[] oldA = a.clone();
            double[] oldKa = ka.clone();
            double oldB = b;
            double before = value;
            double t = 1;
            for (int trial = 0; trial < MOST_TRIALS && slope < 0; trial++) {
                for (int i = 0; i < n; i++) {
                    a[i] = Math.fma(t, da[i], oldA[i]);
                    ka[i] = Math.fma(t, kd[i], oldKa[i]);
                }
                b = Math.fma(t, db, oldB);
                value = evaluate();
                if (value <= before + DECREASE * t * slope + NOISE * before) {
                    return true;
                }
                t /= 2;
            }
            System.arraycopy(oldA, 0, a, 0, n);
            System.arraycopy(oldKa, 0, ka, 0, n);
            b = oldB;
            value = evaluate();
            return false;
        }
    }

    private static double sum(double[] v) {
        double sum = 0;
        for (double entry : v) {
            sum += entry;
        }
        return sum;
    }
}
