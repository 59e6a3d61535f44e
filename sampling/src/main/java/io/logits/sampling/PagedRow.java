package io.logits.sampling;

import io.logits.kernels.SelectionKernels;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One row of logits, read where it lies and written page by page into memory of our own: a step that changes a few
 * logits copies the few pages they are on. A page is a block of the kernels.
 */
final class PagedRow {
    static final int PAGE = SelectionKernels.BLOCK;
    /** Pages that have a coarse sum together. */
    static final int GROUP = SelectionKernels.GROUP;
    /** Pages that are converted at a time where the row is not a float array: whole groups. */
    private static final int RUN = 16;

    private final float[] buffer = new float[RUN * PAGE];
    private final float[] single = new float[1];
    private final short[] scratch = new short[RUN * PAGE];
    private float[] own = new float[0];
    private int ownPages;
    private int[] slot = new int[0];
    private int[] changed = new int[0];

    private @Nullable Logits source;
    private float @Nullable [] shared;
    private int start;
    private int vocabulary;
    private int pages;
    private float[] array = buffer;
    private int at;
    private boolean changedFetched;

    /** Starts over with a row nobody has written to. */
    void open(Logits logits, int row) {
        start = logits.start(row);
        source = logits;
        shared = logits.array();
        vocabulary = logits.vocabulary();
        pages = (vocabulary + PAGE - 1) / PAGE;
        if (slot.length < pages) {
            slot = new int[pages];
            changed = new int[pages];
            Arrays.fill(slot, -1);
            ownPages = 0;
        }
        discardChanges();
    }

    /** Forgets what was written. */
    void discardChanges() {
        for (int i = 0; i < ownPages; i++) {
            slot[changed[i]] = -1;
        }
        ownPages = 0;
    }

    int vocabulary() {
        return vocabulary;
    }

    int pages() {
        return pages;
    }

    /** Elements of {@code run} pages from {@code page} on. */
    int length(int page, int run) {
        return Math.min(vocabulary - page * PAGE, run * PAGE);
    }

    /** Pages written to so far; {@link #changedPage} names them, in the order of their first writing. */
    int changedPages() {
        return ownPages;
    }

    int changedPage(int i) {
        return changed[i];
    }

    /**
     * Makes pages readable: they are at {@code array()[at()..]} until the next call.
     *
     * @return how many consecutive pages from {@code page} on are there, at least 1, at most {@code limit}
     */
    int fetch(int page, int limit) {
        changedFetched = slot[page] >= 0;
        if (changedFetched) {
            array = own;
            at = slot[page] * PAGE;
            return 1;
        }
        float[] direct = shared;
        int most = direct == null ? Math.min(limit, RUN) : limit;
        int run = 1;
        if (ownPages == 0) {
            run = most;
        } else {
            while (run < most && slot[page + run] < 0) {
                run++;
            }
        }
        if (direct == null) {
            read(start + page * PAGE, length(page, run), buffer, 0);
            array = buffer;
            at = 0;
        } else {
            array = direct;
            at = start + page * PAGE;
        }
        return run;
    }

    /**
     * As {@link #fetch}, but whole groups of pages: {@code page} is the first of one. A group of which pages were written to
     * is put together from its pages.
     */
    int fetchGroups(int page, int limit) {
        int run = ownPages == 0 ? limit : 0;
        while (run < limit && isUnchanged(page + run, Math.min(GROUP, limit - run))) {
            run += GROUP;
        }
        if (run > 0) {
            return fetch(page, Math.min(run, limit));
        }
        int together = Math.min(GROUP, limit);
        for (int i = 0; i < together; i++) {
            int place = slot[page + i];
            int n = length(page + i, 1);
            if (place >= 0) {
                System.arraycopy(own, place * PAGE, buffer, i * PAGE, n);
            } else {
                read(start + (page + i) * PAGE, n, buffer, i * PAGE);
            }
        }
        array = buffer;
        at = 0;
        changedFetched = true;
        return together;
    }

    private boolean isUnchanged(int page, int run) {
        int i = 0;
        while (i < run && slot[page + i] < 0) {
            i++;
        }
        return i == run;
    }

    /** Whether of the pages last fetched one was written to. */
    boolean isChanged() {
        return changedFetched;
    }

    float[] array() {
        return array;
    }

    int at() {
        return at;
    }

    /** The logit as the steps so far have left it. */
    float get(int id) {
        int place = slot[id / PAGE];
        return place >= 0 ? own[place * PAGE + id % PAGE] : original(id);
    }

    /** The logit as the caller gave it. */
    float original(int id) {
        float[] direct = shared;
        if (direct != null) {
            return direct[start + id];
        }
        read(start + id, 1, single, 0);
        return single[0];
    }

    void set(int id, float logit) {
        int page = id / PAGE;
        int place = slot[page];
        if (place < 0) {
            place = copyPage(page);
        }
        own[place * PAGE + id % PAGE] = logit;
    }

    private int copyPage(int page) {
        int place = ownPages++;
        int n = length(page, 1);
        if (own.length < ownPages * PAGE) {
            own = Arrays.copyOf(own, Math.min(Math.max(2 * own.length, 64 * PAGE), Math.max(slot.length, 64) * PAGE));
        }
        read(start + page * PAGE, n, own, place * PAGE);
        changed[place] = page;
        slot[page] = place;
        return place;
    }

    private void read(int from, int n, float[] out, int to) {
        Logits open = source;
        if (open == null) {
            throw new IllegalStateException("no row is open");
        }
        open.read(from, n, out, to, scratch);
    }
}
