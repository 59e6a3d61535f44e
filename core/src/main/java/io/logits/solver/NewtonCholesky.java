package io.logits.solver;

import io.logits.objective.Preconditioner;
import io.logits.objective.TwiceSmoothObjective;

/**
 * Newton's method with a Cholesky factor of the second derivatives: few passes, {@code freeSize()^2} numbers of memory.
 * Where rows are many a sample of them tells the second derivatives (Byrd and others 2011), and a factor is kept while
 * steps by it leave next to nothing of what there was. Columns that depend linearly on earlier ones keep their start
 * values.
 */
public final class NewtonCholesky implements Solver<TwiceSmoothObjective> {
    /** A factor is kept if the last step by it left less than this share of the decrement. */
    private static final double KEPT = 0.01;
    /** A sample whose steps leave more than this share of the decrement says too little. */
    private static final double POOR = 0.25;
    /** Without a penalty a sample serves for so many steps; later ones are exact, as they must show whether there is a minimum. */
    private static final int SAMPLED_STEPS = 3;
    /** Without a penalty a factor is kept only for the last steps, from where less than this share of the objective is left. */
    private static final double ACCURATE = 1e-12;
    /**
     * A step by a kept factor, which does not square the error, is the last one if no more than this share of the
     * objective is left: coefficients and their errors, which change by its square root, are then right to 1e-11.
     */
    private static final double NEXT_TO_NOTHING = 1e-22;

    /** The least that a step must gain to be worth it. */
    private final double least;

    /** A solver; it keeps no state between problems. */
    public NewtonCholesky() {
        this(0);
    }

    /**
     * A solver of problems that need not be solved to the end.
     *
     * @param least the gain of a step that is not worth it if it promises less; 0 for none
     */
    NewtonCholesky(double least) {
        this.least = least;
    }

    @Override
    public String name() {
        return "newton-cholesky";
    }

    @Override
    public Minimum minimize(TwiceSmoothObjective objective, double[] start, StopRule rule) {
        return minimize(objective, Start.at(start), rule);
    }

    Minimum minimize(TwiceSmoothObjective objective, Start start, StopRule rule) {
        return new Run(objective, start, rule).minimize();
    }

    /** The inverse of the second derivatives at the point evaluated last, zero along dependent columns. */
    static Preconditioner factor(TwiceSmoothObjective objective) {
        HessianFactor factor = new HessianFactor(objective);
        factor.take(false);
        return factor::solve;
    }

    /** One minimisation. */
    private final class Run {
        private final Descent descent;
        private final Divergence divergence;
        private final StopRule rule;
        private final HessianFactor factor;
        /** Steps by the factor that is kept, and the one before; each tells where the factor is wrong. */
        private final SecantMemory memory;

        private final boolean certified;
        /** The step. */
        private final double[] d;
        /** Half the squared Newton decrement over the objective where that is the measure, else NaN. */
        private double measure = Double.NaN;
        /** Whether a sample may tell the second derivatives. */
        private boolean sampling = true;
        /** Whether the factor is of an earlier point. */
        private boolean kept;
        /**
         * The share of the decrement that the last step left. One more by the same factor leaves at most about four times
         * that: from an error e the step by a new factor leads to {@code M e^2 / 2}, the next to M e times that.
         */
        private double share = 1;

        Run(TwiceSmoothObjective objective, Start start, StopRule rule) {
            this.rule = rule;
            certified = objective.hasCertificate();
            descent = new Descent(objective, start, rule);
            divergence = new Divergence(objective, NewtonCholesky.this, NewtonCholesky::factor, rule);
            factor = new HessianFactor(objective);
            memory = new SecantMemory(factor::solve, false);
            d = new double[start.point().length];
        }

        Minimum minimize() {
            while (!descent.certified(factor.dropped() > 0)) {
                if (!descent.passesLeft()) {
                    return end(StopReason.MAX_PASSES);
                }
                if (!kept) {
                    sampling &= certified || descent.iterations < SAMPLED_STEPS;
                    factor.take(sampling);
                    memory.clear();
                    // A sample in which columns depend on each other would be taken in vain again.
                    sampling &= factor.sampled();
                }
                double decrement = factor.direction(descent.g, d);
                measure = certified ? Double.NaN : decrement / descent.value;
                if (least > 0 && decrement < least) {
                    return end(StopReason.CONVERGED);
                }
                double[] recession = certified ? new double[0] : look();
                // A step by a sampled factor cannot be the last before an exact look has settled.
                boolean enough = measure <= rule.tolerance() && (!kept || 4 * share * measure <= NEXT_TO_NOTHING);
                boolean last = recession.length == 0 && enough && divergence.settled();
                if (last && factor.dropped() > 0 && !divergence.solves(descent, d)) {
                    recession = divergence.evenly(descent);
                    last = false;
                }
                if (recession.length > 0) {
                    return descent.end(StopReason.UNBOUNDED, name(), measure, recession);
                }
                boolean moved = step();
                descent.iterations++;
                double left = factor.direction(descent.g, d);
                if (last) {
                    // The step squared the error; the factor, taken a little way back, still measures it.
                    measure = left / descent.value;
                    return end(StopReason.CONVERGED);
                }
                if (!moved && exact() && !descent.refined() && !descent.certified(true)) {
                    return end(descent.passesLeft() ? StopReason.NO_PROGRESS : StopReason.MAX_PASSES);
                }
                share = left / decrement;
                sampling &= moved && left <= POOR * decrement;
                double little = certified ? KEPT * decrement : Math.min(KEPT * decrement, ACCURATE * descent.value);
                kept = moved && factor.dropped() == 0 && left <= little;
            }
            return end(StopReason.CONVERGED);
        }

        /** A step along d; where there is a certificate and the factor is kept, earlier steps by it correct that. */
        private boolean step() {
            if (!certified) {
                return descent.newtonStep(d);
            }
            double[] w = descent.w.clone();
            double[] g = descent.g.clone();
            if (kept) {
                memory.direction(g, d);
            }
            boolean moved = descent.newtonStep(d);
            if (moved) {
                memory.remember(descent, w, g);
            }
            return moved;
        }

        /** Whether the factor is of this point and all rows. */
        private boolean exact() {
            return !kept && !factor.sampled();
        }

        /** A direction that separates, or none; a step that is not exact is told, but proves nothing. */
        private double[] look() {
            descent.tell(measure);
            return exact() ? divergence.look(descent, d) : new double[0];
        }

        private Minimum end(StopReason reason) {
            return descent.end(reason, name(), measure);
        }
    }
}
