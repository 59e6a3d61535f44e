package io.logits.objective;

import io.logits.kernels.Workers;

/**
 * What rows add to the duality gap where the dual point {@code P - Y} is scaled by t. With p the probability of the row's
 * class, {@code e = 1 - t} and {@code f(x) = (1+x) log(1+x) - x} that is
 *
 * <pre>(1-p) f(-e) + p f(e (1-p) / p),</pre>
 *
 * which is {@code (1-t) loss - phi_t} of {@link CompositeObjective} as a sum of terms that are at least 0. As t is nearly 1
 * at the end, f is asked for near 0, and needs no logarithm.
 */
final class ScaledDual {
    private static final int CHUNK = 1 << 10;
    /** Up to here f is a series, of which the terms left out are less than 1e-9. */
    private static final double SMALL = 0x1p-4;

    /** {@code f(x) / x^2 = sum_k (-x)^k / ((k+1) (k+2))}. */
    private static final double[] SERIES = {1. / 2, -1. / 6, 1. / 12, -1. / 20, 1. / 30, -1. / 42, 1. / 56};

    private ScaledDual() {}

    /**
     * The sum over all rows.
     *
     * @param shares the weight of each row over that of all
     * @param losses the loss of each row
     * @param t from 0 to 1
     */
    static double gap(double[] shares, double[] losses, double t, Workers workers) {
        if (t == 1) {
            return 0;
        }
        double e = 1 - t;
        double common = common(e);
        return workers.sumRanges(losses.length, CHUNK, (from, to) -> {
            double sum = 0;
            for (int i = from; i < to; i++) {
                sum = Math.fma(shares[i], gap(losses[i], e, common), sum);
            }
            return sum;
        });
    }

    /** {@code f(-e)}. */
    static double common(double e) {
        double t = 1 - e;
        return e <= SMALL ? e * e * series(-e) : e + (t > 0 ? t * Math.log(t) : 0);
    }

    private static double gap(double loss, double e, double common) {
        double own = Math.exp(-loss);
        double others = 1 - own;
        double moved = e * others;
        if (moved <= SMALL * own) {
            double x = moved / own;
            return Math.fma(others, common, moved * x * series(x));
        }
        // p f(x), which is all that is left of it where p is 0.
        double mixed = own + moved;
        return Math.fma(others, common, Math.max(0, mixed * (loss + Math.log(mixed)) - moved));
    }

    private static double series(double x) {
        double sum = SERIES[SERIES.length - 1];
        for (int k = SERIES.length - 2; k >= 0; k--) {
            sum = Math.fma(x, sum, SERIES[k]);
        }
        return sum;
    }
}
