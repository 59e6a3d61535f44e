package io.logits.sampling;

import java.util.Arrays;

/** Steps that say which tokens may come, whatever the model holds of them. */
final class Restrictions {
    private Restrictions() {}

    static void bias(Candidates candidates, Sequence sequence) {
        SamplingParameters parameters = sequence.parameters();
        int[] biased = parameters.biasedIds();
        double[] biases = parameters.biases();
        for (int i = 0; i < biased.length; i++) {
            check(biased[i], "logit_bias", candidates);
            candidates.setLogit(biased[i], candidates.logit(biased[i]) + biases[i]);
        }
        if (parameters.restricts()) {
            int[] allowed = parameters.allowedIds();
            check(allowed, "allowed", candidates);
            candidates.restrict(allowed, allowed.length);
        }
        int[] banned = parameters.bannedIds();
        check(banned, "banned", candidates);
        ban(candidates, banned);
        TokenMask mask = sequence.mask();
        if (mask != null) {
            apply(mask, candidates, sequence);
        }
    }

    /** Ids are sorted: the ends tell for all. */
    private static void check(int[] ids, String parameter, Candidates candidates) {
        if (ids.length > 0) {
            check(ids[ids.length - 1], parameter, candidates);
        }
    }

    static void check(int id, String parameter, Candidates candidates) {
        if (id >= candidates.vocabulary()) {
            throw new IllegalArgumentException(
                    parameter + " names token " + id + ", the row has tokens 0 to " + (candidates.vocabulary() - 1));
        }
    }

    private static void ban(Candidates candidates, int[] ids) {
        for (int id : ids) {
            candidates.setLogit(id, Double.NEGATIVE_INFINITY);
        }
    }

    private static void apply(TokenMask mask, Candidates candidates, Sequence sequence) {
        int vocabulary = candidates.vocabulary();
        int words = (vocabulary + 63) / 64;
        long[] allowed = sequence.maskWords(words);
        Arrays.fill(allowed, 0, words, 0);
        mask.allow(sequence, allowed);
        int count = 0;
        for (int word = 0; word < words; word++) {
            count += Long.bitCount(allowed[word]);
        }
        if (count <= vocabulary / 2) {
            int[] ids = sequence.maskIds(count);
            int n = 0;
            for (int word = 0; word < words; word++) {
                for (long rest = allowed[word]; rest != 0; rest &= rest - 1) {
                    int id = word * 64 + Long.numberOfTrailingZeros(rest);
                    check(id, "mask", candidates);
                    ids[n++] = id;
                }
            }
            candidates.restrict(ids, n);
            return;
        }
        for (int word = 0; word < words; word++) {
            for (long rest = ~allowed[word]; rest != 0; rest &= rest - 1) {
                int id = word * 64 + Long.numberOfTrailingZeros(rest);
                if (id < vocabulary) {
                    candidates.setLogit(id, Double.NEGATIVE_INFINITY);
                }
            }
        }
    }

    static void minLength(Candidates candidates, Sequence sequence) {
        SamplingParameters parameters = sequence.parameters();
        if (sequence.length() < parameters.minLength()) {
            int[] ends = parameters.eosIds();
            check(ends, "eos", candidates);
            ban(candidates, ends);
        }
    }
}
