package io.logits.estimator;

import io.logits.data.Labels;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** A factor on the weight of each row, by its class. */
public sealed interface ClassWeights {
    /** The factor of each class, in class order, given the weight that the rows of each class have together. */
    double[] factors(Labels labels, double[] weightOfClass);

    /** Every class as it is. */
    static ClassWeights none() {
        return new ByName(Map.of());
    }

    /** Every class the same total weight: {@code S / (K S_k)}, as scikit-learn's "balanced". */
    record Balanced() implements ClassWeights {
        /** As models remember it: {@code balanced}. */
        @Override
        public String toString() {
            return "balanced";
        }

        @Override
        public double[] factors(Labels labels, double[] weightOfClass) {
            double sum = 0;
            for (double weight : weightOfClass) {
                sum += weight;
            }
            double[] factors = new double[weightOfClass.length];
            for (int k = 0; k < factors.length; k++) {
                factors[k] = sum / (factors.length * weightOfClass[k]);
            }
            return factors;
        }
    }

    /**
     * Factors by class name; a class not named has 1.
     *
     * @param weights finite and {@code > 0}
     */
    record ByName(Map<String, Double> weights) implements ClassWeights {
        /**
         * Checks the range.
         *
         * @throws IllegalArgumentException if a factor is not positive, infinite or NaN
         */
        public ByName {
            // In order of names, so that their text is always the same.
            weights = Collections.unmodifiableMap(new TreeMap<>(weights));
            weights.forEach((name, weight) -> {
                if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
                    throw new IllegalArgumentException(
                            "the weight of class " + name + " is " + weight + ", a finite number > 0 is needed");
                }
            });
        }

        /** As models remember it: {@code none}, or {@code {name=weight, ...}} by name. */
        @Override
        public String toString() {
            return weights.isEmpty() ? "none" : weights.toString();
        }

        @Override
        public double[] factors(Labels labels, double[] weightOfClass) {
            for (String name : weights.keySet()) {
                if (!labels.classes().contains(name)) {
                    throw new IllegalArgumentException(
                            "a weight is given for class " + name + ", the classes are " + labels.classes());
                }
            }
            double[] factors = new double[weightOfClass.length];
            for (int k = 0; k < factors.length; k++) {
                factors[k] = weights.getOrDefault(labels.classes().get(k), 1.0);
            }
            return factors;
        }
    }
}
