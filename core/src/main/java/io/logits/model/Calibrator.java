package io.logits.model;

import io.logits.kernels.Kernels;
import java.util.Arrays;
import java.util.List;

/**
 * Turns the logits of a model into calibrated ones, learnt on rows that the model had not seen.
 *
 * @param method how it was learnt, for a person
 * @param againstRest whether curves are of the log-odds of each class against the rest, whose probabilities are then made to
 *     add up to 1 (Zadrozny and Elkan 2002); else they are of the logits themselves
 * @param curves one for each logit
 */
public record Calibrator(String method, boolean againstRest, List<Curve> curves) {
    /**
     * Copies the curves.
     *
     * @throws IllegalArgumentException if there are none, or one logit's is against the rest
     */
    public Calibrator {
        curves = List.copyOf(curves);
        if (curves.isEmpty() || (againstRest && curves.size() < 3)) {
            throw new IllegalArgumentException(curves.size() + " curves "
                    + (againstRest ? "against the rest, 3" : "were given, 1") + " at least is needed");
        }
    }

    /** From a logit to a calibrated one. */
    public sealed interface Curve permits Line, Steps {
        /** The calibrated logit; NaN of NaN. */
        double at(double logit);
    }

    /**
     * {@code slope z + shift}.
     *
     * @param slope finite
     * @param shift finite
     */
    public record Line(double slope, double shift) implements Curve {
        @Override
        public double at(double logit) {
            return Math.fma(slope, logit, shift);
        }
    }

    /**
     * A curve of probabilities, linear between its points and constant beyond them.
     *
     * @param logits increasing, at least one
     * @param probabilities one for each, not decreasing, between 0 and 1, both excluded
     */
    public record Steps(double[] logits, double[] probabilities) implements Curve {
        /**
         * Checks and copies the points.
         *
         * @throws IllegalArgumentException if they are out of order or range
         */
        public Steps {
            boolean fine = logits.length > 0 && logits.length == probabilities.length;
            for (int i = 0; fine && i < logits.length; i++) {
                fine = Double.isFinite(logits[i])
                        && probabilities[i] > 0
                        && probabilities[i] < 1
                        && (i == 0 || (logits[i] > logits[i - 1] && probabilities[i] >= probabilities[i - 1]));
            }
            if (!fine) {
                throw new IllegalArgumentException("the points of a curve of probabilities must rise within 0 and 1");
            }
            logits = logits.clone();
            probabilities = probabilities.clone();
        }

        @Override
        public double at(double logit) {
            if (Double.isNaN(logit)) {
                return logit;
            }
            double p = probability(logit);
            return StrictMath.log(p) - StrictMath.log1p(-p);
        }

        private double probability(double logit) {
            int found = Arrays.binarySearch(logits, logit);
            if (found >= 0) {
                return probabilities[found];
            }
            int above = -found - 1;
            if (above == 0 || above == logits.length) {
                return probabilities[above == 0 ? 0 : above - 1];
            }
            double part = (logit - logits[above - 1]) / (logits[above] - logits[above - 1]);
            return probabilities[above - 1] + part * (probabilities[above] - probabilities[above - 1]);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Steps steps
                    && Arrays.equals(logits, steps.logits)
                    && Arrays.equals(probabilities, steps.probabilities);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(logits) + Arrays.hashCode(probabilities);
        }

        @Override
        public String toString() {
            return "Steps" + Arrays.toString(logits) + Arrays.toString(probabilities);
        }
    }

    /** Calibrates the logits of rows, one after the other. */
    void applyInPlace(double[] z, int rows) {
        int k = curves.size();
        if (!againstRest) {
            for (int e = 0; e < rows * k; e++) {
                z[e] = curves.get(e % k).at(z[e]);
            }
            return;
        }
        logOddsInPlace(z, rows, k);
        for (int e = 0; e < rows * k; e++) {
            // The softmax of these is the probabilities over their sum.
            z[e] = Kernels.best().functions().logSigmoid(curves.get(e % k).at(z[e]));
        }
    }

    /**
     * Turns the logits of rows into the log-odds of each class against the rest, {@code log p - log(1 - p)}.
     *
     * @param z {@code rows*k} entries
     */
    public static void logOddsInPlace(double[] z, int rows, int k) {
        double[] logP = new double[k];
        for (int i = 0; i < rows; i++) {
            Kernels.best().functions().logSoftmax(z, i * k, k, 1, k, logP, 0, k);
            for (int c = 0; c < k; c++) {
                z[i * k + c] = logOdds(logP[c]);
            }
        }
    }

    /** {@code log p - log(1 - p)} of a {@code log p <= 0}: finite where p is 1 for rounding. */
    public static double logOdds(double logP) {
        return logP - StrictMath.log(-StrictMath.expm1(Math.min(logP, -Double.MIN_VALUE)));
    }
}
