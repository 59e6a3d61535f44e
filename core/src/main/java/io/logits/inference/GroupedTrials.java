package io.logits.inference;

import java.util.Arrays;

/**
 * Trials of two classes that were counted together, rows of one number being one group: what the counts themselves say.
 *
 * @param perfect the log-likelihood of single trials where each group has its own probability
 * @param arrangements the sum of {@code log C(trials, successes)}
 * @param groups how many groups have a trial
 */
record GroupedTrials(double perfect, double arrangements, int groups) {
    /** Below this, arguments of the gamma function are raised before Stirling's series is used. */
    private static final double STIRLING = 16;

    /** Stirling's series (Abramowitz and Stegun 1964, 6.1.41): its next term is below 1e-17 from 16 on. */
    private static final double[] SERIES = {
        1 / 12.0, -1 / 360.0, 1 / 1260.0, -1 / 1680.0, 1 / 1188.0, -691 / 360360.0, 1 / 156.0
    };

    /** Successes and trials of each group. */
    record Counts(double[] successes, double[] trials) {
        static Counts of(FittedRows rows, int[] group) {
            int most = Arrays.stream(group).max().orElse(-1) + 1;
            Counts counts = new Counts(new double[most], new double[most]);
            for (int i = 0; i < group.length; i++) {
                counts.trials[group[i]] += rows.weight(i);
                counts.successes[group[i]] += rows.weight(i) * rows.label(i);
            }
            return counts;
        }

        /** The log-likelihood of group g's single trials at its own share of successes. */
        double perfect(int g) {
            return times(successes[g], trials[g]) + times(trials[g] - successes[g], trials[g]);
        }

        /** 0 of a number that no row has. */
        double arrangements(int g) {
            return trials[g] == 0
                    ? 0
                    : logGamma(trials[g] + 1) - logGamma(successes[g] + 1) - logGamma(trials[g] - successes[g] + 1);
        }
    }

    static GroupedTrials of(FittedRows rows, int[] group) {
        Counts counts = Counts.of(rows, group);
        double perfect = 0;
        double arrangements = 0;
        int groups = 0;
        for (int g = 0; g < counts.trials().length; g++) {
            perfect += counts.perfect(g);
            arrangements += counts.arrangements(g);
            groups += counts.trials()[g] > 0 ? 1 : 0;
        }
        return new GroupedTrials(perfect, arrangements, groups);
    }

    /** {@code s log(s/n)}, 0 at 0. */
    private static double times(double s, double n) {
        return s > 0 ? s * StrictMath.log(s / n) : 0;
    }

    /** The logarithm of the gamma function of {@code x >= 1}; absolute error at most {@code 1e-15 max(1, x log x)}. */
    static double logGamma(double x) {
        double product = 1;
        double at = x;
        for (; at < STIRLING; at++) {
            product *= at;
        }
        double sum = 0;
        double power = 1 / at;
        for (double term : SERIES) {
            sum += term * power;
            power /= at * at;
        }
        return (at - 0.5) * StrictMath.log(at) - at + 0.5 * StrictMath.log(2 * Math.PI) + sum - StrictMath.log(product);
    }
}
