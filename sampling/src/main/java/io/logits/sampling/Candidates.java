package io.logits.sampling;

import io.logits.kernels.SelectionKernels;
import java.util.Arrays;

/**
 * The tokens of a row that are still in the running, and their logits: what steps work on. A candidate's logit is
 * {@code z = stored / temperature}; stored logits are float32, temperatures divide them without rounding. Tokens at
 * -infinity are no candidates.
 *
 * <p>As long as nothing was truncated the candidates are the row itself, read where it lies. A truncation leaves a
 * list, id ascending. Its rule is a cut: the last stored logit and id, in rank order (logit descending, id ascending),
 * that stay. Once a logit is +infinity, only the tokens at +infinity count, each with the same share.
 */
public final class Candidates {
    private static final double LN_2 = 0.6931471805599453;
    /** Finite, so that the maximum keeps weight 1 at any temperature. */
    private static final double LARGEST_SCALE = 1e300;
    /** From this vocabulary on the log-probabilities of a whole row come from coarse sums. */
    static final int LONG_ROW = 8192;

    final SelectionKernels kernels;
    final PagedRow row = new PagedRow();
    final TypicalOrder typicalOrder = new TypicalOrder(this);
    private final Nucleus nucleus = new Nucleus(this);

    float[] maxima = new float[0];
    double[] sums = new double[0];
    private final double[] pageSum = new double[1 + SelectionKernels.ROOM];
    private final double[] pageMoment = new double[1 + SelectionKernels.ROOM];
    private boolean[] stale = new boolean[0];
    private int refreshed;

    boolean list;
    int size;
    int[] ids = new int[0];
    float[] logits = new float[0];
    double[] weights = new double[0];
    long[] keys = new long[0];

    private long[] scratch = new long[0];

    private double temperature;
    private boolean nan;
    /** Not above any logit of the row as it was opened. */
    private float least;

    private boolean maximumKnown;
    private float maximum;
    private boolean summed;
    /** Whether the sums are not coarse; then there is one for each page, else for each group of pages. */
    private boolean precise;

    private double total;
    /** While the row is not a list: only logits above cutLogit, or equal with an id up to cutId, are candidates. */
    private boolean cut;

    private float cutLogit;
    private int cutId;

    private boolean surprising;
    private double surpriseLogSum;
    private double surpriseTemperature;

    Candidates(SelectionKernels kernels) {
        this.kernels = kernels;
    }

    /** Takes up a row of the caller's; says whether it holds no NaN. */
    boolean open(Logits source, int index) {
        row.open(source, index);
        int pages = row.pages();
        if (maxima.length < pages) {
            maxima = new float[pages];
            sums = new double[pages + SelectionKernels.ROOM];
            stale = new boolean[pages];
        }
        float largest = 0;
        for (int page = 0, run; page < pages; page += run) {
            run = row.fetch(page, pages - page);
            int n = row.length(page, run);
            largest = Math.max(largest, kernels.blockMaxima(row.array(), row.at(), n, maxima, page));
        }
        least = -largest;
        nan = Float.isNaN(largest);
        reset();
        return !nan;
    }

    /** Back to the row as it was opened, none of whose logits must have been written. */
    void reset() {
        refreshed = 0;
        list = false;
        cut = false;
        size = 0;
        temperature = 1;
        maximumKnown = false;
        summed = false;
        surprising = false;
    }

    /** Tokens of the vocabulary: ids are 0 to this, exclusively. */
    public int vocabulary() {
        return row.vocabulary();
    }

    /** Whether no token is left. */
    public boolean isEmpty() {
        return maximum() == Float.NEGATIVE_INFINITY;
    }

    /** Whether NaN was seen. */
    boolean isNan() {
        return nan;
    }

    /** How many tokens are left, those included whose probability is too small for a double. */
    public int count() {
        maximum();
        if (list) {
            return size;
        }
        int count = 0;
        for (int page = 0, run; page < row.pages(); page += run) {
            run = row.fetch(page, row.pages() - page);
            int first = page * PagedRow.PAGE - row.at();
            float[] array = row.array();
            int end = row.at() + row.length(page, run);
            for (int i = row.at(); i < end; i++) {
                count += array[i] > Float.NEGATIVE_INFINITY && isWithinCut(array[i], first + i) ? 1 : 0;
            }
        }
        return count;
    }

    /** The logit of a token, -infinity if it is no candidate. */
    public double logit(int id) {
        return storedLogit(id) / temperature;
    }

    /** The logit of a token before division by the temperature. */
    float storedLogit(int id) {
        if (list) {
            int at = Arrays.binarySearch(ids, 0, size, id);
            return at >= 0 ? logits[at] : Float.NEGATIVE_INFINITY;
        }
        float logit = row.get(id);
        return isWithinCut(logit, id) ? logit : Float.NEGATIVE_INFINITY;
    }

    boolean isWithinCut(float logit, int id) {
        return !cut || logit > cutLogit || (logit == cutLogit && id <= cutId);
    }

    /**
     * Changes the logit of a candidate, to float32 precision; -infinity takes it out. A token that is no candidate stays
     * out.
     */
    public void setLogit(int id, double logit) {
        settle();
        float stored = store(logit);
        if (list) {
            int at = Arrays.binarySearch(ids, 0, size, id);
            if (at >= 0) {
                logits[at] = stored;
                if (stored == Float.NEGATIVE_INFINITY) {
                    dropImpossible();
                }
            }
        } else if (row.get(id) != Float.NEGATIVE_INFINITY) {
            row.set(id, stored);
            stale[id / PagedRow.PAGE] = true;
        }
        forget();
    }

    private float store(double logit) {
        float stored = (float) (logit * temperature);
        nan |= Float.isNaN(stored);
        return stored;
    }

    private void forget() {
        maximumKnown = false;
        summed = false;
    }

    /** A new logit for a candidate. */
    @FunctionalInterface
    public interface Update {
        /** The logit of token {@code id}, given its logit so far; -infinity takes it out. */
        double apply(int id, double logit);
    }

    /** Changes the logits of all candidates, id ascending. */
    public void update(Update change) {
        settle();
        if (list) {
            for (int i = 0; i < size; i++) {
                logits[i] = store(change.apply(ids[i], logits[i] / temperature));
            }
            dropImpossible();
        } else {
            for (int id = 0; id < row.vocabulary(); id++) {
                float logit = row.get(id);
                if (logit != Float.NEGATIVE_INFINITY) {
                    row.set(id, store(change.apply(id, logit / temperature)));
                }
            }
            Arrays.fill(stale, 0, row.pages(), true);
        }
        forget();
    }

    private void dropImpossible() {
        int end = 0;
        for (int i = 0; i < size; i++) {
            if (logits[i] != Float.NEGATIVE_INFINITY) {
                keep(i, end++);
            }
        }
        size = end;
    }

    private void keep(int from, int to) {
        ids[to] = ids[from];
        logits[to] = logits[from];
    }

    /** Divides all logits by {@code t}; 0 leaves the first of the largest alone. */
    public void temper(double t) {
        if (t == 0) {
            keepTop(1, false);
        } else if (t != 1) {
            settle();
            temperature *= t;
            summed = false;
        }
    }

    /** Takes out the tokens that {@code allowed}, in increasing order, does not name. */
    void restrict(int[] allowed, int n) {
        settle();
        int end = 0;
        if (list) {
            for (int i = 0, next = 0; i < size && next < n; i++) {
                while (next < n && allowed[next] < ids[i]) {
                    next++;
                }
                if (next < n && allowed[next] == ids[i]) {
                    keep(i, end++);
                }
            }
        } else {
            reserve(n);
            for (int i = 0; i < n; i++) {
                float logit = row.get(allowed[i]);
                if (logit > Float.NEGATIVE_INFINITY) {
                    ids[end] = allowed[i];
                    logits[end++] = logit;
                }
            }
            list = true;
        }
        size = end;
        forget();
    }

    /** The largest stored logit; -infinity if there is no candidate. Sees to it that +infinity takes all. */
    float maximum() {
        if (!maximumKnown) {
            maximumKnown = true;
            maximum = findMaximum();
            if (maximum == Float.POSITIVE_INFINITY) {
                takeInfinite();
            }
        }
        return maximum;
    }

    private float findMaximum() {
        float max = Float.NEGATIVE_INFINITY;
        if (list) {
            for (int i = 0; i < size; i++) {
                max = Math.max(max, logits[i]);
            }
            return max;
        }
        for (int i = 0; i < row.changedPages(); i++) {
            int page = row.changedPage(i);
            if (i >= refreshed || stale[page]) {
                row.fetch(page, 1);
                nan |= Float.isNaN(kernels.blockMaxima(row.array(), row.at(), row.length(page, 1), maxima, page));
                stale[page] = false;
            }
        }
        refreshed = row.changedPages();
        for (int page = 0; page < row.pages(); page++) {
            // Math.max would wait for itself, a step for each page; a branch that is hardly ever taken does not.
            if (maxima[page] > max) {
                max = maxima[page];
            }
        }
        return max;
    }

    private void takeInfinite() {
        int end = 0;
        if (list) {
            for (int i = 0; i < size; i++) {
                if (logits[i] == Float.POSITIVE_INFINITY) {
                    keep(i, end++);
                }
            }
        } else {
            reserve(row.vocabulary());
            for (int id = 0; id < row.vocabulary(); id++) {
                if (row.get(id) == Float.POSITIVE_INFINITY) {
                    ids[end++] = id;
                }
            }
            list = true;
        }
        Arrays.fill(logits, 0, end, 0);
        size = end;
        maximum = 0;
        summed = false;
    }

    /** Room for {@code n} listed candidates and what the kernels write behind them; forgets those there are. */
    void reserve(int n) {
        if (ids.length < n + SelectionKernels.ROOM) {
            int room = Math.min(Math.max(n, 2 * ids.length), Math.max(n, row.vocabulary())) + SelectionKernels.ROOM;
            ids = new int[room];
            logits = new float[room];
            weights = new double[room];
            keys = new long[room];
        }
    }

    /** Memory for a step, of unspecified content. */
    long[] scratch(int n) {
        if (scratch.length < n) {
            scratch = new long[Math.max(n, 2 * scratch.length)];
        }
        return scratch;
    }

    /** Base-2 exponents of weights per unit of stored logit. */
    double scale() {
        return Math.min(SelectionKernels.LOG2_E / temperature, LARGEST_SCALE);
    }

    double temperature() {
        return temperature;
    }

    /**
     * Sum of the weights {@code exp((logit - maximum) / temperature)}, as good as a draw needs it: of a row perhaps a coarse
     * one. The {@link #sums} of {@link #pagesPerSum} pages each, or the weights, are known with it.
     */
    double total() {
        if (!summed) {
            sumUp(false);
        }
        return total;
    }

    /** How many pages have a sum together. */
    int pagesPerSum() {
        return precise ? 1 : PagedRow.GROUP;
    }

    /** How many sums there are. */
    int sumCount() {
        return (row.pages() + pagesPerSum() - 1) / pagesPerSum();
    }

    /** The same sum to float64 precision, as truncations and distributions need it. */
    double preciseTotal() {
        if (!summed || !precise) {
            sumUp(true);
        }
        return total;
    }

    private void sumUp(boolean precisely) {
        float max = maximum();
        summed = true;
        precise = precisely || list;
        if (list) {
            kernels.weights(logits, 0, size, max, scale(), weights, 0);
            total = sum(weights, size);
        } else {
            if (precisely) {
                sumPages(max);
            } else {
                sumGroups(max);
            }
            total = sum(sums, sumCount());
        }
        nan |= Double.isNaN(total);
    }

    private void sumPages(float max) {
        for (int page = 0, run; page < row.pages(); page += run) {
            run = row.fetch(page, row.pages() - page);
            kernels.blockSums(row.array(), row.at(), row.length(page, run), leastFetched(), max, scale(), sums, page);
        }
    }

    private void sumGroups(float max) {
        for (int page = 0, run; page < row.pages(); page += run) {
            run = row.fetchGroups(page, row.pages() - page);
            int n = row.length(page, run);
            int group = page / PagedRow.GROUP;
            kernels.coarseSums(row.array(), row.at(), n, maxima, page, leastFetched(), max, scale(), sums, group);
        }
    }

    /** A lower bound of the pages just fetched from the row. */
    float leastFetched() {
        return row.isChanged() ? Float.NEGATIVE_INFINITY : least;
    }

    /** Sums in four interleaved parts. */
    static double sum(double[] values, int n) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i + 4 <= n; i += 4) {
            a += values[i];
            b += values[i + 1];
            c += values[i + 2];
            d += values[i + 3];
        }
        for (; i < n; i++) {
            a += values[i];
        }
        return (a + c) + (b + d);
    }

    /** The logarithm of the sum of {@code exp(logit)} over all candidates; -infinity if there is none. */
    public double logSumExp() {
        float max = maximum();
        return isEmpty() ? Double.NEGATIVE_INFINITY : max / temperature + StrictMath.log(preciseTotal());
    }

    /** The same as log-probabilities need it: of a long row off by {@link SelectionKernels#COARSE} at most. */
    double coarseLogSumExp() {
        float max = maximum();
        return isEmpty() ? Double.NEGATIVE_INFINITY : max / temperature + StrictMath.log(reportedTotal());
    }

    /** At least the 1 that the maximum weighs, which a coarse sum may fall short of. */
    private double reportedTotal() {
        return Math.max(1, row.vocabulary() < LONG_ROW ? preciseTotal() : total());
    }

    /** The log-probability of a candidate, by its stored logit; off as {@link #coarseLogSumExp} is. */
    double logProbability(float stored) {
        return ((double) stored - maximum()) / temperature - StrictMath.log(reportedTotal());
    }

    /** The entropy of the distribution in nats, 0 if there is no candidate. */
    public double entropy() {
        if (isEmpty()) {
            return 0;
        }
        settle();
        float max = maximum;
        double weighted = 0;
        double weight = 0;
        int pages = list ? (size + PagedRow.PAGE - 1) / PagedRow.PAGE : row.pages();
        for (int page = 0; page < pages; page++) {
            if (list) {
                int from = page * PagedRow.PAGE;
                int n = Math.min(PagedRow.PAGE, size - from);
                kernels.blockMoments(logits, from, n, max, scale(), pageSum, pageMoment, 0);
            } else {
                row.fetch(page, 1);
                kernels.blockMoments(row.array(), row.at(), row.length(page, 1), max, scale(), pageSum, pageMoment, 0);
            }
            weight += pageSum[0];
            weighted += pageMoment[0];
        }
        return StrictMath.log(weight) - LN_2 * weighted / weight;
    }

    /**
     * Keeps the first {@code k >= 1} in rank order, all if there are fewer.
     *
     * @param ties whether those equal to the last one stay as well
     */
    public void keepTop(int k, boolean ties) {
        Truncation.keepTop(this, k, ties);
    }

    /** Keeps the candidates with {@code logit(id) >= bound}, but at least the first {@code minKeep}, and at least one. */
    public void keepAtLeast(double bound, int minKeep) {
        Truncation.keepFrom(this, bound * temperature, minKeep);
    }

    /**
     * Keeps the nucleus: the candidates before which, in rank order, the probability is below {@code p}; but at least
     * the first {@code minKeep}, and at least one.
     */
    public void keepNucleus(double p, int minKeep) {
        nucleus.keep(p, minKeep);
    }

    /** Turns the candidates into a list, if a cut has left some of the row. */
    void settle() {
        if (cut) {
            float low = cutLogit;
            int last = cutId;
            cut = false;
            Truncation.list(this, low);
            Truncation.filter(this, low, Arrays.binarySearch(ids, 0, size, last));
        }
    }

    /** Notes that the list has changed, its maximum perhaps with it. */
    void listChanged(int newSize, boolean sameMaximum) {
        list = true;
        size = newSize;
        maximumKnown &= sameMaximum;
        summed = false;
    }

    /** Notes that the list has changed, but for its maximum, and that its weights are known. */
    void weighedListChanged(int newSize) {
        listChanged(newSize, true);
        total = sum(weights, newSize);
        summed = true;
        precise = true;
    }

    /** Leaves of the row what is before a cut, whose sums per page are in {@link #sums}. */
    void cutRow(float lastLogit, int lastId) {
        cut = true;
        cutLogit = lastLogit;
        cutId = lastId;
        total = sum(sums, row.pages());
        summed = true;
        precise = true;
    }

    /** Remembers the distribution as it is now, whose surprises mirostat wants to know later. */
    void rememberForSurprise() {
        surprising = true;
        surpriseLogSum = logSumExp();
        surpriseTemperature = temperature;
    }

    /** The surprise of a token in bits, in the distribution last remembered; NaN if none was. */
    double surpriseBits(int id) {
        return surprising ? (surpriseLogSum - storedLogit(id) / surpriseTemperature) / LN_2 : Double.NaN;
    }

    /** The population standard deviation of the stored logits of all candidates. */
    double storedDeviation() {
        settle();
        float max = maximum();
        double shifted = 0;
        double squared = 0;
        int count = 0;
        for (int page = 0, run; page < (list ? 1 : row.pages()); page += run) {
            run = list ? 1 : row.fetch(page, row.pages() - page);
            float[] values = list ? logits : row.array();
            int from = list ? 0 : row.at();
            int end = from + (list ? size : row.length(page, run));
            for (int i = from; i < end; i++) {
                if (values[i] != Float.NEGATIVE_INFINITY) {
                    double d = (double) values[i] - max;
                    shifted += d;
                    squared += d * d;
                    count++;
                }
            }
        }
        double mean = shifted / count;
        return Math.sqrt(Math.max(0, squared / count - mean * mean));
    }

    /** Takes out those of the first {@code n} listed, or of a row collected, logits {@code >= low} but one. */
    void exclude(int n, float low, int spared) {
        for (int i = 0; i < n; i++) {
            if (logits[i] >= low && i != spared) {
                if (list) {
                    logits[i] = Float.NEGATIVE_INFINITY;
                } else {
                    setLogit(ids[i], Double.NEGATIVE_INFINITY);
                }
            }
        }
        if (list) {
            dropImpossible();
        }
        forget();
    }
}
