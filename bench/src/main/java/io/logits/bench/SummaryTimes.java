package io.logits.bench;

import io.logits.data.Dataset;
import io.logits.data.Matrix;
import io.logits.estimator.LogisticRegression;
import io.logits.estimator.Options;
import io.logits.estimator.PenaltyKind;
import io.logits.inference.Inference;
import io.logits.inference.WeightKind;
import io.logits.kernels.Workers;
import io.logits.objective.CoefLayout;
import io.logits.objective.HessianSum;
import java.util.Arrays;

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
        Dataset data = GeneratedData.independent(n, p);
        Options fit = Options.defaults().withPenalty(PenaltyKind.NONE);
        double[][] seconds = new double[4][runs];
        for (int run = 0; run < runs; run++) {
            seconds[0][run] = Timing.seconds(
                    () -> LogisticRegression.withDefaults().withOptions(fit).fit(data));
            seconds[1][run] = Timing.seconds(() -> hessian(data.features(), fit.threads()));
            seconds[2][run] = Timing.seconds(() -> summary(data, fit.withTolerance(1e-10)));
            seconds[3][run] = seconds[2][run] / (seconds[0][run] + seconds[1][run]);
        }
        System.out.printf(
                "{\"rows\":%d,\"features\":%d,\"fit\":%.3f,\"hessian\":%.3f,\"summary\":%.3f,\"share\":%.3f}%n",
                n,
                p,
                Timing.median(seconds[0]),
                Timing.median(seconds[1]),
                Timing.median(seconds[2]),
                Timing.median(seconds[3]));
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
}
