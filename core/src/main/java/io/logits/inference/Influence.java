package io.logits.inference;

import io.logits.kernels.Workers;
import io.logits.objective.CoefLayout;

/**
 * What each observation does to the fit, for two classes as R's {@code hatvalues}, {@code residuals} and
 * {@code cooks.distance}, for many after Lesaffre and Albert (1989), the same whichever class is the reference. Of a frequency
 * it is what each of the equal rows does. A row of weight 0 is no observation and does nothing: it has 0 throughout, where R
 * leaves it out of leverages and distances.
 *
 * @param leverage by how much an observation draws its own fitted logits: the trace of its block of the hat matrix, from 0
 *     to 1 for two classes, to K-1 for K; all together they are the number of parameters
 * @param pearson the residual over the standard deviation of the response; of many classes the root of what a row adds to
 *     Pearson's statistic, {@code sum_k (y_k - p_k)^2 / p_k}, without a sign
 * @param deviance the root of what an observation adds to the deviance, with the residual's sign for two classes
 * @param cook Cook's distance: by how much one step towards the fit without the observation moves the coefficients, in their
 *     own covariance, over their number
 */
public record Influence(double[] leverage, double[] pearson, double[] deviance, double[] cook) {
    private static Influence empty(int count) {
        return new Influence(new double[count], new double[count], new double[count], new double[count]);
    }

    /** By row. */
    static Influence ofRows(Optimum optimum, WeightKind weights, Workers workers) {
        FittedRows rows = optimum.rows();
        Influence of = empty(rows.count());
        rows.forEachPiece(
                (from, to) -> {
                    HatBlock hat = new HatBlock(rows, optimum.information(), weights);
                    double[] score = new double[rows.likelihood().layout().freeLogits()];
                    for (int i = from; i < to; i++) {
                        if (rows.weight(i) > 0) {
                            of.fill(i, optimum, hat, score);
                        }
                    }
                },
                workers);
        return of;
    }

    private void fill(int i, Optimum optimum, HatBlock hat, double[] score) {
        FittedRows rows = optimum.rows();
        CoefLayout layout = rows.likelihood().layout();
        double sign = layout.logits() == 1 && rows.label(i) == 0 ? -1 : 1;
        double loss = rows.loss(i);
        hat.row(i);
        double weight = hat.weight();
        leverage[i] = hat.leverage();
        // The probability of the row's class is exp(-loss), and Pearson's sum is 1 less that, over that.
        pearson[i] = sign * Math.sqrt(weight * StrictMath.expm1(loss));
        deviance[i] = sign * Math.sqrt(2 * weight * loss);
        for (int k = 0; k < score.length; k++) {
            score[k] = weight * rows.residual(i, layout.firstFree() + k);
        }
        hat.leftOutInPlace(score);
        cook[i] = hat.variance(score) / optimum.information().rank();
    }

    /** By group of trials of two classes: sums over its rows. */
    static Influence ofGroups(Optimum optimum, int[] group) {
        FittedRows rows = optimum.rows();
        GroupedTrials.Counts counts = GroupedTrials.Counts.of(rows, group);
        int count = counts.trials().length;
        RowForms forms = new RowForms(
                rows.likelihood().x(),
                rows.likelihood().layout(),
                optimum.information().inverse());
        double[] variance = new double[count];
        double[] score = new double[count];
        double[] loss = new double[count];
        Influence of = empty(count);
        for (int i = 0; i < rows.count(); i++) {
            int g = group[i];
            double w = rows.weight(i);
            forms.row(i);
            of.leverage[g] += w * rows.variance(i) * forms.form(0, 0);
            variance[g] += w * rows.variance(i);
            score[g] -= w * rows.residual(i, 0);
            loss[g] += w * rows.loss(i);
        }
        for (int g = 0; g < count; g++) {
            // No response of a group without trials differs from what is expected.
            of.pearson[g] = score[g] == 0 ? 0 : score[g] / Math.sqrt(variance[g]);
            of.deviance[g] = Math.signum(score[g]) * Math.sqrt(Math.max(0, 2 * (counts.perfect(g) + loss[g])));
            double rest = 1 - of.leverage[g];
            of.cook[g] = of.pearson[g]
                    * of.pearson[g]
                    * of.leverage[g]
                    / (rest * rest * optimum.information().rank());
        }
        return of;
    }
}
