package io.logits.solver;

import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;
import io.logits.objective.Preconditioner;
import io.logits.objective.TwiceSmoothObjective;
import io.logits.objective.TwiceSmoothObjective.MarginChange;
import java.util.Optional;
import java.util.function.Function;

/**
 * Tells a minimum from its absence where there is no penalty. If the classes are separable, if only in part, Newton's
 * steps come to move along a direction that lowers no margin and raises some by about 1 each time, while the others have
 * settled (Albert and Anderson 1984 name the cases). Such a direction, once found and checked row by row, proves that no
 * minimum exists.
 *
 * <p>That a minimum exists shows too. Let a step solve Newton's equations, and change no logit of any row by as much as
 * 1. Then the residuals {@code p - y}, changed to first order by the step, keep their signs and are orthogonal to all
 * columns, and with such numbers no direction can separate (Stiemke 1915).
 */
final class Divergence {
    /** Steps that come before the rest of the coefficients can have settled. */
    private static final int FIRST_LOOK = 4;
    /** Looks are this many times as far apart each time. */
    private static final double RARER = 1.5;
    /** A step that lowers some margin by more than this share of the largest move is not yet one that separates. */
    private static final double NEARLY = 0.05;
    /** A minimum is at hand when a Newton step moves no logit by more than this. */
    private static final double SETTLED = 0.1;
    /** Steps after which weights and offsets are left out, if there are any, to see whether there is a minimum at all. */
    private static final int LATE = 10;
    /** So far along a direction, at least, rows whose margins rise by 1 are fitted to the last digit, and curve no more. */
    private static final double FAR = 50;
    /** And so far that the margins which fall do not fall by more than this. */
    private static final double FALL = 0.5;

    private static final int CLEANINGS = 3;
    private static final int MOST_CLEANING_STEPS = 50;
    /** A round of cleaning ends where the second derivative along what is left has fallen by this factor. */
    private static final double CLEAN = 1e-12;
    /** What rounding leaves of a margin that should not change, over the largest move. */
    private static final double ROUNDING = 1e-15;
    /** What is left of a coefficient that should have vanished is less than this share of the others. */
    private static final double NEGLIGIBLE = 1e-9;

    private final MatrixKernels kernels = Kernels.best().matrices();
    private final TwiceSmoothObjective objective;
    private final Solver<TwiceSmoothObjective> solver;
    private final Function<TwiceSmoothObjective, Preconditioner> inverse;
    private final StopRule rule;
    private double largestMove = Double.POSITIVE_INFINITY;
    private int nextLook = FIRST_LOOK;
    private boolean minimumExists;
    private boolean triedEvenly;

    /**
     * A watch over one minimisation.
     *
     * @param solver solves the problem without weights and offsets, if need be
     * @param inverse about the inverse of the second derivatives at the point evaluated last
     */
    Divergence(
            TwiceSmoothObjective objective,
            Solver<TwiceSmoothObjective> solver,
            Function<TwiceSmoothObjective, Preconditioner> inverse,
            StopRule rule) {
        this.objective = objective;
        this.solver = solver;
        this.inverse = inverse;
        this.rule = rule;
    }

    /**
     * Looks at the next Newton step, and at the point reached so far. May evaluate the objective elsewhere; the caller's
     * point is evaluated again before this returns if it was.
     *
     * @return a direction that separates, or an empty array
     */
    double[] look(Descent descent, double[] d) {
        MarginChange step = objective.marginChange(d);
        largestMove = step.most();
        if (minimumExists || settled() || descent.iterations < nextLook) {
            return new double[0];
        }
        nextLook = (int) Math.ceil(RARER * descent.iterations);
        if (step.least() >= -NEARLY * step.most()) {
            if (objective.separates(d)) {
                return d.clone();
            }
            double[] clean = cleaned(d, Math.max(FAR, FALL / -step.least()));
            descent.reevaluate();
            if (objective.separates(clean)) {
                return clean;
            }
        }
        if (objective.marginChange(descent.w).least() > 0 && objective.separates(descent.w)) {
            return descent.w.clone();
        }
        return descent.iterations >= LATE ? evenly(descent) : new double[0];
    }

    /**
     * Whether {@code d} leaves no derivative at all, neither along columns that were taken for dependent. Without that a
     * small decrement, and a step that hardly moves, say nothing of these.
     */
    boolean solves(Descent descent, double[] d) {
        double[] r = new double[d.length];
        objective.hessianProduct(d, r);
        kernels.axpy(1, descent.g, r, r.length);
        return objective.vanishes(r);
    }

    /** Solves the problem without weights and offsets, which has a minimum if and only if this one has. */
    double[] evenly(Descent descent) {
        Optional<TwiceSmoothObjective> uneven = triedEvenly ? Optional.empty() : objective.evenly();
        if (uneven.isEmpty()) {
            return new double[0];
        }
        triedEvenly = true;
        TwiceSmoothObjective even = uneven.get();
        StopRule own = new StopRule(rule.tolerance(), rule.maxPasses() - descent.passes(), progress -> {});
        Minimum minimum = solver.minimize(even, new double[descent.w.length], own);
        descent.chargeElsewhere(even.passes());
        minimumExists = minimum.solution().converged();
        return minimum.recession();
    }

    /**
     * The direction less what it moves rows that are not fitted by it: far along it only these have any curvature H, and
     * {@code H e = H d} is solved for the part {@code e} to be taken away, by conjugate gradients, and again for what
     * rounding has left.
     */
    private double[] cleaned(double[] d, double length) {
        int n = d.length;
        double[] far = new double[n];
        kernels.axpy(length, d, far, n);
        objective.evaluate(far, new double[n]);
        Preconditioner preconditioner = inverse.apply(objective);
        double[] clean = d.clone();
        double[] r = new double[n];
        for (int round = 0; round < CLEANINGS; round++) {
            objective.hessianProduct(clean, r);
            subtractSolution(preconditioner, r, clean);
            if (round > 0) {
                objective.dropNegligibleInPlace(clean, NEGLIGIBLE);
            }
        }
        return clean;
    }

    /** {@code x -= H^-1 r} in the coordinates where {@code x} is not 0; changes {@code r}. */
    private void subtractSolution(Preconditioner whole, double[] r, double[] x) {
        int n = r.length;
        double[] z = new double[n];
        double[] hp = new double[n];
        boolean[] absent = new boolean[n];
        for (int c = 0; c < n; c++) {
            absent[c] = x[c] == 0;
        }
        Preconditioner preconditioner = (from, out) -> {
            clear(absent, from);
            whole.apply(from, out);
            clear(absent, out);
        };
        preconditioner.apply(r, z);
        double[] p = z.clone();
        double rz = kernels.dot(r, z, n);
        double rounding = ROUNDING * largestMove;
        double wanted = Math.max(CLEAN * rz, rounding * rounding);
        for (int step = 0; step < MOST_CLEANING_STEPS && rz > wanted; step++) {
            objective.hessianProduct(p, hp);
            double curvature = kernels.dot(p, hp, n);
            if (!(curvature > 0)) {
                return;
            }
            double alpha = rz / curvature;
            kernels.axpy(-alpha, p, x, n);
            kernels.axpy(-alpha, hp, r, n);
            preconditioner.apply(r, z);
            double next = kernels.dot(r, z, n);
            for (int c = 0; c < n; c++) {
                p[c] = Math.fma(next / rz, p[c], z[c]);
            }
            rz = next;
        }
    }

    private static void clear(boolean[] absent, double[] v) {
        for (int c = 0; c < v.length; c++) {
            v[c] = absent[c] ? 0 : v[c];
        }
    }

    /** Whether the step last looked at moves every logit but a little; true where nothing was looked at. */
    boolean settled() {
        return largestMove <= SETTLED;
    }
}
