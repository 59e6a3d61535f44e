package io.logits.objective;

import io.logits.data.CsrMatrix;
import io.logits.data.DenseMatrix;
import io.logits.data.Matrix;
import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;
import io.logits.kernels.Workers;
import io.logits.penalty.SmoothPenalty;

/**
 * A {@link CurvatureModel} put right along those directions v of the features, the same for each logit, along which they vary most:
 * there the second derivatives are those of the loss itself, classes coupled. With M the model, {@code V} the
 * directions in each logit, T = V'MV and S = V'HV the second derivatives along them, the inverse is
 * {@code M^-1 + V (S^-1 - T^-1) V'}: of the matrix that is S along V and M beyond, where the penalty counts for more.
 */
final class CoupledCurvature {
    /** Directions times logits: a factor of 8 MB. */
    private static final int MOST_COORDINATES = 1000;
    /** Fewer directions are not worth it, unless they are all. */
    private static final int LEAST_DIRECTIONS = 32;
    /** Directions are a multiple of this, so that they fill vectors. */
    private static final int WHOLE_DIRECTIONS = 16;
    /**
     * A direction counts as large if the loss curves along it, in sum, more than the penalty and this share of the
     * coordinates' own curvature.
     */
    private static final double OWN_SHARE = 0.01;

    /** Rows that tell second derivatives along the directions, for each of these times the logits or each feature. */
    private static final int ROWS_PER_COORDINATE = 4;

    private static final int LEAST_ROWS = 4096;
    /** One row in so many at most: else a sample costs as much as it saves. */
    private static final int DENSEST_SAMPLE = 4;
    /** Passes that have as many multiply-adds as the second derivatives may; it saves more. */
    private static final int PASSES = 5;

    private static final double PIVOT_TOLERANCE = 1e-10;
    private static final int TILE_DIRECTIONS = 16;

    private final MatrixKernels kernels = Kernels.best().matrices();
    private final Matrix x;
    private final SmoothPenalty penalty;
    private final CoefLayout layout;
    private final Workers workers;
    /** {@code directions[a][j]}. */
    private final double[][] directions;
    /** M v of each direction, {@code curved[a][j]}. */
    private final double[][] curved;

    /**
     * The directions of a model.
     *
     * @param gram that of the model, both triangles
     * @param curvature that of each row in the model
     */
    CoupledCurvature(
            Matrix x, SmoothPenalty penalty, CoefLayout layout, double[] gram, double curvature, Workers workers) {
        this.x = x;
        this.penalty = penalty;
        this.layout = layout;
        this.workers = workers;
        int order = layout.rows();
        double[] unit = new double[order];
        for (int j = 0; j < order; j++) {
            double own = penalty(j) + OWN_SHARE * curvature * gram[j * order + j];
            unit[j] = own > 0 ? 1 / Math.sqrt(own) : 0;
        }
        LeadingDirections leading = new LeadingDirections(gram, unit, workers);
        directions = leading.find(directionsOf(layout));
        curved = leading.times(directions);
        for (int a = 0; a < directions.length; a++) {
            for (int j = 0; j < order; j++) {
                curved[a][j] = Math.fma(penalty(j), directions[a][j], curvature * curved[a][j]);
            }
        }
    }

    /** How many directions at most there are for a problem; 0 where there would be too few of use. */
    static int directionsOf(CoefLayout layout) {
        int most = MOST_COORDINATES / layout.logits();
        if (most >= layout.rows()) {
            return layout.rows();
        }
        return most < LEAST_DIRECTIONS ? 0 : most / WHOLE_DIRECTIONS * WHOLE_DIRECTIONS;
    }

    /** One row in so many is in a sample that tells the second derivatives; 1 if none would do, or it would not pay. */
    static int sampledOf(Matrix x, CoefLayout layout) {
        double directions = directionsOf(layout);
        double coordinates = directions * layout.logits();
        double order = layout.rows();
        double rows = Math.max(LEAST_ROWS, ROWS_PER_COORDINATE * Math.max(coordinates, layout.features()));
        double along = rows * coordinates * coordinates / 2 + coordinates * coordinates * coordinates / 6;
        // The matrix times them twice; a factor with pivots, T and the penalty along them.
        double products = along + 2 * order * order * directions + 2.5 * order * directions * directions;
        double pass = 2.0 * x.storedEntries(x.rows()) * layout.logits();
        boolean pays = products > 0 && products <= PASSES * pass && layout.logits() > 1;
        int every = (int) (x.rows() / rows);
        return pays && !(x instanceof CsrMatrix) && every >= DENSEST_SAMPLE ? every : 1;
    }

    private double penalty(int j) {
        return j < layout.features() ? penalty.curvature(j) : 0;
    }

    /**
     * The inverse.
     *
     * @param model M^-1
     * @param factors second derivatives of a row's loss by its logits, over the weight of all rows
     */
    Preconditioner inverse(Preconditioner model, HessianSum.PairFactors factors) {
        int count = directions.length;
        int logits = layout.logits();
        if (count == 0) {
            return model;
        }
        double[] s = along(factors);
        boolean[] sDependent = new boolean[count * logits];
        kernels.cholesky(s, sDependent.length, PIVOT_TOLERANCE, sDependent);
        double[] t = products(directions, curved);
        boolean[] tDependent = new boolean[count];
        kernels.cholesky(t, count, PIVOT_TOLERANCE, tDependent);
        return new CoupledPreconditioner(layout, directions, s, sDependent, t, tDependent, model);
    }

    /** {@code out[a*count + b] = left[a]'right[b]}. */
    private double[] products(double[][] left, double[][] right) {
        int count = directions.length;
        int order = layout.rows();
        double[] rows = flat(left, order);
        double[] by = flat(right, order);
        double[] out = new double[count * count];
        workers.run((count - 1) / TILE_DIRECTIONS + 1, tile -> {
            int from = tile * TILE_DIRECTIONS;
            int some = Math.min(TILE_DIRECTIONS, count - from);
            kernels.multiplyAdd(rows, from * order, some, order, by, count, out, from * count);
        });
        return out;
    }

    /** The first {@code cols} numbers of each row, one row after the other. */
    static double[] flat(double[][] rows, int cols) {
        double[] flat = new double[rows.length * cols];
        for (int a = 0; a < rows.length; a++) {
            System.arraycopy(rows[a], 0, flat, a * cols, cols);
        }
        return flat;
    }

    /** S, lower triangle, logit by logit. */
    private double[] along(HessianSum.PairFactors factors) {
        int count = directions.length;
        int logits = layout.logits();
        DenseMatrix projected = projected();
        double[] s = new double[count * logits * count * logits];
        new HessianSum(projected, CoefLayout.of(projected, logits, false, false), workers).compute(factors, s);
        double[][] shares = new double[count][layout.rows()];
        for (int a = 0; a < count; a++) {
            for (int j = 0; j < layout.features(); j++) {
                shares[a][j] = penalty.curvature(j) * directions[a][j];
            }
        }
        double[] penalised = products(shares, directions);
        for (int k = 0; k < logits; k++) {
            for (int a = 0; a < count; a++) {
                for (int b = 0; b <= a; b++) {
                    s[(k * count + a) * count * logits + k * count + b] += penalised[a * count + b];
                }
            }
        }
        return s;
    }

    /** The rows along the directions, {@code (X,1) V}. */
    private DenseMatrix projected() {
        int count = directions.length;
        double[] ofFeatures = flat(directions, layout.features());
        double[] rows = new double[x.rows() * count];
        workers.run((x.rows() - 1) / Matrix.TILE_ROWS + 1, tile -> {
            int from = tile * Matrix.TILE_ROWS;
            int to = Math.min(from + Matrix.TILE_ROWS, x.rows());
            double[] z = new double[(to - from) * count];
            for (int e = 0; e < z.length && layout.intercept(); e++) {
                z[e] = directions[e % count][layout.features()];
            }
            x.multiplyAdd(from, to, ofFeatures, count, z);
            System.arraycopy(z, 0, rows, from * count, z.length);
        });
        return DenseMatrix.of(x.rows(), count, rows);
    }
}
