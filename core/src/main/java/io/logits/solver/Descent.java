package io.logits.solver;

import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;
import io.logits.objective.Certificate;
import io.logits.objective.SmoothObjective;
import java.util.ArrayList;
import java.util.List;

/** The state of a minimisation that all solvers share: point, value, gradient, certificate, and what it has cost. */
final class Descent {
    /** Sufficient decrease and curvature of a step (Nocedal and Wright 2006, 3.1). */
    private static final double DECREASE = 1e-4;

    private static final double SLOPE_LEFT = 0.9;
    private static final int MOST_TRIALS = 30;
    /** A Newton step shorter than this share was no good. */
    private static final double POOR_LENGTH = 0.02;
    /** A gap this much below all before has not fallen by chance. */
    private static final double GAP_FALL = 0.9;
    /** So many times the tolerance a gap is near it. */
    private static final double NEAR = 1000;
    /** Steps in a row of which only the gap tells that they gained something; more would spoil what later ones learn from them. */
    private static final int MOST_BY_GAP = 3;

    final double[] w;
    final double[] g;
    double value;
    Certificate certificate = Certificate.NONE;
    int iterations;

    private final SmoothObjective objective;
    private final int passesBefore;
    private int passesElsewhere;
    private final StopRule rule;
    private final MatrixKernels kernels = Kernels.best().matrices();
    private final long begun;
    private final List<Progress> trace = new ArrayList<>();
    private final double[] base;
    /** Whether moving the intercepts alone has not closed the gap, so that the other coefficients must move with them. */
    private boolean interceptsCoupled;

    /** The share of the direction that the last step went; 0 if it did not move. */
    private double length;
    /** The least gap that steps have led to. */
    private double leastGap = Double.POSITIVE_INFINITY;
    /** Steps in a row that values were too rough to tell from none. */
    private int flatSteps;

    Descent(SmoothObjective objective, double[] start, StopRule rule) {
        this(objective, Start.at(start), rule);
    }

    /** The same from a start that has cost something, which counts. */
    Descent(SmoothObjective objective, Start from, StopRule rule) {
        this.objective = objective;
        this.rule = rule;
        begun = from.begun();
        passesElsewhere = from.passes();
        passesBefore = objective.passes();
        w = from.point().clone();
        g = new double[w.length];
        base = new double[w.length];
        evaluate();
    }

    private void evaluate() {
        value = objective.evaluate(w, g);
        certificate = objective.certificate(w, g);
    }

    /** The duality gap over the objective; NaN without a penalty. */
    double relativeGap() {
        return certificate.gap() / value;
    }

    /** Passes over the data since this began. */
    int passes() {
        return objective.passes() - passesBefore + passesElsewhere;
    }

    /** Counts passes of another objective over the same data. */
    void chargeElsewhere(int passes) {
        passesElsewhere += passes;
    }

    /** Evaluates the point again, after the objective was evaluated elsewhere. */
    void reevaluate() {
        evaluate();
    }

    boolean passesLeft() {
        return passesLeft(1);
    }

    /** Whether so many passes may follow. */
    boolean passesLeft(int count) {
        return passes() + count <= rule.maxPasses();
    }

    /**
     * Ends an iteration: tells the listener, and answers whether the relative gap is within the tolerance, as far as the
     * objective can be evaluated at its most accurate. Where the unpenalised intercepts alone keep it open, they are put
     * right first.
     */
    boolean certified() {
        return certified(true);
    }

    /**
     * The same.
     *
     * @param alone whether intercepts may be put right alone; two passes, a step that moves them with the rest is one
     */
    boolean certified(boolean alone) {
        closeIntercepts(alone);
        // A gap that rounding may have made or hidden says as much.
        if (relativeGap() <= Math.max(rule.tolerance(), objective.valueNoise()) && objective.refine()) {
            evaluate();
            closeIntercepts(alone);
        }
        if (objective.hasCertificate()) {
            tell(relativeGap());
        }
        return relativeGap() <= rule.tolerance();
    }

    private void closeIntercepts(boolean alone) {
        double allowed = rule.tolerance() * value;
        boolean open = certificate.gap() > allowed && certificate.penalisedGap() <= allowed / 2;
        if (!(alone && open && !interceptsCoupled && passesLeft())) {
            return;
        }
        double before = certificate.gap();
        System.arraycopy(w, 0, base, 0, w.length);
        // It is likely the last step: what is accurate now need not be done again.
        objective.refine();
        if (objective.interceptStepInPlace(w)) {
            evaluate();
            // Where columns add up to a constant, as those of categories do, the others must move too. Far from their
            // best values a Newton step may even overshoot.
            interceptsCoupled = !(certificate.gap() <= allowed);
            if (!(certificate.gap() < before)) {
                System.arraycopy(base, 0, w, 0, w.length);
                evaluate();
            }
        }
    }

    /** Whether the gap of the intercepts closes only by steps of all coefficients. */
    boolean interceptsCoupled() {
        return interceptsCoupled;
    }

    /**
     * Where no step lowers the objective: evaluates it more accurately.
     *
     * @return false if that is not possible
     */
    boolean refined() {
        if (!objective.refine()) {
            return false;
        }
        evaluate();
        return true;
    }

    void tell(double measure) {
        Progress progress = new Progress(iterations, passes(), value, measure, (System.nanoTime() - begun) * 1e-9);
        trace.add(progress);
        rule.listener().accept(progress);
    }

    /**
     * Moves along Newton's direction. Where rows are saturated the second derivatives vanish and say nothing of what
     * comes a little further: if little of the direction could be gone, or none, one step by a bound of the second
     * derivatives follows.
     *
     * @return whether a step was found
     */
    boolean newtonStep(double[] d) {
        boolean moved = step(d, 0);
        if (length >= POOR_LENGTH || !passesLeft()) {
            return moved;
        }
        double[] cautious = new double[w.length];
        objective.cautiousPreconditioner().apply(g, cautious);
        for (int c = 0; c < w.length; c++) {
            cautious[c] = -cautious[c];
        }
        return step(cautious, 0) || moved;
    }

    /** Goes the whole of a direction if that lowers the value by at least so much, else stays; whether it went. */
    boolean wholeStep(double[] d, double least) {
        if (!passesLeft()) {
            return false;
        }
        double before = value;
        System.arraycopy(w, 0, base, 0, w.length);
        kernels.axpy(1, d, w, w.length);
        evaluate();
        if (before - value >= least) {
            return true;
        }
        System.arraycopy(base, 0, w, 0, w.length);
        evaluate();
        return false;
    }

    /**
     * Moves along a descent direction by a step that satisfies the weak Wolfe conditions, trying all of it first; one of many
     * cheap steps, so that near the end some may go by the gap.
     *
     * @return whether a step was found; if not, the point is as it was
     */
    boolean step(double[] d) {
        return step(d, MOST_BY_GAP);
    }

    private boolean step(double[] d, int mostByGap) {
        double slope = kernels.dot(g, d, w.length);
        length = 0;
        if (!(slope < 0 && passesLeft())) {
            return false;
        }
        System.arraycopy(w, 0, base, 0, w.length);
        double start = value;
        // Values this close cannot be told apart; then slopes decide (Hager and Zhang 2005).
        double noise = objective.valueNoise() * Math.abs(start);
        double low = 0;
        double high = Double.POSITIVE_INFINITY;
        double t = 1;
        for (int trial = 0; trial < MOST_TRIALS && passesLeft(); trial++) {
            for (int c = 0; c < w.length; c++) {
                w[c] = Math.fma(t, d[c], base[c]);
            }
            evaluate();
            double newSlope = kernels.dot(g, d, w.length);
            boolean falls = value <= start + DECREASE * t * slope;
            boolean flat = value <= start + noise && Math.abs(newSlope) <= SLOPE_LEFT * -slope;
            if (!(falls || flat)) {
                high = t;
                t = shorter(low, high, slope, newSlope);
            } else if (newSlope < SLOPE_LEFT * slope && !flat) {
                low = t;
                t = high < Double.POSITIVE_INFINITY ? (low + high) / 2 : 4 * t;
            } else {
                length = t;
                flatSteps = start - value > noise ? 0 : flatSteps + 1;
                // Steps that rough values cannot tell from none lead nowhere by and by.
                if (flatSteps > (gapFell() ? mostByGap : 0) && objective.refine()) {
                    evaluate();
                }
                leastGap = Math.min(leastGap, certificate.gap());
                return true;
            }
        }
        length = 0;
        System.arraycopy(base, 0, w, 0, w.length);
        evaluate();
        return false;
    }

    /** Whether the end is near, and nearer than ever: a rough gradient tells more than a rough value. */
    private boolean gapFell() {
        return certificate.gap() < GAP_FALL * leastGap && relativeGap() <= NEAR * rule.tolerance();
    }

    /**
     * A step between the ends: where the slopes' secant vanishes if the trial's slope is finite, kept off the ends, and
     * the more so when the first trials were far too long.
     */
    private double shorter(double low, double high, double slope, double newSlope) {
        double middle = (low + high) / 2;
        if (low > 0 || !Double.isFinite(newSlope) || !Double.isFinite(value) || newSlope <= slope) {
            return middle;
        }
        double secant = high * slope / (slope - newSlope);
        return Math.max(high / 16, Math.min(high * (high < 0.5 ? 0.25 : 0.75), secant));
    }

    Minimum end(StopReason reason, String solver, double measure) {
        return end(reason, solver, measure, new double[0]);
    }

    Minimum end(StopReason reason, String solver, double measure, double[] recession) {
        double largest = 0;
        for (double slope : g) {
            largest = Math.max(largest, Math.abs(slope));
        }
        boolean certificateExists = objective.hasCertificate();
        Solution solution = new Solution(
                value,
                certificateExists ? value - certificate.gap() : Double.NaN,
                certificateExists ? relativeGap() : Double.NaN,
                certificateExists ? Double.NaN : measure,
                largest,
                iterations,
                passes(),
                reason,
                solver,
                List.copyOf(trace));
        return new Minimum(w, solution, recession);
    }
}
