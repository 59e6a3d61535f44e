package io.logits.sampling;

import static io.logits.sampling.PagedRow.PAGE;

/**
 * Truncation by rank and by threshold, without sorting the vocabulary: the maxima of the pages say which pages to look
 * at.
 */
final class Truncation {
    /** Of a row, one logit in so many is looked at to guess where a large k ends. */
    private static final int SAMPLING = 64;

    private Truncation() {}

    /** The smallest float32 number that is not below {@code bound}. */
    static float ceil(double bound) {
        float nearest = (float) bound;
        return nearest < bound ? Math.nextUp(nearest) : nearest;
    }

    /** Makes the logits {@code >= low} of a row without a cut the list of candidates. */
    static void list(Candidates c, float low) {
        c.listChanged(collect(c, Math.max(low, -Float.MAX_VALUE), Float.POSITIVE_INFINITY), false);
    }

    /** Writes the ids and logits with {@code low <= logit < high} of a row to the candidates' arrays; their number. */
    static int collect(Candidates c, float low, float high) {
        PagedRow row = c.row;
        int most = 0;
        for (int page = 0; page < row.pages(); page++) {
            most += c.maxima[page] >= low ? PAGE : 0;
        }
        c.reserve(most);
        int count = 0;
        for (int page = 0; page < row.pages(); ) {
            if (!(c.maxima[page] >= low)) {
                page++;
                continue;
            }
            int end = page + 1;
            while (end < row.pages() && c.maxima[end] >= low) {
                end++;
            }
            int run = row.fetch(page, end - page);
            int n = row.length(page, run);
            count = c.kernels.collect(row.array(), row.at(), n, low, high, page * PAGE, c.ids, c.logits, count);
            page += run;
        }
        return count;
    }

    /** {@link Candidates#keepTop}. */
    static void keepTop(Candidates c, int k, boolean ties) {
        if (c.isEmpty()) {
            return;
        }
        c.settle();
        if (!c.list) {
            if (k >= c.vocabulary()) {
                return;
            }
            if (k == 1 && !ties) {
                keepFirstMaximum(c);
                return;
            }
            list(c, lowerBound(c, k));
            if (c.size < k) {
                list(c, Float.NEGATIVE_INFINITY);
            }
        }
        if (k >= c.size) {
            return;
        }
        for (int i = 0; i < c.size; i++) {
            c.keys[i] = Ranking.key(c.logits[i], i);
        }
        Ranking.select(c.keys, c.size, k);
        long last = c.keys[k - 1];
        filter(c, Ranking.logit(last), ties ? Integer.MAX_VALUE : Ranking.index(last));
    }

    /**
     * Writes the keys of the first {@code k} candidates in rank order to {@link Candidates#keys}, sorted; their indices
     * point into {@link Candidates#ids}. The candidates stay as they are.
     *
     * @return how many there are, {@code k} at most
     */
    static int rank(Candidates c, int k) {
        if (k == 0 || c.isEmpty()) {
            return 0;
        }
        int n = c.size;
        if (!c.list) {
            int most = Math.min(k, c.vocabulary());
            n = collect(c, Math.max(lowerBound(c, most), -Float.MAX_VALUE), Float.POSITIVE_INFINITY);
            if (n < most) {
                n = collect(c, -Float.MAX_VALUE, Float.POSITIVE_INFINITY);
            }
        }
        int count = 0;
        for (int i = 0; i < n; i++) {
            if (c.list || c.isWithinCut(c.logits[i], c.ids[i])) {
                c.keys[count++] = Ranking.key(c.logits[i], i);
            }
        }
        int ranked = Math.min(k, count);
        if (ranked > 0) {
            Ranking.select(c.keys, count, ranked);
            Ranking.sort(c.keys, 0, ranked);
        }
        return ranked;
    }

    private static void keepFirstMaximum(Candidates c) {
        float maximum = c.maximum();
        int page = 0;
        while (c.maxima[page] != maximum) {
            page++;
        }
        int id = page * PAGE;
        while (c.row.get(id) != maximum) {
            id++;
        }
        c.reserve(1);
        c.ids[0] = id;
        c.logits[0] = maximum;
        c.listChanged(1, true);
    }

    /** A number that at least {@code k} logits of the row reach, for large k only in all likelihood. */
    private static float lowerBound(Candidates c, int k) {
        PagedRow row = c.row;
        if (k <= row.pages()) {
            // Each of the k largest page maxima is a logit of its own.
            c.reserve(row.pages());
            for (int page = 0; page < row.pages(); page++) {
                c.keys[page] = Ranking.key(c.maxima[page], page);
            }
            Ranking.select(c.keys, row.pages(), k);
            return Ranking.logit(c.keys[k - 1]);
        }
        int sample = row.vocabulary() / SAMPLING;
        double expected = (double) k / SAMPLING;
        int rank = (int) (expected + 4 * Math.sqrt(expected) + 4);
        if (rank > sample) {
            return Float.NEGATIVE_INFINITY;
        }
        c.reserve(sample);
        for (int i = 0; i < sample; i++) {
            c.keys[i] = Ranking.key(row.get(i * SAMPLING + i % SAMPLING), i);
        }
        Ranking.select(c.keys, sample, rank);
        return Ranking.logit(c.keys[rank - 1]);
    }

    /** Keeps the stored logits {@code >= bound}, but at least the first {@code minKeep}, and at least one. */
    static void keepFrom(Candidates c, double bound, int minKeep) {
        float low = ceil(bound);
        if (c.isEmpty() || low == Float.NEGATIVE_INFINITY) {
            return;
        }
        c.settle();
        int least = Math.max(1, minKeep);
        if (c.list) {
            int count = 0;
            for (int i = 0; i < c.size; i++) {
                count += c.logits[i] >= low ? 1 : 0;
            }
            if (count >= least) {
                filter(c, low, Integer.MAX_VALUE);
            } else {
                keepTop(c, least, false);
            }
            return;
        }
        int count = collect(c, low, Float.POSITIVE_INFINITY);
        if (count >= least) {
            c.listChanged(count, true);
        } else {
            keepTop(c, least, false);
        }
    }

    /** Keeps, of the list, what is above a logit, or equal and at an index up to {@code lastIndex}. */
    static void filter(Candidates c, float logit, int lastIndex) {
        int end = 0;
        for (int i = 0; i < c.size; i++) {
            if (c.logits[i] > logit || (c.logits[i] == logit && i <= lastIndex)) {
                c.ids[end] = c.ids[i];
                c.logits[end++] = c.logits[i];
            }
        }
        c.listChanged(end, true);
    }
}
