package io.logits.features;

import java.util.Arrays;
import java.util.List;

/**
 * The terms of a text column and in how many texts each was: words, or pairs of words with one space between.
 *
 * <p>Immutable. {@link #hashed} says which of two kinds it is: terms by name, or buckets of a hash when there were too
 * many names to keep; then all terms of a bucket share a feature, named {@code #bucket}.
 */
public final class Vocabulary {
    /** Buckets of a hashed vocabulary at most. */
    static final int MAX_BUCKETS = 1 << 20;

    private final List<String> terms;
    private final int[] buckets;
    private final int bucketCount;
    private final int[] documentFrequencies;
    private final int documents;

    private Vocabulary(List<String> terms, int[] buckets, int bucketCount, int[] documentFrequencies, int documents) {
        this.terms = terms;
        this.buckets = buckets;
        this.bucketCount = bucketCount;
        this.documentFrequencies = documentFrequencies.clone();
        this.documents = documents;
        int size = Math.max(terms.size(), buckets.length);
        if (documentFrequencies.length != size) {
            throw new IllegalArgumentException(
                    "a vocabulary of " + size + " terms has " + documentFrequencies.length + " frequencies");
        }
        for (int df : documentFrequencies) {
            if (df < 1 || df > documents) {
                throw new IllegalArgumentException(
                        "a term of the vocabulary is in " + df + " of " + documents + " texts");
            }
        }
    }

    /**
     * Terms by name.
     *
     * @param terms in strictly increasing order
     * @param documentFrequencies in how many texts each is, {@code 1 <= df <= documents}, copied
     * @param documents the number of texts
     * @throws IllegalArgumentException if the order or a range is not as said
     */
    public static Vocabulary of(List<String> terms, int[] documentFrequencies, int documents) {
        List<String> copy = List.copyOf(terms);
        for (int j = 1; j < copy.size(); j++) {
            if (copy.get(j - 1).compareTo(copy.get(j)) >= 0) {
                throw new IllegalArgumentException("the terms of a vocabulary must increase, '" + copy.get(j)
                        + "' comes after '" + copy.get(j - 1) + "'");
            }
        }
        return new Vocabulary(copy, new int[0], 0, documentFrequencies, documents);
    }

    /**
     * Terms by bucket.
     *
     * @param buckets those that have a feature, strictly increasing, below {@code bucketCount}, copied
     * @param bucketCount a power of two, at most 2^20
     * @throws IllegalArgumentException if the order or a range is not as said
     */
    public static Vocabulary ofBuckets(int[] buckets, int bucketCount, int[] documentFrequencies, int documents) {
        if (bucketCount < 1 || bucketCount > MAX_BUCKETS || Integer.bitCount(bucketCount) != 1) {
            throw new IllegalArgumentException(
                    "a vocabulary has " + bucketCount + " buckets, a power of two up to 2^20 is needed");
        }
        int previous = -1;
        for (int bucket : buckets) {
            if (bucket <= previous || bucket >= bucketCount) {
                throw new IllegalArgumentException("bucket " + bucket + " comes after " + previous
                        + "; buckets must increase and be below " + bucketCount);
            }
            previous = bucket;
        }
        return new Vocabulary(List.of(), buckets.clone(), bucketCount, documentFrequencies, documents);
    }

    /** Whether terms share buckets. */
    public boolean hashed() {
        return bucketCount > 0;
    }

    /** The number of features. */
    public int size() {
        return documentFrequencies.length;
    }

    /** The name of term {@code j}. */
    public String term(int j) {
        return hashed() ? "#" + buckets[j] : terms.get(j);
    }

    /** The terms by name; empty if hashed. */
    public List<String> terms() {
        return terms;
    }

    /** The buckets in use, a copy; empty if not hashed. */
    public int[] buckets() {
        return buckets.clone();
    }

    /** How many buckets the hash has; 0 if not hashed. */
    public int bucketCount() {
        return bucketCount;
    }

    /** In how many texts each term is, a copy. */
    public int[] documentFrequencies() {
        return documentFrequencies.clone();
    }

    /** How many texts were learnt from. */
    public int documents() {
        return documents;
    }

    /** {@code ln((1+n)/(1+df)) + 1} of term {@code j}. */
    double inverseDocumentFrequency(int j) {
        return Math.log((1.0 + documents) / (1.0 + documentFrequencies[j])) + 1;
    }

    /** The feature of a bucket, or -1. */
    int featureOfBucket(int bucket) {
        return Math.max(-1, Arrays.binarySearch(buckets, bucket));
    }

    /**
     * The bucket of a term among {@code bucketCount}: {@link String#hashCode}, which the language specifies, through
     * the finalizer of MurmurHash3 (Appleby, public domain), because its low bits alone are poor.
     */
    static int bucket(String term, int bucketCount) {
        int h = term.hashCode();
        h = (h ^ h >>> 16) * 0x85ebca6b;
        h = (h ^ h >>> 13) * 0xc2b2ae35;
        return (h ^ h >>> 16) & bucketCount - 1;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Vocabulary that
                && terms.equals(that.terms)
                && Arrays.equals(buckets, that.buckets)
                && bucketCount == that.bucketCount
                && Arrays.equals(documentFrequencies, that.documentFrequencies)
                && documents == that.documents;
    }

    @Override
    public int hashCode() {
        return 31 * terms.hashCode() + Arrays.hashCode(documentFrequencies);
    }

    @Override
    public String toString() {
        return "Vocabulary of " + size() + (hashed() ? " buckets" : " terms") + " from " + documents + " texts";
    }
}
