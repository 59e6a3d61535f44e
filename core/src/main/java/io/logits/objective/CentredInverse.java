package io.logits.objective;

import io.logits.kernels.Workers;
import java.util.function.IntToDoubleFunction;

/**
 * The inverse of second derivatives that has the features' variances and their means: of each logit apart it is that of
 * {@code D + s (m,1)(m,1)'}, s the curvature of all rows in sum, m the mean of the features weighted by it, and D, of features
 * alone, s times their variances and the penalty. Features that are never negative, as counts of words are, grow together
 * along m, which a diagonal alone does not see.
 */
final class CentredInverse implements Preconditioner {
    /** No variance is taken for less than this share of the mean square: what is less may be rounding. */
    private static final double LEAST_VARIANCE = 1e-6;
    /** Features that one thread takes at a time. */
    private static final int FEATURES = 1 << 12;

    private final CoefLayout layout;
    private final Workers workers;
    /** m of each logit, laid out as coefficients. */
    private final double[] means;
    /** {@code D^-1}. */
    private final double[] inverse;
    /** {@code 1/s + m'D^-1 m} of each logit: what the inverse has at an intercept. */
    private final double[] ofIntercepts;

    /**
     * The inverse. With c_ik the curvature of row i along logit k, in shares of the weight of all rows:
     *
     * @param totals {@code sum_i c_ik}, above 0
     * @param sums {@code sum_i c_ik x_ij}, laid out as coefficients; overwritten and kept
     * @param squares {@code sum_i c_ik x_ij^2}, likewise
     * @param penalties the penalty's second derivative by each feature
     */
    CentredInverse(
            CoefLayout layout,
            Workers workers,
            double[] totals,
            double[] sums,
            double[] squares,
            IntToDoubleFunction penalties) {
        this.layout = layout;
        this.workers = workers;
        means = sums;
        inverse = squares;
        workers.runRanges(layout.features(), FEATURES, (first, end) -> {
            for (int j = first; j < end; j++) {
                double penalised = penalties.applyAsDouble(j);
                for (int k = 0; k < layout.logits(); k++) {
                    int c = layout.index(j, k);
                    means[c] /= totals[k];
                    double variance = squares[c] - totals[k] * means[c] * means[c];
                    double second = Math.max(LEAST_VARIANCE * squares[c], variance) + penalised;
                    inverse[c] = second > 0 ? 1 / second : 1;
                }
            }
        });
        ofIntercepts = alongMeans(means);
        for (int k = 0; k < layout.logits(); k++) {
            ofIntercepts[k] += 1 / totals[k];
        }
    }

    @Override
    public void apply(double[] r, double[] out) {
        double[] along = alongMeans(r);
        double[] shift = new double[layout.logits()];
        for (int k = 0; k < shift.length; k++) {
            if (layout.intercept()) {
                int c = layout.interceptStart() + k;
                shift[k] = r[c];
                out[c] = ofIntercepts[k] * shift[k] - along[k];
            } else {
                shift[k] = along[k] / ofIntercepts[k];
            }
        }
        workers.runRanges(layout.features(), FEATURES, (first, end) -> {
            for (int j = first; j < end; j++) {
                for (int k = 0; k < shift.length; k++) {
                    int c = layout.index(j, k);
                    out[c] = inverse[c] * (r[c] - means[c] * shift[k]);
                }
            }
        });
    }

    /** {@code m'D^-1 r} of each logit, summed in ranges of features that do not depend on how many threads there are. */
    private double[] alongMeans(double[] r) {
        double[][] parts = new double[(layout.features() - 1) / FEATURES + 1][layout.logits()];
        workers.runRanges(layout.features(), FEATURES, (first, end) -> {
            double[] part = parts[first / FEATURES];
            for (int j = first; j < end; j++) {
                for (int k = 0; k < part.length; k++) {
                    int c = layout.index(j, k);
                    part[k] = Math.fma(means[c] * inverse[c], r[c], part[k]);
                }
            }
        });
        double[] along = parts[0];
        for (int range = 1; range < parts.length; range++) {
            for (int k = 0; k < along.length; k++) {
                along[k] += parts[range][k];
            }
        }
        return along;
    }
}
