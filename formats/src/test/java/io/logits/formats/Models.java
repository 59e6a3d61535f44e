package io.logits.formats;

import io.logits.features.Encoding;
import io.logits.features.IndexedEncoding;
import io.logits.features.PlainEncoding;
import io.logits.model.LogisticModel;
import io.logits.model.Model;
import io.logits.model.Provenance;
import io.logits.model.SoftmaxModel;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Models for tests. */
final class Models {
    private Models() {}

    static Provenance provenance() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("penalty", "l2");
        options.put("lambda", "0.125");
        options.put("intercept", "true");
        return new Provenance(
                "0.1.0", "simd, 512 bits", Map.of("rows", "12"), options, Map.of("reason", "gap \u2264 tol"));
    }

    /** Two classes, three features of an svmlight file. */
    static LogisticModel binomial() {
        return new LogisticModel(
                List.of("-1", "1"), new IndexedEncoding(3, 1), new double[] {0.5, -2, 1e-300}, 0.1, provenance());
    }

    /** Three classes, two named features. */
    static SoftmaxModel multinomial() {
        return new SoftmaxModel(
                List.of("rot", "grün", "a \"b\"\n\\"),
                new PlainEncoding(List.of("größe", "colour=\u4e2d\ud83d\ude00")),
                new double[] {1, 2, 3, 4, 5, -0.0},
                new double[] {-1, Double.MIN_VALUE, Double.MAX_VALUE},
                provenance());
    }

    static Model random(long seed, int k, Encoding encoding) {
        Random random = new Random(seed);
        List<String> classes = IntStream.range(0, k).mapToObj(Integer::toString).toList();
        int logits = k == 2 ? 1 : k;
        double[] coefficients =
                random.doubles((long) logits * encoding.size(), -1, 1).toArray();
        double[] intercepts = random.doubles(logits, -1, 1).toArray();
        return k == 2
                ? new LogisticModel(classes, encoding, coefficients, intercepts[0], provenance())
                : new SoftmaxModel(classes, encoding, coefficients, intercepts, provenance());
    }

    /** A model of which every number is {@code value}. */
    static Model constant(double value, int k, int p) {
        double[] coefficients = new double[k * p];
        double[] intercepts = new double[k];
        Arrays.fill(coefficients, value);
        Arrays.fill(intercepts, value);
        List<String> classes = IntStream.range(0, k).mapToObj(Integer::toString).toList();
        return new SoftmaxModel(classes, new IndexedEncoding(p, 1), coefficients, intercepts, provenance());
    }
}
