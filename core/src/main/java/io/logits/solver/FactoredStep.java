package io.logits.solver;

import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;
import io.logits.objective.CompositeObjective;
import io.logits.objective.GramQuadratic;
import java.util.stream.IntStream;

/**
 * {@link SupportStep} where all second derivatives are at hand: by factors of their matrix. Coefficients that would change
 * their sign, or leave their bounds, are held where that would be, and the others solved for again.
 */
final class FactoredStep {
    /** As often at most, the first solution among them. */
    private static final int MOST_SOLUTIONS = 16;
    /**
     * Held at once are those that are there before the step is so many times as long as where the first is: along a direction
     * of next to no curvature all others have far less to go once that is held.
     */
    private static final double REACH = 4;
    /** The share by which single curvatures are raised, as differences of columns that are alike must curve too. */
    private static final double DAMPING = 1e-8;
    /** A move of all classes alike that curves by less than this share of what its parts do is one that the loss does not see. */
    private static final double UNSEEN = 1e-9;
    /** Second derivatives below this share of their own columns are taken for rounding. */
    private static final double PIVOT_TOLERANCE = 1e-12;

    private final MatrixKernels kernels = Kernels.best().matrices();
    private final CompositeObjective objective;
    private final GramQuadratic model;
    /** The feature of each coefficient, its value, and the derivative of the model by it. */
    private final int[] feature;

    private final double[] value;
    private final double[] slope;
    private final ClassCentring centring;

    /**
     * A step.
     *
     * @param slope the derivatives of the model by the coefficients of the descent; changed with these
     */
    FactoredStep(SeparableDescent descent, GramQuadratic model, double[] slope) {
        this.model = model;
        this.slope = slope;
        objective = descent.objective;
        feature = descent.set.feature();
        value = descent.value;
        centring = new ClassCentring(objective, descent.set);
    }

    /** Moves the coefficients that are not 0 together towards their minimum. */
    void take() {
        centring.forEach(value, this::moveAlike);
        int[] support = IntStream.range(0, value.length)
                .filter(e -> objective.isSmoothAt(feature[e], value[e]))
                .toArray();
        double[] step = step(support);
        double share = bestShare(support, step);
        for (int e : support) {
            if (share > 0) {
                moveTo(e, objective.withinPiece(feature[e], value[e], Math.fma(share, step[e], value[e])));
            }
        }
    }

    private void moveTo(int e, double next) {
        model.addColumn(e, next - value[e], slope);
        value[e] = next;
    }

    /** Moves all classes of a feature by d, if the model does not see that either: one that is cautious may curve along it. */
    private void moveAlike(int[] classes, double d) {
        double alike = 0;
        double single = 0;
        for (int e : classes) {
            single += model.curvature(e);
            for (int other : classes) {
                alike += model.curvature(e, other);
            }
        }
        if (alike <= UNSEEN * single) {
            for (int e : classes) {
                moveTo(e, value[e] + d);
            }
        }
    }

    /** The derivative of model and penalty by a coefficient that is not 0. */
    private double slopeOfAll(int e) {
        return slope[e] + objective.penaltySlope(feature[e], value[e]);
    }

    /** The step to where the model is least, or as far towards it as solutions go. */
    private double[] step(int[] support) {
        double[] step = new double[value.length];
        int[] moving = support;
        for (int solution = 1; moving.length > 0; solution++) {
            solve(moving, support, step);
            boolean[] held = hold(moving, step, solution < MOST_SOLUTIONS ? REACH : Double.POSITIVE_INFINITY);
            int[] left = IntStream.of(moving).filter(e -> !held[e]).toArray();
            if (left.length == moving.length || solution == MOST_SOLUTIONS) {
                break;
            }
            moving = left;
        }
        return step;
    }

    /** Has the step of those that move lead to their minimum beside the steps of the rest of the support. */
    private void solve(int[] moving, int[] support, double[] step) {
        int size = moving.length;
        double[] d = new double[size];
        double[] matrix = new double[size * size];
        for (int e : moving) {
            step[e] = 0;
        }
        for (int a = 0; a < size; a++) {
            int e = moving[a];
            d[a] = -slopeOfAll(e);
            for (int b = 0; b <= a; b++) {
                matrix[a * size + b] = model.curvature(e, moving[b]);
            }
            matrix[a * size + a] += DAMPING * model.curvature(e) + objective.penaltyCurvature(feature[e]);
        }
        for (int e : support) {
            for (int a = 0; a < size && step[e] != 0; a++) {
                d[a] -= step[e] * model.curvature(e, moving[a]);
            }
        }
        boolean[] dependent = new boolean[size];
        kernels.cholesky(matrix, size, PIVOT_TOLERANCE, dependent);
        kernels.choleskySolve(matrix, size, dependent, d, 1, 1);
        for (int a = 0; a < size; a++) {
            step[moving[a]] = d[a];
        }
    }

    /** Shortens those steps that would be the first to lead beyond where the penalty is smooth, and tells which. */
    private boolean[] hold(int[] moving, double[] step, double reach) {
        double[] share = new double[value.length];
        double[] most = new double[value.length];
        double first = 1;
        for (int e : moving) {
            double wanted = value[e] + step[e];
            double end = objective.withinPiece(feature[e], value[e], wanted);
            most[e] = end - value[e];
            share[e] = end == wanted ? Double.POSITIVE_INFINITY : most[e] / step[e];
            first = Math.min(first, share[e]);
        }
        boolean[] held = new boolean[value.length];
        for (int e : moving) {
            held[e] = share[e] <= reach * first && share[e] < Double.POSITIVE_INFINITY;
            step[e] = held[e] ? most[e] : step[e];
        }
        return held;
    }

    /** The part of a step, all at most, at which the model is least. */
    private double bestShare(int[] support, double[] step) {
        double[] curved = new double[value.length];
        for (int e : support) {
            model.addColumn(e, step[e], curved);
        }
        double promised = 0;
        double curvature = 0;
        for (int e : support) {
            promised -= step[e] * slopeOfAll(e);
            curvature += step[e] * Math.fma(objective.penaltyCurvature(feature[e]), step[e], curved[e]);
        }
        return promised > 0 ? Math.min(1, promised / Math.max(curvature, 0)) : 0;
    }
}
