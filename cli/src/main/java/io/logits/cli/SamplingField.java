package io.logits.cli;

import io.logits.sampling.Order;
import io.logits.sampling.SamplingParameters;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The parameters of sampling, as fields of a line of JSON and as options: one table for both. The option of
 * {@code top_k} is {@code --top-k}.
 */
@SuppressWarnings("ImmutableEnumChecker") // the functions are method references and lambdas without state
enum SamplingField {
    PRESET(
            "preset",
            "NAME",
            OptionText::text,
            true,
            (p, v) -> p.withOrder(Order.preset(v.text())),
            "Order of the steps: hf (default), llama.cpp or vllm."),
    ORDER(
            "order",
            "STEP,...",
            OptionText::text,
            true,
            (p, v) -> p.withOrder(Order.parse(v.texts())),
            "The steps that run, in this order; a step that is not named does not run."),
    TEMPERATURE(
            "temperature",
            "T",
            OptionText::number,
            true,
            (p, v) -> p.withTemperature(v.number()),
            "Divides the logits; 0 is greedy."),
    DYNATEMP_RANGE(
            "dynatemp_range",
            "R",
            OptionText::number,
            true,
            (p, v) -> p.withDynatempRange(v.number()),
            "The temperature moves by up to R to either side, with the entropy."),
    DYNATEMP_EXPONENT(
            "dynatemp_exponent",
            "X",
            OptionText::number,
            true,
            (p, v) -> p.withDynatempExponent(v.number()),
            "Exponent of the relative entropy in the dynamic temperature (1)."),
    TOP_K(
            "top_k",
            "K",
            OptionText::number,
            true,
            (p, v) -> p.withTopK(v.integer()),
            "Keep the K largest logits; 0 is off."),
    TOP_P(
            "top_p",
            "P",
            OptionText::number,
            true,
            (p, v) -> p.withTopP(v.number()),
            "Keep the tokens before which the mass is below P; 1 is off."),
    MIN_P(
            "min_p",
            "P",
            OptionText::number,
            true,
            (p, v) -> p.withMinP(v.number()),
            "Keep what has at least P of the largest probability; 0 is off."),
    TYPICAL_P(
            "typical_p",
            "P",
            OptionText::number,
            true,
            (p, v) -> p.withTypicalP(v.number()),
            "Keep the mass P whose surprise is nearest to the entropy; 1 is off."),
    TOP_N_SIGMA(
            "top_n_sigma",
            "N",
            OptionText::number,
            true,
            (p, v) -> p.withTopNSigma(v.number()),
            "Keep logits within N standard deviations of the largest; 0 is off."),
    EPSILON_CUTOFF(
            "epsilon_cutoff",
            "E",
            OptionText::number,
            true,
            (p, v) -> p.withEpsilonCutoff(v.number()),
            "Keep probabilities of at least E; 0 is off."),
    ETA_CUTOFF(
            "eta_cutoff",
            "E",
            OptionText::number,
            true,
            (p, v) -> p.withEtaCutoff(v.number()),
            "Keep probabilities of at least min(E, sqrt(E) exp(-entropy)); 0 is off."),
    XTC_PROBABILITY(
            "xtc_probability",
            "P",
            OptionText::number,
            true,
            (p, v) -> p.withXtcProbability(v.number()),
            "Chance that the most probable tokens are excluded; 0 is off."),
    XTC_THRESHOLD(
            "xtc_threshold",
            "P",
            OptionText::number,
            true,
            (p, v) -> p.withXtcThreshold(v.number()),
            "Probability from which on XTC excludes (0.1)."),
    MIROSTAT(
            "mirostat",
            "VERSION",
            OptionText::number,
            true,
            (p, v) -> p.withMirostat(v.integer()),
            "Steer the surprise: version 1 or 2; 0 is off. Its step is to be in --order."),
    MIROSTAT_TAU(
            "mirostat_tau",
            "BITS",
            OptionText::number,
            true,
            (p, v) -> p.withMirostatTau(v.number()),
            "The mean surprise that mirostat aims at (5)."),
    MIROSTAT_ETA(
            "mirostat_eta",
            "X",
            OptionText::number,
            true,
            (p, v) -> p.withMirostatEta(v.number()),
            "How fast mirostat learns (0.1)."),
    MIN_KEEP(
            "min_keep",
            "N",
            OptionText::number,
            true,
            (p, v) -> p.withMinKeep(v.integer()),
            "Tokens that every truncation leaves at least (1)."),
    KEEP_TIES(
            "keep_ties",
            "",
            OptionText::flag,
            true,
            (p, v) -> p.withKeepTies(v.flag()),
            "Top-k keeps all that equal the k-th."),
    GUMBEL(
            "gumbel",
            "",
            OptionText::flag,
            true,
            (p, v) -> p.withGumbel(v.flag()),
            "Draw by the largest sum of logit and noise."),
    REPETITION_PENALTY(
            "repetition_penalty",
            "X",
            OptionText::number,
            false,
            (p, v) -> p.withRepetitionPenalty(v.number()),
            "Divides positive and multiplies other logits of tokens in the window; 1 is off."),
    PRESENCE_PENALTY(
            "presence_penalty",
            "X",
            OptionText::number,
            false,
            (p, v) -> p.withPresencePenalty(v.number()),
            "Taken once from the logits of tokens in the window."),
    FREQUENCY_PENALTY(
            "frequency_penalty",
            "X",
            OptionText::number,
            false,
            (p, v) -> p.withFrequencyPenalty(v.number()),
            "Taken for each time a token is in the window."),
    PENALTY_LAST_N(
            "penalty_last_n",
            "N",
            OptionText::number,
            false,
            (p, v) -> p.withPenaltyLastN(v.integer()),
            "The window of these penalties (64); 0 is off, -1 is all."),
    DRY_MULTIPLIER(
            "dry_multiplier",
            "X",
            OptionText::number,
            false,
            (p, v) -> p.withDryMultiplier(v.number()),
            "Penalty for what prolongs a repetition; 0 is off."),
    DRY_BASE(
            "dry_base",
            "X",
            OptionText::number,
            false,
            (p, v) -> p.withDryBase(v.number()),
            "Its growth with each token repeated (1.75)."),
    DRY_ALLOWED_LENGTH(
            "dry_allowed_length",
            "N",
            OptionText::number,
            false,
            (p, v) -> p.withDryAllowedLength(v.integer()),
            "Length from which on a repetition counts (2)."),
    DRY_PENALTY_LAST_N(
            "dry_penalty_last_n",
            "N",
            OptionText::number,
            false,
            (p, v) -> p.withDryPenaltyLastN(v.integer()),
            "The window of DRY (-1, which is all)."),
    DRY_SEQUENCE_BREAKERS(
            "dry_sequence_breakers",
            "IDS;...",
            OptionText::idLists,
            false,
            (p, v) -> p.withDrySequenceBreakers(v.idLists()),
            "Sequences of tokens across which nothing repeats: 3;4,5."),
    NO_REPEAT_NGRAM_SIZE(
            "no_repeat_ngram_size",
            "N",
            OptionText::number,
            false,
            (p, v) -> p.withNoRepeatNgramSize(v.integer()),
            "No sequence of N tokens appears twice; 0 is off."),
    MIN_LENGTH(
            "min_length",
            "N",
            OptionText::number,
            false,
            (p, v) -> p.withMinLength(v.integer()),
            "No end before the history has N tokens."),
    EOS("eos", "IDS", OptionText::ids, false, (p, v) -> p.withEos(v.ids()), "The tokens that end a text."),
    LOGIT_BIAS(
            "logit_bias",
            "ID=B,...",
            OptionText::numbersById,
            false,
            (p, v) -> p.withLogitBias(v.numbersById()),
            "Added to the logits of tokens; -Infinity bans."),
    ALLOWED("allowed", "IDS", OptionText::ids, false, (p, v) -> p.withAllowed(v.ids()), "The only tokens there are."),
    BANNED("banned", "IDS", OptionText::ids, false, (p, v) -> p.withBanned(v.ids()), "Tokens that may not come."),
    SEED("seed", "N", OptionText::number, false, (p, v) -> p.withSeed(v.bits()), "Seed of the row (0)."),
    N("n", "N", OptionText::number, true, (p, v) -> p.withDraws(v.integer()), "How many are drawn (1)."),
    LOGPROBS(
            "logprobs",
            "K",
            OptionText::number,
            false,
            SamplingField::logprobs,
            "Report the K most probable tokens and their log-probabilities.");

    private final String label;
    private final String parameterLabel;
    private final Function<String, JsonNode> optionText;
    private final boolean stochastic;
    private final BiFunction<SamplingParameters, FieldValue, SamplingParameters> setter;
    private final String help;

    SamplingField(
            String label,
            String parameterLabel,
            Function<String, JsonNode> optionText,
            boolean stochastic,
            BiFunction<SamplingParameters, FieldValue, SamplingParameters> setter,
            String help) {
        this.label = label;
        this.parameterLabel = parameterLabel;
        this.optionText = optionText;
        this.stochastic = stochastic;
        this.setter = setter;
        this.help = help;
    }

    private static SamplingParameters logprobs(SamplingParameters parameters, FieldValue value) {
        if (value.integer() < 0) {
            throw value.refuse("0 or more");
        }
        return parameters.withLogprobs(value.integer());
    }

    /** The field of this name, or null. */
    static @Nullable SamplingField called(String name) {
        return Arrays.stream(values())
                .filter(field -> field.label.equals(name))
                .findFirst()
                .orElse(null);
    }

    /** The names of all fields. */
    static List<String> labels() {
        return Arrays.stream(values()).map(SamplingField::label).toList();
    }

    /** The name in JSON. */
    String label() {
        return label;
    }

    /** The name on the command line. */
    String option() {
        return "--" + label.replace('_', '-');
    }

    String parameterLabel() {
        return parameterLabel;
    }

    String help() {
        return help;
    }

    /** Whether it is on or off, and needs no value as an option. */
    boolean isFlag() {
        return parameterLabel.isEmpty();
    }

    /** Whether who sets it wants tokens drawn, and not the most probable ones. */
    boolean isStochastic() {
        return stochastic;
    }

    /** The value that an option's text stands for. */
    JsonNode value(String text) {
        return optionText.apply(text);
    }

    /**
     * The parameters with this one set; null leaves it as it is.
     *
     * @throws IllegalArgumentException that names the field, what was found and what is allowed
     */
    SamplingParameters set(SamplingParameters parameters, JsonNode value) {
        return value.isNull() ? parameters : setter.apply(parameters, new FieldValue(label, value));
    }
}
