package io.logits.kernels.simd;

/** So much work of a kind is left to plain loops. Threads that race for it miscount a little, which does not matter. */
final class PlainFirst {
    private final long most;
    private long taken;
    private boolean over;

    /**
     * Nothing taken yet.
     *
     * @param most how much work is left to them, in units of the caller's; 0 for none
     */
    PlainFirst(long most) {
        this.most = most;
    }

    /** Whether the plain loops take this piece of work, which is not more than is left to them; it is then counted. */
    boolean takes(long work) {
        long before = taken;
        if (work > most - before) {
            over = true;
            return false;
        }
        taken = before + work;
        return true;
    }

    /** Whether some work went to the vectors already. */
    boolean isOver() {
        return over;
    }
}
