package io.logits.sampling;

/**
 * Mirostat (Basu, Ramachandran, Keskar, Varshney 2021, algorithms 1 and 2): truncates so that the surprise of the
 * tokens, in bits, comes to be tau on average. The bound mu is state of the sequence; after a token it moves by
 * {@code -eta (surprise - tau)}, with the surprise in the distribution that the step was handed.
 */
final class Mirostat {
    private static final double LN_2 = 0.6931471805599453;
    /** Tokens from which version 1 estimates the exponent of Zipf's law. */
    private static final int ZIPF_TOKENS = 100;

    private Mirostat() {}

    static void truncate(Candidates c, Sequence sequence) {
        int version = sequence.parameters().mirostat();
        if (version == 0 || c.isEmpty()) {
            return;
        }
        c.rememberForSurprise();
        double mu = sequence.mirostatMu();
        int minKeep = sequence.parameters().minKeep();
        if (version == 2) {
            double nats = StrictMath.log(c.preciseTotal()) - mu * LN_2;
            Truncation.keepFrom(c, c.maximum() + c.temperature() * nats, minKeep);
        } else {
            c.keepTop(Math.max(minKeep, zipfK(c, mu)), false);
        }
    }

    /** The k for which, under Zipf's law, the mean surprise of the k largest is mu (equations 7 and 30). */
    private static int zipfK(Candidates c, double mu) {
        int n = Truncation.rank(c, ZIPF_TOKENS);
        double products = 0;
        double squares = 0;
        for (int i = 0; i + 1 < n; i++) {
            double ratio = StrictMath.log((i + 2.0) / (i + 1.0));
            double drop = (Ranking.logit(c.keys[i]) - (double) Ranking.logit(c.keys[i + 1])) / c.temperature();
            products += ratio * drop;
            squares += ratio * ratio;
        }
        double exponent = squares == 0 ? 0 : products / squares;
        double epsilon = exponent - 1;
        double k = StrictMath.pow(
                epsilon * StrictMath.pow(2, mu) / (1 - StrictMath.pow(c.vocabulary(), -epsilon)), 1 / exponent);
        // NaN for a flat or a truncated head, where the law says nothing: then one token is the safe bound.
        return k >= 1 ? (int) Math.min(k, c.vocabulary()) : 1;
    }

    static double nextMu(Candidates c, Sequence sequence, int token) {
        SamplingParameters parameters = sequence.parameters();
        double mu = sequence.mirostatMu();
        double surprise = c.surpriseBits(token);
        return Double.isNaN(surprise) ? mu : mu - parameters.mirostatEta() * (surprise - parameters.mirostatTau());
    }
}
