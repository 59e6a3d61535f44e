package io.logits.sampling;

import java.util.List;
import java.util.function.BiConsumer;

/**
 * The steps there are, by name. Each reads its own parameters of {@link SamplingParameters} and does nothing where they
 * are neutral; the parameters say what it computes.
 */
@SuppressWarnings("ImmutableEnumChecker") // the functions are method references, the lists List.of
public enum Steps implements Step {
    /** Logit bias, then allowed and banned tokens, then the sequence's mask. */
    BIAS("bias", Restrictions::bias, "logit_bias", "allowed", "banned"),
    /** Repetition, presence and frequency penalty. */
    PENALTIES("penalties", Repetition::penalties, "repetition_penalty", "presence_penalty", "frequency_penalty"),
    /** Penalty for what would prolong a repetition, growing with its length. */
    DRY("dry", Repetition::dry, "dry_multiplier"),
    /** No sequence of n tokens appears twice. */
    NO_REPEAT_NGRAM("no_repeat_ngram", Repetition::noRepeatNgram, "no_repeat_ngram_size"),
    /** No end of text before a length. */
    MIN_LENGTH("min_length", Restrictions::minLength),
    /** Logits within n standard deviations of the largest. */
    TOP_N_SIGMA("top_n_sigma", Truncations::topNSigma),
    /** The k largest logits. */
    TOP_K("top_k", Truncations::topK),
    /** The tokens whose surprise is nearest to the entropy. */
    TYPICAL("typical", Truncations::typical, "typical_p"),
    /** The nucleus. */
    TOP_P("top_p", Truncations::topP),
    /** Probabilities not far below the largest. */
    MIN_P("min_p", Truncations::minP),
    /** At times without the most probable tokens. */
    XTC("xtc", Truncations::xtc, "xtc_probability", "xtc_threshold"),
    /** Probabilities from a threshold on. */
    EPSILON("epsilon", Truncations::epsilon, "epsilon_cutoff"),
    /** Probabilities from a threshold on that falls with the entropy. */
    ETA("eta", Truncations::eta, "eta_cutoff"),
    /** A truncation that steers the surprise to a target. */
    MIROSTAT("mirostat", Mirostat::truncate, "mirostat_tau", "mirostat_eta"),
    /** Division by the temperature, dynamic or not. */
    TEMPERATURE("temperature", Temperature::temper, "dynatemp_range", "dynatemp_exponent");

    private final String text;
    private final BiConsumer<Candidates, Sequence> work;
    private final List<String> aliases;

    Steps(String text, BiConsumer<Candidates, Sequence> work, String... aliases) {
        this.text = text;
        this.work = work;
        this.aliases = List.of(aliases);
    }

    @Override
    public void apply(Candidates candidates, Sequence sequence) {
        work.accept(candidates, sequence);
    }

    /** The name in an order, as in {@code "top_k"}. */
    @Override
    public String label() {
        return text;
    }

    @Override
    public String toString() {
        return text;
    }

    /** Whether this is the step's name, or that of one of its parameters. */
    boolean isCalled(String name) {
        return text.equals(name) || aliases.contains(name);
    }
}
