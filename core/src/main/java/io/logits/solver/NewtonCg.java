package io.logits.solver;

import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;
import io.logits.objective.Coordinates;
import io.logits.objective.Preconditioner;
import io.logits.objective.TwiceSmoothObjective;
import java.util.Arrays;

/**
 * Newton's method, its steps by preconditioned conjugate gradients, solved no further than pays (Eisenstat and Walker
 * 1996): the residual of the linear system is the gradient expected after the step, and so says which gap is expected.
 * Keeps the probabilities of all rows, n x 1 or n x K numbers.
 *
 * <p>Far from the optimum of a weak penalty rows that are fitted well hardly curve, and a step goes too far along them. There
 * it is damped: the penalty counts more in the model, by the share that the gap is of the objective (regularised Newton
 * methods: Li, Fukushima, Qi and Yamashita 2004). The way leads past the optima of stronger penalties then, and systems are
 * easier; the gap expected is that beside what the damping adds to it.
 */
public final class NewtonCg implements Solver<TwiceSmoothObjective> {
    /** The share of the gap that an inexact step leaves, at most. */
    private static final double MOST_LEFT = 0.05;
    /** Far from the tolerance there is no use in solving beyond it. */
    private static final double BELOW_TOLERANCE = 0.35;

    /** Steps are damped where the relative gap is larger than this at the start, */
    private static final double FAR = 10;
    /** or once one would keep less than this share of the decrease it promised, */
    private static final double POOR = 0.3;
    /** and so many times more after another, until they are better. */
    private static final double MORE_DAMPING = 4;

    /** Once a system has taken more, a close preconditioner pays for those that follow. */
    private static final int MANY_STEPS = 5;
    /** What one costs. */
    private static final int CLOSE_PASSES = 2;

    private static final int MOST_STEPS_PER_COORDINATE = 2;
    private static final int SPARE_STEPS = 10;
    /** Share of the squared residual that rounding leaves of a system solved with its factor. */
    private static final double EXACT = 1e-24;
    /** Coordinates whose second derivatives are worth a factor where there is no penalty: 8 MB. */
    private static final int MOST_FACTORED = 1000;

    private final MatrixKernels kernels = Kernels.best().matrices();

    /** A solver; it keeps no state between problems. */
    public NewtonCg() {}

    @Override
    public String name() {
        return "newton-cg";
    }

    @Override
    public Minimum minimize(TwiceSmoothObjective objective, double[] start, StopRule rule) {
        return new Run(objective, start, rule).minimum();
    }

    /** One minimisation. */
    private final class Run {
        private final TwiceSmoothObjective objective;
        private final StopRule rule;
        private final Descent descent;
        private final Divergence divergence;
        private final double[] d;
        /** Of the linear system: residual, direction; and the preconditioned residual or a product, by turns. */
        private final double[] r;

        private final double[] p;
        private final double[] z;
        /**
         * Without a penalty nothing bounds how ill-conditioned the second derivatives are. Where they are few, a factor
         * of them takes over as preconditioner once conjugate gradients fail, and in any case has the last word.
         */
        private final boolean hasFactor;

        private boolean factored;
        /** Whether a system has taken many steps. */
        private boolean slow;
        /** The damping, over the relative gap. */
        private double caution;

        Run(TwiceSmoothObjective objective, double[] start, StopRule rule) {
            this.objective = objective;
            this.rule = rule;
            descent = new Descent(objective, start, rule);
            d = new double[start.length];
            r = new double[start.length];
            z = new double[start.length];
            p = new double[start.length];
            hasFactor = !objective.hasCertificate() && objective.freeSize() <= MOST_FACTORED;
            divergence = new Divergence(objective, NewtonCg.this, this::inverse, rule);
            caution = descent.relativeGap() > FAR ? 1 : 0;
        }

        private Preconditioner inverse(TwiceSmoothObjective of) {
            return hasFactor ? NewtonCholesky.factor(of) : of.preconditioner();
        }

        Minimum minimum() {
            double measure = Double.NaN;
            while (!descent.certified()) {
                if (!descent.passesLeft()) {
                    return end(StopReason.MAX_PASSES, measure);
                }
                boolean solved = solve();
                if (!solved && hasFactor && !factored) {
                    factored = true;
                    solve();
                }
                boolean last = false;
                if (!objective.hasCertificate()) {
                    measure = measure();
                    descent.tell(measure);
                    double[] recession = divergence.look(descent, d);
                    if (recession.length > 0) {
                        return descent.end(StopReason.UNBOUNDED, name(), measure, recession);
                    }
                    last = measure <= rule.tolerance() && divergence.settled();
                    if (last && hasFactor && !factored) {
                        factored = true;
                        continue;
                    }
                    if (last && hasFactor && !divergence.solves(descent, d)) {
                        recession = divergence.evenly(descent);
                        if (recession.length > 0) {
                            return descent.end(StopReason.UNBOUNDED, name(), measure, recession);
                        }
                        last = false;
                    }
                }
                boolean moved = step();
                if (last) {
                    solve();
                    return end(StopReason.CONVERGED, measure());
                }
                if (!moved && !descent.refined() && !descent.certified()) {
                    return end(descent.passesLeft() ? StopReason.NO_PROGRESS : StopReason.MAX_PASSES, measure);
                }
            }
            return end(StopReason.CONVERGED, measure);
        }

        /** Moves along the direction, or where that leads nowhere along a damped one; whether it did. */
        private boolean step() {
            descent.iterations++;
            double before = descent.value;
            double promised = promised();
            boolean telling = objective.hasCertificate() && promised > objective.valueNoise() * before;
            if (telling && caution == 0) {
                if (descent.wholeStep(d, POOR * promised)) {
                    return true;
                }
                caution = 1;
                solve();
                promised = promised();
            }
            boolean moved = descent.newtonStep(d);
            if (telling && caution > 0) {
                boolean poor = before - descent.value < POOR * promised;
                caution = Math.max(1, poor ? MORE_DAMPING * caution : caution / MORE_DAMPING);
            }
            return moved;
        }

        /** The decrease that is expected of a step without damping, and the least that is of one with it. */
        private double promised() {
            return -kernels.dot(descent.g, d, d.length) / 2;
        }

        private Minimum end(StopReason reason, double measure) {
            return descent.end(reason, name(), measure);
        }

        private double measure() {
            return promised() / descent.value;
        }

        /**
         * Conjugate gradients on {@code H d = -g} until the expected gap is small enough.
         *
         * @return whether it is
         */
        private boolean solve() {
            Coordinates all = objective.coordinates();
            double damping = caution == 0 ? 0 : caution * descent.relativeGap();
            boolean closely = slow && descent.passesLeft(CLOSE_PASSES);
            Preconditioner preconditioner = factored ? inverse(objective) : objective.preconditioner(damping, closely);
            Arrays.fill(d, 0);
            System.arraycopy(descent.g, 0, r, 0, r.length);
            preconditioner.apply(r, z);
            all.forEachRange((from, to) -> {
                for (int c = from; c < to; c++) {
                    p[c] = -z[c];
                }
            });
            double rz = all.dot(r, z);
            // Intercepts are put right at the end, for one pass, unless that does not do or nothing but them is left to
            // do.
            boolean whole = descent.interceptsCoupled()
                    || descent.certificate.penalisedGap() <= BELOW_TOLERANCE * rule.tolerance() * descent.value;
            double left = left(rz, whole);
            double wanted = factored ? EXACT * left : wanted(objective, descent, rule, left);
            // In exact arithmetic as many steps as coordinates are enough; with rounding, more are of no use.
            int most = factored ? SPARE_STEPS : MOST_STEPS_PER_COORDINATE * objective.freeSize() + SPARE_STEPS;
            int step = 0;
            for (; step < most && rz > 0 && left > wanted && descent.passesLeft(); step++) {
                double[] hp = z;
                objective.hessianProduct(p, hp);
                if (damping > 0) {
                    objective.penaltyProductAdd(damping, p, hp);
                }
                double curvature = all.dot(p, hp);
                if (!(curvature > 0)) {
                    break;
                }
                double alpha = rz / curvature;
                all.forEachRange((from, to) -> {
                    for (int c = from; c < to; c++) {
                        d[c] = Math.fma(alpha, p[c], d[c]);
                        r[c] = Math.fma(alpha, hp[c], r[c]);
                    }
                });
                preconditioner.apply(r, z);
                double nextRz = all.dot(r, z);
                double beta = nextRz / rz;
                all.forEachRange((from, to) -> {
                    for (int c = from; c < to; c++) {
                        p[c] = Math.fma(beta, p[c], -z[c]);
                    }
                });
                rz = nextRz;
                left = left(rz, whole);
            }
            slow |= step > MANY_STEPS;
            return left <= wanted;
        }

        /**
         * What the residual, the gradient expected after the step, leaves: the gap expected there, or without a
         * penalty its squared preconditioned norm.
         */
        private double left(double rz, boolean whole) {
            if (!objective.hasCertificate()) {
                return rz;
            }
            if (!whole) {
                return objective.penalisedGap(r);
            }
            // Neither a product nor what is preconditioned is waited for: their room serves.
            objective.coordinates().forEachRange((from, to) -> {
                for (int c = from; c < to; c++) {
                    z[c] = descent.w[c] + d[c];
                }
            });
            return objective.certificate(z, r).gap();
        }
    }

    private static double wanted(TwiceSmoothObjective objective, Descent descent, StopRule rule, double first) {
        if (!objective.hasCertificate()) {
            // A direction that separates shows only when the rest has settled: solve tightly.
            return 1e-12 * first;
        }
        double relative = Math.min(MOST_LEFT, descent.relativeGap());
        return Math.max(relative * first, BELOW_TOLERANCE * rule.tolerance() * descent.value);
    }
}
