package io.logits.objective;

import io.logits.data.ColumnMatrix;
import io.logits.kernels.Workers;
import io.logits.loss.Loss;
import java.util.Arrays;

/**
 * Evaluations of the mean loss of one logit at points that are 0 but for a working set, from the columns of the set alone.
 * Rows are cut in chunks whose sums are added in order.
 */
final class ColumnPass {
    private static final int CHUNK_ROWS = 1 << 13;
    /** Entries of columns that are worth handing to a thread. */
    private static final int CHUNK_ENTRIES = 1 << 16;

    private final ColumnMatrix columns;
    private final Loss loss;
    private final RowPasses passes;
    private final double totalWeight;
    private final CoefLayout layout;
    private final Workers workers;
    private final double[] residuals;
    private final double[] weighted;
    private double meanCurvature;

    ColumnPass(
            ColumnMatrix columns, Loss loss, RowPasses passes, double totalWeight, CoefLayout layout, Workers workers) {
        this.columns = columns;
        this.loss = loss;
        this.passes = passes;
        this.totalWeight = totalWeight;
        this.layout = layout;
        this.workers = workers;
        residuals = new double[columns.rows()];
        weighted = new double[columns.rows()];
    }

    /** The derivatives of the rows' losses by their margins at the point evaluated last. */
    double[] residuals() {
        return residuals;
    }

    /** The weighted mean of the rows' second derivatives there. */
    double meanCurvature() {
        return meanCurvature;
    }

    /**
     * The mean loss.
     *
     * @param losses receives the loss of each row
     * @param state receives what {@link Loss#curvatureState} says of each row
     * @param gradient receives the derivatives by the coefficients of the set and the intercept
     */
    double evaluate(WorkingSet set, double[] w, double[] losses, double[] state, double[] gradient) {
        int n = residuals.length;
        LossAccumulator[] sums = new LossAccumulator[(n + CHUNK_ROWS - 1) / CHUNK_ROWS];
        double[] slopes = new double[sums.length];
        workers.runRanges(n, CHUNK_ROWS, (from, to) -> {
            sums[from / CHUNK_ROWS] = rows(set, w, from, to, losses, state);
            double own = 0;
            for (int i = from; i < to; i++) {
                own += weighted[i];
            }
            slopes[from / CHUNK_ROWS] = own;
        });
        LossAccumulator total = new LossAccumulator(1);
        double slope = 0;
        for (int part = 0; part < sums.length; part++) {
            total.merge(sums[part]);
            slope += slopes[part];
        }
        derivatives(set.feature(), gradient);
        if (layout.intercept()) {
            gradient[layout.interceptStart()] = slope;
        }
        meanCurvature = total.curvature[0] / totalWeight;
        return total.loss() / totalWeight;
    }

    /** Writes the derivatives by the coefficients of some features at the point evaluated last. */
    void derivatives(int[] features, double[] gradient) {
        workers.runRanges(features.length, Math.max(1, CHUNK_ENTRIES / weighted.length), (from, to) -> {
            for (int f = from; f < to; f++) {
                gradient[layout.index(features[f], 0)] = columns.dot(features[f], weighted);
            }
        });
    }

    /** Loss and curvature of some rows, and their residuals. */
    private LossAccumulator rows(WorkingSet set, double[] w, int from, int to, double[] losses, double[] state) {
        double[] z = new double[to - from];
        Arrays.fill(z, layout.intercept() ? w[layout.interceptStart()] : 0);
        for (int e = 0; e < set.size(); e++) {
            double v = w[set.position()[e]];
            if (v != 0) {
                columns.add(set.feature()[e], v, from, to, z);
            }
        }
        passes.addOffset(from, to, z);
        double[] own = new double[to - from];
        loss.evaluateInPlace(z, 1, from, to - from, own);
        System.arraycopy(own, 0, losses, from, to - from);
        loss.curvatureState(z, 1, from, to - from, state, from);
        LossAccumulator sum = new LossAccumulator(1);
        for (int i = 0; i < to - from; i++) {
            double weight = passes.weight(from + i);
            sum.addLoss(weight * own[i]);
            LinearObjective.addCurvature(weight, z, i, sum.curvature);
            residuals[from + i] = z[i];
            weighted[from + i] = z[i] * (weight / totalWeight);
        }
        return sum;
    }
}
