package io.logits.objective;

import io.logits.data.CsrMatrix;
import io.logits.data.Matrix;
import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;
import io.logits.kernels.Workers;
import io.logits.penalty.SmoothPenalty;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A cheap model of the second derivatives: every row curves alike. For dense features of moderate number it is
 * {@code c (X,1)'S(X,1)/S + penalty}, one factor for all logits (Boehning 1992 bounds the softmax by just such a matrix),
 * which makes what it preconditions indifferent to scaling and correlation; else its diagonal, and with a penalty mostly the
 * means of the features ({@link CentredInverse}).
 */
final class CurvatureModel {
    /** Features up to which a factor is worth its cube. */
    private static final int MOST_GRAM_FEATURES = 5000;
    /**
     * p^2 over n K up to which a factor pays. Measured: at 32 and 150 it takes a half to an eighth of the time that the
     * diagonal alone takes, at 750 two to four times as long, at 50,000 thirty times.
     */
    private static final double MOST_SQUARES_PER_ROW = 200;

    /**
     * Features over rows up to which the means pay without an intercept: with more, rows curve along as many other directions as
     * much, and all these alike, which conjugate gradients are done with in a step or two.
     */
    private static final int MOST_FEATURES_PER_ROW = 16;

    /** Rows that the Gram matrix is estimated from, per feature: enough for a condition number near 1. */
    private static final int SAMPLE_ROWS_PER_FEATURE = 16;

    private static final int LEAST_SAMPLE_ROWS = 4096;
    private static final double PIVOT_TOLERANCE = 1e-10;
    /** Features whose second derivatives one thread inverts at a time. */
    private static final int FEATURES = 1 << 12;

    private static final int MOST_SHARES = 8;
    /** Numbers that the shares sum together, where there is more than one: 64 MB. */
    private static final int MOST_ACCUMULATED = 1 << 23;

    private static final int FEW_COLUMNS = 4;
    private static final int WHOLE_COLUMNS = 16;

    private final Matrix x;
    private final double[] weights;
    private final double totalWeight;
    private final SmoothPenalty penalty;
    private final CoefLayout layout;
    private final Workers workers;
    private double @Nullable [] gram;
    private double @Nullable [] squares;
    private double @Nullable [] means;
    private int passes;

    CurvatureModel(
            Matrix x, double[] weights, double totalWeight, SmoothPenalty penalty, CoefLayout layout, Workers workers) {
        this.x = x;
        this.weights = weights;
        this.totalWeight = totalWeight;
        this.penalty = penalty;
        this.layout = layout;
        this.workers = workers;
    }

    /** How often all rows have been read; a sample of them does not count. */
    int passes() {
        return passes;
    }

    /**
     * Whether the inverse knows how features go together: of dense rows, where the factor of a matrix of all features, p^3/3
     * multiply-adds at each step and p^2 K whenever it is used, costs less than the passes of n p K that it spares.
     */
    static boolean couplesFeatures(Matrix x, CoefLayout layout) {
        double p = x.cols();
        return !(x instanceof CsrMatrix)
                && p <= Math.min(x.rows(), MOST_GRAM_FEATURES)
                && p * p <= MOST_SQUARES_PER_ROW * x.rows() * layout.freeLogits();
    }

    /**
     * The inverse, where the rows curve by {@code curvature[k]} on average along logit k, and the penalty's second derivatives
     * count {@code 1 + damping} times.
     */
    Preconditioner inverse(double[] curvature, double damping) {
        if (couplesFeatures(x, layout)) {
            return factor(curvature, damping);
        }
        double[] totals = Arrays.copyOf(curvature, layout.logits());
        double[] ofSquares = spread(totals, squareMeans());
        return usesMeans()
                ? centred(totals, spread(totals, Objects.requireNonNull(means)), ofSquares, damping)
                : inverseDiagonal(ofSquares, damping);
    }

    /** Whether the inverse has the means of the features too, where it does not couple them. */
    boolean usesMeans() {
        return !penalty.isNone()
                && (layout.intercept() || layout.features() <= (long) MOST_FEATURES_PER_ROW * x.rows());
    }

    /** What all rows have of features, where they curve by {@code totals[k]} along logit k; the intercepts have the totals. */
    private double[] spread(double[] totals, double[] ofFeatures) {
        double[] out = new double[layout.size()];
        for (int j = 0; j < layout.rows(); j++) {
            double of = j < layout.features() ? ofFeatures[j] : 1;
            for (int k = layout.firstFree(); k < layout.logits(); k++) {
                out[layout.index(j, k)] = totals[k] * of;
            }
        }
        return out;
    }

    /**
     * The inverse that has the means of the features too.
     *
     * @param totals {@code sum_i c_ik}, c_ik the second derivative of row i's share of the mean loss by logit k
     * @param sums {@code sum_i c_ik x_ij}; overwritten and kept
     * @param squares {@code sum_i c_ik x_ij^2}, those of the intercepts the totals; overwritten and kept
     */
    Preconditioner centred(double[] totals, double[] sums, double[] squares, double damping) {
        // Where all rows are fitted nothing may curve any more.
        if (Arrays.stream(totals).anyMatch(total -> !(total > 0))) {
            return inverseDiagonal(squares, damping);
        }
        return new CentredInverse(layout, workers, totals, sums, squares, j -> (1 + damping) * penalty.curvature(j));
    }

    /**
     * The inverse of the diagonal alone: of the mean loss's second derivatives by single coordinates, and the penalty's.
     *
     * @param diagonal is overwritten and kept; 0 for what is not free
     */
    Preconditioner inverseDiagonal(double[] diagonal, double damping) {
        workers.runRanges(layout.rows(), FEATURES, (first, end) -> {
            for (int j = first; j < end; j++) {
                double penalised = j < layout.features() ? (1 + damping) * penalty.curvature(j) : 0;
                for (int k = layout.firstFree(); k < layout.logits(); k++) {
                    int c = layout.index(j, k);
                    double second = diagonal[c] + penalised;
                    diagonal[c] = second > 0 ? 1 / second : 1;
                }
            }
        });
        Coordinates coordinates = new Coordinates(workers, diagonal.length);
        return (r, out) -> coordinates.forEachRange((from, to) -> {
            for (int c = from; c < to; c++) {
                out[c] = diagonal[c] * r[c];
            }
        });
    }

    /** The weighted mean square of each column; the same pass tells the means where the inverse has them. */
    double[] squareMeans() {
        double[] known = squares;
        if (known == null) {
            known = new double[layout.features()];
            if (usesMeans() && means == null) {
                double[] sums = new double[layout.features()];
                addTiles(1, new double[][] {known, sums}, (from, to, d, own) -> {
                    x.squaresAdd(from, to, d, own[0]);
                    x.transposeMultiplyAdd(from, to, d, 1, own[1]);
                });
                means = sums;
            } else {
                addTiles(1, new double[][] {known}, (from, to, d, own) -> x.squaresAdd(from, to, d, own[0]));
            }
            squares = known;
        }
        return known;
    }

    /** The weighted mean of each column, if it is known; a copy. */
    Optional<double[]> knownMeans() {
        return Optional.ofNullable(means).map(double[]::clone);
    }

    /** Keeps the weighted mean of each column, which others have found. */
    void keepMeans(double[] found) {
        means = found;
    }

    /**
     * {@code (X,1)'S(X,1)/S}, both triangles; estimated from a sample where rows are many.
     *
     * @return the matrix itself, which must not be changed
     */
    double[] gram() {
        double[] known = gram;
        if (known == null) {
            known = gramMatrix();
            int order = layout.rows();
            for (int a = 0; a < order; a++) {
                for (int b = 0; b < a; b++) {
                    known[b * order + a] = known[a * order + b];
                }
            }
            gram = known;
        }
        return known;
    }

    private Preconditioner factor(double[] curvature, double damping) {
        double[] base = gram();
        MatrixKernels kernels = Kernels.best().matrices();
        int order = layout.rows();
        double mean = Arrays.stream(curvature).sum() / layout.logits();
        double[] l = new double[order * order];
        for (int a = 0; a < order; a++) {
            for (int b = 0; b <= a; b++) {
                l[a * order + b] = mean * base[a * order + b];
            }
            if (a < layout.features()) {
                l[a * order + a] += (1 + damping) * penalty.curvature(a);
            }
        }
        boolean[] dependent = new boolean[order];
        kernels.cholesky(l, order, PIVOT_TOLERANCE, dependent);
        int logits = layout.logits();
        // Columns of zeros up to whole vectors cost less than single ones.
        int columns = logits <= FEW_COLUMNS ? logits : (logits + WHOLE_COLUMNS - 1) / WHOLE_COLUMNS * WHOLE_COLUMNS;
        double[] b = new double[order * columns];
        // What is returned may outlive the rows.
        CoefLayout places = layout;
        return (r, out) -> {
            for (int j = 0; j < order; j++) {
                for (int k = 0; k < logits; k++) {
                    b[j * columns + k] = r[places.index(j, k)];
                }
            }
            kernels.choleskySolve(l, order, dependent, b, columns, columns);
            for (int j = 0; j < order; j++) {
                for (int k = 0; k < logits; k++) {
                    out[places.index(j, k)] = b[j * columns + k];
                }
            }
        };
    }

    /** {@code (X,1)'S(X,1)/S} of evenly spaced tiles of rows, lower triangle. */
    private double[] gramMatrix() {
        int order = layout.rows();
        int p = layout.features();
        int every = Math.max(1, x.rows() / Math.max(LEAST_SAMPLE_ROWS, SAMPLE_ROWS_PER_FEATURE * p));
        double[] h = new double[order * order];
        double[] border = new double[layout.intercept() ? p : 0];
        double visited = addTiles(every, new double[][] {h, border}, (from, to, d, own) -> {
            x.gramAdd(from, to, d, own[0], 0, order);
            if (layout.intercept()) {
                x.transposeMultiplyAdd(from, to, d, 1, own[1]);
            }
        });
        double scale = visited > 0 ? 1 / visited : 1;
        for (int c = 0; c < order * order; c++) {
            h[c] *= scale;
        }
        if (layout.intercept()) {
            for (int b = 0; b < p; b++) {
                h[p * order + b] = border[b] * scale;
            }
            h[p * order + p] = 1;
        }
        return h;
    }

    /** One tile of rows, their shares of the total weight in {@code d}; what they add goes to {@code out}. */
    @FunctionalInterface
    private interface TileTask {
        void accept(int from, int to, double[] d, double[][] out);
    }

    /**
     * Visits every {@code every}-th tile and adds up what they give, in shares of the tiles that depend on nothing but
     * their number and that of the sums; as many at a time as there are threads, so that no more sums are held.
     *
     * @return the weight visited, as a share of the total
     */
    private double addTiles(int every, double[][] out, TileTask task) {
        passes += every == 1 ? 1 : 0;
        int tiles = (x.rows() - 1) / (Matrix.TILE_ROWS * every) + 1;
        int numbers = Arrays.stream(out).mapToInt(sum -> sum.length).sum();
        int shares = Math.max(1, Math.min(Math.min(MOST_SHARES, tiles), MOST_ACCUMULATED / Math.max(1, numbers)));
        double[][][] sums = new double[Math.min(workers.threads(), shares)][0][];
        MatrixKernels kernels = Kernels.best().matrices();
        double[] visited = new double[shares];
        for (int first = 0; first < shares; first += sums.length) {
            int begun = first;
            int count = Math.min(sums.length, shares - first);
            workers.run(count, s -> {
                // The first share needs no sums of its own.
                if (begun + s > 0) {
                    sums[s] = cleared(sums[s], out);
                }
                double[][] own = begun + s > 0 ? sums[s] : out;
                int from = (int) ((long) tiles * (begun + s) / shares);
                int to = (int) ((long) tiles * (begun + s + 1) / shares);
                visited[begun + s] = addTiles(from, to, every, own, task);
            });
            for (int s = first == 0 ? 1 : 0; s < count; s++) {
                for (int a = 0; a < out.length; a++) {
                    kernels.axpy(1, sums[s][a], out[a], out[a].length);
                }
            }
        }
        return Arrays.stream(visited).sum();
    }

    /** Zeros, as many as there are sums; in the room of these if there is any. */
    private static double[][] cleared(double[][] room, double[][] like) {
        if (room.length == 0) {
            return Arrays.stream(like).map(sum -> new double[sum.length]).toArray(double[][]::new);
        }
        for (double[] sum : room) {
            Arrays.fill(sum, 0);
        }
        return room;
    }

    /** The same of tiles {@code from <= tile < to} on this thread. */
    private double addTiles(int from, int to, int every, double[][] out, TileTask task) {
        double[] d = new double[Matrix.TILE_ROWS];
        double visited = 0;
        for (int tile = from; tile < to; tile++) {
            int first = tile * Matrix.TILE_ROWS * every;
            int end = Math.min(first + Matrix.TILE_ROWS, x.rows());
            for (int i = first; i < end; i++) {
                d[i - first] = (weights.length == 0 ? 1 : weights[i]) / totalWeight;
                visited += d[i - first];
            }
            task.accept(first, end, d, out);
        }
        return visited;
    }
}
