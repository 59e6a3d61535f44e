package io.logits.sampling;

/** Walks listed and ranked candidates from the one whose surprise is the entropy to both sides. */
final class TypicalOrder {
    private final Candidates c;
    /** In stored units, the logit whose surprise is the entropy. */
    private double typicalLogit;

    private int left;
    private int leftStart;
    private int leftNext;
    private int right;

    TypicalOrder(Candidates c) {
        this.c = c;
    }

    /** Of equal logits left of the middle the smaller id comes first, so they are walked as a group. */
    private void openGroup() {
        leftStart = left;
        while (leftStart > 0 && Ranking.logit(c.keys[leftStart - 1]) == Ranking.logit(c.keys[left - 1])) {
            leftStart--;
        }
        leftNext = leftStart;
    }

    /**
     * Writes the indices of the candidates before which the mass is below {@code target}, but of at least
     * {@code minKeep}, to {@code kept}; their number.
     */
    int take(long[] kept, double entropy, double target, int minKeep) {
        typicalLogit = c.maximum() + c.temperature() * (StrictMath.log(c.preciseTotal()) - entropy);
        right = 0;
        while (right < c.size && Ranking.logit(c.keys[right]) > typicalLogit) {
            right++;
        }
        left = right;
        openGroup();
        double mass = 0;
        int count = 0;
        int least = Math.max(1, minKeep);
        while (count < c.size && (mass < target || count < least)) {
            int index = Ranking.index(next());
            mass += c.weights[index];
            kept[count++] = index;
        }
        return count;
    }

    private long next() {
        boolean fromLeft = left > 0
                && (right == c.size
                        || Ranking.logit(c.keys[left - 1]) - typicalLogit
                                <= typicalLogit - Ranking.logit(c.keys[right]));
        if (!fromLeft) {
            return c.keys[right++];
        }
        long key = c.keys[leftNext++];
        if (leftNext == left) {
            left = leftStart;
            openGroup();
        }
        return key;
    }
}
