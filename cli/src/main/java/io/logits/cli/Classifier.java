package io.logits.cli;

import io.logits.data.Dataset;
import io.logits.estimator.LinearClassifier;
import io.logits.estimator.LogisticRegression;
import io.logits.estimator.Options;
import io.logits.estimator.SoftmaxRegression;

/** The estimator that suits the classes of the data. */
final class Classifier {
    private Classifier() {}

    /**
     * Softmax regression for more than two classes that have a row of positive weight, else logistic regression.
     *
     * @throws IllegalArgumentException if the family asked for does not suit
     */
    static LinearClassifier<?, ?> of(Dataset rows, Family family, Options options) {
        int classes = classes(rows);
        family.check(classes);
        return classes > 2
                ? SoftmaxRegression.withDefaults().withOptions(options)
                : LogisticRegression.withDefaults().withOptions(options);
    }

    /** How many classes have a row of positive weight. */
    static int classes(Dataset rows) {
        boolean[] present = new boolean[rows.labels().classes().size()];
        int[] labels = rows.labels().indices();
        double[] weights = rows.weights();
        int count = 0;
        for (int i = 0; i < labels.length && count < present.length; i++) {
            if (!present[labels[i]] && (weights == null || weights[i] > 0)) {
                present[labels[i]] = true;
                count++;
            }
        }
        return count;
    }
}
