package io.logits.solver;

import io.logits.objective.Certificate;
import io.logits.objective.CompositeObjective;
import io.logits.objective.GramQuadratic;
import io.logits.objective.LocalObjective;
import io.logits.objective.WorkingSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Newton's method for penalties that are not smooth (Lee, Sun and Saunders 2014): at each point the loss is replaced by its
 * second-order model, and model plus penalty minimised by coordinate descent over those coefficients that are not 0 or
 * cannot stay so. Then the optimality condition of every coefficient is looked at, from its column unless a bound shows that it
 * holds; so a working set can be wrong for one step but not at the end. Where it is small, several models of it follow each other before that.
 * A model whose second derivatives hardly change on the way to its minimum is solved once more from there.
 */
public final class ProxNewton implements Solver<CompositeObjective> {
    private static final double DECREASE = 1e-4;
    private static final int MOST_TRIALS = 30;
    /**
     * Coefficients of 0 whose derivative is this near the penalty's slope are in a model by a matrix; others of the working
     * set are in the next where they should move.
     */
    private static final double GRAM_SLACK = 0.02;
    /**
     * A matrix of second derivatives is made anew where a step by an old one leaves more than this share of the decrease
     * that the model promised to the next.
     */
    private static final double WORN = 0.04;
    /** Coordinate descent need not go on where a coefficient adds less than this share of the gap allowed. */
    static final double FINAL = 0.1;
    /** The part of the objective that L1 is taken to have at least, so that it counts at the start. */
    static final double LEAST_PART = 0.01;
    /** Below this share of the decrease that the model promised, the next model is more cautious. */
    private static final double POOR = 0.3;
    /** Above this share it is less so. */
    private static final double GOOD = 0.8;
    /** As many times, up to 1. */
    private static final double MORE_CAUTION = 4;
    /** Above this share it is less so by that factor twice. */
    private static final double VERY_GOOD = 0.95;

    private static final double LEAST_CAUTION = 0.01;
    /** And where that is not enough, all rows curve so much at least, and each time as many times more. */
    private static final double FIRST_FLOOR = 1e-4;

    private static final double MORE_FLOOR = 10;
    /** So many models of a working set at most, before all coefficients are looked at again. */
    private static final int MOST_NARROW = 30;
    /** Relative gap and passes of what is put right locally. */
    private static final double LOCAL_TOLERANCE = 1e-6;

    private static final int LOCAL_PASSES = 30;
    /** After so many steps in a row that led nowhere, each from a more careful model than the last, nothing more is gained. */
    private static final int MOST_FAILURES = 4;

    /** A solver; it keeps no state between problems. */
    public ProxNewton() {}

    @Override
    public String name() {
        return "prox-newton";
    }

    @Override
    public Minimum minimize(CompositeObjective objective, double[] start, StopRule rule) {
        return new Run(objective, start, rule).run();
    }

    /** One minimisation. */
    private final class Run {
        private final CompositeObjective objective;
        private final StopRule rule;
        private final int passesBefore;
        private final long begun = System.nanoTime();
        private final List<Progress> trace = new ArrayList<>();
        private final double[] w;
        private final double[] g;
        /** Where a step begins. */
        private final double[] base;

        private double value;
        private Certificate certificate;
        private double violation;
        /** The point of the smallest gap so far. */
        private final double[] best;

        private double bestGap = Double.POSITIVE_INFINITY;
        private double caution;
        private double floor;
        private int iterations;
        /** The last model, if its second derivatives may serve once more, else null. */
        private @Nullable ModelDescent kept;
        /** Whether the next matrix of second derivatives is to be made anew. */
        private boolean renew;
        /** Whether the derivatives are those of another point, as no pass is left. */
        private boolean astray;
        /** The decrease to first order on the way to the last model's minimum. */
        private double promised = Double.POSITIVE_INFINITY;

        Run(CompositeObjective objective, double[] start, StopRule rule) {
            this.objective = objective;
            this.rule = rule;
            passesBefore = objective.passes();
            // Where another fit ended the next is near.
            caution = objective.isPart() || objective.remembers(start) ? 0 : 1;
            w = start.clone();
            g = new double[w.length];
            base = new double[w.length];
            best = start.clone();
            value = objective.evaluate(w, g);
            certificate = objective.certificate(w, g);
        }

        private double relativeGap() {
            return certificate.relativeGap(value);
        }

        private int passes() {
            return objective.passes() - passesBefore;
        }

        private boolean passesLeft() {
            return passes() < rule.maxPasses();
        }

        Minimum run() {
            // The model of groups is never more cautious: after a step that led nowhere the next would be the same.
            int mostFailures = objective.grouped() ? 0 : MOST_FAILURES;
            int failures = 0;
            while (true) {
                closeIntercepts();
                if (certificate.gap() < bestGap) {
                    bestGap = certificate.gap();
                    System.arraycopy(w, 0, best, 0, w.length);
                }
                WorkingSet set = objective.workingSet(w, g);
                violation = set.violation();
                tell();
                if (relativeGap() <= rule.tolerance()) {
                    return end(StopReason.CONVERGED);
                }
                if (!passesLeft()) {
                    return end(StopReason.MAX_PASSES);
                }
                if (!Double.isFinite(value)) {
                    return end(StopReason.NO_PROGRESS);
                }
                if (stepAgain(set) || (passesLeft() && step(set))) {
                    failures = 0;
                } else if (!passesLeft()) {
                    return end(StopReason.MAX_PASSES);
                } else if (++failures > mostFailures) {
                    // Near the limit of rounding the last steps may have led away.
                    if (certificate.gap() > bestGap) {
                        System.arraycopy(best, 0, w, 0, w.length);
                        evaluate();
                        violation = objective.workingSet(w, g).violation();
                    }
                    return end(StopReason.NO_PROGRESS);
                }
                iterations++;
            }
        }

        /** Where the unpenalised intercepts alone keep the gap open, they are put right. */
        private void closeIntercepts() {
            double allowed = rule.tolerance() * value;
            if (!(certificate.gap() > allowed && certificate.penalisedGap() <= allowed / 2 && passesLeft())) {
                return;
            }
            double before = certificate.gap();
            System.arraycopy(w, 0, base, 0, w.length);
            if (objective.interceptStepInPlace(w)) {
                evaluate();
                // Far from their best values, or where rows are fitted, a Newton step of them is no good.
                if (!(certificate.gap() < before)) {
                    System.arraycopy(base, 0, w, 0, w.length);
                    evaluate();
                }
            }
        }

        private void evaluate() {
            value = objective.evaluate(w, g);
            certificate = objective.certificate(w, g);
        }

        /**
         * Moves on: by models of the working set alone, read by its columns, as long as its conditions ask for it, or by one
         * model.
         *
         * @return whether the objective has fallen, or, where rounding hides that, the gap
         */
        private boolean step(WorkingSet set) {
            if (!objective.isNarrow(set)) {
                return step(set, false);
            }
            boolean moved = false;
            for (int i = 0; i < MOST_NARROW && relativeGap() > rule.tolerance(); i++) {
                if (!step(set, true)) {
                    break;
                }
                moved = true;
            }
            objective.completeGradient(w, g);
            certificate = objective.certificate(w, g);
            return moved;
        }

        /**
         * Minimises the model and moves towards where that led.
         *
         * @param narrow whether the rest of the data need not be read: then gradient and certificate are of the set alone
         */
        private boolean step(WorkingSet set, boolean narrow) {
            kept = null;
            ModelDescent descent = solved(set);
            double slope = -promised;
            System.arraycopy(w, 0, base, 0, w.length);
            double before = value;
            double noise = objective.valueNoise() * Math.abs(before);
            // Values this close cannot be told apart; then the gap decides.
            boolean flat = -slope <= noise;
            Certificate known = certificate;
            double t = 1;
            for (int trial = 0; trial < MOST_TRIALS && passesLeft(); trial++) {
                if (trial > 0) {
                    System.arraycopy(base, 0, w, 0, w.length);
                }
                descent.place(base, t, w);
                if (trial == 0 && !flat) {
                    // What that gains counts as the model's, which was poor in few rows alone.
                    putRight(set);
                }
                value = valueAt(set, narrow);
                if (value <= before + (flat ? noise : DECREASE * t * slope)) {
                    certificate = certificateAt(set, narrow);
                    if (!flat || certificate.gap() < known.gap()) {
                        if (!flat && caution == 0 && floor == 0) {
                            descent.learn(base, w, g);
                        }
                        judge(descent, t < 1 ? 0 : (before - value) / (-slope / 2));
                        kept = t == 1 ? ifEnough(descent, known) : null;
                        return true;
                    }
                }
                if (flat) {
                    break;
                }
                t /= trial == 0 ? 4 : 8;
                if (-t * slope <= noise) {
                    break;
                }
            }
            System.arraycopy(base, 0, w, 0, w.length);
            certificate = known;
            if (!narrow && !passesLeft()) {
                value = before;
                astray = true;
                return false;
            }
            value = valueAt(set, narrow);
            if (!descent.isExact()) {
                renew = true;
                return step(set, narrow);
            }
            beCautious();
            return false;
        }

        /**
         * Moves on by the last model and the derivatives here (the chord method).
         *
         * @return whether the objective has fallen, or, where rounding hides that, the gap
         */
        private boolean stepAgain(WorkingSet set) {
            ModelDescent model = kept;
            kept = null;
            // Where it leads to nothing the point is evaluated once more.
            if (model == null
                    || passes() + 2 > rule.maxPasses()
                    || !model.runAgain(FINAL * rule.tolerance() * value, absolutePart(set))) {
                return false;
            }
            System.arraycopy(w, 0, base, 0, w.length);
            double before = value;
            double noise = objective.valueNoise() * Math.abs(before);
            Certificate known = certificate;
            model.place(base, 1, w);
            evaluate();
            if (value < before - noise || (value <= before + noise && certificate.gap() < known.gap())) {
                kept = ifEnough(model, known);
                return true;
            }
            System.arraycopy(base, 0, w, 0, w.length);
            evaluate();
            return false;
        }

        /** A model of which two more steps that close the gap as its last one did would be enough, else null. */
        private @Nullable ModelDescent ifEnough(ModelDescent model, Certificate before) {
            double left = certificate.gap() / before.gap();
            return left * left * certificate.gap() <= rule.tolerance() * value ? model : null;
        }

        private double absolutePart(WorkingSet set) {
            return Math.max(objective.absolutePart(set, w), LEAST_PART * value);
        }

        /** Goes on from where a whole step led, along those coefficients alone for which it led too far, if there are such. */
        private void putRight(WorkingSet set) {
            // It counts as a pass, and another follows.
            if (objective.isPart() || passes() + 2 > rule.maxPasses()) {
                return;
            }
            LocalObjective part = objective.local(set, base, w);
            if (part != null) {
                double tolerance = Math.min(LOCAL_TOLERANCE, rule.tolerance());
                StopRule enough = new StopRule(tolerance, LOCAL_PASSES, progress -> {});
                Run run = new Run(part.objective(), part.start(), enough);
                part.put(run.run().point(), w);
            }
        }

        /** The minimum of a model of this point; whether the next is to be made anew. */
        private ModelDescent solved(WorkingSet set) {
            ModelDescent descent = descent(set);
            descent.run(FINAL * rule.tolerance() * value, absolutePart(set));
            double decrease = -descent.decrease();
            renew = decrease > WORN * promised;
            promised = decrease;
            return descent;
        }

        private double valueAt(WorkingSet set, boolean narrow) {
            return narrow ? objective.evaluateOn(set, w, g) : objective.evaluate(w, g);
        }

        private Certificate certificateAt(WorkingSet set, boolean narrow) {
            return narrow ? objective.certificateOn(set, w, g) : objective.certificate(w, g);
        }

        /** What a step says of the next model: {@code kept} is the decrease, over the least that the model promised. */
        private void judge(ModelDescent descent, double kept) {
            if (descent.isExact() || kept >= POOR) {
                adapt(kept);
            }
        }

        private ModelDescent descent(WorkingSet set) {
            if (objective.grouped()) {
                return new GroupedDescent(objective, set, objective.groupedQuadratic(), w, g);
            }
            WorkingSet near = objective.near(set, w, g, GRAM_SLACK);
            if (objective.hasGram(near)) {
                GramQuadratic model = objective.gramQuadratic(near, set, caution, floor, renew);
                return new GramDescent(objective, near, set, model, w, g);
            }
            return new CoordinateDescent(
                    objective, set, objective.quadratic(caution, floor), Math.max(caution, floor), w, g);
        }

        /** Makes the next model as cautious as need be after one that led nowhere. */
        private void beCautious() {
            if (caution < 1) {
                caution = 1;
            } else {
                adapt(0);
            }
        }

        /**
         * Chooses the caution of the next model.
         *
         * @param kept the decrease, over the least that this model promised
         */
        private void adapt(double kept) {
            if (kept < POOR && caution == 1) {
                floor = Math.min(1, Math.max(FIRST_FLOOR, MORE_FLOOR * floor));
            } else if (kept < POOR) {
                caution = Math.min(1, Math.max(LEAST_CAUTION, MORE_CAUTION * caution));
            } else if (kept > GOOD && floor > 0) {
                floor = floor < FIRST_FLOOR ? 0 : floor / MORE_FLOOR;
            } else if (kept > GOOD) {
                double less = kept > VERY_GOOD ? MORE_CAUTION * MORE_CAUTION : MORE_CAUTION;
                caution = caution < LEAST_CAUTION ? 0 : caution / less;
            }
        }

        private void tell() {
            Progress progress =
                    new Progress(iterations, passes(), value, relativeGap(), (System.nanoTime() - begun) * 1e-9);
            trace.add(progress);
            rule.listener().accept(progress);
        }

        private Minimum end(StopReason reason) {
            if (!astray) {
                objective.remember(w, value, g);
            }
            Solution solution = new Solution(
                    value,
                    value - certificate.gap(),
                    relativeGap(),
                    Double.NaN,
                    violation,
                    iterations,
                    passes(),
                    reason,
                    name(),
                    List.copyOf(trace));
            return new Minimum(w, solution, new double[0]);
        }
    }
}
