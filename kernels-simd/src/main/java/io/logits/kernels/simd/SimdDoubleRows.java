package io.logits.kernels.simd;

import static io.logits.kernels.simd.DoubleConstants.*;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import io.logits.kernels.spec.DoubleRows;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** The loops of {@link DoubleRows} several lanes at a time: eight lanes are one vector of 512 bits, or two slices of 256. */
class SimdDoubleRows extends DoubleRows {
    private final double[] padded = new double[LANES];
    private final double[] paddedOut = new double[LANES];

    @Override
    protected double maximum(double[] z, int at, int n) {
        // Not the constant itself: a loop variable that starts as one is boxed in every round.
        DoubleVector m0 = DoubleVector.broadcast(SPECIES, Double.NEGATIVE_INFINITY);
        DoubleVector m1 = m0;
        int k = 0;
        for (; k <= n - 2 * LENGTH; k += 2 * LENGTH) {
            DoubleVector x0 = DoubleVector.fromArray(SPECIES, z, at + k);
            DoubleVector x1 = DoubleVector.fromArray(SPECIES, z, at + k + LENGTH);
            m0 = m0.blend(x0, x0.compare(GT, m0));
            m1 = m1.blend(x1, x1.compare(GT, m1));
        }
        // The order does not matter for a maximum, nor which of two equal zeros it is.
        double m = m0.blend(m1, m1.compare(GT, m0)).reduceLanes(VectorOperators.MAX);
        for (; k < n; k++) {
            m = z[at + k] > m ? z[at + k] : m;
        }
        return m;
    }

    @Override
    protected int indexOfMax(double[] z, int at, int n) {
        DoubleVector m = DoubleVector.broadcast(SPECIES, max);
        int k = 0;
        while (k <= n - LENGTH
                && !DoubleVector.fromArray(SPECIES, z, at + k).compare(EQ, m).anyTrue()) {
            k += LENGTH;
        }
        while (z[at + k] != max) {
            k++;
        }
        return k;
    }

    @Override
    protected void exponentials(double[] z, int at, int n, boolean store, double[] out, int outAt, int leftOut) {
        sums.clear(LANES);
        int full = n - n % LANES;
        int first = 0;
        if (leftOut >= 0 && leftOut < full) {
            first = leftOut - leftOut % LANES;
            groups(z, at, first, store, out, outAt);
            padded(z, at + first, LANES, store, out, outAt + first, leftOut - first);
            first += LANES;
        }
        groups(z, at + first, full - first, store, out, outAt + first);
        if (full < n) {
            padded(z, at + full, n - full, store, out, outAt + full, leftOut - full);
        }
        sums.fold(LANES);
    }

    /** Up to eight entries, right-aligned in the lanes, of which one may be left out: its exponential becomes zero. */
    private void padded(double[] z, int at, int n, boolean store, double[] out, int outAt, int leftOut) {
        Arrays.fill(padded, 0, LANES - n, Double.NEGATIVE_INFINITY);
        System.arraycopy(z, at, padded, LANES - n, n);
        if (leftOut >= 0) {
            padded[LANES - n + leftOut] = Double.NEGATIVE_INFINITY;
        }
        groups(padded, 0, LANES, store, paddedOut, 0);
        if (store) {
            System.arraycopy(paddedOut, LANES - n, out, outAt, n);
        }
    }

    /** Whole groups of eight entries: adds their exponentials to the sums and stores them. */
    private void groups(double[] z, int at, int n, boolean store, double[] out, int outAt) {
        for (int lane = 0; lane < LANES; lane += LENGTH) {
            slice(z, at + lane, n - lane, store, out, outAt + lane, lane);
        }
    }

    private void slice(double[] z, int at, int n, boolean store, double[] out, int outAt, int lane) {
        DoubleVector shift = DoubleVector.broadcast(SPECIES, subtrahend);
        DoubleVector least = DoubleVector.broadcast(SPECIES, floor);
        LongVector bias = LongVector.broadcast(LONGS, this.bias);
        DoubleVector high = DoubleVector.fromArray(SPECIES, sums.high, lane);
        DoubleVector low = DoubleVector.fromArray(SPECIES, sums.low, lane);
        for (int k = 0; k < n; k += LANES) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, z, at + k).sub(shift);
            x = x.blend(least, x.compare(LT, least));
            DoubleVector rounded = x.fma(LOG2_E, ROUND);
            DoubleVector whole = rounded.sub(ROUND);
            DoubleVector r = whole.fma(MINUS_LN2_HIGH, x);
            DoubleVector c = DoubleExp.rest(r, whole.mul(MINUS_LN2_LOW));
            DoubleVector power = rounded.reinterpretAsLongs()
                    .add(bias)
                    .lanewise(VectorOperators.LSHL, 52)
                    .reinterpretAsDoubles();
            DoubleVector h = ONE.add(r);
            DoubleVector l = r.sub(h.sub(ONE)).add(c);
            DoubleVector p = h.add(l);
            DoubleVector e = p.mul(power);
            DoubleVector eLow = l.sub(p.sub(h)).mul(power);
            if (store) {
                e.intoArray(out, outAt + k);
            }
            DoubleVector sum = e.add(high);
            DoubleVector part = sum.sub(high);
            low = eLow.add(low).add(e.sub(part).sub(sum.sub(part).sub(high)));
            high = sum;
        }
        high.intoArray(sums.high, lane);
        low.intoArray(sums.low, lane);
    }

    @Override
    protected void scale(double[] e, int at, int n, double largest, double top) {
        DoubleVector v = DoubleVector.broadcast(SPECIES, inverse);
        DoubleVector vLow = DoubleVector.broadcast(SPECIES, inverseLow);
        DoubleVector vLargest = DoubleVector.broadcast(SPECIES, largest);
        DoubleVector vTop = DoubleVector.broadcast(SPECIES, top);
        int k = 0;
        for (; k <= n - LENGTH; k += LENGTH) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, e, at + k);
            x.fma(v, x.mul(vLow)).blend(vTop, x.compare(EQ, vLargest)).intoArray(e, at + k);
        }
        super.scale(e, at + k, n - k, largest, top);
    }

    @Override
    protected void subtract(
            double[] z, int at, int n, double[] out, int outAt, double log, double logLow, double largest, double top) {
        DoubleVector vLog = DoubleVector.broadcast(SPECIES, log);
        DoubleVector vLogLow = DoubleVector.broadcast(SPECIES, logLow);
        DoubleVector vLargest = DoubleVector.broadcast(SPECIES, largest);
        DoubleVector vTop = DoubleVector.broadcast(SPECIES, top);
        int k = 0;
        for (; k <= n - LENGTH; k += LENGTH) {
            DoubleVector logit = DoubleVector.fromArray(SPECIES, z, at + k);
            DoubleVector x = logit.sub(vLog);
            DoubleVector part = x.sub(logit);
            DoubleVector xLow = logit.sub(x.sub(part)).sub(vLog.add(part));
            VectorMask<Double> none = logit.compare(EQ, NEGATIVE_INFINITY);
            x.add(xLow.sub(vLogLow))
                    .blend(x, none)
                    .blend(vTop, logit.compare(EQ, vLargest))
                    .intoArray(out, outAt + k);
        }
        super.subtract(z, at + k, n - k, out, outAt + k, log, logLow, largest, top);
    }
}
