package io.logits.generate;

import io.logits.sampling.SamplingParameters;
import java.util.List;

/**
 * A prompt, and how it is to be continued. {@link Generator#request} makes one with the model's own settings.
 *
 * @param prompt the text to continue
 * @param parameters how tokens are chosen; one seed and one text for each request
 * @param maxNewTokens tokens at most, 1 or more
 * @param minNewTokens no end token before so many
 * @param stopTokens tokens that end the text, the model's own among them
 * @param stopStrings texts that end it, and are not part of it
 */
public record Request(
        String prompt,
        SamplingParameters parameters,
        int maxNewTokens,
        int minNewTokens,
        List<Integer> stopTokens,
        List<String> stopStrings) {
    /**
     * A request.
     *
     * @throws IllegalArgumentException if a number is out of range or a stop string is empty
     */
    public Request {
        if (maxNewTokens < 1) {
            throw new IllegalArgumentException("max_new_tokens is " + maxNewTokens + ", 1 or more is allowed");
        }
        if (minNewTokens < 0) {
            throw new IllegalArgumentException("min_new_tokens is " + minNewTokens + ", 0 or more is allowed");
        }
        stopTokens = List.copyOf(stopTokens);
        stopStrings = List.copyOf(stopStrings);
        if (stopStrings.contains("")) {
            throw new IllegalArgumentException("a stop string is empty, a text is allowed");
        }
    }

    /** The same with other parameters. */
    public Request withParameters(SamplingParameters next) {
        return new Request(prompt, next, maxNewTokens, minNewTokens, stopTokens, stopStrings);
    }

    /** The same with another limit. */
    public Request withMaxNewTokens(int tokens) {
        return new Request(prompt, parameters, tokens, minNewTokens, stopTokens, stopStrings);
    }

    /** The same with another lower limit. */
    public Request withMinNewTokens(int tokens) {
        return new Request(prompt, parameters, maxNewTokens, tokens, stopTokens, stopStrings);
    }

    /** The same with other end tokens. */
    public Request withStopTokens(List<Integer> tokens) {
        return new Request(prompt, parameters, maxNewTokens, minNewTokens, tokens, stopStrings);
    }

    /** The same with other stop strings. */
    public Request withStopStrings(List<String> texts) {
        return new Request(prompt, parameters, maxNewTokens, minNewTokens, stopTokens, texts);
    }
}
