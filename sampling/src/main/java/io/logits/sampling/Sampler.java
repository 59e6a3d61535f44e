package io.logits.sampling;

import io.logits.kernels.Kernels;
import io.logits.kernels.SelectionKernels;
import java.util.List;

/**
 * From one row of logits to its tokens. Made once and used for every step: after the first rows it allocates nothing.
 * Not safe for several threads at once; {@link BatchSampler} has one for each.
 */
public final class Sampler {
    private final Candidates candidates;
    private final Sampled sampled = new Sampled();
    /** The weights of as many pages as have a sum together. */
    private final double[] pageWeights = new double[PagedRow.GROUP * PagedRow.PAGE];

    private boolean rawKnown;
    private double rawLogSum;
    private boolean rawInfinite;

    /** A sampler on the kernels of this process. */
    public Sampler() {
        this(Kernels.best().selection());
    }

    /** A sampler on these kernels; all give the same tokens. */
    public Sampler(SelectionKernels kernels) {
        candidates = new Candidates(kernels);
    }

    /**
     * Samples one row. The sequence is not changed: {@link Sequence#accept} takes the token over.
     *
     * @return the outcome, which the next call overwrites
     * @throws IllegalArgumentException if a parameter or the history names a token that the row does not have
     */
    public Sampled sample(Logits logits, int row, Sequence sequence) {
        sample(logits, row, sequence, sampled);
        return sampled;
    }

    void sample(Logits logits, int row, Sequence sequence, Sampled out) {
        out.clear(sequence);
        Candidates c = candidates;
        SamplingParameters parameters = sequence.parameters();
        if (!c.open(logits, row)) {
            out.fail(Status.NAN);
            return;
        }
        rawKnown = parameters.logprobs() >= 0;
        if (rawKnown) {
            describeRaw(parameters.logprobs(), out);
        }
        process(sequence);
        if (c.isNan() || c.isEmpty()) {
            out.fail(c.isNan() ? Status.NAN : Status.EMPTY);
            return;
        }
        c.total();
        for (int draw = 0; draw < parameters.draws(); draw++) {
            out.add(parameters.gumbel() ? gumbel(sequence, draw) : invert(sequence, draw));
        }
        report(sequence, out);
    }

    /** Takes up a row and runs the steps on it, without a draw. */
    Candidates process(Logits logits, int row, Sequence sequence) {
        if (candidates.open(logits, row)) {
            process(sequence);
        }
        return candidates;
    }

    private void process(Sequence sequence) {
        List<Step> steps = sequence.parameters().order().steps();
        for (int i = 0; i < steps.size() && !candidates.isNan(); i++) {
            steps.get(i).apply(candidates, sequence);
        }
    }

    private void describeRaw(int tops, Sampled out) {
        Candidates c = candidates;
        rawLogSum = c.coarseLogSumExp();
        // Where tokens are infinite the candidates are a list already, in which they stand at 0.
        rawInfinite = c.list;
        if (tops > 0) {
            out.rawTop().fill(c, tops);
        }
        c.reset();
    }

    private double rawLogProbability(int token) {
        float logit = candidates.row.original(token);
        if (rawInfinite) {
            return logit == Float.POSITIVE_INFINITY ? -rawLogSum : Double.NEGATIVE_INFINITY;
        }
        return logit - rawLogSum;
    }

    private void report(Sequence sequence, Sampled out) {
        Candidates c = candidates;
        SamplingParameters parameters = sequence.parameters();
        if (parameters.reportDistribution()) {
            // First, so that log-probabilities and the distribution go by the same sum.
            c.preciseTotal();
        }
        if (rawKnown) {
            for (int draw = 0; draw < out.draws(); draw++) {
                int token = out.token(draw);
                out.logProbabilities(draw, c.logProbability(c.storedLogit(token)), rawLogProbability(token));
            }
        }
        if (parameters.mirostat() != 0) {
            out.mirostatMu(Mirostat.nextMu(c, sequence, out.token()));
        }
        if (parameters.reportKept() || parameters.reportDistribution()) {
            int kept = describe(parameters.reportDistribution(), out.distribution());
            out.kept(parameters.reportKept() ? kept : -1);
        }
        if (parameters.logprobs() > 0) {
            // Last, because ranking a row writes to the arrays of a list.
            out.top().fill(c, parameters.logprobs());
        }
    }

    /** The token at which the weights, added id ascending, first exceed a random part of their sum. */
    private int invert(Sequence sequence, int draw) {
        Philox.Stream stream = sequence.isDraft() ? Philox.Stream.DRAFT : Philox.Stream.DRAW;
        return at(Philox.uniform(sequence.parameters().seed(), sequence.position(), draw, stream));
    }

    /** The token at a point {@code 0 <= u < 1} of the inverse distribution function. */
    int at(double u) {
        Candidates c = candidates;
        double target = u * c.total();
        double before = 0;
        if (c.list) {
            int last = -1;
            for (int i = 0; i < c.size; i++) {
                last = c.weights[i] > 0 ? i : last;
                before += c.weights[i];
                if (before > target) {
                    return c.ids[i];
                }
            }
            // Rounding: the sums of the list and of its parts differ in the last bits.
            return c.ids[last];
        }
        int last = 0;
        for (int i = 0; i < c.sumCount(); i++) {
            if (c.sums[i] > 0) {
                last = i;
                if (before + c.sums[i] > target) {
                    break;
                }
            }
            before += c.sums[i];
        }
        return within(last, target - before);
    }

    /** The token at which the weights that the i-th sum is of, added, first exceed a part of it. */
    private int within(int sum, double target) {
        Candidates c = candidates;
        int first = sum * c.pagesPerSum();
        int pages = Math.min(c.pagesPerSum(), c.row.pages() - first);
        int n = 0;
        for (int page = first; page < first + pages; page++) {
            n += weigh(page, n);
        }
        // The sum may be a coarse one.
        double reached = target / c.sums[sum] * Candidates.sum(pageWeights, n);
        double before = 0;
        int last = -1;
        for (int i = 0; i < n; i++) {
            if (pageWeights[i] > 0) {
                last = first * PagedRow.PAGE + i;
                before += pageWeights[i];
                if (before > reached) {
                    return last;
                }
            }
        }
        return last;
    }

    /** Writes the weights of a page of the row from {@code at} on, 0 for what is no candidate; how many. */
    private int weigh(int page, int at) {
        Candidates c = candidates;
        c.row.fetch(page, 1);
        int n = c.row.length(page, 1);
        c.kernels.weights(c.row.array(), c.row.at(), n, c.maximum(), c.scale(), pageWeights, at);
        for (int i = 0; i < n; i++) {
            if (!c.isWithinCut(c.row.array()[c.row.at() + i], page * PagedRow.PAGE + i)) {
                pageWeights[at + i] = 0;
            }
        }
        return n;
    }

    /** The candidate with the largest sum of logit and noise. */
    private int gumbel(Sequence sequence, int draw) {
        Candidates c = candidates;
        c.settle();
        Philox.Stream stream = sequence.isDraft() ? Philox.Stream.DRAFT_GUMBEL : Philox.Stream.GUMBEL;
        int n = c.list ? c.size : c.row.vocabulary();
        int best = -1;
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            int id = c.list ? c.ids[i] : i;
            double logit = ((double) (c.list ? c.logits[i] : c.row.get(i)) - c.maximum()) / c.temperature();
            if (logit > Double.NEGATIVE_INFINITY) {
                double noisy =
                        logit + Philox.gumbel(sequence.parameters().seed(), sequence.position(), id, draw, stream);
                if (noisy > largest) {
                    largest = noisy;
                    best = id;
                }
            }
        }
        return best;
    }

    /** Fills in the distribution, if asked to; counts its tokens. */
    int describe(boolean fill, Distribution out) {
        Candidates c = candidates;
        double total = fill ? c.preciseTotal() : c.total();
        int count = 0;
        out.clear();
        int pages = c.list ? 1 : c.row.pages();
        for (int page = 0; page < pages; page++) {
            int n = c.list ? c.size : weigh(page, 0);
            double[] weights = c.list ? c.weights : pageWeights;
            for (int i = 0; i < n; i++) {
                if (weights[i] > 0) {
                    count++;
                    if (fill) {
                        out.add(c.list ? c.ids[i] : page * PagedRow.PAGE + i, weights[i] / total);
                    }
                }
            }
        }
        return count;
    }
}
