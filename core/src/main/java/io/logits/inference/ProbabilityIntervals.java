package io.logits.inference;

import io.logits.data.Matrix;
import io.logits.objective.CoefLayout;
import org.jspecify.annotations.Nullable;

/**
 * Intervals for probabilities of rows. With {@code u_k = logit p_k} and logits z, {@code du_k/dz_k = 1} and
 * {@code du_k/dz_m = -p_m / (1 - p_k)} of another class; for two classes that is the logit itself. For one thread.
 */
public final class ProbabilityIntervals {
    private final Matrix x;
    private final double[] shift;
    private final double[] theta;
    private final double @Nullable [] offset;
    private final double quantile;
    private final CoefLayout layout;
    private final RowForms forms;
    private final int classes;
    private final int free;
    /** Of the row that is looked at: its features less the shift, the logits of all classes, 0 of the first. */
    private final double[] row;

    private final double[] z;
    /** And the covariances of the free logits. */
    private final double[] covariances;

    private final double[] slope;

    ProbabilityIntervals(
            Optimum optimum, Matrix x, double @Nullable [] offset, Covariance covariance, double quantile) {
        this.x = x;
        this.offset = offset;
        this.quantile = quantile;
        shift = optimum.likelihood().shift();
        theta = optimum.local().theta();
        layout = optimum.likelihood().layout();
        classes = optimum.likelihood().classes().size();
        free = layout.freeLogits();
        if (x.cols() != layout.features()) {
            throw new IllegalArgumentException(
                    "the data has " + x.cols() + " features, " + layout.features() + " were fitted");
        }
        if (offset != null && offset.length != (long) x.rows() * layout.logits()) {
            throw new IllegalArgumentException("offset has " + offset.length + " entries, " + x.rows() + " rows x "
                    + layout.logits() + (layout.logits() == 1 ? " logit" : " logits") + " are needed");
        }
        forms = new RowForms(x, layout, covariance.ofFree());
        row = new double[shift.length];
        z = new double[classes];
        covariances = new double[free * free];
        slope = new double[free];
    }

    /**
     * Writes what row i has for each class: its probability and the ends of its interval.
     *
     * @param out {@code out[3k .. 3k+2]} are probability, lower and upper end of class k
     */
    public void of(int i, double[] out) {
        look(i);
        for (int k = 0; k < classes; k++) {
            // logit p_k = z_k less the logarithm of the sum of the others' exponentials.
            double others = logSumExpBut(z, k);
            double u = z[k] - others;
            double reach = quantile * Math.sqrt(Math.max(0, variance(k, others)));
            out[3 * k] = sigmoid(u);
            out[3 * k + 1] = sigmoid(u - reach);
            out[3 * k + 2] = sigmoid(u + reach);
        }
    }

    private void look(int i) {
        if (shift.length == 0) {
            forms.row(i);
        } else {
            x.copyRow(i, row);
            for (int j = 0; j < shift.length; j++) {
                row[j] -= shift[j];
            }
            forms.row(row);
        }
        z[0] = 0;
        for (int l = 0; l < free; l++) {
            z[l + 1] = forms.product(theta, l);
            for (int m = 0; m <= l; m++) {
                covariances[l * free + m] = forms.form(l, m);
                covariances[m * free + l] = covariances[l * free + m];
            }
        }
        double[] given = offset;
        for (int k = 0; given != null && k < layout.logits(); k++) {
            z[layout.logits() == 1 ? 1 : k] += given[i * layout.logits() + k];
        }
    }

    private double variance(int k, double others) {
        for (int l = 0; l < free; l++) {
            slope[l] = l + 1 == k ? 1 : -StrictMath.exp(z[l + 1] - others);
        }
        double sum = 0;
        for (int l = 0; l < free; l++) {
            for (int m = 0; m < free; m++) {
                sum = Math.fma(slope[l] * slope[m], covariances[l * free + m], sum);
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
