package io.logits.calibration;

import io.logits.kernels.LogitFunctions;
import io.logits.model.Calibrator.Line;

/**
 * Platt's line {@code a s + b} by Newton's method with halved steps (Lin, Lin and Weng 2007, A Note on Platt's Probabilistic
 * Outputs).
 */
final class PlattLine {
    private static final int MOST_STEPS = 100;
    private static final int MOST_HALVINGS = 50;
    /** Where half the squared Newton decrement is this part of the loss, rounding is all that is left. */
    private static final double TOLERANCE = 1e-28;
    /** Keeps the second derivatives regular where all scores are the same. */
    private static final double LEAST_CURVATURE = 1e-12;

    private final double[] scores;
    private final boolean[] is;
    private final double[] weights;
    private final double high;
    private final double low;

    private PlattLine(double[] scores, boolean[] is, double[] weights) {
        this.scores = scores;
        this.is = is;
        this.weights = weights;
        double positives = 0;
        double negatives = 0;
        for (int i = 0; i < is.length; i++) {
            positives += is[i] ? weights[i] : 0;
            negatives += is[i] ? 0 : weights[i];
        }
        high = (positives + 1) / (positives + 2);
        low = 1 / (negatives + 2);
    }

    static Line of(double[] scores, boolean[] is, double[] weights) {
        return new PlattLine(scores, is, weights).fit();
    }

    private double loss(double a, double b) {
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            double z = Math.fma(a, scores[i], b);
            sum += weights[i] * (LogitFunctions.softplus(z) - (is[i] ? high : low) * z);
        }
        return sum;
    }

    private Line fit() {
        double a = 1;
        double b = 0;
        double loss = loss(a, b);
        for (int step = 0; step < MOST_STEPS; step++) {
            double[] d = derivatives(a, b);
            double determinant = d[2] * d[4] - d[3] * d[3];
            double da = (d[1] * d[3] - d[0] * d[4]) / determinant;
            double db = (d[0] * d[3] - d[1] * d[2]) / determinant;
            double decrement = -(d[0] * da + d[1] * db);
            if (!(decrement > TOLERANCE * loss)) {
                break;
            }
            double part = 1;
            double next = loss(a + da, b + db);
            for (int h = 0; h < MOST_HALVINGS && !(next <= loss - 1e-4 * part * decrement); h++) {
                part /= 2;
                next = loss(a + part * da, b + part * db);
            }
            if (!(next < loss)) {
                // A last full step where rounding hides its gain.
                return decrement < 1e-12 * loss ? new Line(a + da, b + db) : new Line(a, b);
            }
            a += part * da;
            b += part * db;
            loss = next;
        }
        return new Line(a, b);
    }

    /** By a and b, then by aa, ab and bb. */
    private double[] derivatives(double a, double b) {
        double[] d = {0, 0, LEAST_CURVATURE, 0, LEAST_CURVATURE};
        for (int i = 0; i < scores.length; i++) {
            double p = LogitFunctions.sigmoid(Math.fma(a, scores[i], b));
            double first = weights[i] * (p - (is[i] ? high : low));
            double second = weights[i] * p * (1 - p);
            d[0] += first * scores[i];
            d[1] += first;
            d[2] += second * scores[i] * scores[i];
            d[3] += second * scores[i];
            d[4] += second;
        }
        return d;
    }
}
