package io.logits.sampling;

import java.util.Arrays;

/**
 * What came out for one row. The sampler that owns it writes it anew at its next step: copy what is to last.
 * Log-probabilities are natural; raw ones are those of the row as it was given, before any step.
 */
public final class Sampled {
    private Status status = Status.EMPTY;
    private int draws;
    private int[] tokens = new int[1];
    private double[] logProbabilities = new double[1];
    private double[] rawLogProbabilities = new double[1];
    private int kept;
    private double mirostatMu;
    private final Ranked top = new Ranked();
    private final Ranked rawTop = new Ranked();
    private final Distribution distribution = new Distribution();

    Sampled() {}

    /** How it ended. Everything else speaks of {@link Status#OK} only. */
    public Status status() {
        return status;
    }

    /** The first token drawn; -1 if there is none. */
    public int token() {
        return draws == 0 ? -1 : tokens[0];
    }

    /** How many tokens were drawn: as many as were asked for, or 0. */
    public int draws() {
        return draws;
    }

    /** The tokens drawn, copied. */
    public int[] tokens() {
        return Arrays.copyOf(tokens, draws);
    }

    /** Token number {@code i}, {@code 0 <= i < draws()}. */
    public int token(int i) {
        return tokens[i];
    }

    /** Log-probability of token number {@code i} in the distribution drawn from; if {@code logprobs >= 0}. */
    public double logProbability(int i) {
        return logProbabilities[i];
    }

    /** Log-probability of token number {@code i} in the row as it was given; if {@code logprobs >= 0}. */
    public double rawLogProbability(int i) {
        return rawLogProbabilities[i];
    }

    /** The most probable tokens of the distribution drawn from, {@code logprobs} of them at most. */
    public Ranked top() {
        return top;
    }

    /** The most probable tokens of the row as it was given. */
    public Ranked rawTop() {
        return rawTop;
    }

    /** How many tokens had a probability above 0; -1 if {@code reportKept} was not set. */
    public int kept() {
        return kept;
    }

    /** The distribution drawn from; empty if {@code reportDistribution} was not set. */
    public Distribution distribution() {
        return distribution;
    }

    /** Mirostat's bound for the next token. */
    public double mirostatMu() {
        return mirostatMu;
    }

    void clear(Sequence sequence) {
        status = Status.OK;
        draws = 0;
        kept = -1;
        mirostatMu = sequence.mirostatMu();
        top.size = 0;
        rawTop.size = 0;
        distribution.clear();
    }

    void fail(Status why) {
        status = why;
        top.size = 0;
        rawTop.size = 0;
    }

    void add(int token) {
        if (draws == tokens.length) {
            tokens = Arrays.copyOf(tokens, 2 * draws);
            logProbabilities = Arrays.copyOf(logProbabilities, 2 * draws);
            rawLogProbabilities = Arrays.copyOf(rawLogProbabilities, 2 * draws);
        }
        logProbabilities[draws] = Double.NaN;
        rawLogProbabilities[draws] = Double.NaN;
        tokens[draws++] = token;
    }

    void logProbabilities(int draw, double processed, double raw) {
        logProbabilities[draw] = processed;
        rawLogProbabilities[draw] = raw;
    }

    void kept(int count) {
        kept = count;
    }

    void mirostatMu(double mu) {
        mirostatMu = mu;
    }

    /** Tokens in rank order, and their log-probabilities. */
    public static final class Ranked {
        private int size;
        private int[] ids = new int[0];
        private double[] logProbabilities = new double[0];

        private Ranked() {}

        /** How many there are. */
        public int size() {
            return size;
        }

        /** The i-th token, {@code 0 <= i < size()}. */
        public int id(int i) {
            return ids[i];
        }

        /** The log-probability of the i-th token. */
        public double logProbability(int i) {
            return logProbabilities[i];
        }

        void fill(Candidates c, int k) {
            size = Truncation.rank(c, k);
            if (ids.length < size) {
                ids = new int[size];
                logProbabilities = new double[size];
            }
            for (int i = 0; i < size; i++) {
                ids[i] = c.ids[Ranking.index(c.keys[i])];
                logProbabilities[i] = c.logProbability(Ranking.logit(c.keys[i]));
            }
        }
    }
}
