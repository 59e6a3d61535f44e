package io.logits.sampling;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * How a row is sampled; immutable. At first every step is off. A parameter counts only if the {@linkplain #order order}
 * names its step, and does nothing at its neutral value. Errors name the parameter as the command {@code logits sample}
 * calls it.
 */
public final class SamplingParameters implements Cloneable {
    private static final int[] NONE = {};
    private static final SamplingParameters DEFAULTS = new SamplingParameters();

    private double temperature = 1;
    private double dynatempRange;
    private double dynatempExponent = 1;
    private int topK;
    private double topP = 1;
    private double minP;
    private double typicalP = 1;
    private double topNSigma;
    private double epsilonCutoff;
    private double etaCutoff;
    private double xtcProbability;
    private double xtcThreshold = .1;
    private int minKeep = 1;
    private boolean keepTies;
    private double repetitionPenalty = 1;
    private double presencePenalty;
    private double frequencyPenalty;
    private int penaltyLastN = 64;
    private double dryMultiplier;
    private double dryBase = 1.75;
    private int dryAllowedLength = 2;
    private int dryPenaltyLastN = -1;
    private int noRepeatNgramSize;
    private int minLength;
    private int mirostat;
    private double mirostatTau = 5;
    private double mirostatEta = .1;
    private long seed;
    private int draws = 1;
    private int logprobs = -1;
    private boolean gumbel;
    private boolean reportKept;
    private boolean reportDistribution;
    private Order order = Order.hf();
    private int[][] drySequenceBreakers = {};
    private int[] biasedIds = NONE;
    private double[] biases = {};
    private boolean restricts;
    private int[] allowed = NONE;
    private int[] banned = NONE;
    private int[] eos = NONE;

    private SamplingParameters() {}

    /** Parameters that change nothing: one draw from the model's own distribution, seed 0. */
    public static SamplingParameters defaults() {
        return DEFAULTS;
    }

    private SamplingParameters copy() {
        try {
            return (SamplingParameters) super.clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    private static IllegalArgumentException error(String name, Object given, String allowed) {
        return new IllegalArgumentException(name + " is " + given + ", " + allowed + " is allowed");
    }

    /** Divides the logits, {@code 0 <= temperature < infinity}; 0 is greedy: the first of the largest logits. Default 1. */
    public SamplingParameters withTemperature(double temperature) {
        if (!(temperature >= 0 && temperature < Double.POSITIVE_INFINITY)) {
            throw error("temperature", temperature, "0 or more, finite,");
        }
        SamplingParameters changed = copy();
        changed.temperature = temperature;
        return changed;
    }

    /** See {@link #withTemperature}. */
    public double temperature() {
        return temperature;
    }

    /** How far the temperature may move to either side, by the entropy; {@code >= 0}, 0 = off. */
    public SamplingParameters withDynatempRange(double dynatempRange) {
        if (!(dynatempRange >= 0 && dynatempRange < Double.POSITIVE_INFINITY)) {
            throw error("dynatemp_range", dynatempRange, "0 or more, finite,");
        }
        SamplingParameters changed = copy();
        changed.dynatempRange = dynatempRange;
        return changed;
    }

    /** See {@link #withDynatempRange}. */
    public double dynatempRange() {
        return dynatempRange;
    }

    /** Exponent of the relative entropy in the dynamic temperature, {@code > 0}. Default 1. */
    public SamplingParameters withDynatempExponent(double dynatempExponent) {
        if (!(dynatempExponent > 0 && dynatempExponent < Double.POSITIVE_INFINITY)) {
            throw error("dynatemp_exponent", dynatempExponent, "a finite number above 0");
        }
        SamplingParameters changed = copy();
        changed.dynatempExponent = dynatempExponent;
        return changed;
    }

    /** See {@link #withDynatempExponent}. */
    public double dynatempExponent() {
        return dynatempExponent;
    }

    /** Keeps the k largest logits; {@code >= 0}, 0 = off; more than the vocabulary keeps all. */
    public SamplingParameters withTopK(int topK) {
        if (topK < 0) {
            throw error("top_k", topK, "0 or more");
        }
        SamplingParameters changed = copy();
        changed.topK = topK;
        return changed;
    }

    /** See {@link #withTopK}. */
    public int topK() {
        return topK;
    }

    /** Keeps the tokens before which the mass is below p; {@code >= 0}, 0 keeps the top token, 1 and more = off. */
    public SamplingParameters withTopP(double topP) {
        if (!(topP >= 0)) {
            throw error("top_p", topP, "0 or more");
        }
        SamplingParameters changed = copy();
        changed.topP = topP;
        return changed;
    }

    /** See {@link #withTopP}. */
    public double topP() {
        return topP;
    }

    /** Keeps {@code logit >= max + ln(p)}; {@code >= 0}, 0 = off; above 1 keeps the top token. */
    public SamplingParameters withMinP(double minP) {
        if (!(minP >= 0 && minP < Double.POSITIVE_INFINITY)) {
            throw error("min_p", minP, "0 or more, finite,");
        }
        SamplingParameters changed = copy();
        changed.minP = minP;
        return changed;
    }

    /** See {@link #withMinP}. */
    public double minP() {
        return minP;
    }

    /** Keeps, in the order of {@code |surprise - entropy|}, the tokens before which the mass is below p; {@code >= 0}, 1 and more = off. */
    public SamplingParameters withTypicalP(double typicalP) {
        if (!(typicalP >= 0)) {
            throw error("typical_p", typicalP, "0 or more");
        }
        SamplingParameters changed = copy();
        changed.typicalP = typicalP;
        return changed;
    }

    /** See {@link #withTypicalP}. */
    public double typicalP() {
        return typicalP;
    }

    /** Keeps {@code logit >= max - n * standard deviation}; {@code >= 0}, 0 = off. */
    public SamplingParameters withTopNSigma(double topNSigma) {
        if (!(topNSigma >= 0 && topNSigma < Double.POSITIVE_INFINITY)) {
            throw error("top_n_sigma", topNSigma, "0 or more, finite,");
        }
        SamplingParameters changed = copy();
        changed.topNSigma = topNSigma;
        return changed;
    }

    /** See {@link #withTopNSigma}. */
    public double topNSigma() {
        return topNSigma;
    }

    /** Keeps probabilities {@code >= epsilon}; 0 to 1, 0 = off. */
    public SamplingParameters withEpsilonCutoff(double epsilonCutoff) {
        if (!(epsilonCutoff >= 0 && epsilonCutoff <= 1)) {
            throw error("epsilon_cutoff", epsilonCutoff, "0 to 1");
        }
        SamplingParameters changed = copy();
        changed.epsilonCutoff = epsilonCutoff;
        return changed;
    }

    /** See {@link #withEpsilonCutoff}. */
    public double epsilonCutoff() {
        return epsilonCutoff;
    }

    /** Keeps probabilities {@code >= min(eta, sqrt(eta) exp(-entropy))}; 0 to 1, 0 = off. */
    public SamplingParameters withEtaCutoff(double etaCutoff) {
        if (!(etaCutoff >= 0 && etaCutoff <= 1)) {
            throw error("eta_cutoff", etaCutoff, "0 to 1");
        }
        SamplingParameters changed = copy();
        changed.etaCutoff = etaCutoff;
        return changed;
    }

    /** See {@link #withEtaCutoff}. */
    public double etaCutoff() {
        return etaCutoff;
    }

    /** The chance that the most probable tokens are excluded; 0 to 1, 0 = off. */
    public SamplingParameters withXtcProbability(double xtcProbability) {
        if (!(xtcProbability >= 0 && xtcProbability <= 1)) {
            throw error("xtc_probability", xtcProbability, "0 to 1");
        }
        SamplingParameters changed = copy();
        changed.xtcProbability = xtcProbability;
        return changed;
    }

    /** See {@link #withXtcProbability}. */
    public double xtcProbability() {
        return xtcProbability;
    }

    /** The probability from which on tokens are excluded, all but the least probable of them; 0 to 1. Default .1. */
    public SamplingParameters withXtcThreshold(double xtcThreshold) {
        if (!(xtcThreshold >= 0 && xtcThreshold <= 1)) {
            throw error("xtc_threshold", xtcThreshold, "0 to 1");
        }
        SamplingParameters changed = copy();
        changed.xtcThreshold = xtcThreshold;
        return changed;
    }

    /** See {@link #withXtcThreshold}. */
    public double xtcThreshold() {
        return xtcThreshold;
    }

    /** What every truncation keeps at least, in its own order; {@code >= 0}. One token stays in any case. Default 1. */
    public SamplingParameters withMinKeep(int minKeep) {
        if (minKeep < 0) {
            throw error("min_keep", minKeep, "0 or more");
        }
        SamplingParameters changed = copy();
        changed.minKeep = minKeep;
        return changed;
    }

    /** See {@link #withMinKeep}. */
    public int minKeep() {
        return minKeep;
    }

    /** Whether top-k keeps all logits equal to the k-th, instead of exactly k, the smaller ids first. Default false. */
    public SamplingParameters withKeepTies(boolean keepTies) {
        SamplingParameters changed = copy();
        changed.keepTies = keepTies;
        return changed;
    }

    /** See {@link #withKeepTies}. */
    public boolean keepTies() {
        return keepTies;
    }

    /** Multiplies negative and divides positive logits of tokens in the window; {@code > 0}, 1 = off. */
    public SamplingParameters withRepetitionPenalty(double repetitionPenalty) {
        if (!(repetitionPenalty > 0 && repetitionPenalty < Double.POSITIVE_INFINITY)) {
            throw error("repetition_penalty", repetitionPenalty, "a finite number above 0");
        }
        SamplingParameters changed = copy();
        changed.repetitionPenalty = repetitionPenalty;
        return changed;
    }

    /** See {@link #withRepetitionPenalty}. */
    public double repetitionPenalty() {
        return repetitionPenalty;
    }

    /** Taken once from the logit of each token in the window; finite, 0 = off. */
    public SamplingParameters withPresencePenalty(double presencePenalty) {
        if (!(Math.abs(presencePenalty) < Double.POSITIVE_INFINITY)) {
            throw error("presence_penalty", presencePenalty, "a finite number");
        }
        SamplingParameters changed = copy();
        changed.presencePenalty = presencePenalty;
        return changed;
    }

    /** See {@link #withPresencePenalty}. */
    public double presencePenalty() {
        return presencePenalty;
    }

    /** Taken from the logit for each time a token is in the window; finite, 0 = off. */
    public SamplingParameters withFrequencyPenalty(double frequencyPenalty) {
        if (!(Math.abs(frequencyPenalty) < Double.POSITIVE_INFINITY)) {
            throw error("frequency_penalty", frequencyPenalty, "a finite number");
        }
        SamplingParameters changed = copy();
        changed.frequencyPenalty = frequencyPenalty;
        return changed;
    }

    /** See {@link #withFrequencyPenalty}. */
    public double frequencyPenalty() {
        return frequencyPenalty;
    }

    /** The window of the three penalties, in tokens; 0 = off, -1 = all of the history. Default 64. */
    public SamplingParameters withPenaltyLastN(int penaltyLastN) {
        if (penaltyLastN < -1) {
            throw error("penalty_last_n", penaltyLastN, "-1 or more");
        }
        SamplingParameters changed = copy();
        changed.penaltyLastN = penaltyLastN;
        return changed;
    }

    /** See {@link #withPenaltyLastN}. */
    public int penaltyLastN() {
        return penaltyLastN;
    }

    /** Height of the DRY penalty; {@code >= 0}, 0 = off. */
    public SamplingParameters withDryMultiplier(double dryMultiplier) {
        if (!(dryMultiplier >= 0 && dryMultiplier < Double.POSITIVE_INFINITY)) {
            throw error("dry_multiplier", dryMultiplier, "0 or more, finite,");
        }
        SamplingParameters changed = copy();
        changed.dryMultiplier = dryMultiplier;
        return changed;
    }

    /** See {@link #withDryMultiplier}. */
    public double dryMultiplier() {
        return dryMultiplier;
    }

    /** Growth of the DRY penalty with each token repeated; {@code > 0}. Default 1.75. */
    public SamplingParameters withDryBase(double dryBase) {
        if (!(dryBase > 0 && dryBase < Double.POSITIVE_INFINITY)) {
            throw error("dry_base", dryBase, "a finite number above 0");
        }
        SamplingParameters changed = copy();
        changed.dryBase = dryBase;
        return changed;
    }

    /** See {@link #withDryBase}. */
    public double dryBase() {
        return dryBase;
    }

    /** Longest repetition without a DRY penalty growing; {@code >= 0}. Default 2. */
    public SamplingParameters withDryAllowedLength(int dryAllowedLength) {
        if (dryAllowedLength < 0) {
            throw error("dry_allowed_length", dryAllowedLength, "0 or more");
        }
        SamplingParameters changed = copy();
        changed.dryAllowedLength = dryAllowedLength;
        return changed;
    }

    /** See {@link #withDryAllowedLength}. */
    public int dryAllowedLength() {
        return dryAllowedLength;
    }

    /** The window of DRY, in tokens; 0 = off, -1 = all of the history. Default -1. */
    public SamplingParameters withDryPenaltyLastN(int dryPenaltyLastN) {
        if (dryPenaltyLastN < -1) {
            throw error("dry_penalty_last_n", dryPenaltyLastN, "-1 or more");
        }
        SamplingParameters changed = copy();
        changed.dryPenaltyLastN = dryPenaltyLastN;
        return changed;
    }

    /** See {@link #withDryPenaltyLastN}. */
    public int dryPenaltyLastN() {
        return dryPenaltyLastN;
    }

    /** No sequence of so many tokens appears twice; {@code >= 0}, 0 = off. */
    public SamplingParameters withNoRepeatNgramSize(int noRepeatNgramSize) {
        if (noRepeatNgramSize < 0) {
            throw error("no_repeat_ngram_size", noRepeatNgramSize, "0 or more");
        }
        SamplingParameters changed = copy();
        changed.noRepeatNgramSize = noRepeatNgramSize;
        return changed;
    }

    /** See {@link #withNoRepeatNgramSize}. */
    public int noRepeatNgramSize() {
        return noRepeatNgramSize;
    }

    /** While the history is shorter, the end tokens are banned; {@code >= 0}, 0 = off. */
    public SamplingParameters withMinLength(int minLength) {
        if (minLength < 0) {
            throw error("min_length", minLength, "0 or more");
        }
        SamplingParameters changed = copy();
        changed.minLength = minLength;
        return changed;
    }

    /** See {@link #withMinLength}. */
    public int minLength() {
        return minLength;
    }

    /** Version of mirostat, 1 or 2; 0 = off. */
    public SamplingParameters withMirostat(int mirostat) {
        if (mirostat < 0 || mirostat > 2) {
            throw error("mirostat", mirostat, "0 (off), 1 or 2");
        }
        SamplingParameters changed = copy();
        changed.mirostat = mirostat;
        return changed;
    }

    /** See {@link #withMirostat}. */
    public int mirostat() {
        return mirostat;
    }

    /** Mean surprise in bits that mirostat aims at; {@code >= 0}. Default 5. */
    public SamplingParameters withMirostatTau(double mirostatTau) {
        if (!(mirostatTau >= 0 && mirostatTau < Double.POSITIVE_INFINITY)) {
            throw error("mirostat_tau", mirostatTau, "0 or more, finite,");
        }
        SamplingParameters changed = copy();
        changed.mirostatTau = mirostatTau;
        return changed;
    }

    /** See {@link #withMirostatTau}. */
    public double mirostatTau() {
        return mirostatTau;
    }

    /** Speed at which mirostat learns; {@code >= 0}. Default .1. */
    public SamplingParameters withMirostatEta(double mirostatEta) {
        if (!(mirostatEta >= 0 && mirostatEta < Double.POSITIVE_INFINITY)) {
            throw error("mirostat_eta", mirostatEta, "0 or more, finite,");
        }
        SamplingParameters changed = copy();
        changed.mirostatEta = mirostatEta;
        return changed;
    }

    /** See {@link #withMirostatEta}. */
    public double mirostatEta() {
        return mirostatEta;
    }

    /** The seed of the row. Default 0. */
    public SamplingParameters withSeed(long seed) {
        SamplingParameters changed = copy();
        changed.seed = seed;
        return changed;
    }

    /** See {@link #withSeed}. */
    public long seed() {
        return seed;
    }

    /** How many tokens are drawn, independently, from the same distribution; {@code >= 1}. Default 1. */
    public SamplingParameters withDraws(int draws) {
        if (draws < 1) {
            throw error("n", draws, "1 or more");
        }
        SamplingParameters changed = copy();
        changed.draws = draws;
        return changed;
    }

    /** See {@link #withDraws}. */
    public int draws() {
        return draws;
    }

    /** Log-probabilities to report: -1 none, 0 of the drawn tokens, k of the k most probable ones too. Default -1. */
    public SamplingParameters withLogprobs(int logprobs) {
        if (logprobs < -1) {
            throw error("logprobs", logprobs, "-1 or more");
        }
        SamplingParameters changed = copy();
        changed.logprobs = logprobs;
        return changed;
    }

    /** See {@link #withLogprobs}. */
    public int logprobs() {
        return logprobs;
    }

    /** Whether to draw by the largest logit plus Gumbel noise of its token id, instead of the inverse distribution function. Default false. */
    public SamplingParameters withGumbel(boolean gumbel) {
        SamplingParameters changed = copy();
        changed.gumbel = gumbel;
        return changed;
    }

    /** See {@link #withGumbel}. */
    public boolean gumbel() {
        return gumbel;
    }

    /** Whether to count the tokens left. Default false. */
    public SamplingParameters withReportKept(boolean reportKept) {
        SamplingParameters changed = copy();
        changed.reportKept = reportKept;
        return changed;
    }

    /** See {@link #withReportKept}. */
    public boolean reportKept() {
        return reportKept;
    }

    /** Whether to report the distribution drawn from. Default false. */
    public SamplingParameters withReportDistribution(boolean reportDistribution) {
        SamplingParameters changed = copy();
        changed.reportDistribution = reportDistribution;
        return changed;
    }

    /** See {@link #withReportDistribution}. */
    public boolean reportDistribution() {
        return reportDistribution;
    }

    /** The steps that run. Default {@link Order#hf}. */
    public SamplingParameters withOrder(Order order) {
        SamplingParameters changed = copy();
        changed.order = order;
        return changed;
    }

    /** See {@link #withOrder}. */
    public Order order() {
        return order;
    }

    /**
     * Sequences of tokens across which DRY sees no repetition; one of a single token is itself never penalised.
     *
     * @throws IllegalArgumentException if one is empty
     */
    public SamplingParameters withDrySequenceBreakers(List<int[]> breakers) {
        int[][] copies = new int[breakers.size()][];
        for (int i = 0; i < copies.length; i++) {
            copies[i] = breakers.get(i).clone();
            if (copies[i].length == 0) {
                throw error("dry_sequence_breakers[" + i + "]", "empty", "a list of at least one token");
            }
        }
        SamplingParameters changed = copy();
        changed.drySequenceBreakers = copies;
        return changed;
    }

    int[][] breakers() {
        return drySequenceBreakers;
    }

    /**
     * What is added to the logits of tokens: finite, or -infinity, which bans.
     *
     * @throws IllegalArgumentException for a negative id, or a bias that is NaN or +infinity
     */
    public SamplingParameters withLogitBias(Map<Integer, Double> biasById) {
        int[] ids = sorted(
                "logit_bias",
                biasById.keySet().stream().mapToInt(Integer::intValue).toArray());
        double[] values = new double[ids.length];
        for (int i = 0; i < ids.length; i++) {
            double bias = biasById.getOrDefault(ids[i], Double.NaN);
            if (!(bias < Double.POSITIVE_INFINITY)) {
                throw error("logit_bias of token " + ids[i], bias, "a finite number or -infinity");
            }
            values[i] = bias;
        }
        SamplingParameters changed = copy();
        changed.biasedIds = ids;
        changed.biases = values;
        return changed;
    }

    int[] biasedIds() {
        return biasedIds;
    }

    double[] biases() {
        return biases;
    }

    /** The only tokens that may come; naming one twice is naming it once, none at all leaves the row empty. */
    public SamplingParameters withAllowed(int... ids) {
        SamplingParameters changed = copy();
        changed.allowed = sorted("allowed", ids.clone());
        changed.restricts = true;
        return changed;
    }

    boolean restricts() {
        return restricts;
    }

    int[] allowedIds() {
        return allowed;
    }

    /** Tokens that may not come. */
    public SamplingParameters withBanned(int... ids) {
        SamplingParameters changed = copy();
        changed.banned = sorted("banned", ids.clone());
        return changed;
    }

    int[] bannedIds() {
        return banned;
    }

    /** The tokens that end a text, for {@link #withMinLength}. */
    public SamplingParameters withEos(int... ids) {
        SamplingParameters changed = copy();
        changed.eos = sorted("eos", ids.clone());
        return changed;
    }

    int[] eosIds() {
        return eos;
    }

    /** Sorts, without duplicates. */
    private static int[] sorted(String name, int[] ids) {
        int[] distinct = Arrays.stream(ids).sorted().distinct().toArray();
        if (distinct.length > 0 && distinct[0] < 0) {
            throw error("a token of " + name, distinct[0], "0 or more");
        }
        return distinct;
    }
}
