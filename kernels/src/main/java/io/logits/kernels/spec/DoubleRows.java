package io.logits.kernels.spec;

import io.logits.kernels.FunctionKernels;
import java.util.Arrays;

/**
 * Rows of float64 logits, as {@link FunctionKernels} specifies them. The loops over a row are methods of their own,
 * which the SIMD twin replaces; what is done once a row is common to both. An object holds the state of one row and
 * serves one thread.
 */
public class DoubleRows {
    /** The number of lanes over which long rows are summed. */
    protected static final int LANES = 8;

    /** The sums of the row at hand; the total is in lane 0 once folded. */
    protected final TwoWordLanes sums = new TwoWordLanes(LANES);

    /** The shift of the row at hand, as {@link RowShift} explains it. */
    protected double max;

    protected double subtrahend;
    protected double exponent;
    protected double floor;
    protected long bias;

    /** The exponential last taken, in two words. */
    protected double e;

    protected double eLow;

    /** See {@link FunctionKernels#softmax}. */
    public void softmax(
            double[] z, int zOffset, int zStride, int rows, int cols, double[] out, int outOffset, int outStride) {
        for (int i = 0; i < rows; i++) {
            int at = zOffset + i * zStride;
            int outAt = outOffset + i * outStride;
            if (shift(z, at, cols)) {
                sums.clear(LANES);
                exponentials(z, at, cols, true, out, outAt, -1);
                exp(max);
                divide(out, outAt, out, outAt, cols, e, eLow);
            } else {
                infiniteSoftmax(z, at, cols, out, outAt);
            }
        }
    }

    /** See {@link FunctionKernels#logSumExp}. */
    public void logSumExp(double[] z, int zOffset, int zStride, int rows, int cols, double[] out, int outOffset) {
        for (int i = 0; i < rows; i++) {
            int at = zOffset + i * zStride;
            if (shift(z, at, cols)) {
                sums.clear(LANES);
                exponentials(z, at, cols, false, z, at, -1);
                out[outOffset + i] = logOfSum(0);
            } else {
                out[outOffset + i] = max + nanIn(z, at, cols);
            }
        }
    }

    /** See {@link FunctionKernels#logSoftmax}. */
    public void logSoftmax(
            double[] z, int zOffset, int zStride, int rows, int cols, double[] out, int outOffset, int outStride) {
        for (int i = 0; i < rows; i++) {
            int at = zOffset + i * zStride;
            int outAt = outOffset + i * outStride;
            if (shift(z, at, cols)) {
                sums.clear(LANES);
                exponentials(z, at, cols, false, z, at, indexOfMax(z, at, cols));
                exp(max);
                finishLogSoftmax(z, at, cols, out, outAt, e, eLow);
            } else {
                infiniteLogSoftmax(z, at, cols, out, outAt);
            }
        }
    }

    /** See {@link FunctionKernels#crossEntropy}. */
    public void crossEntropy(
            double[] z, int stride, int[] y, int yOffset, int rows, int cols, double[] loss, double[] gradient) {
        crossEntropy(z, 0, stride, y, yOffset, rows, cols, loss, 0, gradient);
    }

    /** The same for rows that start at {@code offset} in {@code z} and {@code gradient}. */
    protected void crossEntropy(
            double[] z,
            int offset,
            int stride,
            int[] y,
            int yOffset,
            int rows,
            int cols,
            double[] loss,
            int lossOffset,
            double[] gradient) {
        for (int i = 0; i < rows; i++) {
            int at = offset + i * stride;
            int label = y[yOffset + i];
            double chosen = z[at + label];
            if (shift(z, at, cols)) {
                sums.clear(LANES);
                exponentials(z, at, cols, true, gradient, at, label);
                exp(max);
                double top = e;
                double topLow = eLow;
                exp(chosen);
                loss[lossOffset + i] =
                        finishCrossEntropy(gradient, at, gradient, at, cols, label, chosen, e, eLow, top, topLow);
            } else {
                Arrays.fill(gradient, at, at + cols, Double.NaN);
                loss[lossOffset + i] = Double.NaN;
            }
        }
    }

    // Loops.

    /** The largest of {@code n} logits; NaN is passed over, and {@code -inf} the result if there is nothing else. */
    protected double maximum(double[] z, int at, int n) {
        double m = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < n; k++) {
            m = z[at + k] > m ? z[at + k] : m;
        }
        return m;
    }

    /** The first place in the row of {@link #max}. */
    protected int indexOfMax(double[] z, int at, int n) {
        int k = 0;
        while (z[at + k] != max) {
            k++;
        }
        return k;
    }

    /**
     * Sums the exponentials of a row, all but the one at {@code leftOut}, into lane 0 of {@link #sums}.
     *
     * @param store whether the exponentials, rounded, are written to {@code out} too; what is written at
     *     {@code leftOut} is left open
     * @param leftOut an index into the row, -1 for none
     */
    protected void exponentials(double[] z, int at, int n, boolean store, double[] out, int outAt, int leftOut) {
        int lanes = lanes(n);
        int full = n - n % lanes;
        for (int k = 0; k < n; k++) {
            exp(z[at + k]);
            if (store) {
                out[outAt + k] = e;
            }
            if (k != leftOut) {
                // The last, incomplete group stands right-aligned in the lanes.
                sums.add(k < full ? k % lanes : lanes - (n - k), e, eLow);
            }
        }
        sums.fold(lanes);
    }

    /** How many lanes a row of {@code n} is summed over. */
    protected static int lanes(int n) {
        return n <= FunctionKernels.SHORT_ROW ? 1 : LANES;
    }

    /** {@code out[k] = e[k] (inverse + inverseLow)}, but {@code top} where {@code e[k] == largest}. */
    protected void scale(
            double[] e,
            int at,
            double[] out,
            int outAt,
            int n,
            double inverse,
            double inverseLow,
            double largest,
            double top) {
        for (int k = 0; k < n; k++) {
            double exp = e[at + k];
            out[outAt + k] = exp == largest ? top : Math.fma(exp, inverse, exp * inverseLow);
        }
    }

    /** {@code out[k] = z[k] - (log + logLow)}, but {@code top} where {@code z[k] == largest}. */
    protected void subtract(
            double[] z, int at, int n, double[] out, int outAt, double log, double logLow, double largest, double top) {
        for (int k = 0; k < n; k++) {
            double logit = z[at + k];
            double x = logit - log;
            double part = x - logit;
            double xLow = (logit - (x - part)) - (log + part);
            double value = logit == Double.NEGATIVE_INFINITY ? x : x + (xLow - logLow);
            out[outAt + k] = logit == largest ? top : value;
        }
    }

    // What is done once a row.

    /** Finds the shift of a row; false if its largest logit is not finite. */
    protected final boolean shift(double[] z, int at, int n) {
        shiftFor(maximum(z, at, n));
        return Double.isFinite(max);
    }

    /** Sets the shift for rows with this largest logit. */
    protected final void shiftFor(double largest) {
        max = largest;
        subtrahend = RowShift.subtrahend(largest);
        exponent = RowShift.exponent(largest);
        floor = RowShift.floor(exponent);
        bias = RowShift.bias(exponent);
    }

    /** Takes one exponential, shifted and 2^512 times too large. */
    protected final void exp(double logit) {
        double x = logit - subtrahend;
        x = x < floor ? floor : x;
        double rounded = Math.fma(x, Exp.LOG2_E, Exp.ROUND);
        double k = rounded - Exp.ROUND;
        double r = Math.fma(k, -Exp.LN2_HIGH, x);
        double c = Exp.rest(r, k * -Exp.LN2_LOW);
        double h = 1 + r;
        double l = (r - (h - 1)) + c;
        double p = h + l;
        double power = Exp.power(rounded, bias);
        e = p * power;
        eLow = (l - (p - h)) * power;
    }

    /**
     * Divides exponentials by their sum. The largest, {@code top} in two words, is divided in two words, so that a row
     * with one entry that matters gives 1 exactly.
     */
    protected final void divide(double[] e, int at, double[] out, int outAt, int n, double top, double topLow) {
        double sum = sums.sum();
        double inverse = 1 / sum;
        double inverseLow = (Math.fma(-inverse, sum, 1) - inverse * sums.rest()) * inverse;
        double quotient = Math.fma(top, inverse, Math.fma(top, inverseLow, topLow * inverse));
        scale(e, at, out, outAt, n, inverse, inverseLow, top, quotient);
    }

    /** {@code log(sum) + shift - taken}. */
    protected final double logOfSum(double taken) {
        double sum = sums.sum();
        return Double.isNaN(sum)
                ? Double.NaN
                : Log.ofWords(subtrahend, exponent - RowShift.UP, sum, sums.rest(), taken);
    }

    /** Log-softmax from the sum of all but one largest entry, whose exponential is {@code top + topLow}. */
    protected final void finishLogSoftmax(
            double[] z, int at, int n, double[] out, int outAt, double top, double topLow) {
        double others = sums.sum();
        double othersLow = sums.rest();
        // A largest entry with more than half of the probability keeps its digits only as log(1 + others/own).
        boolean alone = others <= top;
        double log = alone ? -Log.onePlusRatio(others, othersLow, top, topLow) : Double.NaN;
        sums.add(0, top, topLow);
        double all = logOfSum(0);
        subtract(z, at, n, out, outAt, all, logOfSum(all), alone ? max : Double.NaN, log);
    }

    /**
     * Cross-entropy from exponentials and the sum of all but the label's, which is {@code own + ownLow}; {@code top}
     * is the exponential of the largest logit.
     */
    protected final double finishCrossEntropy(
            double[] e,
            int at,
            double[] gradient,
            int gradientAt,
            int n,
            int label,
            double chosen,
            double own,
            double ownLow,
            double top,
            double topLow) {
        double others = sums.sum();
        double othersLow = sums.rest();
        sums.add(0, own, ownLow);
        divide(e, at, gradient, gradientAt, n, top, topLow);
        // softmax - 1 without cancellation: the share of the others.
        double sum = sums.sum();
        double inverse = 1 / sum;
        double inverseLow = (Math.fma(-inverse, sum, 1) - inverse * sums.rest()) * inverse;
        gradient[gradientAt + label] = -Math.fma(others, inverse, Math.fma(others, inverseLow, othersLow * inverse));
        if (others <= own) {
            return Log.onePlusRatio(others, othersLow, own, ownLow);
        }
        double log = logOfSum(0);
        double loss = log - chosen;
        double part = loss - log;
        double lossLow = (log - (loss - part)) - (chosen + part);
        return Double.isInfinite(loss) ? loss : loss + (lossLow + logOfSum(log));
    }

    // Rows whose largest logit is infinite.

    private void infiniteSoftmax(double[] z, int at, int n, double[] out, int outAt) {
        double share = 1 / infiniteCount(z, at, n);
        for (int k = 0; k < n; k++) {
            out[outAt + k] = z[at + k] == Double.POSITIVE_INFINITY ? share : 0 * share;
        }
    }

    private void infiniteLogSoftmax(double[] z, int at, int n, double[] out, int outAt) {
        double count = infiniteCount(z, at, n);
        double share = Double.isNaN(count) ? count : -Log.ofWords(0, 0, count, 0, 0);
        for (int k = 0; k < n; k++) {
            out[outAt + k] = z[at + k] == Double.POSITIVE_INFINITY ? share : share + Double.NEGATIVE_INFINITY;
        }
    }

    /** How many logits are {@code +inf}; NaN if one is NaN or none is {@code +inf}. */
    private double infiniteCount(double[] z, int at, int n) {
        int count = 0;
        for (int k = 0; k < n; k++) {
            count += z[at + k] == Double.POSITIVE_INFINITY ? 1 : 0;
        }
        return count == 0 ? Double.NaN : count + nanIn(z, at, n);
    }

    /** NaN if the row holds one, else 0. */
    private static double nanIn(double[] z, int at, int n) {
        for (int k = 0; k < n; k++) {
            if (Double.isNaN(z[at + k])) {
                return Double.NaN;
            }
        }
        return 0;
    }
}
