package io.logits.calibration;

import io.logits.kernels.Kernels;
import io.logits.kernels.LogitFunctions;
import io.logits.model.Calibrator.Curve;
import io.logits.model.Calibrator.Line;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A line for each logit, {@code a_k z_k + b_k}, minimising {@code sum_i w_i loss_i + 1/2 sum_k ((a_k - 1)^2 + b_k^2)} by
 * Newton's method with halved steps. Of the two shifts of the same probabilities the smaller is the better.
 */
final class VectorScaling {
    /** Classes whose second derivatives are worth their time. */
    private static final int MOST_CLASSES = 200;

    private static final int MOST_STEPS = 100;
    private static final int MOST_HALVINGS = 50;
    private static final double TOLERANCE = 1e-26;

    private final HeldOut rows;
    private final int k;
    private final double[] scaled;
    private final double[] p;

    private VectorScaling(HeldOut rows) {
        this.rows = rows;
        k = rows.logits();
        scaled = new double[k];
        p = new double[k];
        if (k > MOST_CLASSES) {
            throw new IllegalArgumentException(
                    "vector scaling is for up to " + MOST_CLASSES + " classes, there are " + k + "; use temperature");
        }
    }

    static List<Curve> lines(HeldOut rows) {
        VectorScaling scaling = new VectorScaling(rows);
        double[] best = scaling.fit();
        List<Curve> lines = new ArrayList<>();
        for (int c = 0; c < scaling.k; c++) {
            lines.add(new Line(best[c], best[scaling.k + c]));
        }
        return lines;
    }

    /** Slopes, then shifts. */
    private double[] fit() {
        double[] w = new double[2 * k];
        Arrays.fill(w, 0, k, 1);
        double loss = loss(w);
        for (int step = 0; step < MOST_STEPS; step++) {
            double[] gradient = new double[2 * k];
            double[] hessian = new double[4 * k * k];
            derivatives(w, gradient, hessian);
            double[] direction = solve(hessian, gradient);
            double decrement = Kernels.best().matrices().dot(gradient, direction, 2 * k);
            if (!(decrement > TOLERANCE * Math.max(1, loss))) {
                break;
            }
            double part = 1;
            double[] next = moved(w, direction, part);
            double nextLoss = loss(next);
            for (int h = 0; h < MOST_HALVINGS && !(nextLoss <= loss - 1e-4 * part * decrement); h++) {
                part /= 2;
                next = moved(w, direction, part);
                nextLoss = loss(next);
            }
            if (!(nextLoss < loss)) {
                break;
            }
            w = next;
            loss = nextLoss;
        }
        return w;
    }

    private static double[] moved(double[] w, double[] direction, double part) {
        double[] moved = new double[w.length];
        Arrays.setAll(moved, a -> w[a] - part * direction[a]);
        return moved;
    }

    private void scale(double[] w, int row) {
        for (int c = 0; c < k; c++) {
            scaled[c] = Math.fma(w[c], rows.z()[row * k + c], w[k + c]);
        }
    }

    private double loss(double[] w) {
        double sum = 0;
        for (int i = 0; i < rows.count(); i++) {
            if (rows.weights()[i] > 0) {
                scale(w, i);
                sum += rows.weights()[i] * (LogitFunctions.logSumExp(scaled) - scaled[rows.y()[i]]);
            }
        }
        for (int a = 0; a < 2 * k; a++) {
            double distance = a < k ? w[a] - 1 : w[a];
            sum += distance * distance / 2;
        }
        return sum;
    }

    private void derivatives(double[] w, double[] gradient, double[] hessian) {
        for (int a = 0; a < 2 * k; a++) {
            gradient[a] = a < k ? w[a] - 1 : w[a];
            hessian[a * 2 * k + a] = 1;
        }
        for (int i = 0; i < rows.count(); i++) {
            if (rows.weights()[i] > 0) {
                scale(w, i);
                LogitFunctions.softmax(scaled, p);
                addRow(i, gradient, hessian);
            }
        }
    }

    private void addRow(int i, double[] gradient, double[] hessian) {
        double weight = rows.weights()[i];
        for (int c = 0; c < k; c++) {
            double z = rows.z()[i * k + c];
            double first = weight * (p[c] - (rows.y()[i] == c ? 1 : 0));
            gradient[c] += first * z;
            gradient[k + c] += first;
            for (int d = 0; d <= c; d++) {
                double second = weight * p[c] * ((c == d ? 1 : 0) - p[d]);
                double other = rows.z()[i * k + d];
                hessian[c * 2 * k + d] += second * z * other;
                hessian[(k + c) * 2 * k + k + d] += second;
                hessian[(k + c) * 2 * k + d] += second * other;
                if (c != d) {
                    hessian[(k + d) * 2 * k + c] += second * z;
                }
            }
        }
    }

    /** Solves with the lower triangle of a positive definite matrix, which Cholesky's factor takes the place of. */
    private static double[] solve(double[] h, double[] right) {
        int n = right.length;
        boolean[] dependent = new boolean[n];
        double[] x = right.clone();
        // Its eigenvalues are at least 1: no column depends on others but for rounding.
        Kernels.best().matrices().cholesky(h, n, 0, dependent);
        Kernels.best().matrices().choleskySolve(h, n, dependent, x, 1, 1);
        return x;
    }
}
