package io.logits.sampling;

/** Steps that look at the history of a sequence to keep it from repeating itself. */
final class Repetition {
    private Repetition() {}

    /** A window of the history: its last {@code lastN} tokens, all for -1. */
    private static int windowStart(Sequence sequence, int lastN) {
        return lastN < 0 ? 0 : Math.max(0, sequence.length() - lastN);
    }

    /**
     * For each distinct token of the window: {@code z <= 0} times, {@code z > 0} divided by the repetition penalty
     * (Keskar et al. 2019, "CTRL", section 4.1, with the sign minded), then {@code z - presence - count * frequency}.
     */
    static void penalties(Candidates candidates, Sequence sequence) {
        SamplingParameters parameters = sequence.parameters();
        double repetition = parameters.repetitionPenalty();
        double presence = parameters.presencePenalty();
        double frequency = parameters.frequencyPenalty();
        if (repetition == 1 && presence == 0 && frequency == 0) {
            return;
        }
        int start = windowStart(sequence, parameters.penaltyLastN());
        int n = sequence.length() - start;
        long[] tokens = candidates.scratch(n);
        for (int i = 0; i < n; i++) {
            Restrictions.check(sequence.token(start + i), "history", candidates);
            tokens[i] = sequence.token(start + i);
        }
        Ranking.sort(tokens, 0, n);
        for (int from = 0, to; from < n; from = to) {
            to = from + 1;
            while (to < n && tokens[to] == tokens[from]) {
                to++;
            }
            int id = (int) tokens[from];
            double logit = candidates.logit(id);
            double penalised = logit <= 0 ? logit * repetition : logit / repetition;
            candidates.setLogit(id, penalised - presence - (to - from) * frequency);
        }
    }

    /**
     * DRY ("don't repeat yourself", p-e-w, text-generation-webui pull request 5677): a token that has followed, earlier
     * in the window, the same {@code n} tokens that the text ends with now loses
     * {@code multiplier * base^(n - allowedLength)} for the longest such {@code n >= allowedLength}. A breaker ends all
     * repetition: what stands before the last one is not compared.
     */
    static void dry(Candidates candidates, Sequence sequence) {
        SamplingParameters parameters = sequence.parameters();
        double multiplier = parameters.dryMultiplier();
        int start = windowStart(sequence, parameters.dryPenaltyLastN());
        int n = sequence.length() - start;
        if (multiplier == 0 || n <= parameters.dryAllowedLength()) {
            return;
        }
        int[][] breakers = parameters.breakers();
        int limit = tokensAfterLastBreaker(sequence, start, breakers);
        if (limit < parameters.dryAllowedLength()) {
            return;
        }
        long[] scratch = candidates.scratch(2 * n);
        commonSuffixes(sequence, n, scratch);
        int found = n;
        for (int back = 1; back < n; back++) {
            long length = Math.min(scratch[back], limit);
            int next = sequence.token(sequence.length() - back);
            if (length >= parameters.dryAllowedLength() && !isBreaker(next, breakers)) {
                scratch[found++] = (long) next << 32 | length;
            }
        }
        Ranking.sort(scratch, n, found);
        for (int i = n; i < found; i++) {
            int id = (int) (scratch[i] >>> 32);
            // The last of a token's entries is the longest.
            if (i + 1 == found || (int) (scratch[i + 1] >>> 32) != id) {
                Restrictions.check(id, "history", candidates);
                int beyond = (int) scratch[i] - parameters.dryAllowedLength();
                double penalty = multiplier * StrictMath.pow(parameters.dryBase(), beyond);
                // A power that overflows still leaves a candidate, as the last choice of all.
                candidates.setLogit(id, Math.max(candidates.logit(id) - penalty, -Float.MAX_VALUE));
            }
        }
    }

    /**
     * {@code out[back]} = how many tokens before the last {@code back} ones agree with the end of the text, within the
     * last {@code n} tokens: the Z function of the reversed text, in linear time.
     */
    private static void commonSuffixes(Sequence sequence, int n, long[] out) {
        int last = sequence.length() - 1;
        int left = 0;
        int right = 0;
        for (int back = 1; back < n; back++) {
            int length = back < right ? (int) Math.min(right - back, out[back - left]) : 0;
            while (back + length < n && sequence.token(last - length) == sequence.token(last - back - length)) {
                length++;
            }
            out[back] = length;
            if (back + length > right) {
                left = back;
                right = back + length;
            }
        }
    }

    private static int tokensAfterLastBreaker(Sequence sequence, int start, int[][] breakers) {
        int length = sequence.length();
        for (int end = length; end > start; end--) {
            for (int[] breaker : breakers) {
                if (endsWith(sequence, start, end, breaker)) {
                    return length - end;
                }
            }
        }
        return length - start;
    }

    private static boolean endsWith(Sequence sequence, int start, int end, int[] tokens) {
        int from = end - tokens.length;
        if (from < start) {
            return false;
        }
        for (int i = 0; i < tokens.length; i++) {
            if (sequence.token(from + i) != tokens[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBreaker(int token, int[][] breakers) {
        for (int[] breaker : breakers) {
            if (breaker.length == 1 && breaker[0] == token) {
                return true;
            }
        }
        return false;
    }

    /** Bans the tokens that would complete a sequence of {@code size} tokens that is in the history already. */
    static void noRepeatNgram(Candidates candidates, Sequence sequence) {
        int size = sequence.parameters().noRepeatNgramSize();
        int length = sequence.length();
        if (size == 0) {
            return;
        }
        for (int end = size - 1; end < length; end++) {
            int same = 0;
            while (same < size - 1 && sequence.token(end - 1 - same) == sequence.token(length - 1 - same)) {
                same++;
            }
            if (same == size - 1) {
                Restrictions.check(sequence.token(end), "history", candidates);
                candidates.setLogit(sequence.token(end), Double.NEGATIVE_INFINITY);
            }
        }
    }
}
