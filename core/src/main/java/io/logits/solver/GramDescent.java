package io.logits.solver;

import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;
import io.logits.objective.CompositeObjective;
import io.logits.objective.GramQuadratic;
import io.logits.objective.WorkingSet;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Minimises the quadratic model of one logit plus the penalty over a working set, one coefficient after the other, with all
 * second derivatives at hand: a step costs as many operations as the set has coefficients, whatever the number of rows
 * (the covariance updates of Friedman, Hastie and Tibshirani 2010).
 */
final class GramDescent extends SeparableDescent {
    private static final int MOST_SWEEPS = 2000;
    /** Sweeps over the coefficients that are not 0 before all are looked at again. */
    private static final int INNER_SWEEPS = 5;
    /** A factor of order m costs about as much as m over this many sweeps. */
    private static final int FACTOR_SWEEPS = 10;
    /** Descent ends when the most that a coefficient adds to the gap has fallen to this share of what it was. */
    private static final double FORCING = 0.001;

    /** Second derivatives below this share of their own columns are taken for rounding. */
    private static final double PIVOT_TOLERANCE = 1e-12;

    private final MatrixKernels kernels = Kernels.best().matrices();
    private final GramQuadratic model;
    /** The coefficients of which derivatives are known, the set among them. */
    private final WorkingSet known;
    /** Their derivatives of the mean loss at the model's point, that by the intercept last. */
    private final double[] before;
    /** The derivatives of the model by the coefficients, the intercept at its best. */
    private final double[] slope;

    private double total;

    GramDescent(
            CompositeObjective objective,
            WorkingSet set,
            WorkingSet known,
            GramQuadratic model,
            double[] w,
            double[] gradient) {
        super(objective, set, w, gradient);
        this.known = known;
        this.model = model;
        before = entries(gradient);
        slope = new double[set.size()];
        Arrays.setAll(slope, e -> gradient[set.position()[e]]);
    }

    /** Those entries of a vector that are known, and then that of the intercept, or 0. */
    private double[] entries(double[] v) {
        double[] out = new double[known.size() + 1];
        int at = objective.intercept(0);
        Arrays.setAll(out, e -> e < known.size() ? v[known.position()[e]] : at < 0 ? 0 : v[at]);
        return out;
    }

    @Override
    public void learn(double[] base, double[] w, double[] gradient) {
        double[] step = entries(w);
        double[] change = entries(gradient);
        double[] from = entries(base);
        for (int e = 0; e < step.length; e++) {
            step[e] -= from[e];
            change[e] -= before[e];
        }
        objective.learn(known, step, change);
    }

    @Override
    public boolean isExact() {
        return model.isExact();
    }

    @Override
    public void run(double allowed, double newTotal) {
        total = newTotal;
        int at = objective.intercept(0);
        if (at >= 0) {
            model.eliminate(gradient[at], slope);
        }
        double goal = allowed;
        boolean first = true;
        for (int sweep = 0; sweep < MOST_SWEEPS; sweep++) {
            double shortfall = sweep(true);
            goal = first ? Math.max(allowed, FORCING * shortfall) : goal;
            first = false;
            if (shortfall <= goal) {
                break;
            }
            double atFirst = shortfall;
            for (int inner = 0; inner < INNER_SWEEPS && shortfall > goal; inner++, sweep++) {
                shortfall = sweep(false);
            }
            // Each sweep leaves about the same share of the shortfall.
            double sweepsLeft = INNER_SWEEPS * Math.log(shortfall / goal) / Math.max(0, Math.log(atFirst / shortfall));
            if (shortfall > goal && sweepsLeft > (double) value.length / FACTOR_SWEEPS) {
                moveSupport();
            }
        }
        if (at >= 0) {
            double[] change = new double[value.length];
            Arrays.setAll(change, e -> value[e] - w[set.position()[e]]);
            intercept[0] = model.bestIntercept(gradient[at], change);
        }
    }

    /** The most that a coefficient added to the gap before it was moved, of all or of those that are not 0. */
    private double sweep(boolean all) {
        double shortfall = 0;
        for (int e = 0; e < value.length; e++) {
            if (all || value[e] != 0) {
                shortfall = Math.max(shortfall, step(e));
            }
        }
        return shortfall;
    }

    /** Takes the coefficients that are not 0 together towards their minimum, as far as none changes its sign. */
    private void moveSupport() {
        int[] support = IntStream.range(0, value.length)
                .filter(e -> objective.isSmoothAt(set.feature()[e], value[e]))
                .toArray();
        double[] d = new double[support.length];
        double[] matrix = new double[d.length * d.length];
        for (int a = 0; a < d.length; a++) {
            int j = set.feature()[support[a]];
            d[a] = -(slope[support[a]] + objective.penaltySlope(j, value[support[a]]));
            for (int b = 0; b <= a; b++) {
                matrix[a * d.length + b] = model.curvature(support[a], support[b]);
            }
            matrix[a * d.length + a] += objective.penaltyCurvature(j);
        }
        boolean[] dependent = new boolean[d.length];
        kernels.cholesky(matrix, d.length, PIVOT_TOLERANCE, dependent);
        kernels.choleskySolve(matrix, d.length, dependent, d, 1, 1);
        double share = 1;
        for (int a = 0; a < d.length; a++) {
            double v = value[support[a]];
            double end = objective.withinPiece(set.feature()[support[a]], v, v + d[a]);
            share = end == v + d[a] ? share : Math.min(share, (end - v) / d[a]);
        }
        for (int a = 0; a < d.length; a++) {
            int e = support[a];
            double next = objective.withinPiece(set.feature()[e], value[e], Math.fma(share, d[a], value[e]));
            model.addColumn(e, next - value[e], slope);
            value[e] = next;
        }
    }

    private double step(int e) {
        int j = set.feature()[e];
        double curvature = model.curvature(e);
        double next = objective.minimizer(j, value[e], slope[e], curvature);
        double d = next - value[e];
        if (d == 0) {
            return 0;
        }
        model.addColumn(e, d, slope);
        value[e] = next;
        double violation = Math.abs(d) * (curvature + objective.penaltyCurvature(j));
        return objective.shortfall(j, Math.max(Math.abs(next), Math.abs(d)), violation, total);
    }
}
