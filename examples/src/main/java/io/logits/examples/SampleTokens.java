package io.logits.examples;

import io.logits.sampling.Logits;
import io.logits.sampling.Sampled;
import io.logits.sampling.Sampler;
import io.logits.sampling.SamplingParameters;
import io.logits.sampling.Sequence;

/** Draws tokens from a row of a language model's logits. */
public final class SampleTokens {
    private SampleTokens() {}

    /** Takes nothing. */
    public static void main(String[] args) {
        String[] words = {"the", "a", "penguin", "sleeps", "swims"};
        Logits row = Logits.of(2f, 1f, 0.5f, -1f, Float.NEGATIVE_INFINITY);
        SamplingParameters parameters = SamplingParameters.defaults()
                .withTemperature(0.8)
                .withTopP(0.95)
                .withSeed(7)
                .withLogprobs(0);
        Sampler sampler = new Sampler();
        Sequence text = new Sequence(parameters);
        for (int step = 0; step < 5; step++) {
            Sampled drawn = sampler.sample(row, 0, text);
            System.out.println(words[drawn.token()] + " " + drawn.logProbability(0));
            text.accept(drawn);
        }
    }
}
