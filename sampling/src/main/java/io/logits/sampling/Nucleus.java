package io.logits.sampling;

import static io.logits.sampling.PagedRow.PAGE;

import io.logits.kernels.SelectionKernels;
import java.util.Arrays;

/**
 * Truncation to the nucleus (Holtzman, Buys, Du, Forbes, Choi 2020, "The curious case of neural text degeneration",
 * section 3.1) without sorting the vocabulary.
 *
 * <p>A row is first sampled: a histogram of every 64th logit says, within bounds of three standard deviations, which
 * logits the nucleus ends at. What is above the lower bound is listed with its weights. Halving that interval by the mass
 * above its middle leaves a few, and only they are ranked, of which one reaches p of the row's coarse sum. As far as that
 * sum is known the nucleus must end at the same token: if it need not, the row is summed in float64, which decides.
 *
 * <p>So it is done with long lists too: one pass sums the weights of the whole row and of what is above the bounds, and only
 * the logits between the bounds are ranked. The exact sums then say whether the end is really there; if not, or if few
 * logits matter at all, those that can matter are listed and ranked: a token less probable than {@code (1-p)/(V-1)} is
 * out, since all that rank behind it cannot make up 1-p.
 */
final class Nucleus {
    /** Below this vocabulary everything is listed at once. */
    private static final int SMALL_VOCABULARY = 4096;
    /** Up to so many listed candidates are ranked without a cut of the row. */
    private static final int SHORT_LIST = 2048;
    /** Up to so many are listed and weighed first, before the row is summed in float64. */
    private static final int LONG_LIST = 16_384;
    /**
     * How far, in units of the mass at which the nucleus ends, a coarse sum may lead astray; and, beyond that, the order in
     * which float64 weights are added.
     */
    private static final double UNCERTAIN = SelectionKernels.COARSE + 1e-10;
    /** Logits looked at in each page, and how many stand for one of them. */
    private static final int LOOKED_AT = 4;

    private static final int EACH_STANDS_FOR = PAGE / LOOKED_AT;

    /** So few candidates are ranked as they are. */
    private static final int FEW = 256;

    private static final int BINS = 512;
    private static final double DEVIATIONS = 3;
    /** How far below the drop bound, in nats, the histogram reaches: what is lower weighs e^-10 of that. */
    private static final double REACH = 10;

    private final Candidates c;
    private final int[] sampled = new int[BINS + 1];
    private final int[] largest = new int[BINS + 1];
    /** What is listed near the end of the nucleus: how many, at which indices of the list, their logits. */
    private int near;

    private int[] nearIndices = new int[0];
    private float[] nearLogits = new float[0];
    private final double[] massFrom = new double[1 + SelectionKernels.ROOM];
    private double[] above = new double[0];

    /** Bounds of the stored logit at which the nucleus ends, and a guess of the number of logits above the lower. */
    private float low;

    private float high;
    private double guess;

    Nucleus(Candidates candidates) {
        c = candidates;
    }

    /** {@link Candidates#keepNucleus}. */
    void keep(double p, int minKeep) {
        if (p >= 1 || c.isEmpty()) {
            return;
        }
        int least = Math.max(1, minKeep);
        if (p <= 0) {
            c.keepTop(least, false);
            return;
        }
        c.settle();
        if (!c.list) {
            if (c.vocabulary() < SMALL_VOCABULARY || least > SHORT_LIST) {
                Truncation.list(c, Float.NEGATIVE_INFINITY);
            } else {
                keepOfRow(p, least);
                return;
            }
        }
        keepOfList(p * c.preciseTotal(), least);
    }

    /** The same of a whole row, whose sums decide which candidates are ranked. */
    private void keepOfRow(double p, int least) {
        estimate(p);
        if (guess <= LONG_LIST && keepByCoarseSum(p, least)) {
            return;
        }
        if (guess > SHORT_LIST && cutBetweenBounds(p, least)) {
            return;
        }
        // Sums of the row, then of the list: the list's own total must not be asked for.
        double target = p * c.preciseTotal();
        float drop = drop(p, c.preciseTotal());
        listFrom(Math.max(low, drop));
        if (c.size < least || Candidates.sum(c.weights, c.size) < target) {
            listFrom(drop);
        }
        if (c.size < least) {
            Truncation.keepTop(c, least, false);
            return;
        }
        keepOfList(target, least);
    }

    /** No stored logit below this is in the nucleus; {@code total} may be a coarse one. */
    private float drop(double p, double total) {
        return Truncation.ceil(
                c.maximum() + c.temperature() * (StrictMath.log((1 - p) * total / (c.vocabulary() - 1)) - 1e-6));
    }

    /** Ranks what is above the lower bound; false if the coarse sum does not decide where the nucleus ends. */
    private boolean keepByCoarseSum(double p, int least) {
        double target = p * c.total();
        float from = Math.max(Math.max(low, drop(p, c.total())), -Float.MAX_VALUE);
        listFrom(from);
        double mass = rankNearEnd(from, target);
        int kept = Ranking.nucleus(c.keys, near, c.weights, mass, target);
        for (int i = 0; i < kept; i++) {
            mass += c.weights[Ranking.index(c.keys[i])];
        }
        long last = last(kept);
        double slack = UNCERTAIN * target;
        if (kept == 0 || mass < target + slack || mass - c.weights[Ranking.index(last)] >= target - slack) {
            return false;
        }
        if (least > 1 && rank(last) < least) {
            Truncation.keepTop(c, least, false);
        } else {
            keepUpTo(last);
        }
        return true;
    }

    /**
     * Makes keys of those of the list among which the nucleus ends, {@link #near} of them, by halving the interval from a
     * logit to the largest; first of all where the sample says that it ends below.
     *
     * @return the mass ranked before them
     */
    private double rankNearEnd(float from, double target) {
        float lower = from;
        float upper = Float.POSITIVE_INFINITY;
        double before = 0;
        float middle = high;
        for (int left = c.size; left > FEW; left /= 2) {
            if (!(middle < c.maximum())) {
                middle = lower + (Math.min(upper, c.maximum()) - lower) / 2;
            }
            c.kernels.massFrom(c.logits, c.weights, c.size, middle, massFrom, 0);
            if (massFrom[0] < target) {
                upper = middle;
                before = massFrom[0];
            } else {
                lower = Math.max(lower, middle);
            }
            middle = Float.POSITIVE_INFINITY;
        }
        near = listed(lower, upper);
        for (int i = 0; i < near; i++) {
            c.keys[i] = Ranking.key(nearLogits[i], nearIndices[i]);
        }
        return before;
    }

    /** Writes the indices and logits of what is listed within bounds to {@link #nearIndices} and beside; their number. */
    private int listed(float lower, float upper) {
        if (nearIndices.length < c.ids.length) {
            nearIndices = new int[c.ids.length];
            nearLogits = new float[c.ids.length];
        }
        return c.kernels.collect(c.logits, 0, c.size, lower, upper, 0, nearIndices, nearLogits, 0);
    }

    /** The rank, from 1, of a key of what is listed. */
    private int rank(long key) {
        int rank = 0;
        for (int i = 0; i < c.size; i++) {
            rank += Ranking.key(c.logits[i], i) <= key ? 1 : 0;
        }
        return rank;
    }

    /** Keeps, of what is listed with its weights, the candidates up to one in rank order. */
    private void keepUpTo(long last) {
        float logit = Ranking.logit(last);
        int index = Ranking.index(last);
        int end = 0;
        for (int i = 0; i < c.size; i++) {
            c.ids[end] = c.ids[i];
            c.logits[end] = c.logits[i];
            c.weights[end] = c.weights[i];
            end += c.logits[i] > logit || (c.logits[i] == logit && i <= index) ? 1 : 0;
        }
        c.weighedListChanged(end);
    }

    private void listFrom(float bound) {
        int count = Truncation.collect(c, bound, Float.POSITIVE_INFINITY);
        c.size = count;
        c.kernels.weights(c.logits, 0, count, c.maximum(), c.scale(), c.weights, 0);
    }

    /** Ranks the listed candidates, whose weights are known. */
    private void keepOfList(double target, int least) {
        int n = c.size;
        for (int i = 0; i < n; i++) {
            c.keys[i] = Ranking.key(c.logits[i], i);
        }
        int kept = Math.max(Ranking.nucleus(c.keys, n, c.weights, 0, target), 1);
        if (kept < least) {
            kept = Math.min(least, n);
            Ranking.select(c.keys, n, kept);
        }
        keepUpTo(last(kept));
    }

    private long last(int kept) {
        long last = c.keys[0];
        for (int i = 1; i < kept; i++) {
            last = Math.max(last, c.keys[i]);
        }
        return last;
    }

    /** Sums with the bounds, ranks between them; false if the nucleus does not end there, or has too few tokens. */
    private boolean cutBetweenBounds(double p, int least) {
        PagedRow row = c.row;
        int better = least > 1 ? Truncation.collect(c, high, Float.POSITIVE_INFINITY) : 0;
        if (above.length < c.sums.length) {
            above = new double[c.sums.length];
        }
        double scale = c.scale();
        float max = c.maximum();
        for (int page = 0, run; page < row.pages(); page += run) {
            run = row.fetch(page, row.pages() - page);
            int n = row.length(page, run);
            c.kernels.blockSumsAbove(row.array(), row.at(), n, c.leastFetched(), max, scale, high, c.sums, above, page);
        }
        double target = p * Candidates.sum(c.sums, row.pages());
        double before = Candidates.sum(above, row.pages());
        int n = Truncation.collect(c, low, high);
        c.kernels.weights(c.logits, 0, n, max, scale, c.weights, 0);
        if (before >= target || before + Candidates.sum(c.weights, n) < target) {
            return false;
        }
        for (int i = 0; i < n; i++) {
            c.keys[i] = Ranking.key(c.logits[i], i);
        }
        int kept = Ranking.nucleus(c.keys, n, c.weights, before, target);
        if (kept == 0 || better + kept < least) {
            return false;
        }
        long last = last(kept);
        for (int i = 0; i < kept; i++) {
            int index = Ranking.index(c.keys[i]);
            above[c.ids[index] / PAGE] += c.weights[index];
        }
        System.arraycopy(above, 0, c.sums, 0, row.pages());
        c.cutRow(Ranking.logit(last), c.ids[Ranking.index(last)]);
        return true;
    }

    /**
     * Bounds of the end. With A the mass above a logit and B that below, the nucleus ends where
     * {@code (1-p) A - p B = 0}; A and B are estimated with their variances. The maxima of the pages are counted
     * exactly, so that a few tokens that hold most of the mass do not spoil the estimate.
     */
    private void estimate(double p) {
        double reach = StrictMath.log(c.vocabulary() / (1 - p)) + REACH;
        double logitsPerBin = reach * c.temperature() / BINS;
        count((float) (1 / logitsPerBin));
        double ratio = StrictMath.exp(-reach / BINS);
        double mass = 0;
        double variance = 0;
        double weight = Math.sqrt(ratio);
        for (int bin = 0; bin < BINS; bin++, weight *= ratio) {
            int often = sampled[bin];
            if (often + largest[bin] != 0) {
                mass += weight * (largest[bin] + EACH_STANDS_FOR * often);
                variance += weight * weight * often;
            }
        }
        double units = (double) EACH_STANDS_FOR * EACH_STANDS_FOR;
        double massAbove = 0;
        double varianceAbove = 0;
        double countAbove = 0;
        int first = 0;
        int end = 0;
        weight = Math.sqrt(ratio);
        for (; end < BINS; end++, weight *= ratio) {
            int often = sampled[end];
            if (often + largest[end] == 0) {
                continue;
            }
            double excess = massAbove - p * mass;
            double spread = (1 - p) * (1 - p) * varianceAbove + p * p * (variance - varianceAbove);
            if (excess * excess > DEVIATIONS * DEVIATIONS * units * spread) {
                if (excess > 0) {
                    break;
                }
                first = end;
            }
            massAbove += weight * (largest[end] + EACH_STANDS_FOR * often);
            varianceAbove += weight * weight * often;
            countAbove += largest[end] + EACH_STANDS_FOR * often;
        }
        // A bin more on either side for what rounding to bins does.
        high = first <= 1 ? Float.POSITIVE_INFINITY : (float) (c.maximum() - (first - 1) * logitsPerBin);
        low = (float) (c.maximum() - (end + 1) * logitsPerBin);
        guess = countAbove;
    }

    private void count(float binsPerLogit) {
        Arrays.fill(sampled, 0);
        Arrays.fill(largest, 0);
        PagedRow row = c.row;
        float max = c.maximum();
        for (int page = 0, run; page < row.pages(); page += run) {
            run = row.fetch(page, row.pages() - page);
            float[] array = row.array();
            for (int i = 0; i < run; i++) {
                float top = c.maxima[page + i];
                largest[bin(max - top, binsPerLogit)]++;
                int from = row.at() + i * PAGE;
                int n = row.length(page + i, 1);
                if (n >= LOOKED_AT) {
                    // Four, LOOKED_AT: a loop in this one would begin and end more often than it went round.
                    sample(array[from], top, max, binsPerLogit);
                    sample(array[from + 1], top, max, binsPerLogit);
                    sample(array[from + 2], top, max, binsPerLogit);
                    sample(array[from + 3], top, max, binsPerLogit);
                } else {
                    for (int j = from; j < from + n; j++) {
                        sample(array[j], top, max, binsPerLogit);
                    }
                }
            }
        }
    }

    private void sample(float logit, float top, float max, float binsPerLogit) {
        if (logit != top) {
            sampled[bin(max - logit, binsPerLogit)]++;
        }
    }

    private static int bin(float distance, float binsPerLogit) {
        return Math.min((int) (distance * binsPerLogit), BINS);
    }
}
