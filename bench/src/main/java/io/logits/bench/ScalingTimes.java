package io.logits.bench;

import io.logits.data.Dataset;
import io.logits.estimator.Fit;
import io.logits.estimator.LinearClassifier;
import io.logits.estimator.LogisticRegression;
import io.logits.estimator.Options;
import io.logits.estimator.SoftmaxRegression;

/**
 * How long fits to 1e-6 take (L2 with C = 1, an intercept): the first one of the JVM on two threads, and medians of
 * later ones on one thread and on two, in turns. Arguments: {@code dense} with rows, features, classes, or
 * {@code words} with rows, features, nonzeros a row; then the runs that count. Prints a line of JSON, in seconds.
 */
public final class ScalingTimes {
    private static final int WARM_UP = 3;

    private ScalingTimes() {}

    public static void main(String[] args) {
        int n = Integer.parseInt(args[1]);
        int p = Integer.parseInt(args[2]);
        int third = Integer.parseInt(args[3]);
        int runs = Integer.parseInt(args[4]);
        boolean dense = args[0].equals("dense");
        Dataset data = dense ? GeneratedData.correlated(n, p, third) : GeneratedData.words(n, p, third);
        LinearClassifier<?, ?> estimator =
                dense && third > 2 ? SoftmaxRegression.withDefaults() : LogisticRegression.withDefaults();
        int[] passes = new int[1];
        double first = Timing.seconds(
                () -> passes[0] = fit(estimator, data, 2).solution().passes());
        double[] one = new double[runs];
        double[] two = new double[runs];
        for (int run = -WARM_UP; run < runs; run++) {
            int at = Math.max(0, run);
            one[at] = Timing.seconds(() -> fit(estimator, data, 1));
            two[at] = Timing.seconds(() -> fit(estimator, data, 2));
        }
        System.out.printf(
                "{\"passes\":%d,\"first\":%.3f,\"one\":%.4f,\"two\":%.4f}%n",
                passes[0], first, Timing.median(one), Timing.median(two));
    }

    private static Fit<?> fit(LinearClassifier<?, ?> estimator, Dataset data, int threads) {
        return estimator
                .withOptions(Options.defaults().withThreads(threads).withTolerance(1e-6))
                .fit(data);
    }
}
