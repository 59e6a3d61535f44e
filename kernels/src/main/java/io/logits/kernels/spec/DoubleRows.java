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

    // A short row's exponentials, in two words.
    private final double[] exps = new double[FunctionKernels.SHORT_ROW];
    private final double[] rests = new double[FunctionKernels.SHORT_ROW];

    /** One over the sum, in two words. */
    protected double inverse;

    protected double inverseLow;

    // A label's exponential, and the sum of the others.
    private double own;
    private double ownLow;
    private double others;
    private double othersLow;

    /** See {@link FunctionKernels#softmax}. */
    public void softmax(
            double[] z, int zOffset, int zStride, int rows, int cols, double[] out, int outOffset, int outStride) {
        for (int i = 0; i < rows; i++) {
            int at = zOffset + i * zStride;
            int outAt = outOffset + i * outStride;
            if (!shift(z, at, cols)) {
                infiniteSoftmax(z, at, cols, out, outAt);
            } else if (cols <= FunctionKernels.SHORT_ROW) {
                shortExponentials(z, at, cols, -1);
                invert();
                divideShort(exps, rests, 0, out, outAt, cols);
            } else {
                exponentials(z, at, cols, true, out, outAt, -1);
                divide(out, outAt, cols);
            }
        }
    }

    /** See {@link FunctionKernels#logSumExp}. */
    public void logSumExp(double[] z, int zOffset, int zStride, int rows, int cols, double[] out, int outOffset) {
        for (int i = 0; i < rows; i++) {
            int at = zOffset + i * zStride;
            if (shift(z, at, cols)) {
                sum(z, at, cols, -1);
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
                sum(z, at, cols, indexOfMax(z, at, cols));
                exp(max);
                finishLogSoftmax(z, at, cols, out, outAt, e, eLow);
            } else {
                infiniteLogSoftmax(z, at, cols, out, outAt);
            }
        }
    }

    /** See {@link FunctionKernels#crossEntropy}. */
    public void crossEntropy(
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
            if (!shift(z, at, cols)) {
                Arrays.fill(gradient, at, at + cols, Double.NaN);
                loss[lossOffset + i] = Double.NaN;
                continue;
            }
            boolean isShort = cols <= FunctionKernels.SHORT_ROW;
            if (isShort) {
                shortExponentials(z, at, cols, label);
            } else {
                exponentials(z, at, cols, true, gradient, at, label);
            }
            exp(chosen);
            addOwn(e, eLow);
            if (isShort) {
                divideShort(exps, rests, 0, gradient, at, cols);
            } else {
                divide(gradient, at, cols);
            }
            gradient[at + label] = -shareOfOthers();
            loss[lossOffset + i] = surprise(chosen);
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
     * Sums the exponentials of a long row, all but the one at {@code leftOut}, into lane 0 of {@link #sums}.
     *
     * @param store whether the exponentials, rounded, are written to {@code out} too; what is written at
     *     {@code leftOut} is left open
     * @param leftOut an index into the row, -1 for none
     */
    protected void exponentials(double[] z, int at, int n, boolean store, double[] out, int outAt, int leftOut) {
        sums.clear(LANES);
        int full = n - n % LANES;
        for (int k = 0; k < n; k++) {
            exp(z[at + k]);
            if (store) {
                out[outAt + k] = e;
            }
            if (k != leftOut) {
                // The last, incomplete group stands right-aligned in the lanes.
                sums.add(k < full ? k % LANES : LANES - (n - k), e, eLow);
            }
        }
        sums.fold(LANES);
    }

    /** The same for a short row, whose exponentials are kept in two words. */
    private void shortExponentials(double[] z, int at, int n, int leftOut) {
        sums.clear(1);
        for (int k = 0; k < n; k++) {
            exp(z[at + k]);
            exps[k] = e;
            rests[k] = eLow;
            if (k != leftOut) {
                sums.add(0, e, eLow);
            }
        }
    }

    /** {@code e[k] (inverse + inverseLow)} in place, but {@code top} where {@code e[k] == largest}. */
    protected void scale(double[] e, int at, int n, double largest, double top) {
        for (int k = 0; k < n; k++) {
            double exp = e[at + k];
            e[at + k] = exp == largest ? top : Math.fma(exp, inverse, exp * inverseLow);
        }
    }

    /** {@code out[k] = (exps[k] + rests[k]) (inverse + inverseLow)} for the entries of a short row. */
    protected void divideShort(double[] exps, double[] rests, int from, double[] out, int outAt, int n) {
        for (int k = 0; k < n; k++) {
            double exp = exps[from + k];
            out[outAt + k] = Math.fma(exp, inverse, Math.fma(exp, inverseLow, rests[from + k] * inverse));
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

    /** Sums a row of any length without keeping its exponentials. */
    private void sum(double[] z, int at, int n, int leftOut) {
        if (n <= FunctionKernels.SHORT_ROW) {
            shortExponentials(z, at, n, leftOut);
        } else {
            exponentials(z, at, n, false, z, at, leftOut);
        }
    }

    /** Takes one over the sum. */
    protected final void invert() {
        double sum = sums.sum();
        inverse = 1 / sum;
        inverseLow = (Math.fma(-inverse, sum, 1) - inverse * sums.rest()) * inverse;
    }

    /**
     * Divides exponentials by their sum. The largest is divided in two words, so that a row with one entry that matters
     * gives 1 exactly.
     */
    private void divide(double[] exps, int at, int n) {
        invert();
        exp(max);
        scale(exps, at, n, e, Math.fma(e, inverse, Math.fma(e, inverseLow, eLow * inverse)));
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

    /** Adds the label's exponential to the sum of all others, and takes one over the total. */
    protected final void addOwn(double exp, double expLow) {
        own = exp;
        ownLow = expLow;
        others = sums.sum();
        othersLow = sums.rest();
        sums.add(0, own, ownLow);
        invert();
    }

    /** One minus the label's probability, without cancellation. */
    protected final double shareOfOthers() {
        return Math.fma(others, inverse, Math.fma(others, inverseLow, othersLow * inverse));
    }

    /** Minus the logarithm of the label's probability, {@code chosen} being its logit. */
    protected final double surprise(double chosen) {
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
