package io.logits.examples;

import io.logits.data.Dataset;
import io.logits.data.DenseMatrix;
import io.logits.data.Labels;
import io.logits.estimator.LogisticRegression;
import io.logits.metrics.Evaluation;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Fits arrays in memory: two clouds of points, with weights. */
public final class FitArrays {
    private FitArrays() {}

    /** Takes nothing. */
    public static void main(String[] args) {
        SplittableRandom random = new SplittableRandom(1);
        double[][] rows = new double[200][2];
        String[] side = new String[rows.length];
        double[] weights = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            side[i] = i % 2 == 0 ? "left" : "right";
            rows[i][0] = random.nextGaussian() + (i % 2 == 0 ? -1 : 1);
            rows[i][1] = random.nextGaussian();
            weights[i] = 1 + i % 3;
        }
        Dataset data = Dataset.of(DenseMatrix.ofRows(rows), Labels.of(Arrays.asList(side)))
                .withWeights(weights);

        var fit = LogisticRegression.withDefaults().withLambda(1e-3).fit(data);
        System.out.println("converged: " + fit.solution().converged());
        System.out.println("P(right) at (1.5, 0): " + fit.model().probability(new double[] {1.5, 0}));
        System.out.println("log loss: " + Evaluation.of(fit.model(), data, 1).logLoss());
    }
}
