package io.logits.reference;

import java.util.Arrays;

/**
 * A regression written out loop by loop with {@code Math.exp} and a dense Newton method: slow, and independent of the
 * library. A point is {@code theta[k*(p+1) + j]}, {@code j == p} the intercept of logit k.
 *
 * @param x n rows of p features
 * @param y class indices
 * @param s row weights
 * @param offset {@code logits} per row, or empty
 * @param classes 2 for one logit, else as many logits
 * @param intercept whether logits have one
 * @param ridge the penalty's second derivative by the coefficients of each feature; all 0: the first of several classes
 *     is the reference
 */
public record PlainProblem(
        double[][] x, int[] y, double[] s, double[] offset, int classes, boolean intercept, double[] ridge) {
    private static final int MOST_STEPS = 3000;
    private static final int POLISHING_STEPS = 3;

    public int logits() {
        return classes == 2 ? 1 : classes;
    }

    public int features() {
        return ridge.length;
    }

    public int size() {
        return logits() * (features() + 1);
    }

    public boolean penalised() {
        return Arrays.stream(ridge).anyMatch(c -> c > 0);
    }

    public double totalWeight() {
        return Arrays.stream(s).sum();
    }

    /** Logits of every class of row i; for two classes the first is 0. */
    public double[] allLogits(double[] theta, int i) {
        int p = features();
        double[] z = new double[classes];
        int first = classes - logits();
        for (int k = 0; k < logits(); k++) {
            double sum = intercept ? theta[k * (p + 1) + p] : 0;
            for (int j = 0; j < p; j++) {
                sum += theta[k * (p + 1) + j] * x[i][j];
            }
            z[first + k] = sum + (offset.length == 0 ? 0 : offset[i * logits() + k]);
        }
        return z;
    }

    private static double logSumExp(double[] z) {
        double max = Arrays.stream(z).max().orElseThrow();
        return max + Math.log(Arrays.stream(z).map(v -> Math.exp(v - max)).sum());
    }

    private double[] probabilities(double[] theta, int i) {
        double[] z = allLogits(theta, i);
        double lse = logSumExp(z);
        return Arrays.stream(z).map(v -> Math.exp(v - lse)).toArray();
    }

    /** The objective: weighted mean loss plus penalty. */
    public double value(double[] theta) {
        double sum = 0;
        for (int i = 0; i < y.length; i++) {
            if (s[i] > 0) {
                sum += s[i] * loss(allLogits(theta, i), y[i]);
            }
        }
        return sum / totalWeight() + penalty(theta);
    }

    /** {@code logSumExp(z) - z[own]}, with all digits where it is near 0. */
    private static double loss(double[] z, int own) {
        double max = Arrays.stream(z).max().orElseThrow();
        double others = 0;
        for (int k = 0; k < z.length; k++) {
            others += k == own ? 0 : Math.exp(z[k] - max);
        }
        if (z[own] == max) {
            return Math.log1p(others);
        }
        return max - z[own] + Math.log(others + Math.exp(z[own] - max));
    }

    private double penalty(double[] theta) {
        double sum = 0;
        for (int k = 0; k < logits(); k++) {
            for (int j = 0; j < features(); j++) {
                double w = theta[k * (features() + 1) + j];
                sum += ridge[j] * w * w / 2;
            }
        }
        return sum;
    }

    /** The gradient of {@link #value}. */
    public double[] gradient(double[] theta) {
        double[] g = lossGradient(theta);
        for (int k = 0; k < logits(); k++) {
            for (int j = 0; j < features(); j++) {
                int c = k * (features() + 1) + j;
                g[c] += ridge[j] * theta[c];
            }
        }
        return g;
    }

    private double[] lossGradient(double[] theta) {
        int p = features();
        double[] g = new double[size()];
        int first = classes - logits();
        for (int i = 0; i < y.length; i++) {
            double[] prob = probabilities(theta, i);
            for (int k = 0; k < logits(); k++) {
                double r = s[i] / totalWeight() * (prob[first + k] - (y[i] == first + k ? 1 : 0));
                for (int j = 0; j <= p; j++) {
                    g[k * (p + 1) + j] += r * entry(i, j);
                }
            }
        }
        return g;
    }

    private double entry(int i, int j) {
        return j < features() ? x[i][j] : intercept ? 1 : 0;
    }

    /** The second derivatives of {@link #value}, full. */
    public double[][] hessian(double[] theta) {
        int p = features();
        int first = classes - logits();
        double[][] h = new double[size()][size()];
        for (int i = 0; i < y.length; i++) {
            double[] prob = probabilities(theta, i);
            for (int k = 0; k < logits(); k++) {
                for (int l = 0; l < logits(); l++) {
                    double same = k == l ? 1 - prob[first + k] : -prob[first + l];
                    double c = s[i] / totalWeight() * prob[first + k] * same;
                    for (int a = 0; a <= p; a++) {
                        for (int b = 0; b <= p; b++) {
                            h[k * (p + 1) + a][l * (p + 1) + b] += c * entry(i, a) * entry(i, b);
                        }
                    }
                }
            }
        }
        for (int k = 0; k < logits(); k++) {
            for (int j = 0; j < p; j++) {
                h[k * (p + 1) + j][k * (p + 1) + j] += ridge[j];
            }
        }
        return h;
    }

    /**
     * The dual bound at {@code U = P - Y}: mean entropy, plus offsets, minus the conjugate of the penalty. A bound only
     * where there is no intercept, or its gradient is zero.
     */
    public double dual(double[] theta) {
        int first = classes - logits();
        double sum = 0;
        for (int i = 0; i < y.length; i++) {
            double[] prob = probabilities(theta, i);
            double own = 0;
            for (int k = 0; k < classes; k++) {
                own -= prob[k] > 0 ? prob[k] * Math.log(prob[k]) : 0;
            }
            for (int k = 0; k < logits() && offset.length > 0; k++) {
                own += (prob[first + k] - (y[i] == first + k ? 1 : 0)) * offset[i * logits() + k];
            }
            sum += s[i] * own;
        }
        double[] g = lossGradient(theta);
        double conjugate = 0;
        for (int k = 0; k < logits(); k++) {
            for (int j = 0; j < features(); j++) {
                double slope = g[k * (features() + 1) + j];
                conjugate += slope * slope / (2 * ridge[j]);
            }
        }
        return sum / totalWeight() - conjugate;
    }

    /**
     * The minimum by Newton steps, damped where they do not lower the value (Levenberg 1944, Marquardt 1963), and at the
     * end taken in full until rounding alone is left.
     */
    public double[] minimum() {
        double[] theta = new double[size()];
        double value = value(theta);
        double damping = 1;
        int polished = 0;
        for (int step = 0; step < MOST_STEPS && polished < POLISHING_STEPS; step++) {
            double[] g = freed(gradient(theta));
            double[] d = SymmetricSolve.solve(freed(hessian(theta)), g, damping);
            double slope = 0;
            for (int c = 0; c < d.length; c++) {
                slope += g[c] * d[c];
            }
            double[] next = moved(theta, d);
            double nextValue = value(next);
            boolean settled = slope * (1 + damping) <= 1e-11 * value;
            if (settled || nextValue <= value - 1e-4 * slope) {
                polished += settled ? 1 : 0;
                theta = next;
                value = nextValue;
                damping = settled || damping < 1e-12 ? 0 : damping / 8;
            } else {
                damping = Math.max(1e-9, 4 * damping);
            }
        }
        if (polished < POLISHING_STEPS) {
            throw new IllegalStateException("the plain Newton method did not settle");
        }
        return theta;
    }

    private static double[] moved(double[] theta, double[] d) {
        double[] next = theta.clone();
        for (int c = 0; c < d.length; c++) {
            next[c] -= d[c];
        }
        return next;
    }

    private boolean fixed(int c) {
        boolean absent = !intercept && c % (features() + 1) == features();
        return absent || (classes > 2 && !penalised() && c <= features());
    }

    private double[] freed(double[] g) {
        double[] free = g.clone();
        for (int c = 0; c < free.length; c++) {
            free[c] = fixed(c) ? 0 : free[c];
        }
        return free;
    }

    private double[][] freed(double[][] h) {
        for (int a = 0; a < h.length; a++) {
            for (int b = 0; b < h.length; b++) {
                if (fixed(a) || fixed(b)) {
                    h[a][b] = a == b ? 1 : 0;
                }
            }
        }
        return h;
    }
}
