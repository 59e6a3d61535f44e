package io.logits.objective;

import io.logits.data.Matrix;
import io.logits.kernels.Kernels;
import io.logits.kernels.MatrixKernels;
import io.logits.kernels.Workers;
import io.logits.loss.Loss;
import java.util.Arrays;

/**
 * A problem of one logit seen from its rows, for where there are fewer of them than features, all penalised. With P the
 * penalty's second derivatives the best coefficients are {@code w = P^-1 X'a} for some n numbers {@code a}; margins are
 * {@code K a + b + o} with {@code K = X P^-1 X'}, the penalty is {@code a'K a / 2}, and X need not be read again.
 */
public final class SampleSpace {
    /** Entries of a tile of columns: 256 KB. */
    private static final int TILE_ENTRIES = 1 << 15;

    private static final int MOST_TILE_COLUMNS = 64;
    private static final int MOST_PARTS = 16;
    /** Numbers that the parts sum together: 8 MB, or two parts where one is larger. */
    private static final int MOST_ACCUMULATED = 1 << 20;

    private final LinearObjective objective;
    private final Matrix x;
    private final Loss loss;
    private final RowPasses passes;
    private final double totalWeight;
    private final CoefLayout layout;
    private final Workers workers;
    private final double[] inverse;
    /** Empty before it is asked for. */
    private double[] kernel = {};

    private int reads;

    /**
     * A view of a problem.
     *
     * @param penaltyCurvature the penalty's second derivative by each coefficient, above 0
     */
    SampleSpace(
            LinearObjective objective,
            Matrix x,
            Loss loss,
            RowPasses passes,
            double totalWeight,
            double[] penaltyCurvature,
            CoefLayout layout,
            Workers workers) {
        this.objective = objective;
        this.x = x;
        this.loss = loss;
        this.passes = passes;
        this.totalWeight = totalWeight;
        this.layout = layout;
        this.workers = workers;
        inverse =
                Arrays.stream(penaltyCurvature).map(curvature -> 1 / curvature).toArray();
    }

    /** How often the features have been read through this. */
    int reads() {
        return reads;
    }

    /** The number of rows, n. */
    public int rows() {
        return x.rows();
    }

    /** Whether there is an intercept. */
    public boolean intercept() {
        return layout.intercept();
    }

    /** About what a derivative by the intercept that is not quite 0 adds to the gap; the first call costs a pass or two. */
    public double interceptPrice(double slope) {
        return slope == 0 ? 0 : objective.interceptDual().price(0, slope);
    }

    /** Adds the rows' offsets to margins. */
    public void addOffset(double[] z) {
        passes.addOffset(0, x.rows(), z);
    }

    /** Spares the pass of {@link #kernel} if {@code other} has made its own: it has the same rows, its penalty differs by a factor alone. */
    public void knowing(SampleSpace other) {
        if (kernel.length > 0 || other.kernel.length == 0) {
            return;
        }
        double times = inverse[0] / other.inverse[0];
        kernel = Arrays.stream(other.kernel).map(k -> times * k).toArray();
    }

    /**
     * {@code K = X P^-1 X'}, row-major, {@code n x n}: one pass if it is not known, columns in parts that depend on the data
     * alone. Not to be changed.
     */
    public double[] kernel() {
        if (kernel.length == 0) {
            kernel = sum();
        }
        return kernel;
    }

    private double[] sum() {
        reads++;
        int n = x.rows();
        int square = Math.multiplyExact(n, n);
        int width = Math.max(1, Math.min(MOST_TILE_COLUMNS, TILE_ENTRIES / n));
        int tiles = (x.cols() + width - 1) / width;
        int parts = Math.max(1, Math.min(Math.min(MOST_PARTS, tiles), Math.max(2, MOST_ACCUMULATED / square)));
        double[][] sums = new double[parts][];
        workers.run(parts, part -> {
            double[] own = new double[square];
            double[] tile = new double[width * n];
            int end = (int) ((long) tiles * (part + 1) / parts);
            for (int t = (int) ((long) tiles * part / parts); t < end; t++) {
                addTile(t * width, Math.min(x.cols(), (t + 1) * width), tile, own);
            }
            sums[part] = own;
        });
        double[] k = sums[0];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = k[i * n + j];
                for (int part = 1; part < parts; part++) {
                    sum += sums[part][i * n + j];
                }
                k[i * n + j] = sum;
                k[j * n + i] = sum;
            }
        }
        return k;
    }

    private void addTile(int from, int to, double[] tile, double[] sums) {
        int n = x.rows();
        x.copyColumns(from, to, tile);
        MatrixKernels kernels = Kernels.best().matrices();
        kernels.gramAdd(tile, 0, to - from, n, inverse, from, sums, 0, n);
    }

    /** Makes {@code w} the point {@code P^-1 X'a} with the intercept {@code b}: one pass. */
    public void toPoint(double[] a, double b, double[] w) {
        reads++;
        Arrays.fill(w, 0);
        x.transposeMultiplyAdd(0, x.rows(), a, 1, w);
        for (int j = 0; j < inverse.length; j++) {
            w[j] *= inverse[j];
        }
        if (layout.intercept()) {
            w[layout.interceptStart()] = b;
        }
    }

    /**
     * The mean loss at margins {@code z} (not changed), with its first and second derivative by each of them.
     *
     * @param slopes receives {@code s_i (p_i - y_i) / S}
     * @param curvatures receives {@code s_i p_i (1 - p_i) / S}
     */
    public double loss(double[] z, double[] slopes, double[] curvatures) {
        int n = z.length;
        double[] losses = new double[n];
        System.arraycopy(z, 0, slopes, 0, n);
        loss.evaluateInPlace(slopes, 1, 0, n, losses);
        loss.curvatureState(slopes, 1, 0, n, curvatures, 0);
        LossAccumulator sum = new LossAccumulator(1);
        for (int i = 0; i < n; i++) {
            double share = passes.weight(i) / totalWeight;
            sum.addLoss(passes.weight(i) * losses[i]);
            slopes[i] *= share;
            curvatures[i] *= share;
        }
        return sum.loss() / totalWeight;
    }
}
