package io.logits.examples;

import io.logits.data.Dataset;
import io.logits.data.DenseMatrix;
import io.logits.data.Labels;
import io.logits.estimator.LogisticRegression;
import io.logits.estimator.SolverChoice;
import io.logits.solver.Progress;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;

/** Watches a fit, and stops another one. */
public final class WatchAndStop {
    private WatchAndStop() {}

    /** Takes nothing. */
    public static void main(String[] args) {
        LogisticRegression watched = LogisticRegression.withDefaults().withLambda(1e-6);
        watched = watched.withOptions(watched.options().withSolver(SolverChoice.LBFGS));

        watched.withOptions(watched.options().withListener(WatchAndStop::print)).fit(noise());

        // What a listener throws ends the fit and reaches the caller.
        var stopped = watched.withOptions(watched.options().withListener(progress -> {
            if (progress.iteration() >= 2) {
                throw new CancellationException("stopped after " + progress.passes() + " passes");
            }
        }));
        try {
            stopped.fit(noise());
        } catch (CancellationException e) {
            System.out.println(e.getMessage());
        }
    }

    private static void print(Progress progress) {
        System.out.println(progress.iteration() + " " + progress.measure());
    }

    private static Dataset noise() {
        SplittableRandom random = new SplittableRandom(2);
        double[][] rows = new double[300][5];
        double[] labels = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < 5; j++) {
                rows[i][j] = random.nextGaussian();
            }
            labels[i] = random.nextInt(2);
        }
        return Dataset.of(DenseMatrix.ofRows(rows), Labels.of(labels));
    }
}
