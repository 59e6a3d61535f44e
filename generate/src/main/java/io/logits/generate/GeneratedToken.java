package io.logits.generate;

import java.util.List;

/**
 * A token of a continuation.
 *
 * @param id its number in the vocabulary
 * @param text the characters it completes, none if it is a part of one or ends the text
 * @param logProbability in the distribution it was drawn from
 * @param rawLogProbability by the model alone
 * @param top the most probable tokens of the distribution drawn from, if {@code logprobs} asked for them
 * @param rawTop the most probable tokens by the model alone, as many
 */
public record GeneratedToken(
        int id,
        String text,
        double logProbability,
        double rawLogProbability,
        List<Candidate> top,
        List<Candidate> rawTop) {
    /** A token that might have come, and its log-probability. */
    public record Candidate(int id, double logProbability) {}
}
