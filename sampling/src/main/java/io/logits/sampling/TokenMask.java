package io.logits.sampling;

/** The hook for grammars: says, before each token, which ones may come. It belongs to the step {@code bias}. */
@FunctionalInterface
public interface TokenMask {
    /**
     * Sets the bits of the allowed tokens.
     *
     * @param sequence what was said so far
     * @param allowed bit {@code id % 64} of word {@code id / 64} stands for token {@code id}; all are 0 at first
     */
    void allow(Sequence sequence, long[] allowed);
}
