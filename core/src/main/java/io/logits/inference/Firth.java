package io.logits.inference;

import io.logits.kernels.Workers;
import io.logits.objective.CoefLayout;

/**
 * What Firth's (1993) penalty, half the logarithm of the determinant of the information, adds to the score: the bias of
 * maximum likelihood is gone to first order, and estimates are finite where classes are separable. For two classes
 * {@code h_i (1/2 - p_i) (x_i,1)} with the leverage {@code h_i} (Heinze and Schemper 2002); for many the derivative of
 * {@code sum_kl x_i'V_kl x_i (p_k [k=l] - p_k p_l)} by the logits, V held fast.
 */
final class Firth {
    private Firth() {}

    /** The residuals of all rows, less half of that derivative: what the score is to be summed from. */
    static double[] residuals(FittedRows rows, Information information, Workers workers) {
        CoefLayout layout = rows.likelihood().layout();
        double[] r = rows.residuals();
        int free = layout.freeLogits();
        int classes = rows.likelihood().classes().size();
        rows.forEachPiece(
                (from, to) -> {
                    RowForms forms = new RowForms(rows.likelihood().x(), layout, information.inverse());
                    double[] p = new double[free];
                    double[] q = new double[free * free];
                    for (int i = from; i < to; i++) {
                        forms.row(i);
                        for (int k = 0; k < free; k++) {
                            p[k] = rows.probability(i, classes - free + k);
                            for (int l = 0; l <= k; l++) {
                                q[k * free + l] = forms.form(k, l);
                                q[l * free + k] = q[k * free + l];
                            }
                        }
                        subtract(p, q, r, i * layout.stride() + layout.firstFree());
                    }
                },
                workers);
        return r;
    }

    private static void subtract(double[] p, double[] q, double[] r, int at) {
        int free = p.length;
        double own = 0;
        double both = 0;
        for (int k = 0; k < free; k++) {
            own += q[k * free + k] * p[k];
            for (int l = 0; l < free; l++) {
                both += q[k * free + l] * p[k] * p[l];
            }
        }
        for (int m = 0; m < free; m++) {
            double cross = 0;
            for (int l = 0; l < free; l++) {
                cross += q[m * free + l] * p[l];
            }
            r[at + m] -= p[m] * (q[m * free + m] - own - 2 * (cross - both)) / 2;
        }
    }
}
