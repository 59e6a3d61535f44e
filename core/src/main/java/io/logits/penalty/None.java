package io.logits.penalty;

/** No penalty: maximum likelihood. */
public record None() implements SmoothPenalty {
    @Override
    public double curvature(int j) {
        return 0;
    }

    @Override
    public boolean isNone() {
        return true;
    }
}
