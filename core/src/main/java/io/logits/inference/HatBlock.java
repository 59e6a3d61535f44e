package io.logits.inference;

import io.logits.objective.CoefLayout;
import java.util.Arrays;

/**
 * What a row does to the fit of any number of classes (Lesaffre and Albert 1989). With W the covariance that the model gives
 * its response in the free logits, times its weight, and {@code Q = X V X'} the covariance of its fitted logits, its block of
 * the hat matrix is {@code W^1/2 Q W^1/2}, which for two classes is the leverage. {@code W = N N'} with
 * {@code N_kc = sqrt(w p_c) ([k=c] - p_k)}, c over all classes, so that the block has the eigenvalues of {@code S = N'QN}, and
 * for any function {@code f(WQ) = f(0) + N (f(S) - f(0))/S N'Q}: nothing is divided by a probability. For one thread.
 */
final class HatBlock {
    private final FittedRows rows;
    private final RowForms forms;
    private final WeightKind weights;
    private final int free;
    private final int classes;
    private final double[] p;
    private final double[] q;
    private final double[] n;
    private final double[] qn;
    private final double[] s;
    private final SymmetricEigen eigen;
    private final double[] change;
    private double weight;

    HatBlock(FittedRows rows, Information information, WeightKind weights) {
        this.rows = rows;
        this.weights = weights;
        CoefLayout layout = rows.likelihood().layout();
        forms = new RowForms(rows.likelihood().x(), layout, information.inverse());
        free = layout.freeLogits();
        classes = rows.likelihood().classes().size();
        p = new double[classes];
        q = new double[free * free];
        n = new double[free * classes];
        qn = new double[free * classes];
        s = new double[classes * classes];
        eigen = new SymmetricEigen(classes);
        change = new double[free];
    }

    /**
     * Goes to row i, of positive weight: of a frequency, to one of the equal rows.
     *
     * @throws FrequencyException if that one has an eigenvalue of 1 or more, as only weights below 1 have it
     */
    void row(int i) {
        for (int c = 0; c < classes; c++) {
            p[c] = rows.probability(i, c);
        }
        weight = weights == WeightKind.FREQUENCY ? 1 : rows.weight(i);
        forms.row(i);
        for (int k = 0; k < free; k++) {
            int own = classes - free + k;
            for (int c = 0; c < classes; c++) {
                n[k * classes + c] = Math.sqrt(weight * p[c]) * (c == own ? others(c) : -p[own]);
            }
            for (int l = 0; l <= k; l++) {
                q[k * free + l] = forms.form(k, l);
                q[l * free + k] = q[k * free + l];
            }
        }
        multiply();
        eigen.of(s);
        if (rows.weight(i) < weight) {
            checkFrequency();
        }
    }

    /** All of a row's equal rows together have eigenvalues up to 1: one reaches that only if it is more than all are. */
    private void checkFrequency() {
        for (int e = 0; e < classes; e++) {
            if (eigen.value(e) >= 1) {
                throw new FrequencyException();
            }
        }
    }

    /** One less the probability of class c. */
    private double others(int c) {
        double sum = 0;
        for (int d = 0; d < classes; d++) {
            sum += d == c ? 0 : p[d];
        }
        return sum;
    }

    /** {@code QN} and {@code S = N'QN}. */
    private void multiply() {
        Arrays.fill(qn, 0);
        Arrays.fill(s, 0);
        for (int k = 0; k < free; k++) {
            for (int l = 0; l < free; l++) {
                for (int c = 0; c < classes; c++) {
                    qn[k * classes + c] = Math.fma(q[k * free + l], n[l * classes + c], qn[k * classes + c]);
                }
            }
        }
        for (int k = 0; k < free; k++) {
            for (int c = 0; c < classes; c++) {
                for (int d = 0; d < classes; d++) {
                    s[c * classes + d] = Math.fma(n[k * classes + c], qn[k * classes + d], s[c * classes + d]);
                }
            }
        }
    }

    /** What the row weighs as one observation. */
    double weight() {
        return weight;
    }

    /** The trace of the block: by how much the row draws its own fitted logits, from 0 to the number of free logits. */
    double leverage() {
        double trace = 0;
        for (int c = 0; c < classes; c++) {
            trace += s[c * classes + c];
        }
        return trace;
    }

    /** {@code r = (I - WQ)^-1 r}: the residual that the row has, but for second order, in the fit without it. */
    void leftOutInPlace(double[] r) {
        addInPlace(r, true);
    }

    /** {@code r = (I - WQ)^-1/2 r}: the residual with the covariance W, if the model is right. */
    void unshrunkInPlace(double[] r) {
        addInPlace(r, false);
    }

    private void addInPlace(double[] r, boolean whole) {
        Arrays.fill(change, 0);
        for (int e = 0; e < classes; e++) {
            double root = Math.sqrt(Math.max(0, 1 - eigen.value(e)));
            // (1/t^2 - 1)/(1 - t^2) and (1/t - 1)/(1 - t^2).
            double share = 1 / (whole ? root * root : root * (1 + root));
            double along = 0;
            for (int k = 0; k < free; k++) {
                along = Math.fma(r[k], turned(qn, k, e), along);
            }
            for (int k = 0; k < free; k++) {
                change[k] = Math.fma(share * along, turned(n, k, e), change[k]);
            }
        }
        for (int k = 0; k < free; k++) {
            r[k] += change[k];
        }
    }

    /** The product of row k of a matrix, as wide as there are classes, with the vector of eigenvalue e. */
    private double turned(double[] matrix, int k, int e) {
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            sum = Math.fma(matrix[k * classes + c], eigen.vector(e, c), sum);
        }
        return sum;
    }

    /** {@code r'Qr}: the variance of {@code r'z}, z the row's fitted logits. */
    double variance(double[] r) {
        double sum = 0;
        for (int k = 0; k < free; k++) {
            for (int l = 0; l < free; l++) {
                sum = Math.fma(q[k * free + l], r[k] * r[l], sum);
            }
        }
        return sum;
    }
}
