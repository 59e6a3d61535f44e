package io.logits.calibration;

import io.logits.kernels.LogitFunctions;

/** The inverse temperature of greatest likelihood: the loss is convex in it. */
final class Temperature {
    private static final double LEAST = 0.01;
    private static final double MOST = 100;
    private static final int MOST_STEPS = 200;

    private Temperature() {}

    static double inverse(HeldOut rows) {
        double low = LEAST;
        double high = MOST;
        if (slope(rows, low)[0] >= 0) {
            return low;
        }
        if (slope(rows, high)[0] <= 0) {
            return high;
        }
        double at = 1;
        for (int step = 0; step < MOST_STEPS && Math.nextUp(low) < high; step++) {
            double[] d = slope(rows, at);
            low = d[0] < 0 ? at : low;
            high = d[0] < 0 ? high : at;
            double next = at - d[0] / d[1];
            if (next == at) {
                break;
            }
            // Newton's method where it stays within the bounds, else the middle.
            at = next > low && next < high ? next : low + (high - low) / 2;
        }
        return at;
    }

    /** The first and the second derivative of the loss by the inverse temperature. */
    private static double[] slope(HeldOut rows, double inverse) {
        int k = Math.max(2, rows.logits());
        double[] z = new double[k];
        double[] scaled = new double[k];
        double[] p = new double[k];
        double first = 0;
        double second = 0;
        for (int i = 0; i < rows.count(); i++) {
            if (rows.weights()[i] > 0) {
                // Of two classes, logits 0 and z.
                System.arraycopy(rows.z(), i * rows.logits(), z, k - rows.logits(), rows.logits());
                for (int c = 0; c < k; c++) {
                    scaled[c] = inverse * z[c];
                }
                LogitFunctions.softmax(scaled, p);
                double mean = 0;
                double square = 0;
                // From the true one, so that large logits cancel.
                for (int c = 0; c < k; c++) {
                    double d = z[c] - z[rows.y()[i]];
                    mean += p[c] * d;
                    square += p[c] * d * d;
                }
                first += rows.weights()[i] * mean;
                second += rows.weights()[i] * (square - mean * mean);
            }
        }
        return new double[] {first, second};
    }
}
