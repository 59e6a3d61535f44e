package io.logits.generate;

import java.util.List;

/**
 * A prompt's continuation.
 *
 * @param request what was asked
 * @param promptIds the prompt as tokens, the start token included
 * @param tokens the tokens that came, the end token included
 * @param text their text, up to the end token or stop string; an incomplete character at its end is left out
 * @param ending why it ended
 */
public record Generation(
        Request request, List<Integer> promptIds, List<GeneratedToken> tokens, String text, Ending ending) {}
