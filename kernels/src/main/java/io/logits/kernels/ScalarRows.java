package io.logits.kernels;

import io.logits.kernels.elementary.Exp;
import io.logits.kernels.elementary.Log;
import io.logits.kernels.elementary.RowShift;
import io.logits.kernels.elementary.TwoSum;
import java.util.Arrays;

/** Rows of float64 logits, as {@link FunctionKernels} specifies them. One object serves one call. */
final class ScalarRows {
    private static final int LANES = 8;

    private final double[] z;
    private final int cols;
    private final int lanes;
    private final int full;
    private final TwoSum[] sums;

    // The row at hand.
    private int at;
    private double max;
    private double subtrahend;
    private double exponent;
    private double floor;
    private long bias;

    // The exponential last taken, in two words.
    private double e;
    private double eLow;

    ScalarRows(double[] z, int cols) {
        this.z = z;
        this.cols = cols;
        lanes = cols <= FunctionKernels.SHORT_ROW ? 1 : LANES;
        full = cols - cols % lanes;
        sums = new TwoSum[lanes];
        for (int l = 0; l < lanes; l++) {
            sums[l] = new TwoSum();
        }
    }

    /** Looks at the row that starts at {@code at}; false if its largest logit is infinite or NaN. */
    private boolean row(int at) {
        this.at = at;
        max = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < cols; k++) {
            max = z[at + k] > max ? z[at + k] : max;
        }
        subtrahend = RowShift.subtrahend(max);
        exponent = RowShift.exponent(max);
        floor = RowShift.floor(exponent);
        bias = RowShift.bias(exponent);
        return Double.isFinite(max);
    }

    /** Takes the exponential of one logit, times 2^512 and without the shift. */
    private void exp(double logit) {
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

    /** The lane of entry {@code k}: the last, incomplete group stands right-aligned in the lanes. */
    private TwoSum sumOf(int k) {
        return sums[k < full ? k % lanes : lanes - (cols - k)];
    }

    private TwoSum fold() {
        for (int step = lanes / 2; step > 0; step /= 2) {
            for (int l = 0; l < step; l++) {
                sums[l].add(sums[l + step]);
            }
        }
        return sums[0];
    }

    private void clear() {
        for (TwoSum sum : sums) {
            sum.clear();
        }
    }

    /** {@code 1/(high + low)} beyond its first word {@code inverse}. */
    private static double inverseLow(double inverse, double high, double low) {
        return (Math.fma(-inverse, high, 1) - inverse * low) * inverse;
    }

    void softmax(int at, double[] out, int outAt) {
        if (!row(at)) {
            infiniteSoftmax(out, outAt);
            return;
        }
        clear();
        for (int k = 0; k < cols; k++) {
            exp(z[at + k]);
            out[outAt + k] = e;
            sumOf(k).add(e, eLow);
        }
        TwoSum sum = fold();
        double inverse = 1 / sum.high();
        double inverseLow = inverseLow(inverse, sum.high(), sum.low());
        exp(max);
        divide(out, outAt, inverse, inverseLow);
    }

    /**
     * Divides stored exponentials by their sum. The largest, which is at hand, is taken in two words, so that a row of
     * one entry that matters gives 1 exactly.
     */
    private void divide(double[] out, int outAt, double inverse, double inverseLow) {
        double top = Math.fma(e, inverse, Math.fma(e, inverseLow, eLow * inverse));
        for (int k = 0; k < cols; k++) {
            double exp = out[outAt + k];
            out[outAt + k] = exp == e ? top : Math.fma(exp, inverse, exp * inverseLow);
        }
    }

    private void infiniteSoftmax(double[] out, int outAt) {
        double infinite = infiniteCount();
        for (int k = 0; k < cols; k++) {
            out[outAt + k] = infinite != infinite ? Double.NaN : z[at + k] == max ? 1 / infinite : 0;
        }
    }

    /** How many logits are {@code +inf}; NaN if one is NaN or none is {@code +inf}. */
    private double infiniteCount() {
        double count = 0;
        for (int k = 0; k < cols; k++) {
            count += z[at + k] == Double.POSITIVE_INFINITY
                    ? 1
                    : z[at + k] * 0 == 0 || z[at + k] == Double.NEGATIVE_INFINITY ? 0 : Double.NaN;
        }
        return max == Double.POSITIVE_INFINITY ? count : Double.NaN;
    }

    double logSumExp(int at) {
        if (!row(at)) {
            return max > 0 ? (infiniteCount() > 0 ? max : Double.NaN) : emptySum();
        }
        clear();
        for (int k = 0; k < cols; k++) {
            exp(z[at + k]);
            sumOf(k).add(e, eLow);
        }
        TwoSum sum = fold();
        return logOf(sum, 0);
    }

    /** The logarithm of a row without a logit above {@code -inf}. */
    private double emptySum() {
        for (int k = 0; k < cols; k++) {
            if (Double.isNaN(z[at + k])) {
                return Double.NaN;
            }
        }
        return Double.NEGATIVE_INFINITY;
    }

    private double logOf(TwoSum sum, double taken) {
        return Double.isNaN(sum.high())
                ? Double.NaN
                : Log.ofWords(subtrahend, exponent - RowShift.UP, sum.high(), sum.low(), taken);
    }

    void logSoftmax(int at, double[] out, int outAt) {
        if (!row(at)) {
            double infinite = infiniteCount();
            for (int k = 0; k < cols; k++) {
                out[outAt + k] = infinite != infinite
                        ? Double.NaN
                        : z[at + k] == max ? -Log.ofWords(0, 0, infinite, 0, 0) : Double.NEGATIVE_INFINITY;
            }
            return;
        }
        // The largest entries are left out of the sum and added last, so that the others keep all their digits.
        clear();
        int largest = 0;
        for (int k = 0; k < cols; k++) {
            exp(z[at + k]);
            if (z[at + k] == max) {
                largest++;
            } else {
                sumOf(k).add(e, eLow);
            }
        }
        exp(max);
        TwoSum sum = fold();
        double others = sum.high();
        double othersLow = sum.low();
        double product = largest * e;
        sum.add(product, Math.fma(largest, e, -product) + largest * eLow);
        double log = logOf(sum, 0);
        double logLow = logOf(sum, log);
        boolean alone = largest == 1 && others <= e;
        double top = alone ? -Log.onePlusRatio(0, others, othersLow, e, eLow) : Double.NaN;
        for (int k = 0; k < cols; k++) {
            double logit = z[at + k];
            double x = logit - log;
            double part = x - logit;
            double xLow = (logit - (x - part)) - (log + part);
            double value = x + (xLow - logLow);
            value = logit == Double.NEGATIVE_INFINITY ? x : value;
            out[outAt + k] = alone && logit == max ? top : value;
        }
    }

    /** Cross-entropy of the row, whose gradient is written to {@code gradient[at ...]}. */
    double crossEntropy(int at, int label, double[] gradient) {
        double chosen = z[at + label];
        boolean finite = row(at);
        clear();
        for (int k = 0; k < cols; k++) {
            exp(z[at + k]);
            gradient[at + k] = e;
            if (k != label) {
                sumOf(k).add(e, eLow);
            }
        }
        exp(chosen);
        double own = e;
        double ownLow = eLow;
        TwoSum sum = fold();
        double others = sum.high();
        double othersLow = sum.low();
        sum.add(own, ownLow);
        if (!finite || Double.isNaN(sum.high())) {
            Arrays.fill(gradient, at, at + cols, Double.NaN);
            return Double.NaN;
        }
        double inverse = 1 / sum.high();
        double inverseLow = inverseLow(inverse, sum.high(), sum.low());
        exp(max);
        divide(gradient, at, inverse, inverseLow);
        // softmax - 1 without cancellation: the share of the others.
        gradient[at + label] = -Math.fma(others, inverse, Math.fma(others, inverseLow, othersLow * inverse));
        if (others <= own) {
            return Log.onePlusRatio(0, others, othersLow, own, ownLow);
        }
        double log = logOf(sum, 0);
        double loss = log - chosen;
        double part = loss - log;
        double lossLow = (log - (loss - part)) - (chosen + part);
        return chosen == Double.NEGATIVE_INFINITY ? Double.POSITIVE_INFINITY : loss + (lossLow + logOf(sum, log));
    }
}
