package io.logits.inference;

import io.logits.kernels.Workers;
import io.logits.objective.CoefLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Mean derivatives of probabilities by features, {@code dp_k/dx_j = p_k sum_l b_lj ([k=l] - p_l)}, and their derivatives by
 * the coefficients, which are sums over rows of {@code c_kml (x_i,1)} with
 * {@code c_kml = p_k (([k=m] - p_m)([k=l] - p_l) - p_m ([m=l] - p_l))}; l and m run over the free logits.
 */
final class MarginalEffects {
    private final Optimum optimum;
    private final FittedRows rows;
    private final CoefLayout layout;
    private final int free;
    /** Of two classes the effects on the first are those on the second, less their sign. */
    private final int firstClass;

    private final int classes;
    private final List<String> features;
    private final double[] theta;
    private final Workers workers;

    MarginalEffects(Optimum optimum, List<String> features, Workers workers) {
        this.optimum = optimum;
        this.features = features;
        this.workers = workers;
        rows = optimum.rows();
        layout = optimum.likelihood().layout();
        free = layout.freeLogits();
        classes = optimum.likelihood().classes().size();
        firstClass = classes == 2 ? 1 : 0;
        theta = optimum.local().theta();
    }

    /** The class whose logit free logit l is. */
    private int classOf(int l) {
        return layout.logits() == 1 ? 1 : layout.firstFree() + l;
    }

    /** {@code [k=l] - p_l} of class k and free logit l. */
    private double centred(int i, int k, int l) {
        return (classOf(l) == k ? 1 : 0) - rows.probability(i, classOf(l));
    }

    /** For each free logit l the mean of {@code p_k ([k=l] - p_l)}. */
    private double[] slopes(int k) {
        double[] slopes = new double[free];
        for (int i = 0; i < rows.count(); i++) {
            double share = rows.weight(i)
                    * rows.probability(i, k)
                    / optimum.likelihood().totalWeight();
            for (int l = 0; l < free; l++) {
                slopes[l] = Math.fma(share, centred(i, k, l), slopes[l]);
            }
        }
        return slopes;
    }

    /** The means of {@code c_kml (x_i,1)}, for each free logit l as its free coordinates lie: one pass over the rows. */
    private double[] changes(int k, int m) {
        double[] r = new double[rows.count() * layout.stride()];
        double scale = 1 / optimum.likelihood().totalWeight();
        for (int i = 0; i < rows.count(); i++) {
            double p = rows.probability(i, k);
            double other = rows.probability(i, classOf(m));
            for (int l = 0; l < free; l++) {
                double change = centred(i, k, m) * centred(i, k, l) - other * centred(i, classOf(m), l);
                // Sums of scores are negative by their definition, and over all weights.
                r[i * layout.stride() + layout.firstFree() + l] = -scale * p * change;
            }
        }
        return rows.score(r, workers);
    }

    /** Each class but, of two, the first; each feature. */
    List<MarginalEffect> of(Covariance covariance, double quantile) {
        List<MarginalEffect> effects = new ArrayList<>();
        for (int k = firstClass; k < classes; k++) {
            double[] slopes = slopes(k);
            double[][] changes = new double[free][];
            for (int m = 0; m < free; m++) {
                changes[m] = changes(k, m);
            }
            for (int j = 0; j < layout.features(); j++) {
                effects.add(effect(k, j, slopes, changes, covariance, quantile));
            }
        }
        return effects;
    }

    private MarginalEffect effect(
            int k, int j, double[] slopes, double[][] changes, Covariance covariance, double quantile) {
        int own = layout.rows();
        boolean known = true;
        double effect = 0;
        double[] gradient = new double[theta.length];
        for (int l = 0; l < free; l++) {
            double b = theta[l * own + j];
            known &= !optimum.information().dependent()[l * own + j];
            effect += slopes[l] * b;
            gradient[l * own + j] += slopes[l];
            for (int m = 0; m < free; m++) {
                for (int c = 0; c < own; c++) {
                    gradient[m * own + c] += b * changes[m][l * own + c];
                }
            }
        }
        double error = known ? Math.sqrt(covariance.variance(gradient)) : Double.NaN;
        double reach = quantile * error;
        Parameter parameter = new Parameter(optimum.likelihood().classes().get(k), features.get(j));
        return new MarginalEffect(parameter, effect, error, effect - reach, effect + reach);
    }
}
