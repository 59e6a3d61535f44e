package io.logits.estimator;

import io.logits.features.Block;
import io.logits.features.Encoding;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What holds of single features. A name is that of a feature, of a raw column (then it stands for all its features), or
 * {@code *} for all features that no other name stands for.
 *
 * @param factors factors on the penalty of the coefficients, finite and {@code >= 0}, 0 for no penalty; 1 where not named
 * @param lower the least value of the coefficients, {@code <= 0}, may be infinite
 * @param upper the greatest value, {@code >= 0}, may be infinite
 */
public record FeatureRules(Map<String, Double> factors, Map<String, Double> lower, Map<String, Double> upper) {
    private static final String OTHERS = "*";

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is out of range or NaN
     */
    public FeatureRules {
        // In order of names, so that their text is always the same.
        factors = Collections.unmodifiableMap(new TreeMap<>(factors));
        lower = Collections.unmodifiableMap(new TreeMap<>(lower));
        upper = Collections.unmodifiableMap(new TreeMap<>(upper));
        factors.forEach((name, f) -> {
            if (!(f >= 0 && f < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "the penalty factor of " + name + " is " + f + ", a finite number >= 0 is needed");
            }
        });
        lower.forEach((name, bound) -> {
            if (!(bound <= 0)) {
                throw new IllegalArgumentException("the lower bound of " + name + " is " + bound
                        + ", a number <= 0 is needed: a coefficient may always be 0");
            }
        });
        upper.forEach((name, bound) -> {
            if (!(bound >= 0)) {
                throw new IllegalArgumentException("the upper bound of " + name + " is " + bound
                        + ", a number >= 0 is needed: a coefficient may always be 0");
            }
        });
    }

    /** The same for all features: factor 1, no bounds. */
    public static FeatureRules none() {
        return new FeatureRules(Map.of(), Map.of(), Map.of());
    }

    /** Whether no feature is named. */
    public boolean isNone() {
        return factors.isEmpty() && !bounded();
    }

    /** Whether any feature has a bound. */
    public boolean bounded() {
        return !(lower.isEmpty() && upper.isEmpty());
    }

    double[] factors(Encoding encoding) {
        return factors.isEmpty() ? new double[0] : perFeature("a penalty factor", factors, 1, encoding);
    }

    /** Lower bounds; empty where no feature has a bound of either kind. */
    double[] lower(Encoding encoding) {
        return bounded() ? perFeature("a lower bound", lower, Double.NEGATIVE_INFINITY, encoding) : new double[0];
    }

    /** Upper bounds; empty where no feature has a bound of either kind. */
    double[] upper(Encoding encoding) {
        return bounded() ? perFeature("an upper bound", upper, Double.POSITIVE_INFINITY, encoding) : new double[0];
    }

    private static double[] perFeature(String what, Map<String, Double> named, double other, Encoding encoding) {
        double[] values = new double[encoding.size()];
        Arrays.fill(values, named.getOrDefault(OTHERS, other));
        Set<String> found = new HashSet<>(Set.of(OTHERS));
        for (Block block : encoding.blocks()) {
            Double value = named.get(block.name());
            if (value != null) {
                Arrays.fill(values, block.from(), block.to(), value);
                found.add(block.name());
            }
        }
        // What is said of a feature itself counts, not what is said of its column.
        List<String> features = encoding.featureNames();
        for (int j = 0; j < values.length; j++) {
            Double value = named.get(features.get(j));
            if (value != null) {
                values[j] = value;
                found.add(features.get(j));
            }
        }
        for (String name : named.keySet()) {
            if (!found.contains(name)) {
                throw new IllegalArgumentException(
                        what + " is given for " + name + ", there is no feature or column of that name");
            }
        }
        return values;
    }
}
