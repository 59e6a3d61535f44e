package io.logits.bench;

import io.logits.data.Dataset;
import io.logits.data.DenseMatrix;
import io.logits.data.Labels;
import io.logits.data.Matrix;
import io.logits.data.Precision;
import io.logits.estimator.LogisticRegression;
import io.logits.estimator.Options;
import io.logits.estimator.PenaltyKind;
import io.logits.inference.Inference;
import io.logits.inference.WeightKind;
import io.logits.kernels.Workers;
import io.logits.objective.CoefLayout;
import io.logits.objective.HessianSum;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What a summary costs beside the fit without a penalty and one matrix of second derivatives: medians of some
 * runs of each, in turn, in seconds. Arguments: rows, features, runs.
 */
public final class SummaryTimes {
    private SummaryTimes() {}

    /** Runs and prints a line of JSON. */
    public static void main(String[] args) {
        int n = Integer.parseInt(args[0]);
        int p = Integer.parseInt(args[1]);
        int runs = Integer.parseInt(args[2]);
        Dataset data = data(n, p);
        Options fit = Options.defaults().withPenalty(PenaltyKind.NONE);
        double[][] seconds = new double[4][runs];
        for (int run = 0; run < runs; run++) {
            seconds[0][run] = seconds(
                    () -> LogisticRegression.withDefaults().withOptions(fit).fit(data));
            seconds[1][run] = seconds(() -> hessian(data.features(), fit.threads()));
            seconds[2][run] = seconds(() -> summary(data, fit.withTolerance(1e-10)));
            seconds[3][run] = seconds[2][run] / (seconds[0][run] + seconds[1][run]);
        }
        System.out.printf(
                "{\"rows\":%d,\"features\":%d,\"fit\":%.3f,\"hessian\":%.3f,\"summary\":%.3f,\"share\":%.3f}%n",
                n, p, median(seconds[0]), median(seconds[1]), median(seconds[2]), median(seconds[3]));
    }

    private static double median(double[] numbers) {
        double[] sorted = numbers.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    private static void summary(Dataset data, Options options) {
        Inference inference = Inference.of(data, options, WeightKind.FREQUENCY);
        inference.coefficients(inference.covariance(), 0.95);
        inference.goodness();
    }

    private static void hessian(Matrix x, int threads) {
        CoefLayout layout = CoefLayout.of(x, 1, true, false);
        double[] h = new double[layout.rows() * layout.rows()];
        try (Workers workers = Workers.of(threads)) {
            new HessianSum(x, layout, workers)
                    .compute((from, to, k, l, out) -> Arrays.fill(out, 0, to - from, 0.25), h);
        }
    }

    private static double seconds(Runnable task) {
        long begun = System.nanoTime();
        task.run();
        return (System.nanoTime() - begun) / 1e9;
    }

    /** Normal features and labels of a logistic model. */
    private static Dataset data(int n, int p) {
        SplittableRandom random = new SplittableRandom(1);
        double[] b = new double[p];
        Arrays.setAll(b, j -> random.nextGaussian() / Math.sqrt(p));
        DenseMatrix.Builder x = new DenseMatrix.Builder(p, Precision.FLOAT64);
        int[] y = new int[n];
        double[] row = new double[p];
        for (int i = 0; i < n; i++) {
            double z = -0.5;
            for (int j = 0; j < p; j++) {
                row[j] = random.nextGaussian();
                z += b[j] * row[j];
            }
            x.addRow(row);
            y[i] = random.nextDouble() < 1 / (1 + Math.exp(-z)) ? 1 : 0;
        }
        return Dataset.of(x.build(), Labels.of(List.of("no", "yes"), y));
    }
}
