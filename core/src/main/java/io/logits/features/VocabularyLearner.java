package io.logits.features;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Learns the vocabulary of a text column in one pass. Up to a limit of distinct terms they are kept by name; beyond it
 * by bucket of a hash, so that memory stays bounded by the limit whatever the texts are.
 */
public final class VocabularyLearner {
    private final int limit;
    /** Texts that have a term, by name; emptied for good once there are too many. */
    private final Map<String, Count> counts = new HashMap<>();

    /** The same by bucket. */
    private final int[] bucketTexts;

    private final int[] bucketLast;
    private boolean overflow;
    private int documents;

    /** In how many texts a term was, and the last of them, counted from 1: a text counts once. */
    private static final class Count {
        private int texts;
        private int last;
    }

    /** A learner that keeps up to 2^20 distinct terms by name. */
    public VocabularyLearner() {
        this(Vocabulary.MAX_BUCKETS);
    }

    /**
     * A learner with another limit.
     *
     * @param limit distinct terms kept by name at most, and the number of buckets beyond; a power of two up to 2^20
     */
    VocabularyLearner(int limit) {
        this.limit = limit;
        this.bucketTexts = new int[limit];
        this.bucketLast = new int[limit];
    }

    /** Learns from one text. */
    public void add(String text) {
        documents++;
        Terms.forEach(text, this::see);
    }

    private void see(String term) {
        int bucket = Vocabulary.bucket(term, limit);
        if (bucketLast[bucket] != documents) {
            bucketLast[bucket] = documents;
            bucketTexts[bucket]++;
        }
        if (overflow) {
            return;
        }
        Count count = counts.get(term);
        if (count == null && counts.size() == limit) {
            overflow = true;
            counts.clear();
            return;
        }
        if (count == null) {
            count = new Count();
            counts.put(term, count);
        }
        if (count.last != documents) {
            count.last = documents;
            count.texts++;
        }
    }

    /**
     * The vocabulary of the texts so far.
     *
     * @param minDf in how many texts a term must be to have a feature, at least 1
     * @throws IllegalArgumentException if {@code minDf < 1}
     */
    public Vocabulary learn(int minDf) {
        if (minDf < 1) {
            throw new IllegalArgumentException("min-df is " + minDf + ", at least 1 is needed");
        }
        return overflow ? byBucket(minDf) : byName(minDf);
    }

    private Vocabulary byName(int minDf) {
        Map<String, Integer> kept = new TreeMap<>();
        counts.forEach((term, count) -> {
            if (count.texts >= minDf) {
                kept.put(term, count.texts);
            }
        });
        int[] frequencies = kept.values().stream().mapToInt(texts -> texts).toArray();
        return Vocabulary.of(kept.keySet().stream().toList(), frequencies, documents);
    }

    private Vocabulary byBucket(int minDf) {
        Map<Integer, Integer> kept = new TreeMap<>();
        for (int bucket = 0; bucket < limit; bucket++) {
            if (bucketTexts[bucket] >= minDf) {
                kept.put(bucket, bucketTexts[bucket]);
            }
        }
        int[] used = kept.keySet().stream().mapToInt(bucket -> bucket).toArray();
        int[] frequencies = kept.values().stream().mapToInt(texts -> texts).toArray();
        return Vocabulary.ofBuckets(used, limit, frequencies, documents);
    }
}
