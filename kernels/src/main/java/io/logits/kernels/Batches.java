package io.logits.kernels;

/** Checks of arguments, and the division of rows among threads. */
final class Batches {
    /** Below so many entries (some 30 microseconds) a batch is not worth waking a second thread. */
    private static final int PARALLEL = 1 << 16;

    /** Entries a task: several microseconds, so that threads finish together. */
    private static final int TASK = 1 << 14;

    private Batches() {}

    /** What is done to {@code count} rows beginning with number {@code from}. */
    interface Part {
        void run(int from, int count);
    }

    /** Runs {@code part} for all rows, at once or divided among the workers. Rows are computed alike either way. */
    static void split(Rows rows, Workers workers, Part part) {
        long entries = (long) rows.count() * rows.cols();
        if (workers.threads() == 1 || entries < PARALLEL) {
            part.run(0, rows.count());
            return;
        }
        int each = Math.max(1, TASK / rows.cols());
        workers.run((rows.count() + each - 1) / each, task -> {
            int from = task * each;
            part.run(from, Math.min(each, rows.count() - from));
        });
    }

    static void checkLength(String name, int length, int needed, String reason) {
        if (length < needed) {
            throw new IllegalArgumentException(name + " has " + length + " entries, " + reason + " " + needed);
        }
    }

    static void checkLabels(int[] y, int n, int classes) {
        for (int i = 0; i < n; i++) {
            if (y[i] < 0 || y[i] >= classes) {
                throw new IllegalArgumentException(
                        "y[" + i + "] is " + y[i] + ", 0 to " + (classes - 1) + " are allowed");
            }
        }
    }
}
