package io.logits.inference;

import io.logits.estimator.Fit;
import io.logits.estimator.Likelihood;
import io.logits.kernels.Workers;
import io.logits.model.Model;

/**
 * The rows and the information where a fit ended, after one Newton step more, which squares what error there was.
 *
 * @param point in the layout of the likelihood
 * @param information before that step: the difference is within its error
 */
record Optimum(Likelihood likelihood, double[] point, FittedRows rows, Information information) {
    static Optimum of(Fit<? extends Model> fit, Likelihood likelihood, Workers workers) {
        double[] point = likelihood.point(fit.model());
        FittedRows rows = FittedRows.at(likelihood, point, workers);
        Information information = Information.of(rows.information(workers));
        if (!fit.solution().converged()) {
            return new Optimum(likelihood, point, rows, information);
        }
        double[] step = information.times(rows.score(workers));
        for (int f = 0; f < step.length; f++) {
            point[rows.entry(f)] += step[f];
        }
        return new Optimum(likelihood, point, FittedRows.at(likelihood, point, workers), information);
    }
}
