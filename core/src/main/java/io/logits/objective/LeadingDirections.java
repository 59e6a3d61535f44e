package io.logits.objective;

import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;
import io.logits.kernels.Workers;
import java.util.Arrays;

/**
 * Directions along which a symmetric positive semidefinite matrix has about all there is of it: of as many columns as a
 * Cholesky factor with pivots takes first, times the matrix once more, an orthonormal basis (Halko, Martinsson and Tropp 2011
 * have columns at random). What is large is measured in a unit for each coordinate.
 */
final class LeadingDirections {
    /** A pivot, or what orthogonalisation leaves of a direction, below this share of what there was is rounding. */
    private static final double ROUNDING = 1e-8;

    private static final int TILE_ROWS = 32;

    private final MatrixKernels kernels = Kernels.best().matrices();
    private final double[] matrix;
    private final double[] unit;
    private final int order;
    private final Workers workers;

    /**
     * Directions of a matrix.
     *
     * @param matrix row-major, both triangles filled, not copied
     * @param unit of each coordinate; at least 0
     */
    LeadingDirections(double[] matrix, double[] unit, Workers workers) {
        this.matrix = matrix;
        this.unit = unit;
        this.workers = workers;
        order = unit.length;
    }

    /** At most so many directions of {@code order} numbers each, fewer where the matrix has no more; where they may be as many, all axes. */
    double[][] find(int most) {
        if (most >= order) {
            double[][] axes = new double[order][order];
            for (int j = 0; j < order; j++) {
                axes[j][j] = unit[j];
            }
            return axes;
        }
        double[][] directions = columns(pivoted(most));
        scale(directions);
        directions = times(directions);
        scale(directions);
        double[][] found = orthonormal(directions);
        scale(found);
        return found;
    }

    private void scale(double[][] directions) {
        for (double[] v : directions) {
            for (int j = 0; j < order; j++) {
                v[j] *= unit[j];
            }
        }
    }

    /** The matrix times each direction. */
    double[][] times(double[][] directions) {
        int count = directions.length;
        if (count == 0) {
            return directions;
        }
        double[] flat = CoupledCurvature.flat(directions, order);
        double[] products = new double[order * count];
        workers.run((order - 1) / TILE_ROWS + 1, tile -> {
            int from = tile * TILE_ROWS;
            int rows = Math.min(TILE_ROWS, order - from);
            kernels.multiplyAdd(matrix, from * order, rows, order, flat, count, products, from * count);
        });
        double[][] out = new double[count][order];
        for (int j = 0; j < order; j++) {
            for (int a = 0; a < count; a++) {
                out[a][j] = products[j * count + a];
            }
        }
        return out;
    }

    /** The first columns of a Cholesky factor of the matrix in its units, the largest pivot first; by rows. */
    private double[][] pivoted(int most) {
        double[][] factor = new double[order][most];
        double[] left = new double[order];
        for (int j = 0; j < order; j++) {
            left[j] = unit[j] * unit[j] * matrix[j * order + j];
        }
        double first = Arrays.stream(left).max().orElse(0);
        for (int a = 0; a < most; a++) {
            int pivot = largest(left);
            if (!(left[pivot] > ROUNDING * first)) {
                int found = a;
                return Arrays.stream(factor)
                        .map(row -> Arrays.copyOf(row, found))
                        .toArray(double[][]::new);
            }
            double root = Math.sqrt(left[pivot]);
            for (int j = 0; j < order; j++) {
                double entry = unit[pivot] * unit[j] * matrix[pivot * order + j];
                double rest = (entry - kernels.dot(factor[pivot], factor[j], a)) / root;
                left[j] -= rest * rest;
                factor[j][a] = rest;
            }
            left[pivot] = 0;
        }
        return factor;
    }

    private static int largest(double[] values) {
        int at = 0;
        for (int j = 1; j < values.length; j++) {
            at = values[j] > values[at] ? j : at;
        }
        return at;
    }

    private static double[][] columns(double[][] rows) {
        double[][] columns = new double[rows[0].length][rows.length];
        for (int j = 0; j < rows.length; j++) {
            for (int a = 0; a < columns.length; a++) {
                columns[a][j] = rows[j][a];
            }
        }
        return columns;
    }

    /** Gram and Schmidt's process, each direction freed of those before it; without those of which nothing is left. */
    private double[][] orthonormal(double[][] directions) {
        int kept = 0;
        for (double[] v : directions) {
            double before = Math.sqrt(kernels.dot(v, v, order));
            for (int b = 0; b < kept; b++) {
                kernels.axpy(-kernels.dot(directions[b], v, order), directions[b], v, order);
            }
            double norm = Math.sqrt(kernels.dot(v, v, order));
            if (norm > ROUNDING * before) {
                for (int j = 0; j < order; j++) {
                    v[j] /= norm;
                }
                directions[kept++] = v;
            }
        }
        return Arrays.copyOf(directions, kept);
    }
}
