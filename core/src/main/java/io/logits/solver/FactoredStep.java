package io.logits.solver;

import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;
import io.logits.objective.CompositeObjective;
import io.logits.objective.GramQuadratic;
import java.util.stream.IntStream;

/**
 * {@link SupportStep} where all second derivatives are at hand: by factors of their matrix. A coefficient that would change its
 * sign, or leave its bounds, is held where that would be, and the others go on.
 */
final class FactoredStep {
    private static final int MOST_FACTORS = 16;
    /** So many coefficients are held before a factor is made anew, without them. */
    private static final int MOST_HELD = 64;
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
    /** Of the second derivatives by those that move. */
    private double[] factor = new double[0];

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

    /**
     * The step to where the model is least: towards that until a coefficient would change its sign, which is held there; then
     * towards where it is least beside that, and so on.
     */
    private double[] step(int[] support) {
        double[] step = new double[value.length];
        double[] d = IntStream.of(support).mapToDouble(e -> -slopeOfAll(e)).toArray();
        int[] moving = support;
        for (int i = 0; i < MOST_FACTORS && moving.length > 0; i++) {
            Way way = new Way(moving, d);
            way.go(step);
            moving = way.rest();
            d = way.slopesOfRest();
        }
        return step;
    }

    /**
     * The way of some coefficients to their minimum, on which one after the other is held. With second derivatives M and
     * derivatives -d all go along {@code M^-1 (d - E l)}, where E has the unit vectors of those that are held, and l is such
     * that these do not move; a step of a share of that leaves the rest of d.
     */
    private final class Way {
        private final int[] moving;
        private final double[] d;
        private final int size;
        private final boolean[] dependent;
        /** The share of the derivatives that is left. */
        private double left = 1;

        private final boolean[] isHeld;
        /** Those that are held, and {@code M^-1} times their unit vectors. */
        private final int[] held = new int[MOST_HELD];

        private final double[][] response = new double[MOST_HELD][];
        private int count;

        Way(int[] moving, double[] d) {
            this.moving = moving;
            this.d = d;
            size = moving.length;
            isHeld = new boolean[size];
            dependent = new boolean[size];
            if (factor.length < size * size) {
                factor = new double[size * size];
            }
            for (int a = 0; a < size; a++) {
                int e = moving[a];
                for (int b = 0; b <= a; b++) {
                    factor[a * size + b] = model.curvature(e, moving[b]);
                }
                factor[a * size + a] += DAMPING * model.curvature(e) + objective.penaltyCurvature(feature[e]);
            }
            kernels.cholesky(factor, size, PIVOT_TOLERANCE, dependent);
        }

        /** Goes on until all are at their minimum, or too many are held. */
        void go(double[] step) {
            double[] free = solved(d.clone());
            while (left > 0) {
                double[] p = direction(free);
                int first = -1;
                double share = 1;
                for (int a = 0; a < size; a++) {
                    double own = isHeld[a] ? 1 : share(a, p[a], step);
                    if (own < share) {
                        share = own;
                        first = a;
                    }
                }
                for (int a = 0; a < size; a++) {
                    if (!isHeld[a]) {
                        step[moving[a]] = Math.fma(share, p[a], step[moving[a]]);
                    }
                }
                left *= 1 - share;
                if (first >= 0) {
                    int e = moving[first];
                    step[e] = objective.withinPiece(feature[e], value[e], value[e] + step[e] + p[first]) - value[e];
                    isHeld[first] = true;
                    if (count == MOST_HELD) {
                        return;
                    }
                    double[] unit = new double[size];
                    unit[first] = 1;
                    held[count] = first;
                    response[count++] = solved(unit);
                }
            }
        }

        /** The share of a step by p at which a coefficient is where the penalty is no longer smooth; more than 1 if it is not. */
        private double share(int a, double p, double[] step) {
            int e = moving[a];
            double from = value[e] + step[e];
            double end = objective.withinPiece(feature[e], value[e], from + p);
            return end == from + p ? 2 : Math.max(0, (end - from) / p);
        }

        /** The step to the minimum of those that are not held. */
        private double[] direction(double[] free) {
            double[] p = free.clone();
            double[] among = new double[count * count];
            double[] l = new double[count];
            for (int a = 0; a < count; a++) {
                l[a] = free[held[a]];
                for (int b = 0; b <= a; b++) {
                    among[a * count + b] = response[a][held[b]];
                }
            }
            boolean[] alike = new boolean[count];
            kernels.cholesky(among, count, PIVOT_TOLERANCE, alike);
            kernels.choleskySolve(among, count, alike, l, 1, 1);
            for (int a = 0; a < count; a++) {
                kernels.axpy(-l[a], response[a], p, size);
            }
            for (int a = 0; a < size; a++) {
                p[a] *= left;
            }
            return p;
        }

        private double[] solved(double[] right) {
            kernels.choleskySolve(factor, size, dependent, right, 1, 1);
            return right;
        }

        /** Those that are not held; none if they are at their minimum. */
        int[] rest() {
            return others().map(a -> moving[a]).toArray();
        }

        /** Their derivatives. */
        double[] slopesOfRest() {
            return others().mapToDouble(a -> left * d[a]).toArray();
        }

        private IntStream others() {
            return IntStream.range(0, left > 0 ? size : 0).filter(a -> !isHeld[a]);
        }
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
