package io.logits.inference;

import io.logits.estimator.Likelihood;
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
    private final int classes;
    private final List<String> features;
    private final double[] theta;
    /** By class k and free logit l: the mean of {@code p_k ([k=l] - p_l)}. */
    private final double[][] slope;
    /** By class k and free logits m and l: the mean of {@code c_kml (x_i,1)}, as a point has one logit. */
    private final double[][][][] change;

    MarginalEffects(Optimum optimum, List<String> features, Workers workers) {
        this.optimum = optimum;
        this.features = features;
        rows = optimum.rows();
        Likelihood likelihood = optimum.likelihood();
        layout = likelihood.layout();
        free = layout.freeLogits();
        classes = likelihood.classes().size();
        theta = optimum.local().theta();
        slope = new double[classes][free];
        change = new double[classes][free][free][];
        for (int k = 0; k < classes; k++) {
            for (int m = 0; m < free; m++) {
                slope[k][m] = mean(k, m);
                for (int l = 0; l < free; l++) {
                    change[k][m][l] = changes(k, m, l, workers);
                }
            }
        }
    }

    /** The class whose logit free logit l is. */
    private int classOf(int l) {
        return layout.logits() == 1 ? 1 : layout.firstFree() + l;
    }

    private double mean(int k, int l) {
        double sum = 0;
        for (int i = 0; i < rows.count(); i++) {
            sum += rows.weight(i) * rows.classProbability(i, k) * centred(i, k, l);
        }
        return sum / optimum.likelihood().totalWeight();
    }

    /** {@code [k=l] - p_l} of class k and free logit l. */
    private double centred(int i, int k, int l) {
        return (classOf(l) == k ? 1 : 0) - rows.classProbability(i, classOf(l));
    }

    private double[] changes(int k, int m, int l, Workers workers) {
        double[] r = new double[rows.count() * layout.stride()];
        for (int i = 0; i < rows.count(); i++) {
            double own = centred(i, k, m) * centred(i, k, l);
            double other = rows.classProbability(i, classOf(m)) * centred(i, classOf(m), l);
            // Sums of scores are negative by their definition, and over all weights.
            r[i * layout.stride() + layout.firstFree()] = -rows.classProbability(i, k) * (own - other);
        }
        double[] sums = rows.score(r, workers);
        double[] means = new double[layout.rows()];
        for (int j = 0; j < means.length; j++) {
            means[j] = sums[j] / optimum.likelihood().totalWeight();
        }
        return means;
    }

    /** Each class but, of two, the first; each feature. */
    List<MarginalEffect> of(Covariance covariance, double quantile) {
        List<MarginalEffect> effects = new ArrayList<>();
        for (int k = classes == 2 ? 1 : 0; k < classes; k++) {
            String name = optimum.likelihood().classes().get(k);
            for (int j = 0; j < layout.features(); j++) {
                double effect = 0;
                double[] gradient = new double[theta.length];
                for (int l = 0; l < free; l++) {
                    double b = theta[l * layout.rows() + j];
                    effect += slope[k][l] * b;
                    gradient[l * layout.rows() + j] += slope[k][l];
                    for (int m = 0; m < free; m++) {
                        for (int c = 0; c < layout.rows(); c++) {
                            gradient[m * layout.rows() + c] += b * change[k][m][l][c];
                        }
                    }
                }
                double error = Math.sqrt(covariance.variance(gradient));
                double reach = quantile * error;
                effects.add(new MarginalEffect(
                        new Parameter(name, features.get(j)), effect, error, effect - reach, effect + reach));
            }
        }
        return effects;
    }
}
