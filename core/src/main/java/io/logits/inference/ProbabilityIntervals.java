package io.logits.inference;

import io.logits.data.DenseMatrix;
import io.logits.data.Matrix;
import io.logits.data.ShiftedMatrix;
import io.logits.objective.CoefLayout;
import org.jspecify.annotations.Nullable;

/**
 * Intervals for probabilities of rows. With {@code u_k = logit p_k} and logits z, {@code du_k/dz_k = 1} and
 * {@code du_k/dz_m = -p_m / (1 - p_k)} of another class; for two classes that is the logit itself. For one thread.
 */
public final class ProbabilityIntervals {
    private final Optimum optimum;
    private final double @Nullable [] offset;
    private final double quantile;
    private final CoefLayout layout;
    private final RowForms forms;
    private final int classes;

    ProbabilityIntervals(
            Optimum optimum, Matrix x, double @Nullable [] offset, Covariance covariance, double quantile) {
        this.optimum = optimum;
        this.offset = offset;
        this.quantile = quantile;
        layout = optimum.likelihood().layout();
        classes = optimum.likelihood().classes().size();
        if (x.cols() != layout.features()) {
            throw new IllegalArgumentException(
                    "the data has " + x.cols() + " features, " + layout.features() + " were fitted");
        }
        double[] shift = optimum.likelihood().shift();
        Matrix shifted = shift.length > 0 && x instanceof DenseMatrix dense ? ShiftedMatrix.of(dense, shift) : x;
        forms = new RowForms(shifted, layout, covariance.ofFree());
    }

    /**
     * Writes what row i has for each class: its probability and the ends of its interval.
     *
     * @param out {@code out[3k .. 3k+2]} are probability, lower and upper end of class k
     */
    public void of(int i, double[] out) {
        forms.row(i);
        double[] z = logits(i);
        for (int k = 0; k < classes; k++) {
            // logit p_k = z_k less the logarithm of the sum of the others' exponentials.
            double others = logSumExpBut(z, k);
            double u = z[k] - others;
            double reach = quantile * Math.sqrt(Math.max(0, variance(z, k, others)));
            out[3 * k] = sigmoid(u);
            out[3 * k + 1] = sigmoid(u - reach);
            out[3 * k + 2] = sigmoid(u + reach);
        }
    }

    /** The logit of each class, 0 of the first. */
    private double[] logits(int i) {
        double[] z = new double[classes];
        double[] theta = optimum.local().theta();
        for (int l = 0; l < layout.freeLogits(); l++) {
            z[l + 1] = forms.product(theta, l);
        }
        double[] given = offset;
        for (int k = 0; given != null && k < layout.logits(); k++) {
            z[layout.logits() == 1 ? 1 : k] += given[i * layout.logits() + k];
        }
        return z;
    }

    private double variance(double[] z, int k, double others) {
        double[] slope = new double[layout.freeLogits()];
        for (int l = 0; l < slope.length; l++) {
            slope[l] = l + 1 == k ? 1 : -StrictMath.exp(z[l + 1] - others);
        }
        double sum = 0;
        for (int l = 0; l < slope.length; l++) {
            for (int m = 0; m < slope.length; m++) {
                sum = Math.fma(slope[l] * slope[m], forms.form(l, m), sum);
            }
        }
        return sum;
    }

    private static double logSumExpBut(double[] z, int k) {
        double most = Double.NEGATIVE_INFINITY;
        for (int l = 0; l < z.length; l++) {
            most = l == k ? most : Math.max(most, z[l]);
        }
        double sum = 0;
        for (int l = 0; l < z.length; l++) {
            sum += l == k ? 0 : StrictMath.exp(z[l] - most);
        }
        return most + StrictMath.log(sum);
    }

    private static double sigmoid(double u) {
        return u >= 0 ? 1 / (1 + StrictMath.exp(-u)) : StrictMath.exp(u) / (1 + StrictMath.exp(u));
    }
}
