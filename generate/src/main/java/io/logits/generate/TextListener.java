package io.logits.generate;

/** Hears text as it comes. */
@FunctionalInterface
public interface TextListener {
    /**
     * More of a continuation, in whole characters, and never the beginning of a stop string.
     *
     * @param request which one, from 0
     */
    void text(int request, String text);
}
