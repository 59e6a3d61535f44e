package io.logits.sampling;

/** The truncating steps: they renormalise nothing by hand, since only ratios of weights ever count. */
final class Truncations {
    private Truncations() {}

    static void topK(Candidates c, Sequence sequence) {
        SamplingParameters parameters = sequence.parameters();
        if (parameters.topK() > 0) {
            c.keepTop(Math.max(parameters.topK(), parameters.minKeep()), parameters.keepTies());
        }
    }

    static void topP(Candidates c, Sequence sequence) {
        c.keepNucleus(sequence.parameters().topP(), sequence.parameters().minKeep());
    }

    static void minP(Candidates c, Sequence sequence) {
        double p = sequence.parameters().minP();
        if (p > 0) {
            keepFromShare(c, p, sequence);
        }
    }

    static void epsilon(Candidates c, Sequence sequence) {
        double p = sequence.parameters().epsilonCutoff();
        if (p > 0 && !c.isEmpty()) {
            keepFromShare(c, p * c.preciseTotal(), sequence);
        }
    }

    /** Hewitt, Manning, Liang 2022, "Truncation sampling as language model desmoothing", section 4.2. */
    static void eta(Candidates c, Sequence sequence) {
        double cutoff = sequence.parameters().etaCutoff();
        if (cutoff > 0 && !c.isEmpty()) {
            double falling = Math.sqrt(cutoff) * StrictMath.exp(-c.entropy());
            keepFromShare(c, Math.min(cutoff, falling) * c.preciseTotal(), sequence);
        }
    }

    /** Keeps what has at least {@code share} of the largest probability. */
    private static void keepFromShare(Candidates c, double share, Sequence sequence) {
        Truncation.keepFrom(c, boundOfShare(c, share), sequence.parameters().minKeep());
    }

    private static double boundOfShare(Candidates c, double share) {
        return c.maximum() + c.temperature() * StrictMath.log(share);
    }

    /** Tang, Liu, Xu, Chen 2024, "Top-n sigma": population standard deviation over the candidates. */
    static void topNSigma(Candidates c, Sequence sequence) {
        double n = sequence.parameters().topNSigma();
        if (n > 0 && !c.isEmpty()) {
            Truncation.keepFrom(
                    c,
                    c.maximum() - n * c.storedDeviation(),
                    sequence.parameters().minKeep());
        }
    }

    /**
     * Meister, Pimentel, Wiher, Cotterell 2023, "Locally typical sampling": candidates in the order of
     * {@code |-ln p - entropy|}, at equal distance in rank order, are kept as long as the mass before them is below p.
     */
    static void typical(Candidates c, Sequence sequence) {
        SamplingParameters parameters = sequence.parameters();
        if (parameters.typicalP() >= 1 || c.isEmpty()) {
            return;
        }
        double entropy = c.entropy();
        c.settle();
        if (!c.list) {
            Truncation.list(c, Float.NEGATIVE_INFINITY);
        }
        double total = c.preciseTotal();
        int n = c.size;
        for (int i = 0; i < n; i++) {
            c.keys[i] = Ranking.key(c.logits[i], i);
        }
        Ranking.sort(c.keys, 0, n);
        long[] kept = c.scratch(n);
        int count = c.typicalOrder.take(kept, entropy, parameters.typicalP() * total, parameters.minKeep());
        Ranking.sort(kept, 0, count);
        for (int i = 0; i < count; i++) {
            c.ids[i] = c.ids[(int) kept[i]];
            c.logits[i] = c.logits[(int) kept[i]];
        }
        c.listChanged(count, false);
    }

    /**
     * Exclude top choices (p-e-w, text-generation-webui pull request 6335): with a probability, of the tokens whose
     * probability is at least the threshold only the last in rank order stays.
     */
    static void xtc(Candidates c, Sequence sequence) {
        SamplingParameters parameters = sequence.parameters();
        double chance = parameters.xtcProbability();
        if (!(chance > 0)
                || Philox.uniform(parameters.seed(), sequence.position(), 0, Philox.Stream.XTC) >= chance
                || c.isEmpty()) {
            return;
        }
        c.settle();
        float low = Truncation.ceil(boundOfShare(c, parameters.xtcThreshold() * c.preciseTotal()));
        if (!c.list && low < -Float.MAX_VALUE) {
            Truncation.list(c, low);
        }
        int n = c.list ? c.size : Truncation.collect(c, low, Float.POSITIVE_INFINITY);
        int excluded = -1;
        int last = -1;
        for (int i = 0; i < n; i++) {
            if (c.logits[i] >= low) {
                excluded++;
                last = last < 0 || c.logits[i] <= c.logits[last] ? i : last;
            }
        }
        if (excluded > 0 && c.count() - excluded >= parameters.minKeep()) {
            c.exclude(n, low, last);
        }
    }
}
