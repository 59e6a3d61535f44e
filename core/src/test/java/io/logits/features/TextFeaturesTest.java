package io.logits.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class TextFeaturesTest {
    /** Both sides round a handful of operations on numbers near 1. */
    private static final Offset<Double> ROUNDING = within(1e-15);

    private static List<String> golden() throws IOException {
        try (InputStream in = TextFeaturesTest.class.getResourceAsStream("tfidf.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    private static TableEncoding encoding(List<String> texts, VocabularyLearner learner, int minDf, boolean sublinear) {
        texts.forEach(learner::add);
        return new TableEncoding(
                List.of(new Column.Text("t", learner.learn(minDf), sublinear, Missing.ERROR)), List.of());
    }

    @Test
    void tfIdfIsThatOfScikitLearn() throws IOException {
        List<String> texts = new ArrayList<>();
        Map<String, Double> expected = new TreeMap<>();
        for (String line : golden()) {
            String[] parts = line.split("\t", -1);
            if (parts[0].equals("text")) {
                texts.add(parts[1]);
            } else {
                expected.put(parts[0] + " " + parts[1] + " t[" + parts[2] + "]", Double.parseDouble(parts[3]));
            }
        }
        Map<String, Double> found = new TreeMap<>();
        for (boolean sublinear : new boolean[] {false, true}) {
            TableEncoding encoding = encoding(texts, new VocabularyLearner(), 2, sublinear);
            RowEncoder encoder = new RowEncoder(encoding);
            for (int i = 0; i < texts.size(); i++) {
                encoder.text(0, texts.get(i));
                int n = encoder.encode();
                for (int e = 0; e < n; e++) {
                    String name = encoding.featureNames().get(encoder.index()[e]);
                    found.put(sublinear + " " + i + " " + name, encoder.values()[e]);
                }
            }
        }
        assertThat(found.keySet()).isEqualTo(expected.keySet()).hasSizeGreaterThan(50);
        expected.forEach((key, value) -> assertThat(found.get(key)).as(key).isCloseTo(value, ROUNDING));
    }

    @Test
    void wordsAreRunsOfLettersMarksAndDigitsOfAnyScript() {
        List<String> terms = new ArrayList<>();
        Terms.forEach("It's हिन्दी_x2 𝒜1! 猫猫", terms::add);
        assertThat(terms)
                .containsExactly(
                        "it", "s", "it s", "हिन्दी", "s हिन्दी", "x2", "हिन्दी x2", "𝒜1", "x2 𝒜1", "猫猫", "𝒜1 猫猫");
    }

    @Test
    void aTermBelowMinDfHasNoFeature() {
        List<String> texts = List.of("a b", "a c", "a a");
        assertThat(encoding(texts, new VocabularyLearner(), 2, false).featureNames())
                .containsExactly("t[a]");
        assertThat(encoding(texts, new VocabularyLearner(), 1, false).featureNames())
                .containsExactly("t[a]", "t[a a]", "t[a b]", "t[a c]", "t[b]", "t[c]");
        assertThatThrownBy(() -> new VocabularyLearner().learn(0)).hasMessage("min-df is 0, at least 1 is needed");
    }

    @Test
    void beyondTheLimitTermsShareBuckets() {
        List<String> texts = List.of("red green", "green blue red", "blue");
        Map<Integer, Integer> texted = new HashMap<>();
        for (String text : texts) {
            List<Integer> buckets = new ArrayList<>();
            Terms.forEach(text, term -> buckets.add(Vocabulary.bucket(term, 4)));
            buckets.stream().distinct().forEach(bucket -> texted.merge(bucket, 1, Integer::sum));
        }
        VocabularyLearner learner = new VocabularyLearner(4);
        TableEncoding encoding = encoding(texts, learner, 1, false);
        Vocabulary vocabulary = learner.learn(1);
        assertThat(vocabulary.hashed()).isTrue();
        assertThat(vocabulary.documents()).isEqualTo(3);
        Map<Integer, Integer> counted = new HashMap<>();
        for (int j = 0; j < vocabulary.size(); j++) {
            counted.put(vocabulary.buckets()[j], vocabulary.documentFrequencies()[j]);
        }
        assertThat(counted).isEqualTo(texted);
        double[] out = new double[encoding.size()];
        encoding.encode(Map.of("t", "green"), out);
        int feature = encoding.featureNames().indexOf("t[#" + Vocabulary.bucket("green", 4) + "]");
        assertThat(out[feature]).isCloseTo(1, ROUNDING);
    }

    @Test
    void theLimitItselfIsKeptByName() {
        VocabularyLearner learner = new VocabularyLearner(4);
        learner.add("a");
        learner.add("b");
        learner.add("c");
        learner.add("d");
        assertThat(learner.learn(1).terms()).containsExactly("a", "b", "c", "d");
        learner.add("e");
        assertThat(learner.learn(1).hashed()).isTrue();
    }

    @Test
    void aVocabularyChecksItsParts() {
        assertThatThrownBy(() -> Vocabulary.of(List.of("b", "a"), new int[] {1, 1}, 2))
                .hasMessage("the terms of a vocabulary must increase, 'a' comes after 'b'");
        assertThatThrownBy(() -> Vocabulary.of(List.of("a"), new int[] {3}, 2))
                .hasMessage("a term of the vocabulary is in 3 of 2 texts");
        assertThatThrownBy(() -> Vocabulary.of(List.of("a"), new int[0], 2))
                .hasMessage("a vocabulary of 1 terms has 0 frequencies");
        assertThatThrownBy(() -> Vocabulary.ofBuckets(new int[] {0}, 3, new int[] {1}, 1))
                .hasMessage("a vocabulary has 3 buckets, a power of two up to 2^20 is needed");
        assertThatThrownBy(() -> Vocabulary.ofBuckets(new int[] {4}, 4, new int[] {1}, 1))
                .hasMessage("bucket 4 comes after -1; buckets must increase and be below 4");
    }
}
