package io.logits.inference;

import io.logits.estimator.Likelihood;
import io.logits.kernels.Workers;
import org.jspecify.annotations.Nullable;

/**
 * The log-likelihood, with or without Firth's penalty, at free coordinates: its value, score and information. Each is
 * computed when first asked for. For one thread, which has {@code workers}.
 */
final class Local {
    private final double[] theta;
    private final FittedRows rows;
    private final boolean firth;
    private final Workers workers;
    private @Nullable Information information;

    private Local(double[] theta, FittedRows rows, boolean firth, Workers workers) {
        this.theta = theta;
        this.rows = rows;
        this.firth = firth;
        this.workers = workers;
    }

    static Local at(Likelihood likelihood, boolean firth, double[] theta, Workers workers) {
        return new Local(theta, FittedRows.at(likelihood, likelihood.pointOf(theta), workers), firth, workers);
    }

    /** The coordinates in the layout of the likelihood. */
    double[] point() {
        return rows.likelihood().pointOf(theta);
    }

    /** Of the same kind at other free coordinates. */
    Local at(double[] newTheta) {
        return at(rows.likelihood(), firth, newTheta, workers);
    }

    /** That at other free coordinates, so near that the rows serve as well. */
    Local moved(double[] newTheta) {
        return new Local(newTheta, rows, firth, workers);
    }

    /** The same with workers that are still at work, and an information that serves as well. */
    Local with(Workers newWorkers, Information known) {
        Local same = new Local(theta, rows, firth, newWorkers);
        same.information = known;
        return same;
    }

    double[] theta() {
        return theta;
    }

    boolean firth() {
        return firth;
    }

    FittedRows rows() {
        return rows;
    }

    double value() {
        return rows.logLikelihood() + (firth ? information().logDeterminant() / 2 : 0);
    }

    double[] score() {
        return firth ? rows.score(Firth.residuals(rows, information(), workers), workers) : rows.score();
    }

    /** Of the log-likelihood without penalty: with it, a step by this matrix is one of Fisher's scoring. */
    Information information() {
        Information known = information;
        if (known == null) {
            known = Information.of(rows.information(workers));
            information = known;
        }
        return known;
    }
}
