package io.logits.inference;

/**
 * What each observation of two classes does to the fit, as R's {@code hatvalues}, {@code residuals} and
 * {@code cooks.distance}. Of a frequency it is what each of the equal rows does.
 *
 * @param leverage by how much an observation draws its own fitted logit, from 0 to 1
 * @param pearson the residual over the standard deviation of the response
 * @param deviance the signed root of what an observation adds to the deviance
 * @param cook Cook's distance, from the Pearson residual and one step towards the fit without the observation
 */
public record Influence(double[] leverage, double[] pearson, double[] deviance, double[] cook) {
    /**
     * Refuses more classes than two.
     *
     * @throws IllegalArgumentException if there are more
     */
    public static void checkClasses(int classes) {
        if (classes > 2) {
            throw new IllegalArgumentException("influence is for two classes, the data has " + classes);
        }
    }

    /** By observation: sums over its rows. */
    static Influence of(Optimum optimum, Observations observations) {
        FittedRows rows = optimum.rows();
        int count = observations.count();
        double[] leverage = observations.leverage(optimum.information().inverse());
        double[] variance = observations.variance();
        double[] score = new double[count];
        double[] loss = new double[count];
        for (int i = 0; i < rows.count(); i++) {
            int g = observations.of(i);
            double w = observations.weight(i);
            score[g] -= w * rows.residual(i, 0);
            loss[g] += w * rows.loss(i);
        }
        double[] perfect = observations.perfect();
        double[] pearson = new double[count];
        double[] deviance = new double[count];
        double[] cook = new double[count];
        int parameters = optimum.information().rank();
        for (int g = 0; g < count; g++) {
            // No response of a group without trials differs from what is expected.
            pearson[g] = score[g] == 0 ? 0 : score[g] / Math.sqrt(variance[g]);
            deviance[g] = Math.signum(score[g]) * Math.sqrt(Math.max(0, 2 * (perfect[g] + loss[g])));
            double rest = 1 - leverage[g];
            cook[g] = pearson[g] * pearson[g] * leverage[g] / (rest * rest * parameters);
        }
        return new Influence(leverage, pearson, deviance, cook);
    }
}
